"""How each past card went through its procedure: simulated in working time, the same at every start."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from random import Random

from kanban.catalogue.schema import catalogue
from kanban.demo.clock import Agenda
from kanban.demo.past.words import BoardWords, words
from kanban.domain.clock import OfficeCalendar, Stretch
from kanban.domain.moves import Outcome, accepted
from kanban.domain.sop import ExitKind, Kind, Need, Procedure, Sop, Standard, Step
from kanban.models.cards import OUTPUT_UNCHANGED

DAYS = 105
"""Working days: some five months."""
DAY_MINUTES = 450
BEGIN_BY = 330
"""Minutes of the working day after which no card is begun."""

USUAL = (0.68, 0.38)
"""The share of a step's standard that people usually take: at first and at last."""
SLOW = {("m1", 2): (1.7, 1.05)}
"""Where it takes longer."""
SPREAD, SPREAD_WHERE_SLOW = 0.36, 0.6

RETURNED = (0.26, 0.14)
"""How likely a decision returns a card the first time it sees it: at first and at last."""
AGAIN = 0.06
LISTED, DEPUTY, CANCELLED, EVENING = 0.85, 0.25, 0.03, 0.08


@dataclass(frozen=True)
class Doing:
    """Item ``item`` ticked (0: the output unchanged), or version ``number`` of material ``key`` made."""

    at: datetime
    item: int | None = None
    key: str = ""
    kind: Kind = Kind.TICK
    number: int = 0


@dataclass(frozen=True)
class PastStay:
    """A stay that ended. A return is about the material ``about``, and ``listed`` where it takes a reason
    of the office's list beside ``note``, or instead of it."""

    step: Step
    number: int
    entered: datetime
    left: datetime
    outcome: Outcome
    to: int | None
    doings: tuple[Doing, ...]
    note: str = ""
    listed: bool = False
    about: str | None = None
    deputy: bool = False


@dataclass
class Course:
    """A card from its start to its end; cancelled where the last stay's outcome says so."""

    sop: Sop
    procedure: Procedure
    title: str
    place: str
    description: str
    event: datetime | None
    started: datetime
    stays: list[PastStay] = field(default_factory=list)

    @property
    def ended(self) -> datetime:
        """When it ended."""
        return self.stays[-1].left


def courses(agenda: Agenda, stopped: dict[str, Stretch]) -> list[Course]:
    """All cards that ended before the day of the opening, in the order in which they began.

    ``stopped`` says when the clocks of a board stood still: then nobody worked there.
    """
    today = datetime.combine(agenda.calendar.day(agenda.opened), time(), agenda.calendar.zone)
    told = (course for course in _all(agenda, stopped) if course.ended < today)
    return sorted(told, key=lambda course: course.started)


def _all(agenda: Agenda, stopped: dict[str, Stretch]) -> Iterator[Course]:
    chance = Random("papan")  # noqa: S311 - no secret
    titles = {slug: board.titles for slug, board in words().boards.items()}
    given: Counter[str] = Counter()
    for order in titles.values():
        chance.shuffle(order)
    for back in range(DAYS, 0, -1):
        opening = agenda.moment(f"-{back} 07:30")
        for sop in catalogue():
            for procedure in sop.procedures:
                board = words().boards[procedure.slug]
                for _ in range(int(board.a_week / 5 + chance.random())):
                    order = titles[procedure.slug]
                    title, place = order[given[procedure.slug] % len(order)]
                    given[procedure.slug] += 1
                    teller = Teller(agenda.calendar, chance, 1 - back / DAYS, board)
                    teller.pauses = (stopped[procedure.slug],) if procedure.slug in stopped else ()
                    if course := teller.tell(sop, procedure, title, place, opening):
                        yield course


