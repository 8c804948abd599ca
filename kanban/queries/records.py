"""The record of a card: who did what, when, under which rule, on time or not, and what was published."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, select

from kanban.domain.approvals import approval_digest
from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import CardState, Outcome, accepted
from kanban.domain.sop import Item, Need, Procedure, Sop
from kanban.domain.words import Text
from kanban.extensions import db
from kanban.models import Account, ActingSpan, AdoptedSop, Card, Revision, Tick, Visit
from kanban.models.cards import OUTPUT_UNCHANGED
from kanban.queries.access import BoardAccess
from kanban.queries.cards import Ticked
from kanban.queries.comments import CommentView, talk_of
from kanban.queries.history import Entry, History, VisitView, history_of, names_of
from kanban.queries.misses import Miss, miss_of
from kanban.queries.removals import Order, Subject, fate_of, running_order, subject_of
from kanban.queries.versions import VersionRecord, newest, versions_of

LEAVES = ("card_moved", "card_cancelled")
"""The events that end a stay."""


@dataclass(frozen=True)
class Wording:
    """A revision of the SOP: its number, and from when on cards stand under it."""

    id: int
    number: int
    effective_at: datetime


@dataclass(frozen=True)
class Check:
    """An item of a stay's checklist: what a person confirmed, or the versions that met it as the stay ended."""

    item: Item
    satisfied: bool
    ticked: Ticked | None
    met_by: tuple[VersionRecord, ...]


@dataclass(frozen=True)
class Delivery:
    """What a stay gave: versions made in it, or the confirmation that they are unchanged. Neither: its exit."""

    name: Text
    same_day: bool
    made: tuple[VersionRecord, ...]
    unchanged: Ticked | None
    by_exit: bool


@dataclass(frozen=True)
class Approval:
    """An approval: the digest that was kept, what it covered, and whether that still gives the same digest."""

    digest: str
    holds: bool
    covered: tuple[VersionRecord, ...]


@dataclass(frozen=True)
class Stay:
    """One stay in a step with all that an inspector may ask of it; ``authority`` is the letter by which an
    acting officer (Plh./Plt.) ended it."""

    visit: VisitView
    wording: Wording
    authority: str | None
    checks: tuple[Check, ...]
    delivery: Delivery | None
    approval: Approval | None

    @property
    def late(self) -> bool:
        """Whether it took more working time than its standard."""
        return bool(self.visit.over)


@dataclass(frozen=True)
class Published:
    """A current version, and its part in the last approval: covered by it, or made after it."""

    version: VersionRecord
    name: Text
    approved: bool
    replaces: VersionRecord | None
    """What was approved of it, where this is not that."""


@dataclass(frozen=True)
class Record:
    """Everything that the record sheet of a card says, the oldest first."""

    card: Card
    access: BoardAccess
    sop_state: str
    wording: Wording
    creator: str
    event_day: date | None
    miss: Miss | None
    stays: tuple[Stay, ...]
    history: History
    versions: tuple[VersionRecord, ...]
    final: tuple[Published, ...]
    supporting: tuple[Published, ...]
    comments: tuple[CommentView, ...]
    subject: Subject | None
    fate: Order | None
    running_order: Order | None

    @property
    def sop(self) -> Sop:
        """The SOP in the wording that the card is pinned to."""
        return self.access.sop

    @property
    def procedure(self) -> Procedure:
        """The procedure in that wording."""
        return self.access.procedure

    @property
    def state(self) -> CardState:
        """What has become of the card."""
        return CardState(self.card.state)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every event."""
        return _entries(self.history)

    @property
    def last_approval(self) -> Stay | None:
        """The newest stay that ended in the procedure's last approval."""
        last = self.procedure.last_approval
        return next(
            (
                stay
                for stay in reversed(self.stays)
                if stay.approval and last and stay.visit.step.no == last.no
            ),
            None,
        )

    @property
    def finish(self) -> Stay | None:
        """The stay that ended the card, where it is finished."""
        ended = (stay for stay in reversed(self.stays) if stay.visit.counts)
        return next(ended, None) if self.state is CardState.FINISHED else None

    @property
    def as_approved(self) -> bool | None:
        """Whether all that the last approval covered is current still, word for word; None without one."""
        stay = self.last_approval
        if stay is None or stay.approval is None:
            return None
        current = {(version.material, version.number) for version in newest(self.versions)}
        return stay.approval.holds and all(
            (version.material, version.number) in current for version in stay.approval.covered
        )

    @property
    def corrections(self) -> tuple[VersionRecord, ...]:
        """What was corrected after publication, each with its reason."""
        return tuple(version for version in self.versions if version.reason)

    @property
    def late(self) -> int:
        """How many stays took longer than their standard."""
        return sum(stay.late for stay in self.stays if stay.visit.counts)

    def name_of(self, material: str) -> Text:
        """What the procedure calls a material."""
        return self.procedure.material(material).name


