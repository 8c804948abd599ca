"""What every operation on a card begins and ends with."""

from dataclasses import dataclass
from datetime import datetime

from kanban.domain.clock import OfficeCalendar
from kanban.domain.moves import Actor, Because, CardState, Standing
from kanban.domain.sop import Procedure
from kanban.domain.words import N_
from kanban.extensions import db
from kanban.models import Card, Visit
from kanban.operations.errors import NotVisible, Refused, Stale
from kanban.operations.visits import begin_work
from kanban.queries.access import BoardAccess, card_in_turn
from kanban.queries.calendar import office_calendar
from kanban.queries.conditions import ONE
from kanban.queries.standings import Place, standings_of


@dataclass(frozen=True)
class Held:
    """A card in the hand of an operation, read inside its write transaction; ``stay`` is the visit that was open
    then."""

    card: Card
    stay: Visit | None
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
        # Asks the database only where it is another than ``stay``.
        return db.session.get_one(Visit, (self.card.id, self.card.visit_seq))

    @property
    def standing(self) -> Standing:
        """The card as the rule of moves sees it."""
        card = self.card
        if card.visit_seq is None:
            # A closed card stands nowhere; the rule looks at nothing but its state.
            return Standing(self.procedure, self.access.sop.lanes, 1, CardState(card.state))
        place = Place(card.id, card.board_id, card.event_at, self.visit.step_no)
        found = standings_of([self.access], self.calendar, ONE, [place], {"card": card.id})
        return found[card.id]


CLOSED = N_("Kartu ini sudah tidak berjalan.")


def take(card_id: int, account_id: int, now: datetime) -> Held:
    """The card as ``account_id`` may see it at ``now``. Raises NotVisible where there is none for that person."""
    found = card_in_turn(account_id, card_id, now)
    if found is None:
        raise NotVisible
    card, access = found
    is_open = card.visit_seq is not None
    stay = db.session.get_one(Visit, (card.id, card.visit_seq)) if is_open else None
    return Held(card, stay, access, office_calendar())


def guard(card: Card, version: int) -> None:
    """Let the card in hand have its next version, if it still has ``version``. Raises Stale where another was
    first."""
    if card.version != version:
        raise Stale
    card.version += 1


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
