"""A signed SOP as a value: its identity, its lanes, its procedures, and everything that can be wrong with one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kanban.domain.words import N_, Sentence, Text

MAX_STEPS = 99
MAX_LANES = 6
NOTHING = Text("")


class Kind(StrEnum):
    """What satisfies an item or delivers an output."""

    TICK = "tick"
    TEXT = "text"
    FILE = "file"
    LINK = "link"
    DISPOSITION = "disposition"


class ExitKind(StrEnum):
    """The ways out of a step."""

    NEXT = "next"
    APPROVE = "approve"
    RETURN = "return"
    FINISH = "finish"


@dataclass(frozen=True)
class Standard:
    """A time standard (waktu baku): whole working days, then working minutes."""

    days: int = 0
    minutes: int = 0

    def __add__(self, other: "Standard") -> "Standard":
        return Standard(self.days + other.days, self.minutes + other.minutes)


@dataclass(frozen=True)
class Lane:
    """A role that acts: a row of the board. ``short`` is its name where room is scarce."""

    key: str
    name: Text
    short: Text = NOTHING

    @property
    def label(self) -> Text:
        """What the board calls it: the short name where there is one."""
        return self.short if self.short.id else self.name


@dataclass(frozen=True)
class Material:
    """A named thing that belongs to a card; several wordings of a document may mean the same one.

    ``extra`` are kinds in which it is welcome though no step asks for them.
    """

    key: str
    name: Text
    extra: tuple[Kind, ...] = ()


@dataclass(frozen=True)
class Need:
    """One material in any of the given kinds: the atom of an item or an output."""

    material: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Item:
    """A line of a step's checklist (kelengkapan); without needs it is a fact that a person confirms."""

    name: Text
    needs: tuple[Need, ...] = ()

    @property
    def kind(self) -> str:
        """``tick``, one kind, alternatives joined by ``|``, or several needed joined by ``+``."""
        return written_kind(self.needs) or Kind.TICK.value

    @property
    def is_tick(self) -> bool:
        """Whether a person's confirmation satisfies it."""
        return not self.needs


@dataclass(frozen=True)
class Output:
    """What a step gives (keluaran). Without needs, or in an approving step, the exit itself delivers it."""

    name: Text
    needs: tuple[Need, ...] = ()
    same_day: bool = False


@dataclass(frozen=True)
class Exit:
    """A way out of a step; ``to`` is a step's number, or None where the card ends."""

    kind: ExitKind
    to: int | None

    @property
    def forward(self) -> bool:
        """Whether it leads on (next, approve, finish) and not back."""
        return self.kind is not ExitKind.RETURN


@dataclass(frozen=True)
class Step:
    """A box of the flowchart: a column of the board."""

    no: int
    title: Text
    lane: str
    standard: Standard
    items: tuple[Item, ...] = ()
    output: Output | None = None
    exits: tuple[Exit, ...] = ()
    decision: bool = False
    approval: bool = False
    inferred: str = ""
    description: Text = NOTHING
    """What there is to do, where the title does not say it all."""

    @property
    def approves(self) -> bool:
        """Whether its forward exit is an approval (a decision, or an approval without a return)."""
        return self.decision or self.approval

    @property
    def forward(self) -> Exit | None:
        """The exit that leads on."""
        return next((way for way in self.exits if way.forward), None)

    @property
    def back(self) -> Exit | None:
        """The exit that returns the card for repair."""
        return next((way for way in self.exits if not way.forward), None)

    @property
    def deliverable(self) -> tuple[Need, ...]:
        """The needs of the output that a person must deliver here; empty where the exit delivers it."""
        return () if self.approves or self.output is None else self.output.needs

    def exit_to(self, to: int | None) -> Exit | None:
        """The exit that leads to step ``to`` (None: the end), or None where no arrow goes there."""
        return next((way for way in self.exits if way.to == to), None)

    def uses(self, material: str) -> bool:
        """Whether an item or the output of this step names ``material``."""
        output = self.output.needs if self.output else ()
        return any(
            need.material == material
            for need in (*output, *(need for item in self.items for need in item.needs))
        )


@dataclass(frozen=True)
class SameDay:
    """The event of the same-day rule; ``left_step`` where leaving that step is itself the event."""

    event: Text
    left_step: int | None = None