def record_of(card: Card, access: BoardAccess, calendar: OfficeCalendar, now: datetime) -> Record:
    """The record of a card that ``access`` lets a person see, up to ``now``: at most twenty-two statements."""
    history = history_of(card, access, calendar, now)
    versions = versions_of(card.id)
    stays = tuple(_stays(card, history, versions))
    sop_state = db.session.scalars(
        select(AdoptedSop.state).where(AdoptedSop.id == access.sop_id)
    ).one()
    final, supporting = _sorted_by_use(access.procedure, versions, stays)
    return Record(
        card=card,
        access=access,
        sop_state=sop_state,
        wording=_wording(card.revision_id),
        creator=names_of((card.created_by,))[card.created_by],
        event_day=calendar.day(card.event_at) if card.event_at else None,
        miss=miss_of(card, access, calendar),
        stays=stays,
        history=history,
        versions=versions,
        final=final,
        supporting=supporting,
        comments=talk_of(card, access, now).comments,
        subject=subject_of(card.id, access),
        fate=fate_of(card.id),
        running_order=running_order(card.id),
    )


def _wording(revision_id: int) -> Wording:
    row = db.session.execute(
        select(Revision.id, Revision.number, Revision.effective_at).where(
            Revision.id == revision_id
        )
    ).one()
    return Wording(*row)


def _entries(history: History) -> tuple[Entry, ...]:
    entries = [entry for visit in history.visits for entry in visit.entries]
    return tuple(sorted([*entries, *history.afterwards], key=lambda entry: entry.id))


def _stays(card: Card, history: History, versions: tuple[VersionRecord, ...]) -> Iterator[Stay]:
    entries, ticks = _entries(history), _ticks(card.id)
    rows = {row.seq: row for row in _rows(card.id)}
    for visit in reversed(history.visits):
        row, ticked = rows[visit.seq], ticks[visit.seq]
        end = _end(visit, entries)
        there = _made_before(end, entries, versions)
        yield Stay(
            visit=visit,
            wording=Wording(row.id, row.number, row.effective_at),
            authority=row.authority,
            checks=tuple(_checks(visit, there, ticked)) if visit.counts else (),
            delivery=_delivery(visit, there, ticked) if visit.counts else None,
            approval=_approval(card, visit, row.approved, end, entries, there),
        )


