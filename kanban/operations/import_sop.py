"""Taking an SOP of the office's own into an instance that is set up: it is in force, its procedures are boards."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kanban.domain.sop import Sop
from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import AdoptedSop, Board
from kanban.models.transactions import writing
from kanban.operations.adopt_sop import adopt_sop
from kanban.operations.errors import Invalid, NotVisible
from kanban.queries.calendar import office


def import_sop(sop: Sop, actor_id: int | None, now: datetime) -> int:
    """Adopt ``sop`` and return its id; nobody is a member of it yet. ``actor_id`` is None for a command.

    Raises NotVisible where the office is not set up, and Invalid with everything that keeps the SOP out.
    """
    with writing():
        house = office()
        if house is None:
            raise NotVisible
        zone = ZoneInfo(house.time_zone)
        if faults := _faults_of(sop, now.astimezone(zone)):
            raise Invalid(faults)
        return adopt_sop(sop, zone, actor_id, now)


def _faults_of(sop: Sop, local: datetime) -> dict[str, Sentence]:
    faults: dict[str, Sentence] = {}
    there = {known.slug: known for known in db.session.scalars(select(AdoptedSop))}
    if sop.slug in there:
        faults["slug"] = Sentence.of(
            N_("SOP dengan slug %(slug)s sudah dijalankan di sini."), slug=sop.slug
        )
    if any((one.office, one.number) == (sop.office, sop.number) for one in there.values()):
        faults["number"] = Sentence.of(
            N_("SOP %(office)s Nomor %(number)s sudah dijalankan di sini."),
            office=sop.office,
            number=sop.number,
        )
    if sop.signed > local.date():
        faults["signed"] = Sentence.of(
            N_("SOP ini baru ditandatangani pada %(day)s, yang masih akan datang."),
            day=f"{sop.signed:%d-%m-%Y}",
        )
    boards = select(Board.slug, AdoptedSop.slug).join(AdoptedSop, AdoptedSop.id == Board.sop_id)
    owners = dict(db.session.execute(boards).all())
    for procedure in sop.procedures:
        if owner := owners.get(procedure.slug):
            faults[procedure.code] = Sentence.of(
                N_("Kode prosedur %(code)s sudah dipakai SOP %(slug)s."),
                code=procedure.code,
                slug=owner,
            )
    return faults