@dataclass(frozen=True)
class Procedure:
    """One flowchart of an SOP: one board.

    ``removes`` is the material that names the published content which this procedure removes or archives;
    None where it makes content of its own.
    """

    code: str
    title: Text
    short: Text
    steps: tuple[Step, ...]
    materials: tuple[Material, ...] = ()
    same_day: SameDay | None = None
    stated_total: Standard | None = None
    removes: str | None = None

    @property
    def slug(self) -> str:
        """The code as it stands in addresses."""
        return self.code.lower()

    @property
    def total(self) -> Standard:
        """The sum of all steps' standards."""
        return sum((step.standard for step in self.steps), Standard())

    @property
    def last_approval(self) -> Step | None:
        """The last approving step: what it covered is closed to change afterwards."""
        return next((step for step in reversed(self.steps) if step.approves), None)

    @property
    def finishing(self) -> Step | None:
        """The step in which a card ends."""
        return next((step for step in self.steps if step.forward and step.forward.to is None), None)

    @property
    def publishes(self) -> str | None:
        """The material that tells where its content was published: the link that the last step gives."""
        last = self.finishing
        needs = last.output.needs if last and last.output else ()
        return next((need.material for need in needs if Kind.LINK in need.kinds), None)

    def decides_on(self, step: Step, material: str) -> bool:
        """Whether a decision in ``step`` is about ``material``: it works with it, or a later step does, as M3
        publishes the content made beside the concept that its last approval names."""
        return any(later.uses(material) for later in self.steps if later.no >= step.no)

    def step(self, no: int) -> Step:
        """Step number ``no``; raises KeyError where there is none."""
        for step in self.steps:
            if step.no == no:
                return step
        raise KeyError(no)

    def has_step(self, no: int) -> bool:
        """Whether there is a step number ``no``."""
        return any(step.no == no for step in self.steps)

    def material(self, key: str) -> Material:
        """The material named ``key``; raises KeyError where there is none."""
        for material in self.materials:
            if material.key == key:
                return material
        raise KeyError(key)

    def kinds_of(self, material: str) -> tuple[Kind, ...]:
        """The kinds in which ``material`` may be given: those that any step takes, in order of appearance,
        then its extra ones."""
        needs = (
            need
            for step in self.steps
            for need in (
                *(need for item in step.items for need in item.needs),
                *(step.output.needs if step.output else ()),
            )
            if need.material == material
        )
        extra = (kind for known in self.materials if known.key == material for kind in known.extra)
        return tuple(dict.fromkeys((*(kind for need in needs for kind in need.kinds), *extra)))


@dataclass(frozen=True)
class Identity:
    """The identity sheet: what stands on the first page of the document."""

    name: str
    place: str
    signer: str
    legal_basis: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    record_keeping: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()
    reviews_per_year: int = 0


@dataclass(frozen=True)
class Sop:
    """The signed document: one office's lanes and procedures."""

    slug: str
    number: str
    office: str
    signed: date
    identity: Identity
    lanes: tuple[Lane, ...]
    procedures: tuple[Procedure, ...]

    def lane(self, key: str) -> Lane:
        """The lane named ``key``; raises KeyError where there is none."""
        for lane in self.lanes:
            if lane.key == key:
                return lane
        raise KeyError(key)

    def lanes_of(self, procedure: Procedure) -> tuple[Lane, ...]:
        """The lanes that act in ``procedure``, in the document's order."""
        acting = {step.lane for step in procedure.steps}
        return tuple(lane for lane in self.lanes if lane.key in acting)

    def procedure(self, code: str) -> Procedure:
        """The procedure with ``code`` in any case; raises KeyError where there is none."""
        for procedure in self.procedures:
            if procedure.slug == code.lower():
                return procedure
        raise KeyError(code)


@dataclass(frozen=True)
class Problem:
    """A fault of a definition and the place where it stands, such as ``M1 tahap 3``."""

    place: str
    fault: Sentence

    def in_indonesian(self) -> str:
        """The fault with its place, for the command line."""
        return f"{self.place}: {self.fault.in_indonesian()}"


def written_kind(needs: tuple[Need, ...]) -> str | None:
    """The kinds of ``needs`` as the interface writes them (``text|file``, ``file+text``); None without any."""
    return "+".join("|".join(kind.value for kind in need.kinds) for need in needs) or None


def problems(sop: Sop) -> list[Problem]:
    """All faults of a definition at once, each with its place; an empty list means that it can be used."""
    return [
        *_faults_of_the_document(sop),
        *(fault for procedure in sop.procedures for fault in _faults_of(sop, procedure)),
    ]