def _rows(card_id: int) -> list[Row]:
    authority = (
        select(ActingSpan.authority)
        .where(
            ActingSpan.sop_id == Revision.sop_id,
            ActingSpan.account_id == Visit.left_by,
            ActingSpan.lane == Visit.lane,
            ActingSpan.kind == Visit.left_as_acting,
            ActingSpan.from_at <= Visit.left_at,
            ActingSpan.until_at > Visit.left_at,
        )
        .order_by(ActingSpan.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return list(
        db.session.execute(
            select(
                Visit.seq,
                Visit.approved,
                Revision.id,
                Revision.number,
                Revision.effective_at,
                authority.label("authority"),
            )
            .join(Revision, Revision.id == Visit.revision_id)
            .where(Visit.card_id == card_id)
        )
    )


def _ticks(card_id: int) -> dict[int, dict[int, Ticked]]:
    ticks: dict[int, dict[int, Ticked]] = defaultdict(dict)
    for seq, item_no, name, at in db.session.execute(
        select(Tick.visit_seq, Tick.item_no, Account.name, Tick.ticked_at)
        .join(Account, Account.id == Tick.ticked_by)
        .where(Tick.card_id == card_id)
    ):
        ticks[seq][item_no] = Ticked(name, at)
    return ticks


def _end(visit: VisitView, entries: tuple[Entry, ...]) -> Entry | None:
    """The event that ended the stay; None while it lasts, or where it was undone."""
    return next(
        (
            entry
            for entry in reversed(entries)
            if entry.visit_seq == visit.seq and entry.kind in LEAVES and not entry.undone
        ),
        None,
    )


def _made_before(
    end: Entry | None, entries: tuple[Entry, ...], versions: tuple[VersionRecord, ...]
) -> tuple[VersionRecord, ...]:
    """The versions that were there when ``end`` happened, as the order of events has it and not the clock."""
    later = {
        (entry.details["material"], entry.details["number"])
        for entry in entries
        if end and entry.id > end.id and "material" in entry.details and "number" in entry.details
    }
    return tuple(version for version in versions if (version.material, version.number) not in later)


def _checks(
    visit: VisitView, there: tuple[VersionRecord, ...], ticked: dict[int, Ticked]
) -> Iterator[Check]:
    for no, item in enumerate(visit.step.items, 1):
        met = tuple(_met(need, there) for need in item.needs)
        tick = ticked.get(no)
        yield Check(
            item=item,
            satisfied=all(met) if item.needs else tick is not None,
            ticked=tick,
            met_by=tuple(version for version in met if version),
        )


def _met(need: Need, there: tuple[VersionRecord, ...]) -> VersionRecord | None:
    """The version that meets the need: the newest of a kind that it takes."""
    return next(
        (
            version
            for version in reversed(there)
            if version.material == need.material and version.kind in accepted(need)
        ),
        None,
    )


def _delivery(
    visit: VisitView, there: tuple[VersionRecord, ...], ticked: dict[int, Ticked]
) -> Delivery | None:
    output = visit.step.output
    if output is None:
        return None
    met = (_met(need, there) for need in visit.step.deliverable)
    return Delivery(
        name=output.name,
        same_day=output.same_day,
        made=tuple(version for version in met if version and version.visit_seq == visit.seq),
        unchanged=ticked.get(OUTPUT_UNCHANGED),
        by_exit=not visit.step.deliverable,
    )


def _approval(
    card: Card,
    visit: VisitView,
    digest: str | None,
    end: Entry | None,
    entries: tuple[Entry, ...],
    there: tuple[VersionRecord, ...],
) -> Approval | None:
    """The approval in which the stay ended; it holds where the digest is computed anew to the same."""
    if visit.outcome is not Outcome.APPROVE or digest is None or end is None:
        return None
    covered = newest(there)
    anew = approval_digest(
        card.id,
        visit.step.no,
        _said_then("title", card.title, end, entries),
        _said_then("description", card.description, end, entries),
        (version.covered for version in covered),
    )
    return Approval(digest, anew == digest, covered)


def _said_then(field: str, now_said: str, end: Entry, entries: tuple[Entry, ...]) -> str:
    """What the card said in ``field`` when ``end`` happened: before the first correction after it."""
    for entry in entries:
        changes = entry.details.get("changes", {})
        if entry.id > end.id and field in changes:
            old: str = changes[field][0]
            return old
    return now_said


def _sorted_by_use(
    procedure: Procedure, versions: tuple[VersionRecord, ...], stays: tuple[Stay, ...]
) -> tuple[tuple[Published, ...], tuple[Published, ...]]:
    """The current versions: what the last approval and the steps after it work with, and all the rest."""
    last = procedure.last_approval
    approval = next(
        (
            stay.approval
            for stay in reversed(stays)
            if stay.approval and last and stay.visit.step.no == last.no
        ),
        None,
    )
    covered = {(v.material, v.kind): v for v in approval.covered} if approval else {}
    ends = [step for step in procedure.steps if last is None or step.no >= last.no]
    final: list[Published] = []
    supporting: list[Published] = []
    for version in newest(versions):
        approved = covered.get((version.material, version.kind))
        published = Published(
            version=version,
            name=_called_last(procedure, version.material),
            approved=approved == version,
            replaces=approved if approved != version else None,
        )
        used = any(step.uses(version.material) for step in ends)
        (final if used else supporting).append(published)
    return tuple(final), tuple(supporting)


def _called_last(procedure: Procedure, key: str) -> Text:
    """What the last step that names the material alone calls it: at the end a draft is the final content."""
    for step in reversed(procedure.steps):
        for item in step.items:
            if {need.material for need in item.needs} == {key}:
                return item.name
    return procedure.material(key).name
