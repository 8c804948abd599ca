"""Carrying the demo's cards: every story told through the operations that the pages use, in order of time."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import select

from kanban.catalogue.schema import catalogue
from kanban.demo.clock import Agenda
from kanban.demo.files import new_file
from kanban.demo.people import ADMINISTRATOR, who_acts
from kanban.demo.stories import Remark, Stay, Story, stories
from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind, Step
from kanban.extensions import db
from kanban.models import Account, Card, OfficeReason, Purpose
from kanban.models.cards import OUTPUT_UNCHANGED
from kanban.operations.add_comment import add_comment
from kanban.operations.add_material import Content, add_material
from kanban.operations.cancel_card import cancel_card
from kanban.operations.correct_card import correct_card
from kanban.operations.move_card import Pointing, move_card
from kanban.operations.read_notices import read_notices
from kanban.operations.removals import Concerning
from kanban.operations.start_card import start_card
from kanban.operations.suspend import Order, suspend_card
from kanban.operations.tick_item import tick_item
from kanban.storage import FileStore

PACE = timedelta(minutes=1)
"""How long a person takes for each thing that is done in a step, where the stay is long enough."""

READ_LAST = timedelta(minutes=45)
"""How long before the opening everyone has read what they were told."""

Doing = Callable[[datetime], None]
Act = tuple[datetime, Doing]


def carry_cards(agenda: Agenda, files: Path) -> None:
    """Start all cards and take each to where its story leaves it."""
    ids = dict(db.session.execute(select(Account.username, Account.id)).all())
    store = FileStore(files)
    carriers = [Carrier(story, agenda, ids, store) for story in stories(agenda)]
    reading: list[Act] = [(agenda.opened - READ_LAST, partial(_read_all, ids.values()))]
    told = [
        part
        for carrier in carriers
        for part in (carrier.acts(), carrier.remarks(), carrier.orders())
    ]
    for at, act in merge(reading, *told, key=itemgetter(0)):
        act(at)


def _read_all(account_ids: Iterable[int], at: datetime) -> None:
    for account_id in account_ids:
        read_notices(account_id, at)


class Carrier:
    """Tells one story: the acts of its people, each at its moment."""

    def __init__(self, story: Story, agenda: Agenda, ids: dict[str, int], store: FileStore) -> None:
        self.story, self.agenda, self.ids, self.store = story, agenda, ids, store
        self.sop, self.procedure = next(
            (sop.slug, procedure)
            for sop in catalogue()
            for procedure in sop.procedures
            if procedure.slug == story.board
        )
        self.card_id = 0
        self.given: Counter[str] = Counter()
        if story.concerns and self.procedure.removes:
            self.given[self.procedure.removes] = 1  # taken over from the published card

    def acts(self) -> Iterator[Act]:
        """What happens to the card, in order of time."""
        step, entered = self.procedure.steps[0], self.agenda.moment(self.story.started)
        yield entered, partial(self._start, self._actor(step))
        for stay in self.story.stays:
            actor = self._actor(step, stay)
            left = self.agenda.moment(stay.left) if stay.left else None
            yield from self._paced(list(self._doings(step, stay, actor)), entered, left)
            if left is None:
                break
            way = step.back if stay.returned else step.forward
            if way is None:
                raise ValueError(f"{self.story.title}: step {step.no} has no such exit")
            yield left, partial(self._move, actor, way.to, stay)
            if way.to is not None:
                step, entered = self.procedure.step(way.to), left
        if cancelled := self.story.cancelled:
            yield self.agenda.moment(cancelled["at"]), partial(self._cancel, cancelled["reason"])

    def remarks(self) -> Iterator[Act]:
        """What people say on the card, in order of time."""
        for remark in self.story.comments:
            yield self.agenda.moment(remark.at), partial(self._say, remark)

    def orders(self) -> Iterator[Act]:
        """What stops the card's clock."""
        if told := self.story.suspended:
            order = Order(told["reason"], told["authority"])
            yield self.agenda.moment(told["at"]), partial(self._suspend, order)

    def _actor(self, step: Step, stay: Stay | None = None) -> int:
        return self.ids[(stay and stay.by) or who_acts(self.sop, step.lane)]

    def _paced(
        self, doings: list[Doing], entered: datetime, left: datetime | None
    ) -> Iterator[Act]:
        """The doings of a stay one after the other: just before it ends, or from its beginning."""
        parts = len(doings) + 1
        span = min(PACE * parts, (left or self.agenda.opened) - entered)
        begin = left - span if left else entered
        for no, doing in enumerate(doings, 1):
            yield begin + timedelta(seconds=span.seconds * no // parts), doing

    def _doings(self, step: Step, stay: Stay, actor: int) -> Iterator[Doing]:
        """What is done in a stay: all that its forward exit asks for, or as much as the story tells."""
        forward = bool(stay.left) and not stay.returned
        if stay.holder:
            yield partial(self._hold, actor, self.ids[stay.holder])
        for key in stay.anew:
            yield from self._give(key, actor)
        fresh = set(stay.anew)
        for no, item in enumerate(step.items, 1):
            if no not in stay.done and not (forward and not (item.is_tick and step.approves)):
                continue  # an approval confirms the tick items by itself
            if item.is_tick:
                yield partial(self._tick, actor, no)
            for key in dict.fromkeys(need.material for need in item.needs):
                if not self.given[key]:
                    yield from self._give(key, actor)
                    fresh.add(key)
        if not forward and not stay.output:
            return
        for key in dict.fromkeys(need.material for need in step.deliverable):
            if key in fresh:
                continue
            if self.given[key]:
                yield partial(self._tick, actor, OUTPUT_UNCHANGED)
            else:
                yield from self._give(key, actor)

    def _give(self, key: str, actor: int) -> Iterator[Doing]:
        """The next round of material ``key``."""
        pieces = self.story.materials[key][self.given[key]]
        self.given[key] += 1
        for kind, value in pieces:
            yield partial(self._add, actor, key, kind, value)

    def _start(self, actor: int, at: datetime) -> None:
        story = self.story
        event = self.agenda.moment(story.event) if story.event else None
        self.card_id = start_card(
            story.board,
            actor,
            story.title,
            story.description,
            event,
            None,
            at,
            concerning=self._concerning(),
        )

    def _concerning(self) -> Concerning | None:
        if not self.story.concerns:
            return None
        title = Card.title == self.story.concerns
        return Concerning(
            Deed(self.story.deed), db.session.scalars(select(Card.id).where(title)).one()
        )

    def _add(self, actor: int, key: str, kind: Kind, value: Any, at: datetime) -> None:
        if kind is Kind.FILE:
            files = tuple(new_file(name, source, self.store) for name, source in value.items())
            content = Content(kind, files=files)
        else:
            content = Content(kind, value)
        add_material(self.card_id, actor, key, None, content, self.store, at)

    def _tick(self, actor: int, no: int, at: datetime) -> None:
        tick_item(self.card_id, actor, no, done=True, now=at)

    def _hold(self, actor: int, holder: int, at: datetime) -> None:
        card = self._card()
        correct_card(
            card.id, actor, card.version, card.title, card.description, card.event_at, holder, at
        )

    def _move(self, actor: int, to: int | None, stay: Stay, at: datetime) -> None:
        listed = select(OfficeReason.id).where(
            OfficeReason.purpose == Purpose.RETURN, OfficeReason.words == stay.reason
        )
        pointing = Pointing(db.session.scalars(listed).one() if stay.reason else None, stay.about)
        move_card(self.card_id, actor, to, self._card().version, stay.returned, at, pointing)

    def _say(self, remark: Remark, at: datetime) -> None:
        add_comment(self.card_id, self.ids[remark.by], remark.body, at)

    def _cancel(self, reason: str, at: datetime) -> None:
        supervisor = self.ids[ADMINISTRATOR.username]
        cancel_card(self.card_id, supervisor, self._card().version, reason, at)

    def _suspend(self, order: Order, at: datetime) -> None:
        suspend_card(self.card_id, self.ids[ADMINISTRATOR.username], order, at)

    def _card(self) -> Card:
        return db.session.get_one(Card, self.card_id)