def _faults_of_the_document(sop: Sop) -> Iterator[Problem]:
    place = sop.slug
    if not sop.procedures:
        yield Problem(place, Sentence.of(N_("SOP tidak memuat satu pun prosedur.")))
    if len(sop.lanes) > MAX_LANES:
        yield Problem(
            place, Sentence.of(N_("Jumlah lajur melebihi batas %(most)d."), most=MAX_LANES)
        )
    for key in _twice(lane.key for lane in sop.lanes):
        yield Problem(place, Sentence.of(N_("Lajur %(lane)s ditulis lebih dari sekali."), lane=key))
    for code in _twice(procedure.slug.upper() for procedure in sop.procedures):
        yield Problem(
            place, Sentence.of(N_("Kode prosedur %(code)s dipakai lebih dari sekali."), code=code)
        )
    acting = {step.lane for procedure in sop.procedures for step in procedure.steps}
    for lane in sop.lanes:
        if lane.key not in acting:
            yield Problem(
                place,
                Sentence.of(
                    N_("Lajur %(lane)s tidak dipakai oleh satu prosedur pun."), lane=lane.key
                ),
            )


def _faults_of(sop: Sop, procedure: Procedure) -> Iterator[Problem]:
    if not procedure.steps:
        yield Problem(procedure.code, Sentence.of(N_("Prosedur tidak memuat satu pun tahap.")))
        return
    if (
        len(procedure.steps) > MAX_STEPS
    ):  # nothing else is looked at: the work grows with the square
        yield Problem(
            procedure.code, Sentence.of(N_("Jumlah tahap melebihi batas %(most)d."), most=MAX_STEPS)
        )
        return
    if [step.no for step in procedure.steps] != list(range(1, len(procedure.steps) + 1)):
        yield Problem(
            procedure.code,
            Sentence.of(N_("Nomor tahap harus berurutan mulai dari 1, tanpa celah.")),
        )
    if procedure.stated_total is not None and procedure.stated_total != procedure.total:
        yield Problem(
            procedure.code,
            Sentence.of(
                N_(
                    "Jumlah waktu yang tertulis (%(stated_days)d hari %(stated_minutes)d menit) tidak sama "
                    "dengan jumlah waktu semua tahap (%(days)d hari %(minutes)d menit)."
                ),
                stated_days=procedure.stated_total.days,
                stated_minutes=procedure.stated_total.minutes,
                days=procedure.total.days,
                minutes=procedure.total.minutes,
            ),
        )
    yield from _faults_of_the_same_day_rule(procedure)
    yield from _faults_of_what_it_removes(procedure)
    for key in _twice(material.key for material in procedure.materials):
        yield Problem(
            procedure.code,
            Sentence.of(N_("Bahan %(material)s ditulis lebih dari sekali."), material=key),
        )
    for step in procedure.steps:
        yield from _faults_of_a_step(sop, procedure, step)
    yield from _faults_of_the_flow(procedure)


def _faults_of_the_same_day_rule(procedure: Procedure) -> Iterator[Problem]:
    place, rule = procedure.code, procedure.same_day
    ruled = [step.no for step in procedure.steps if step.output and step.output.same_day]
    if ruled and rule is None:
        yield Problem(
            place,
            Sentence.of(
                N_(
                    "Ada keluaran yang harus selesai pada hari yang sama, tetapi peristiwanya "
                    "tidak disebut."
                )
            ),
        )
    if rule and not ruled:
        yield Problem(
            place,
            Sentence.of(
                N_(
                    "Peristiwa %(event)s disebut, tetapi tidak ada keluaran yang harus selesai "
                    "pada hari yang sama."
                ),
                event=rule.event,
            ),
        )
    left = rule.left_step if rule else None
    if left is not None and not procedure.has_step(left):
        yield Problem(
            place,
            Sentence.of(N_("Peristiwa ditetapkan oleh tahap %(step)s yang tidak ada."), step=left),
        )
    elif left is not None and any(no < left for no in ruled):
        yield Problem(
            place,
            Sentence.of(
                N_(
                    "Keluaran tahap %(ruled)d harus selesai pada hari yang sama, tetapi harinya "
                    "baru ditetapkan oleh tahap %(step)d."
                ),
                ruled=min(ruled),
                step=left,
            ),
        )


