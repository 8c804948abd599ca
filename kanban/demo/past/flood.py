"""Force majeure in the demo's past: once a flood stopped a board for a day."""

from sqlalchemy import select

from kanban.demo.clock import Agenda
from kanban.domain.clock import Stretch
from kanban.extensions import db
from kanban.models import Board, Suspension

BOARD = "m1"
SINCE, UNTIL = "-43 13:50", "-42 11:30"
REASON = "Banjir di ruang redaksi; listrik kantor dipadamkan."
AUTHORITY = "Surat Perintah Sekretaris Nomor 21/HK.03.2/3308"


def flood(agenda: Agenda) -> Stretch:
    """From when to when it lasted."""
    return agenda.moment(SINCE), agenda.moment(UNTIL)


def order_of(agenda: Agenda, supervisor_id: int) -> Suspension:
    """The supervisor's order, begun and ended on time; put into the current transaction."""
    since, until = flood(agenda)
    board_id = db.session.scalars(select(Board.id).where(Board.slug == BOARD)).one()
    order = Suspension(
        board_id=board_id,
        from_at=since,
        reason=REASON,
        authority=f"{AUTHORITY}/{since.year}",
        begun_by=supervisor_id,
        begun_at=since,
        until_at=until,
        ended_by=supervisor_id,
        ended_at=until,
    )
    db.session.add(order)
    db.session.flush()
    return order
