"""Who changed which setting when: the events that belong to no card, in keys not labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased

from kanban.domain.sop import Procedure, Sop
from kanban.extensions import db
from kanban.models import Account, ActingSpan, Display, Event, OfficeReason
from kanban.queries.accounts import adopted_sops

PAGE = 40
"""How many changes a page holds."""


class Area(StrEnum):
    """What a setting is about."""

    CALENDAR = "calendar"
    PEOPLE = "people"
    OFFICE = "office"
    REASONS = "reasons"
    SUSPENSIONS = "suspensions"
    DISPLAYS = "displays"


AREAS: Mapping[str, Area] = {
    "calendar_changed": Area.CALENDAR,
    "account_created": Area.PEOPLE,
    "account_renamed": Area.PEOPLE,
    "administrator_appointed": Area.PEOPLE,
    "administrator_dismissed": Area.PEOPLE,
    "account_disabled": Area.PEOPLE,
    "account_enabled": Area.PEOPLE,
    "memberships_set": Area.PEOPLE,
    "password_reset": Area.PEOPLE,
    "password_changed": Area.PEOPLE,
    "acting_assigned": Area.PEOPLE,
    "acting_ended": Area.PEOPLE,
    "people_viewed": Area.PEOPLE,
    "office_set_up": Area.OFFICE,
    "office_changed": Area.OFFICE,
    "backup_taken": Area.OFFICE,
    "sop_adopted": Area.OFFICE,
    "reason_added": Area.REASONS,
    "reason_reworded": Area.REASONS,
    "reason_moved": Area.REASONS,
    "reason_retired": Area.REASONS,
    "reason_restored": Area.REASONS,
    "suspension_begun": Area.SUSPENSIONS,
    "suspension_ended": Area.SUSPENSIONS,
    "display_made": Area.DISPLAYS,
    "display_changed": Area.DISPLAYS,
    "display_linked": Area.DISPLAYS,
    "display_link_revoked": Area.DISPLAYS,
    "display_revoked": Area.DISPLAYS,
}
"""The kinds of events that change a setting, and that somebody opened the load by person."""


@dataclass(frozen=True)
class Span:
    """The days of an appointment as acting officer."""

    kind: str
    first: date
    last: date


@dataclass(frozen=True)
class Setting:
    """One change of a setting, its keys resolved.

    ``who`` is None where a command on the office's machine made it. ``account`` and ``sop`` are what it
    concerns, where it concerns any, and ``board`` the one of that SOP's; ``reasons`` words those of the
    office's lists that the page names, with the list (purpose) in which they stand.
    """

    id: int
    kind: str
    area: Area
    at: datetime
    who: str | None
    account: str | None
    own: bool
    """Whether the account is the actor's own."""
    sop: Sop | None
    details: Mapping[str, Any]
    reasons: Mapping[int, tuple[str, str]]
    span: Span | None
    board: Procedure | None
    display: str | None
    """What the office screen that it concerns is called now."""


@dataclass(frozen=True)
class SettingsHistory:
    """A page of changes, the newest first. ``older`` is where the next page begins, None on the last."""

    changes: tuple[Setting, ...]
    older: int | None


def settings_history(
    area: Area | None = None, person: int | None = None, before: int | None = None
) -> SettingsHistory:
    """The changes older than number ``before``, or the newest: six statements at most.

    Of ``area`` alone, and of ``person`` alone, by whom or about whom they were made, where these are given.
    """
    rows = _rows(area, person, before)
    changes = tuple(_resolved(rows[:PAGE]))
    return SettingsHistory(changes, changes[-1].id if len(rows) > PAGE else None)


def people_of_history() -> tuple[tuple[int, str], ...]:
    """Who can be asked for: every account by number and name, in the order of names."""
    rows = db.session.execute(select(Account.id, Account.name).order_by(Account.name, Account.id))
    return tuple((row.id, row.name) for row in rows)


def _rows(area: Area | None, person: int | None, before: int | None) -> list[Row]:
    """A page of events and one more, the newest first."""
    kinds = [kind for kind, of in AREAS.items() if area in (None, of)]
    actor, account = aliased(Account), aliased(Account)
    statement = (
        select(Event, actor.name.label("who"), account.name.label("account"))
        .outerjoin(actor, actor.id == Event.actor_id)
        .outerjoin(account, account.id == Event.account_id)
        .where(Event.card_id.is_(None), Event.kind.in_(kinds))
        .order_by(Event.id.desc())
        .limit(PAGE + 1)
    )
    if person is not None:
        statement = statement.where(or_(Event.actor_id == person, Event.account_id == person))
    if before is not None:
        statement = statement.where(Event.id < before)
    return list(db.session.execute(statement))


def _resolved(rows: list[Row]) -> Iterable[Setting]:
    events = [row.Event for row in rows]
    sops = adopted_sops() if any(event.sop_id for event in events) else {}
    reasons = _reasons(events)
    displays = _displays(
        {event.details["display"] for event in events if "display" in event.details}
    )
    spans = _spans({event.details["span"] for event in events if "span" in event.details})
    for row in rows:
        event: Event = row.Event
        sop, slug = sops.get(event.sop_id or 0), event.details.get("board")
        yield Setting(
            id=event.id,
            kind=event.kind,
            area=AREAS[event.kind],
            at=event.at,
            who=row.who,
            account=row.account,
            own=event.actor_id is not None and event.actor_id == event.account_id,
            sop=sop,
            details=event.details,
            reasons=reasons,
            span=spans.get(event.details.get("span", 0)),
            board=sop.procedure(slug) if sop and slug else None,
            display=displays.get(event.details.get("display", 0)),
        )


def _reasons(events: list[Event]) -> dict[int, tuple[str, str]]:
    """The words and the list of every reason that the events name; words are never changed."""
    ids = {
        event.details[name]
        for event in events
        if AREAS[event.kind] is Area.REASONS
        for name in ("reason", "before", "past")
        if name in event.details
    }
    if not ids:
        return {}
    rows = db.session.execute(
        select(OfficeReason.id, OfficeReason.words, OfficeReason.purpose).where(
            OfficeReason.id.in_(ids)
        )
    )
    return {row.id: (row.words, row.purpose) for row in rows}


def _spans(ids: set[int]) -> dict[int, Span]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(ActingSpan.id, ActingSpan.kind, ActingSpan.first, ActingSpan.last).where(
            ActingSpan.id.in_(ids)
        )
    )
    return {row.id: Span(row.kind, row.first, row.last) for row in rows}


def _displays(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = db.session.execute(select(Display.id, Display.name).where(Display.id.in_(ids)))
    return {row.id: row.name for row in rows}
