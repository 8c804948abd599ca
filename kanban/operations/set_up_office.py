"""The first start: the office, its calendar, its SOPs and the people who begin with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from kanban.domain.clock import OFFICE_HOURS
from kanban.domain.moves import Capacity
from kanban.domain.plain_timetable import write_hours
from kanban.domain.sop import Lane, Sop
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Account, Office, SetupLink
from kanban.models.transactions import writing
from kanban.operations.accounts import record
from kanban.operations.adopt_sop import adopt_sop
from kanban.operations.create_account import NewAccount, add_account, faults_of
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.seed_holidays import add_holidays, years_around
from kanban.operations.set_memberships import write_memberships
from kanban.passwords import hash_of, readable_password
from kanban.queries.accounts import Rights
from kanban.queries.calendar import office
from kanban.tokens import digest_of
from kanban.usernames import free_like

OFFICE_NAME_MOST = 200


class Lanes(StrEnum):
    """Who holds the lanes at the beginning."""

    ACCOUNTS = "accounts"
    ADMINISTRATOR = "administrator"
    NOBODY = "nobody"


@dataclass(frozen=True)
class SetUp:
    """What the first administrator decides; the rights of all follow from ``lanes``."""

    administrator: NewAccount
    office: str
    time_zone: str
    sops: tuple[Sop, ...]
    lanes: Lanes = Lanes.NOBODY


@dataclass(frozen=True)
class LaneAccount:
    """An account made for a lane, with the password that is shown this once."""

    sop: Sop
    lane: Lane
    username: str
    password: str


@dataclass(frozen=True)
class Founded:
    """What a set-up made."""

    administrator_id: int
    lane_accounts: tuple[LaneAccount, ...]


def set_up_office(wanted: SetUp, token: str | None, now: datetime) -> Founded:
    """Set the empty instance up, whole or not at all; ``token`` is used up (None: by a command).

    The administrator becomes supervisor of every SOP. Raises NotVisible where the link is dead or
    the instance is set up already, and Invalid with the faults of all fields.
    """
    if faults := _faults_of(wanted):
        raise Invalid(faults)
    passwords = _new_passwords(wanted)
    hashes = {of: hash_of(password) for of, password in passwords.items()}  # slow, so done before
    with writing():
        if token is not None:
            _use_up(token)
        if office() is not None:
            raise NotVisible
        _write_office(wanted, now)
        administrator_id = add_account(wanted.administrator, None, now).id
        record("office_set_up", now, administrator_id, time_zone=wanted.time_zone)
        zone = ZoneInfo(wanted.time_zone)
        adopted = [(adopt_sop(sop, zone, administrator_id, now), sop) for sop in wanted.sops]
        rights = {sop_id: _own_rights(wanted, sop) for sop_id, sop in adopted}
        write_memberships(administrator_id, rights, administrator_id, now)
        made = [
            (
                sop,
                lane,
                _add_lane_account(sop_id, lane, hashes[sop.slug, lane.key], administrator_id, now),
            )
            for sop_id, sop in adopted
            for lane in sop.lanes
            if (sop.slug, lane.key) in hashes
        ]
        return Founded(
            administrator_id,
            tuple(
                LaneAccount(sop, lane, username, passwords[sop.slug, lane.key])
                for sop, lane, username in made
            ),
        )


def _faults_of(wanted: SetUp) -> dict[str, Sentence]:
    faults = faults_of(wanted.administrator)
    if fault := fault_of_office_name(wanted.office):
        faults["office"] = fault
    if not wanted.sops:
        faults["sops"] = Sentence.of(N_("Pilih paling sedikit satu SOP."))
    return faults


def fault_of_office_name(name: str) -> Sentence | None:
    """What is wrong with an office's name; None where it may bear it."""
    name = name.strip()
    if not name:
        return Sentence.of(N_("Nama kantor wajib diisi."))
    if len(name) > OFFICE_NAME_MOST:
        return Sentence.of(
            N_("Nama kantor paling panjang %(most)d karakter."), most=OFFICE_NAME_MOST
        )
    if not name.isprintable():
        return Sentence.of(N_("Nama kantor memuat karakter yang tidak dapat dibaca."))
    return None


def _new_passwords(wanted: SetUp) -> dict[tuple[str, str], str]:
    """A password for each account that is to be made, by SOP and lane."""
    if wanted.lanes is not Lanes.ACCOUNTS:
        return {}
    return {(sop.slug, lane.key): readable_password() for sop in wanted.sops for lane in sop.lanes}


def _use_up(token: str) -> None:
    used = db.session.scalars(
        delete(SetupLink)
        .where(SetupLink.token_hash == digest_of(token))
        .returning(SetupLink.token_hash)
    ).all()
    if not used:
        raise NotVisible


def _write_office(wanted: SetUp, now: datetime) -> None:
    """The office with the usual hours, and the holidays of the years around the present one."""
    db.session.add(
        Office(
            id=1,
            name=wanted.office.strip(),
            time_zone=wanted.time_zone,
            hours=write_hours(OFFICE_HOURS),
            set_up_at=now,
        )
    )
    add_holidays(years_around(now.astimezone(ZoneInfo(wanted.time_zone)).year))


def _own_rights(wanted: SetUp, sop: Sop) -> Rights:
    """Those of the administrator: supervisor, and every lane where nobody else is to hold it."""
    held = sop.lanes if wanted.lanes is Lanes.ADMINISTRATOR else ()
    return Rights(frozenset(Capacity(lane.key) for lane in held), supervisor=True)


def _add_lane_account(
    sop_id: int, lane: Lane, password_hash: str, actor_id: int, now: datetime
) -> str:
    """Make an account that holds the lane and bears its name; returns the username."""
    taken = set(db.session.scalars(select(Account.username)))
    new = NewAccount(
        username=free_like(lane.key.lower(), taken),
        name=lane.name.id,
        password_hash=password_hash,
        rights={sop_id: Rights(frozenset({Capacity(lane.key)}))},
    )
    return add_account(new, actor_id, now).username
