"""Appointing an acting officer (Plh./Plt.): a member holds a lane for stated days, by a letter."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kanban.domain.moves import Acting
from kanban.domain.sop import Sop
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Account, ActingSpan, Membership, MembershipLane
from kanban.models.transactions import writing
from kanban.operations.accounts import record
from kanban.operations.boards import bump_boards
from kanban.operations.card_texts import check_line, collected
from kanban.operations.supervision import supervised_sop
from kanban.queries.calendar import office_calendar

LASTS_MOST = timedelta(days=366)
"""How long one appointment may last, and how far ahead it may begin."""
AUTHORITY_MOST = 200


@dataclass(frozen=True)
class Appointment:
    """Who is to act in which lane, how (plh, plt), on which days (both included), and by which letter.

    A day that was left out is None, and told as a fault.
    """

    account_id: int
    lane: str
    kind: str
    first: date | None
    last: date | None
    authority: str


def assign_acting(slug: str, wanted: Appointment, actor_id: int, now: datetime) -> int:
    """Let a member of SOP ``slug`` act in a lane; it counts on those days by itself. Returns its number.

    Nobody appoints oneself, since acting means approving; but an administrator may, who could as well
    take the lane for good. Raises NotVisible, Refused (no supervisor), or Invalid with every fault.
    """
    with writing():
        access = supervised_sop(slug, actor_id, now)
        calendar = office_calendar()
        today = calendar.day(now)
        authority = " ".join(wanted.authority.split())
        # Two supervisors who appoint the same person take turns here.
        db.session.execute(
            select(Account.id).where(Account.id == wanted.account_id).with_for_update()
        )
        with collected() as faults:
            faults.of("account", _check_account, wanted.account_id, access.sop_id, actor_id)
            faults.of("lane", _check_lane, wanted.lane, access.sop)
            faults.of("kind", _check_kind, wanted.kind)
            faults.of("first", _check_first, wanted.first, today)
            faults.of("last", _check_last, wanted.first, wanted.last, today)
            faults.of("authority", _check_authority, authority)
        first, last = cast(date, wanted.first), cast(date, wanted.last)  # as just checked
        with collected() as faults:
            faults.of("lane", _check_not_held, wanted, access.sop_id)
            faults.of("first", _check_free, wanted, access.sop_id, now)
        span = ActingSpan(
            sop_id=access.sop_id,
            account_id=wanted.account_id,
            lane=wanted.lane,
            kind=wanted.kind,
            first=first,
            last=last,
            from_at=_midnight(first, calendar.zone),
            until_at=_midnight(last + timedelta(days=1), calendar.zone),
            authority=authority,
            assigned_by=actor_id,
            assigned_at=now,
        )
        db.session.add(span)
        db.session.flush()
        record(
            "acting_assigned",
            now,
            actor_id,
            span.account_id,
            span.sop_id,
            span=span.id,
            lane=span.lane,
            acting=span.kind,
            first=span.first.isoformat(),
            last=span.last.isoformat(),
            authority=authority,
        )
        bump_boards(access.sop_id)
        return span.id


def _check_account(account_id: int, sop_id: int, actor_id: int) -> None:
    """Raises ValueError unless this is a member who can log in, and not the actor (see above)."""
    administers = db.session.scalar(
        select(Account.administrator)
        .join(Membership, Membership.account_id == Account.id)
        .where(Account.id == account_id, Membership.sop_id == sop_id, Account.disabled_at.is_(None))
    )
    if administers is None:
        raise ValueError(N_("Pilih anggota SOP ini yang akunnya aktif."))
    if account_id == actor_id and not administers:
        raise ValueError(
            N_(
                "Penyelia tidak dapat menunjuk dirinya sendiri; mintalah penyelia lain menunjuk Anda."
            )
        )


def _check_lane(lane: str, sop: Sop) -> None:
    if all(known.key != lane for known in sop.lanes):
        raise ValueError(N_("Pilih lajur yang dijalankan."))


def _check_kind(kind: str) -> None:
    if kind not in tuple(Acting):
        raise ValueError(N_("Pilih Plh. atau Plt."))


def _check_first(first: date | None, today: date) -> None:
    if first is None:
        raise ValueError(N_("Isi hari pertama."))
    if abs(first - today) > LASTS_MOST:
        raise ValueError(N_("Hari pertama harus dalam satu tahun dari hari ini."))


def _check_last(first: date | None, last: date | None, today: date) -> None:
    if last is None:
        raise ValueError(N_("Isi hari terakhir."))
    if last < today:
        raise ValueError(N_("Hari terakhir sudah lewat."))
    if first is not None and last < first:
        raise ValueError(N_("Hari terakhir tidak boleh sebelum hari pertama."))
    if first is not None and last - first >= LASTS_MOST:
        raise ValueError(N_("Penunjukan paling lama satu tahun."))


def _check_authority(authority: str) -> None:
    if not authority:
        raise ValueError(N_("Sebutkan surat yang menjadi dasar penunjukan."))
    check_line(authority, AUTHORITY_MOST)


def _check_not_held(wanted: Appointment, sop_id: int) -> None:
    """Raises ValueError where the person holds the lane for good; a deputy may be appointed."""
    holds = db.session.scalar(
        select(Membership.id)
        .join(MembershipLane, MembershipLane.membership_id == Membership.id)
        .where(
            Membership.account_id == wanted.account_id,
            Membership.sop_id == sop_id,
            MembershipLane.lane == wanted.lane,
            MembershipLane.deputy.is_(False),
        )
    )
    if holds is not None:
        raise ValueError(N_("Yang ditunjuk sudah memegang lajur ini."))


def _check_free(wanted: Appointment, sop_id: int, now: datetime) -> None:
    """Raises ValueError where the person acts in this lane already on one of the days."""
    other = db.session.scalars(
        select(ActingSpan)
        .where(
            ActingSpan.sop_id == sop_id,
            ActingSpan.account_id == wanted.account_id,
            ActingSpan.lane == wanted.lane,
            ActingSpan.ended_at.is_(None),
            ActingSpan.until_at > now,
            ActingSpan.first <= wanted.last,
            ActingSpan.last >= wanted.first,
        )
        .order_by(ActingSpan.first)
    ).first()
    if other is not None:
        raise ValueError(
            N_("Sudah ditunjuk untuk lajur ini dari %(first)s sampai %(last)s."),
            {"first": other.first, "last": other.last},
        )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When ``day`` begins in the office."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
