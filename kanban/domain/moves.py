"""Where a card may go: the one rule behind buttons, drag, keyboard and plain forms.

The rules are those of the documents' flowcharts; how items and outputs meet materials stands in
``docs/parts.md`` under "Materials".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kanban.domain.sop import Exit, ExitKind, Kind, Lane, Need, Procedure, Step
from kanban.domain.words import N_, Sentence, Text


class CardState(StrEnum):
    """What has become of a card as a whole; a suspended card is still running."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class Outcome(StrEnum):
    """How a visit ended."""

    NEXT = "next"
    APPROVE = "approve"
    RETURN = "return"
    FINISH = "finish"
    CANCEL = "cancel"
    STOP = "stop"
    UNDONE = "undone"


class Because(StrEnum):
    """The sort of a reason against a move; the web answers by it (403 for a person, 409 for a card)."""

    CARD = "card"
    ARROW = "arrow"
    PERSON = "person"
    MISSING = "missing"
    NOTE = "note"


class Acting(StrEnum):
    """How a person stands in for the holder of a lane for stated days: the office's two words for it."""

    PLH = "plh"
    PLT = "plt"


REASON = Text("alasan", "reason")
"""What an order to remove content lacks where nothing says why."""


@dataclass(frozen=True)
class Capacity:
    """In which capacity a person acts: the lane, and whether as its deputy (sebagai Wakil) or for stated
    days as acting officer (Plh./Plt.)."""

    lane: str
    deputy: bool = False
    acting: Acting | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts, as seen from one SOP: the lanes held there and the powers beside them."""

    account_id: int
    name: str
    lanes: tuple[Capacity, ...] = ()
    supervisor: bool = False

    def capacity_in(self, lane: str) -> Capacity | None:
        """The capacity in which this person acts in ``lane``: holder before acting officer, whom a letter
        appoints for these very days, before deputy; None where none of them."""
        held = [capacity for capacity in self.lanes if capacity.lane == lane]
        return min(held, key=lambda held: (held.deputy, held.acting is not None), default=None)


@dataclass(frozen=True)
class Standing:
    """A card as the rule sees it: where it stands and what is on it.

    ``present`` and ``fresh`` map a material's key to the kinds of which it has a current version:
    made at any time, and made in this very visit. ``authors`` made the current versions of what a
    decision in the step is about; ``forbids_own`` says that the office lets nobody approve own work. ``explained``
    matters where published content is to be removed: the card names the content's own card, or says why
    in its description.
    """

    procedure: Procedure
    lanes: tuple[Lane, ...]
    step_no: int
    state: CardState = CardState.RUNNING
    ticked: frozenset[int] = frozenset()
    present: Mapping[str, frozenset[Kind]] = field(default_factory=dict)
    fresh: Mapping[str, frozenset[Kind]] = field(default_factory=dict)
    unchanged: bool = False
    event_day: date | None = None
    authors: frozenset[int] = frozenset()
    forbids_own: bool = False
    explained: bool = False

    @property
    def step(self) -> Step:
        """The step in which the card stands."""
        return self.procedure.step(self.step_no)

    @property
    def lane_name(self) -> Text:
        """What the lane of that step is called."""
        return next(lane.name for lane in self.lanes if lane.key == self.step.lane)

    def satisfies(self, item_no: int) -> bool:
        """Whether item ``item_no`` (from 1) of the step is ticked or its materials are there."""
        item = self.step.items[item_no - 1]
        return item_no in self.ticked if item.is_tick else _all_there(item.needs, self.present)

    @property
    def delivered(self) -> bool:
        """Whether the step's output is there and was made, renewed or confirmed unchanged in this visit."""
        needs = self.step.deliverable
        if not needs:
            return True
        renewed = any(_there(need, self.fresh) for need in needs)
        return _all_there(needs, self.present) and (renewed or self.unchanged)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing for the way on."""
        return next(_missing(self, self.step), None) is None

    @property
    def confirmable(self) -> bool:
        """Whether the output is there from an earlier visit, so that "tanpa perubahan" can deliver it."""
        needs = self.step.deliverable
        renewed = any(_there(need, self.fresh) for need in needs)
        return bool(needs) and _all_there(needs, self.present) and not renewed


@dataclass(frozen=True)
class Reason:
    """One reason against a move, and the sort it is of. ``about`` names what is missing, where something is."""

    because: Because
    sentence: Sentence
    about: Text | None = None


@dataclass(frozen=True)
class Refusal:
    """A move that may not be, with every reason at once."""

    reasons: tuple[Reason, ...]

    @property
    def of_the_person(self) -> bool:
        """Whether the person may not act here, whatever the state of the card."""
        return any(reason.because is Because.PERSON for reason in self.reasons)


@dataclass(frozen=True)
class Move:
    """A move that may be: the exit taken, in which capacity, and what it settles on the way.

    ``confirms`` are the tick items that an approval itself confirms; ``same_day`` tells whether the
    same-day rule was met where the step is under it, else None. ``own_work``: the approver made some of
    what is approved.
    """

    exit: Exit
    capacity: Capacity
    outcome: Outcome
    confirms: tuple[int, ...] = ()
    same_day: bool | None = None
    sets_event: bool = False
    own_work: bool = False


def decide(
    card: Standing, to: int | None, actor: Actor, now: datetime, note: str = ""
) -> Move | Refusal:
    """Whether ``actor`` may take the card to step ``to`` (None: the end) at ``now``.

    ``now`` is a time in the office's zone: its date judges the same-day rule. ``note`` is the reason
    that a return needs. Returns the move, or a refusal that names every reason at once.
    """
    if card.state is not CardState.RUNNING:
        return Refusal((Reason(Because.CARD, Sentence.of(N_("Kartu ini sudah tidak berjalan."))),))
    step = card.step
    way = step.exit_to(to)
    capacity = actor.capacity_in(step.lane)
    reasons = tuple(_against(card, step, way, to, capacity, note, actor))
    if reasons or way is None or capacity is None:
        return Refusal(reasons)
    return Move(
        exit=way,
        capacity=capacity,
        outcome=_outcome(way),
        confirms=_confirmed_by(card, step, way),
        same_day=_same_day(card, step, way, now),
        sets_event=_sets_event(card, step, way),
        own_work=_is_own_work(card, step, way, actor),
    )


def _against(
    card: Standing,
    step: Step,
    way: Exit | None,
    to: int | None,
    capacity: Capacity | None,
    note: str,
    actor: Actor,
) -> Iterator[Reason]:
    if way is None:
        yield _no_arrow(step, to)
    if capacity is None:
        yield Reason(
            Because.PERSON,
            Sentence.of(
                N_("Tahap %(step)d hanya dapat dijalankan oleh %(lane)s."),
                step=step.no,
                lane=card.lane_name,
            ),
        )
    if way is not None and card.forbids_own and _is_own_work(card, step, way, actor):
        yield Reason(
            Because.PERSON,
            Sentence.of(
                N_(
                    "Bahan ini buatan Anda sendiri; kantor menetapkan bahwa orang lain yang menyetujui."
                )
            ),
        )
    if way is not None and way.forward:
        yield from _missing(card, step)
    if way is not None and not way.forward and not note.strip():
        yield Reason(Because.NOTE, Sentence.of(N_("Alasan pengembalian wajib diisi.")))


def _no_arrow(step: Step, to: int | None) -> Reason:
    if to is None:
        sentence = Sentence.of(
            N_("Kartu belum dapat diselesaikan dari tahap %(step)d."), step=step.no
        )
    else:
        sentence = Sentence.of(
            N_("Tidak ada panah dari tahap %(step)d ke tahap %(to)d."), step=step.no, to=to
        )
    return Reason(Because.ARROW, sentence)


def _missing(card: Standing, step: Step) -> Iterator[Reason]:
    for no, item in enumerate(step.items, 1):
        if card.satisfies(no) or (item.is_tick and step.approves):
            continue
        text = N_("belum dicentang pada kelengkapan") if item.is_tick else N_("belum ada")
        yield Reason(Because.MISSING, Sentence.of(text), item.name)
    if step.output and step.deliverable and not card.delivered:
        text = (
            N_("sebagai keluaran tahap ini belum diperbarui atau dinyatakan tanpa perubahan")
            if card.confirmable
            else N_("sebagai keluaran tahap ini belum diserahkan")
        )
        yield Reason(Because.MISSING, Sentence.of(text), step.output.name)
    if _lacks_reason(card, step):
        yield Reason(
            Because.MISSING,
            Sentence.of(
                N_(
                    "belum ditulis: tulislah pada keterangan atau disposisi, karena konten ini tidak "
                    "mempunyai kartu"
                )
            ),
            REASON,
        )


def _lacks_reason(card: Standing, step: Step) -> bool:
    """Whether an order to remove content without a card of its own still says nowhere why: neither its
    description nor the words of its disposition do."""
    if card.procedure.removes is None or step is not card.procedure.steps[0] or card.explained:
        return False
    orders = (
        *(need for item in step.items for need in item.needs),
        *(step.output.needs if step.output else ()),
    )
    return not any(
        Kind.TEXT in card.present.get(need.material, frozenset())
        for need in orders
        if Kind.DISPOSITION in need.kinds
    )


def _outcome(way: Exit) -> Outcome:
    if way.kind is ExitKind.RETURN:
        return Outcome.RETURN
    if way.kind is ExitKind.APPROVE:
        return Outcome.APPROVE
    return Outcome.FINISH if way.to is None else Outcome.NEXT


def _confirmed_by(card: Standing, step: Step, way: Exit) -> tuple[int, ...]:
    if not (step.approves and way.forward):
        return ()
    return tuple(
        no for no, item in enumerate(step.items, 1) if item.is_tick and no not in card.ticked
    )


def _same_day(card: Standing, step: Step, way: Exit, now: datetime) -> bool | None:
    """An exit before the event day counts as met; the rule is missed from 00:00 of the day after."""
    if not (way.forward and step.output and step.output.same_day):
        return None
    return card.event_day is None or now.date() <= card.event_day


def _is_own_work(card: Standing, step: Step, way: Exit, actor: Actor) -> bool:
    return step.approves and way.forward and actor.account_id in card.authors


def _sets_event(card: Standing, step: Step, way: Exit) -> bool:
    rule = card.procedure.same_day
    return bool(rule and rule.left_step == step.no and way.forward)


def _all_there(needs: tuple[Need, ...], there: Mapping[str, frozenset[Kind]]) -> bool:
    return all(_there(need, there) for need in needs)


def _there(need: Need, there: Mapping[str, frozenset[Kind]]) -> bool:
    return bool(there.get(need.material, frozenset()) & accepted(need))


def accepted(need: Need) -> frozenset[Kind]:
    """The kinds of a version that meet ``need``; a disposition is an order given as text or file."""
    kinds = frozenset(need.kinds)
    if Kind.DISPOSITION in kinds:
        kinds |= {Kind.TEXT, Kind.FILE}
    return kinds - {Kind.DISPOSITION}