def _faults_of_what_it_removes(procedure: Procedure) -> Iterator[Problem]:
    key = procedure.removes
    if key is None:
        return
    if all(material.key != key for material in procedure.materials):
        yield Problem(
            procedure.code, Sentence.of(N_("Bahan %(material)s tidak dikenal."), material=key)
        )
    elif not any(
        Kind.LINK in need.kinds for need in _needs(procedure.steps[0]) if need.material == key
    ):
        yield Problem(
            procedure.code,
            Sentence.of(
                N_(
                    "Bahan %(material)s menyebut konten yang dihapus, tetapi tahap pertama tidak "
                    "meminta tautannya."
                ),
                material=key,
            ),
        )


def _faults_of_a_step(sop: Sop, procedure: Procedure, step: Step) -> Iterator[Problem]:
    place = f"{procedure.code} tahap {step.no}"
    if step.lane not in {lane.key for lane in sop.lanes}:
        yield Problem(place, Sentence.of(N_("Lajur %(lane)s tidak dikenal."), lane=step.lane))
    if step.standard.days < 0 or step.standard.minutes < 0 or step.standard == Standard():
        yield Problem(place, Sentence.of(N_("Waktu baku harus lebih dari nol.")))
    yield from _faults_of_the_exits(procedure, step, place)
    named = {material.key for material in procedure.materials}
    for material in sorted({need.material for need in _needs(step)} - named):
        yield Problem(
            place, Sentence.of(N_("Bahan %(material)s tidak dikenal."), material=material)
        )
    for need in _needs(step):
        if not need.kinds or Kind.TICK in need.kinds:
            yield Problem(
                place,
                Sentence.of(
                    N_("Bahan %(material)s diminta tanpa jenis yang dapat diserahkan."),
                    material=need.material,
                ),
            )


def _faults_of_the_exits(procedure: Procedure, step: Step, place: str) -> Iterator[Problem]:
    forward = [way for way in step.exits if way.forward]
    back = [way for way in step.exits if not way.forward]
    for way in step.exits:
        if way.to is not None and not procedure.has_step(way.to):
            yield Problem(
                place, Sentence.of(N_("Panah menuju tahap %(to)s yang tidak ada."), to=way.to)
            )
        elif way.forward and way.to is not None and way.to <= step.no:
            yield Problem(
                place,
                Sentence.of(
                    N_("Panah maju harus menuju tahap sesudahnya, bukan tahap %(to)s."), to=way.to
                ),
            )
        elif not way.forward and (way.to is None or way.to >= step.no):
            yield Problem(
                place,
                Sentence.of(
                    N_("Panah kembali harus menuju tahap sebelumnya, bukan tahap %(to)s."),
                    to=Text("akhir", "the end") if way.to is None else way.to,
                ),
            )
    if len(forward) > 1:
        yield Problem(place, Sentence.of(N_("Panah maju hanya boleh satu.")))
    if len(back) > 1:
        yield Problem(place, Sentence.of(N_("Panah kembali hanya boleh satu.")))
    if step.decision and not (forward and back):
        yield Problem(
            place,
            Sentence.of(N_("Keputusan harus mempunyai dua jalan keluar: setuju dan kembali.")),
        )
    if not step.decision and back:
        yield Problem(
            place,
            Sentence.of(N_("Tahap yang mempunyai panah kembali harus ditandai sebagai keputusan.")),
        )
    if not step.decision and not forward:
        yield Problem(place, Sentence.of(N_("Tahap ini tidak mempunyai panah maju.")))


def _faults_of_the_flow(procedure: Procedure) -> Iterator[Problem]:
    numbers = {step.no for step in procedure.steps}
    onward = {step.no: {way.to for way in step.exits} for step in procedure.steps}
    reached, frontier = {procedure.steps[0].no}, [procedure.steps[0].no]
    while frontier:
        for to in onward[frontier.pop()]:
            if to in numbers and to not in reached:
                reached.add(to)
                frontier.append(to)
    ending = {no for no, ways in onward.items() if None in ways}
    grown = True
    while grown:
        more = {no for no, ways in onward.items() if no not in ending and ways & ending}
        grown = bool(more)
        ending |= more
    for step in procedure.steps:
        place = f"{procedure.code} tahap {step.no}"
        if step.no not in reached:
            yield Problem(
                place, Sentence.of(N_("Tahap ini tidak dapat dicapai dari tahap pertama."))
            )
        if step.no not in ending:
            yield Problem(place, Sentence.of(N_("Dari tahap ini tidak ada jalan menuju selesai.")))


def _needs(step: Step) -> Iterator[Need]:
    for item in step.items:
        yield from item.needs
    if step.output:
        yield from step.output.needs


def _twice(keys: Iterator[str]) -> list[str]:
    return [key for key, times in Counter(keys).items() if times > 1]