class Teller:
    """Tells how one card went; ``progress`` grows from 0 to 1 over the months, in which people learn."""

    def __init__(
        self, calendar: OfficeCalendar, chance: Random, progress: float, board: BoardWords
    ) -> None:
        self.calendar, self.chance, self.progress, self.board = calendar, chance, progress, board
        self.pauses: tuple[Stretch, ...] = ()
        self.given: dict[str, set[Kind]] = {}
        self.numbers: Counter[str] = Counter()
        self.fresh: set[str] = set()

    def tell(
        self, sop: Sop, procedure: Procedure, title: str, place: str, opening: datetime
    ) -> Course | None:
        """The card's course, begun on the day of ``opening``; None where the board stood still then."""
        # Within a minute, so that nothing falls on a closing, which is outside hours.
        at, minute = (
            timedelta(seconds=self.chance.randrange(1, 60)),
            self.chance.randrange(5, BEGIN_BY),
        )
        started = self.calendar.due(opening + at, Standard(minutes=minute))
        if any(since <= started < until for since, until in self.pauses):
            return None
        course = Course(sop, procedure, title, place, self.board.description, None, started)
        course.event = self._event(procedure, started)
        cancelled_in = self.chance.randrange(1, 4) if self.chance.random() < CANCELLED else 0
        step, entered, renew = procedure.steps[0], started, ""
        stays: Counter[int] = Counter()
        while True:
            stays[step.no] += 1
            cancelled = len(course.stays) + 1 == cancelled_in
            stay = self._stay(procedure, step, stays[step.no], entered, renew, cancelled)
            course.stays.append(stay)
            if stay.outcome is Outcome.RETURN and stay.to is not None:
                renew = stay.about or ""
            elif stay.to is not None:
                renew = ""
            else:
                return course
            step, entered = procedure.step(stay.to), stay.left

    def _event(self, procedure: Procedure, started: datetime) -> datetime | None:
        """The event of the same-day rule: shortly before the start, or in the evening before."""
        rule = procedure.same_day
        if rule is None or rule.left_step is not None:
            return None
        if self.chance.random() < EVENING:
            day = self.calendar.day(started) - timedelta(days=1)
            return datetime.combine(day, time(19, self.chance.randrange(60)), self.calendar.zone)
        return (started - timedelta(minutes=self.chance.randrange(15, 90))).replace(second=0)

    def _stay(
        self,
        procedure: Procedure,
        step: Step,
        number: int,
        entered: datetime,
        renew: str,
        cancelled: bool,
    ) -> PastStay:
        minutes = self._minutes(procedure, step)
        left = self._after(entered, minutes)
        if cancelled:
            note = self.chance.choice(words().cancelled)
            return PastStay(step, number, entered, left, Outcome.CANCEL, None, (), note)
        deputy = step.lane == "PP" and self.chance.random() < DEPUTY
        likely = AGAIN if number > 1 else self._between(RETURNED)
        if step.back and self.chance.random() < likely:
            target = procedure.step(step.back.to or 1)
            return PastStay(
                step,
                number,
                entered,
                left,
                Outcome.RETURN,
                target.no,
                (),
                note=self.chance.choice(("", *words().returned)),
                listed=self.chance.random() < LISTED,
                about=self._faulty(target),
                deputy=deputy,
            )
        doings = tuple(self._doings(procedure, step, entered, minutes, renew))
        way = step.forward
        to = way.to if way else None
        outcome = Outcome.NEXT if way and way.kind is ExitKind.NEXT else Outcome.FINISH
        if step.approves:
            outcome = Outcome.APPROVE
        return PastStay(step, number, entered, left, outcome, to, doings, deputy=deputy)

    def _minutes(self, procedure: Procedure, step: Step) -> int:
        whole = step.standard.days * DAY_MINUTES + step.standard.minutes
        slow = SLOW.get((procedure.slug, step.no))
        spread = SPREAD_WHERE_SLOW if slow else SPREAD
        return max(
            2, round(whole * self._between(slow or USUAL) * self.chance.lognormvariate(0, spread))
        )

    def _between(self, ends: tuple[float, float]) -> float:
        first, last = ends
        return first + (last - first) * self.progress**2  # slowly at first

    def _faulty(self, target: Step) -> str:
        """The material that is to be mended in the step to which a card goes back."""
        used = [need.material for item in target.items for need in item.needs]
        used += [need.material for need in target.deliverable]
        return self.chance.choice([key for key in dict.fromkeys(used) if self.given.get(key)])

    def _doings(
        self, procedure: Procedure, step: Step, entered: datetime, minutes: int, renew: str
    ) -> Iterator[Doing]:
        """What was done in a stay, in its last part: before that the card waited."""
        if procedure.removes and not self.numbers:
            self.given[procedure.removes] = {Kind.LINK}  # the order names it as it begins
            self.numbers[procedure.removes] = 1
            yield Doing(entered, key=procedure.removes, kind=Kind.LINK, number=1)
        what = [] if step.approves else list(self._asked(step, renew, entered))
        waited = max(1, int(minutes * self.chance.uniform(0.3, 0.8)))
        for no, doing in enumerate(what):
            at = self._after(entered, waited + (minutes - waited) * no // len(what))
            yield replace(doing, at=at)

    def _asked(self, step: Step, renew: str, at: datetime) -> Iterator[Doing]:
        """All that the forward exit asks for; ``renew`` is the material that came back to be mended."""
        self.fresh = set()
        if renew:
            yield self._give(renew, min(self.given[renew]), at)
        for no, item in enumerate(step.items, 1):
            if item.is_tick:
                yield Doing(at, no)
            for need in item.needs:
                yield from self._provide(need, at)
        for need in step.deliverable:
            yield from self._provide(need, at)
        if step.deliverable and not self.fresh & {need.material for need in step.deliverable}:
            yield Doing(at, OUTPUT_UNCHANGED)

    def _provide(self, need: Need, at: datetime) -> Iterator[Doing]:
        wanted = accepted(need)
        if not self.given.get(need.material, set()) & wanted:
            yield self._give(need.material, self._kind(need.material, wanted), at)

    def _kind(self, key: str, wanted: frozenset[Kind]) -> Kind:
        said = self.board.materials.get(key)
        if isinstance(said, dict):
            return Kind.FILE
        return Kind.TEXT if said and Kind.TEXT in wanted else Kind.LINK

    def _give(self, key: str, kind: Kind, at: datetime) -> Doing:
        self.given.setdefault(key, set()).add(kind)
        self.numbers[key] += 1
        self.fresh.add(key)
        return Doing(at, None, key, kind, self.numbers[key])

    def _after(self, start: datetime, minutes: int) -> datetime:
        return self.calendar.due(start, Standard(minutes=minutes), self.pauses)
