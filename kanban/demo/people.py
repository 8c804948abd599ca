"""The demo's office and its people, each named for the role."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from kanban.catalogue.schema import catalogue
from kanban.domain.moves import Capacity
from kanban.domain.timetable import JointLeave, confirm_joint_leave
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import AdoptedSop
from kanban.models.transactions import writing
from kanban.operations.change_calendar import change_calendar
from kanban.operations.create_account import NewAccount, add_account
from kanban.operations.set_up_office import SetUp, set_up_office
from kanban.passwords import hash_of
from kanban.queries.accounts import Rights
from kanban.queries.timetables import calendar_version

PASSWORD = "demo"  # noqa: S105 - no secret: every page of the demo tells it
OFFICE = "JDIH KPU Kabupaten Magelang dan Kotawaringin Timur"
TIME_ZONE = "Asia/Jakarta"
IN_USE_SINCE = timedelta(days=180)
"""How long before its opening the office was set up: before the first of its cards, long holidays or not."""

DECREE = "SKB Tiga Menteri tentang hari libur dan cuti bersama {year} (contoh)"

MAGELANG, KOTAWARINGIN_TIMUR = "magelang-17-2022", "kotawaringin-timur-03-2022"


@dataclass(frozen=True)
class Role:
    """An account of the demo: what it is called, in which SOP it acts, in which lane and how.

    Without a lane it is a guest; without an SOP the administrator, who is supervisor of both.
    """

    username: str
    name: str
    words: str
    sop: str = ""
    lane: str = ""
    deputy: bool = False


ADMINISTRATOR = Role("admin", "Administrator", N_("Administrator dan penyelia kedua SOP"))

ROLES = (
    ADMINISTRATOR,
    Role("pr", "Pelaksana Redaksi", N_("Pelaksana Redaksi, Magelang"), MAGELANG, "PR"),
    Role("as", "Staf Redaksi", N_("Anggota/Staf Redaksi, Magelang"), MAGELANG, "AS"),
    Role("pp", "Pemimpin Redaksi", N_("Pemimpin Redaksi, Magelang"), MAGELANG, "PP"),
    Role(
        "wakil",
        "Wakil Pemimpin Redaksi",
        N_("Wakil Pemimpin Redaksi, Magelang"),
        MAGELANG,
        "PP",
        deputy=True,
    ),
    Role("am", "Admin Medsos", N_("Admin Medsos, Magelang"), MAGELANG, "AM"),
    Role(
        "ks",
        "Kasubbag Hukum dan SDM",
        N_("Kasubbag Hukum dan SDM, Kotawaringin Timur"),
        KOTAWARINGIN_TIMUR,
        "KS",
    ),
    Role(
        "st", "Staf Sub Bagian", N_("Staf Sub Bagian, Kotawaringin Timur"), KOTAWARINGIN_TIMUR, "ST"
    ),
    Role(
        "pj", "Pengelola JDIH", N_("Pengelola JDIH, Kotawaringin Timur"), KOTAWARINGIN_TIMUR, "PJ"
    ),
    Role("tamu", "Tamu", N_("Tamu, Magelang (hanya melihat)"), MAGELANG),
)


def found_office(now: datetime) -> None:
    """Set the empty instance up with both SOPs and all roles, some time before ``now``."""
    since = now - IN_USE_SINCE
    password = hash_of(PASSWORD)  # slow by design, so once for all
    founded = set_up_office(
        SetUp(
            administrator=NewAccount(
                ADMINISTRATOR.username, ADMINISTRATOR.name, password, administrator=True
            ),
            office=OFFICE,
            time_zone=TIME_ZONE,
            sops=catalogue(),
        ),
        token=None,
        now=since,
    )
    with writing():
        sops = dict(db.session.execute(select(AdoptedSop.slug, AdoptedSop.id)).all())
        for role in ROLES:
            if role is not ADMINISTRATOR:
                rights = {sops[role.sop]: _rights(role)}
                new = NewAccount(role.username, role.name, password, rights=rights)
                add_account(new, founded.administrator_id, since)
    for year in sorted({since.year, now.year}):
        leave = JointLeave(year, DECREE.format(year=year))
        change_calendar(
            partial(confirm_joint_leave, leave=leave),
            calendar_version(),
            founded.administrator_id,
            since,
        )


def who_acts(sop: str, lane: str) -> str:
    """The username of the one who holds ``lane`` in the SOP with slug ``sop``, not as its deputy."""
    return next(
        role.username for role in ROLES if (role.sop, role.lane) == (sop, lane) and not role.deputy
    )


def _rights(role: Role) -> Rights:
    return Rights(frozenset({Capacity(role.lane, role.deputy)} if role.lane else ()))
