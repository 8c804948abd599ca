"""A card as data: everything its record says, in keys that stay (docs/card-archive.md), for other programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from kanban.domain.countdown import Stay as VisitStay
from kanban.extensions import db
from kanban.models import Account, Revision
from kanban.queries.comments import CommentView
from kanban.queries.history import Entry
from kanban.queries.misses import Miss
from kanban.queries.records import Approval, Check, Record, Stay
from kanban.queries.versions import VersionRecord

FORMAT = 1

Data = dict[str, Any]


def data_of(record: Record, paths: Callable[[VersionRecord], list[str]]) -> Data:
    """The card as nested plain values; moments are ISO 8601 in UTC. ``paths`` names the files of a version
    beside the data. Two statements."""
    card, sop, procedure = record.card, record.sop, record.procedure
    revision = db.session.get_one(Revision, record.wording.id)
    return {
        "format": FORMAT,
        "card": {
            "id": card.id,
            "title": card.title,
            "description": card.description,
            "event_at": _moment(card.event_at),
            "state": card.state,
            "version": card.version,
            "started_at": _moment(card.created_at),
            "started_by": record.creator,
            "closed_at": _moment(card.closed_at),
            "paper_place": card.paper_place,
            "miss_reason": _why(record.miss),
        },
        "sop": {
            "slug": sop.slug,
            "number": sop.number,
            "office": sop.office,
            "signed": sop.signed.isoformat(),
            "state": record.sop_state,
            "revision": record.wording.number,
            "effective_at": _moment(record.wording.effective_at),
            "definition": revision.definition,
        },
        "procedure": {"code": procedure.code, "title": procedure.title.id},
        "visits": [_visit(stay) for stay in record.stays],
        "materials": [_version(version, paths(version)) for version in record.versions],
        "published": [
            {
                "material": final.version.material,
                "number": final.version.number,
                "as_approved": final.approved,
            }
            for final in record.final
        ],
        "as_approved": record.as_approved,
        "comments": [_comment(comment) for comment in record.comments],
        "events": [_event(entry) for entry in record.entries],
        "removal": {
            "orders": record.subject and record.subject.card_id,
            "ordered_by": record.fate and record.fate.card_id,
            "deed": record.fate and record.fate.deed.value,
            "settled_at": record.fate and _moment(record.fate.settled_at),
        },
        "people": _people(record),
    }


def _visit(stay: Stay) -> Data:
    visit = stay.visit
    return {
        "seq": visit.seq,
        "step": visit.step.no,
        "title": visit.step.title.id,
        "lane": visit.lane.key,
        "number": visit.number,
        "revision": stay.wording.number,
        "entered_at": _moment(visit.entered_at),
        "entered_by": visit.entered_by,
        "standard": {"days": visit.standard.days, "minutes": visit.standard.minutes},
        "due_at": _moment(visit.due_at),
        "left_at": _moment(visit.left_at),
        "left_by": visit.left_by,
        "deputy": visit.as_deputy,
        "acting": visit.as_acting,
        "authority": stay.authority,
        "own_work": visit.own_work,
        "outcome": visit.outcome and visit.outcome.value,
        "note": visit.note,
        "reason": visit.reason,
        "about": visit.pointed and visit.pointed.id,
        "same_day_met": visit.same_day_met,
        "same_day_kahar": visit.same_day_kahar,
        "working_seconds": int(visit.spent.total_seconds()),
        "late_seconds": int(visit.over.total_seconds()),
        "paused_seconds": int(visit.paused.total_seconds()),
        "pauses": _pauses(visit.stay),
        "checklist": [_check(no, check) for no, check in enumerate(stay.checks, 1)],
        "approval": _approval(stay.approval),
    }


def _why(miss: Miss | None) -> Data | None:
    if miss is None or miss.why is None:
        return None
    return {
        "reason": miss.why.reason,
        "words": miss.why.words,
        "given_by": miss.why.by,
        "given_at": _moment(miss.why.at),
    }


def _pauses(stay: VisitStay) -> list[Data]:
    """The suspensions within a visit; the last one has no end while the clock stands still."""
    pauses = [{"from": _moment(since), "until": _moment(until)} for since, until in stay.pauses]
    return [*pauses, {"from": _moment(stay.stopped), "until": None}] if stay.stopped else pauses


def _check(no: int, check: Check) -> Data:
    return {
        "item": no,
        "name": check.item.name.id,
        "kind": check.item.kind,
        "satisfied": check.satisfied,
        "ticked_at": check.ticked and _moment(check.ticked.at),
        "ticked_by": check.ticked and check.ticked.by,
        "met_by": [_named(version) for version in check.met_by],
    }


def _approval(approval: Approval | None) -> Data | None:
    if approval is None:
        return None
    return {
        "sha256": approval.digest,
        "holds": approval.holds,
        "covers": [_named(version) for version in approval.covered],
    }


def _named(version: VersionRecord) -> Data:
    return {
        "material": version.material,
        "kind": version.kind.value,
        "number": version.number,
    }


def _version(version: VersionRecord, paths: list[str]) -> Data:
    return {
        **_named(version),
        "visit": version.visit_seq,
        "author": version.author,
        "made_at": _moment(version.made_at),
        "body": version.body,
        "restored_from": version.restored_from,
        "reason": version.reason,
        "paths": paths,
        "files": [
            {
                "name": file.name,
                "caption": file.caption,
                "size": file.size,
                "media_type": file.media_type,
                "sha256": file.digest,
            }
            for file in version.files
        ],
    }


def _comment(comment: CommentView) -> Data:
    return {
        "id": comment.id,
        "visit": comment.visit_seq,
        "author": comment.author,
        "wordings": [
            {"body": wording.body, "written_at": _moment(wording.at)}
            for wording in comment.wordings
        ],
    }


def _event(entry: Entry) -> Data:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "at": _moment(entry.at),
        "by": entry.who,
        "visit": entry.visit_seq,
        "undone": entry.undone,
        "details": dict(entry.details),
    }


def _people(record: Record) -> Data:
    """The accounts that events name by number."""
    ids = {
        value
        for entry in record.entries
        for value in (
            entry.details.get("holder"),
            *entry.details.get("changes", {}).get("holder_id", ()),
        )
        if value is not None
    }
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {str(row.id): row.name for row in rows}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
