"""What every operation on a card begins and ends with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import Actor, Because, CardState, Standing
from kanban.domain.sop import Procedure
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Card, Visit
from kanban.operations.errors import NotVisible, Refused, Stale
from kanban.operations.visits import begin_work
from kanban.queries.access import BoardAccess, visible_card
from kanban.queries.board_stamps import ONE
from kanban.queries.calendar import office_calendar
from kanban.queries.standings import standings_of


@dataclass(frozen=True)
class Held:
    """A card in the hand of an operation, read inside its write transaction."""

    card: Card
    access: BoardAccess
    calendar: OfficeCalendar

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.access.actor

    @property
    def procedure(self) -> Procedure:
        """The procedure, under the revision that the card is pinned to."""
        return self.access.procedure

    @property
    def visit(self) -> Visit:
        """The open visit; raises Refused where the card is closed."""
        if self.card.visit_seq is None:
            raise Refused.of(Because.CARD, CLOSED)
        return db.session.get_one(Visit, (self.card.id, self.card.visit_seq))

    @property
    def standing(self) -> Standing:
        """The card as the rule of moves sees it."""
        found = standings_of([self.access], self.calendar, ONE, values={"card": self.card.id})
        if self.card.id in found:
            return found[self.card.id]
        # A closed card stands nowhere; the rule looks at nothing but its state.
        return Standing(self.procedure, self.access.sop.lanes, 1, CardState(self.card.state))


_TAKEN = select(Card.id).where(ONE).with_for_update()

CLOSED = N_("Kartu ini sudah tidak berjalan.")


def take(card_id: int, account_id: int, now: datetime) -> Held:
    """The card as ``account_id`` may see it at ``now``. Raises NotVisible where there is none for that person."""
    # Where writers run side by side (PostgreSQL), those of one card take turns here.
    db.session.execute(_TAKEN, {"card": card_id})
    found = visible_card(account_id, card_id, now)
    if found is None:
        raise NotVisible
    card, access = found
    return Held(card, access, office_calendar())


def guard(card: Card, version: int) -> None:
    """Take the card's next version, if it still has ``version``. Raises Stale where another was first."""
    taken = db.session.scalars(
        update(Card)
        .where(Card.id == card.id, Card.version == version)
        .values(version=Card.version + 1)
        .returning(Card.id)
    ).all()
    if len(taken) != 1:
        raise Stale


def require_running(held: Held) -> None:
    """Raises Refused where the card is closed."""
    if held.card.state != CardState.RUNNING:
        raise Refused.of(Because.CARD, CLOSED)


def note_work(held: Held, now: datetime) -> None:
    """Note that work began in the visit, if it is the first thing done there and done by the step's lane."""
    if held.card.visit_seq is None:
        return
    visit = held.visit
    if held.actor.capacity_in(visit.lane) is not None:
        begin_work(visit, now)


def require_actor_in_step(held: Held) -> None:
    """Raises Refused unless the card runs and the actor holds the lane of its current step."""
    require_running(held)
    step = held.procedure.step(held.visit.step_no)
    if held.actor.capacity_in(step.lane) is None:
        lane = held.access.sop.lane(step.lane)
        raise Refused.of(
            Because.PERSON,
            N_("Hanya %(lane)s yang dapat mengubah kartu pada tahap ini."),
            lane=lane.name,
        )
