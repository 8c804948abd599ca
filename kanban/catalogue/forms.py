"""The written form of an SOP, checked strictly, and its way into the domain and back.

``docs/sop-format.md`` describes it for those who write one; a stored revision has the same form.
Strict means: nothing unknown, nothing converted, nothing guessed.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from kanban.domain.sop import (
    Exit,
    ExitKind,
    Identity,
    Item,
    Kind,
    Lane,
    Material,
    Need,
    Output,
    Procedure,
    SameDay,
    Sop,
    Standard,
    Step,
)
from kanban.domain.words import Text

FORMAT = 1

UNWRITABLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode categories without a place in a name: controls, invisible formats, line separators."""


def _readable(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in UNWRITABLE:
            raise ValueError(
                f"memuat karakter yang tidak dapat ditampilkan (U+{ord(character):04X})"
            )
    return text


def _shaped(pattern: str, rule: str) -> AfterValidator:
    """A check that the whole text has ``pattern``; ``rule`` says so in words."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(rule)
        return text

    return AfterValidator(check)


def _known_format(number: int) -> int:
    if number != FORMAT:
        raise ValueError(f"hanya format {FORMAT} yang dikenal")
    return number


def _known_kinds(written: str) -> str:
    if written == Kind.TICK:
        return written
    for part in written.split("+"):
        kinds = part.split("|")
        for kind in kinds:
            if kind == Kind.TICK or kind not in set(Kind):
                raise ValueError(
                    f"jenis “{kind}” tidak dikenal di sini; tulis tick, atau text, file, link, "
                    "disposition (“text|file”: salah satu; “file+text”: semuanya)"
                )
        if len(set(kinds)) < len(kinds):
            raise ValueError("menyebut jenis yang sama dua kali")
    return written


def _calendar_day(value: Any) -> Any:
    """TOML has dates of its own; a stored revision writes them as text."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("harus berupa tanggal, misalnya 2022-03-04")


def _known_extra(kind: str) -> str:
    if kind not in (Kind.TEXT, Kind.FILE, Kind.LINK):
        raise ValueError(f"jenis “{kind}” tidak dikenal di sini; tulis text, file, atau link")
    return kind


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_readable),
]
ShortName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(_readable),
]
Translation = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=120), AfterValidator(_readable)
]
Paragraph = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
    AfterValidator(_readable),
]
Description = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_readable)
]
Slug = Annotated[
    str,
    Field(max_length=64),
    _shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "hanya huruf kecil, angka, dan tanda hubung"),
]
Code = Annotated[
    str, _shaped(r"[A-Z][A-Z0-9]{0,7}", "huruf besar dan angka, diawali huruf, paling banyak 8")
]
MaterialKey = Annotated[
    str,
    Field(max_length=32),
    _shaped(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "hanya huruf kecil, angka, dan tanda hubung"),
]
MaterialKeys = Annotated[
    str,
    _shaped(
        r"[a-z][a-z0-9-]{0,31}(\+[a-z][a-z0-9-]{0,31})*",
        "nama bahan dari `materials`, beberapa digabung dengan “+”",
    ),
]
WrittenKinds = Annotated[str, AfterValidator(_known_kinds)]
ExtraKind = Annotated[str, AfterValidator(_known_extra)]
StepNumber = Annotated[int, Field(ge=1)]
Days = Annotated[int, Field(ge=0, le=1000)]
Minutes = Annotated[int, Field(ge=0, le=10_000)]
SignedDay = Annotated[date, BeforeValidator(_calendar_day)]


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class LaneForm(_Form):
    """``[[lane]]``"""

    key: Code
    name: Name
    name_en: Translation = ""
    short: ShortName | None = None
    short_en: Translation = ""

    def lane(self) -> Lane:
        """The lane of the domain."""
        return Lane(self.key, Text(self.name, self.name_en), Text(self.short or "", self.short_en))


class MaterialForm(_Form):
    """A line of ``materials``."""

    key: MaterialKey
    name: Name
    name_en: Translation = ""
    extra: list[ExtraKind] = []

    def material(self) -> Material:
        """The material of the domain."""
        extra = tuple(Kind(kind) for kind in self.extra)
        return Material(self.key, Text(self.name, self.name_en), extra)


class StandardForm(_Form):
    """``total``"""

    days: Days = 0
    minutes: Minutes = 0

    def standard(self) -> Standard:
        """The standard of the domain."""
        return Standard(self.days, self.minutes)


class SameDayForm(_Form):
    """``same_day``"""

    event: Name
    event_en: Translation = ""
    left_step: StepNumber | None = None

    def same_day(self) -> SameDay:
        """The same-day rule of the domain."""
        return SameDay(Text(self.event, self.event_en), self.left_step)


class _NeedingForm(_Form):
    """What items and outputs share: kinds asked for and the materials that give them, pairwise."""

    name: Name
    name_en: Translation = ""
    material: MaterialKeys | None = None

    def pairs(self, kinds: str | None) -> list[tuple[str, str]]:
        """Each needed alternative of kinds with its material; a single material gives them all."""
        if kinds is None or kinds == Kind.TICK or self.material is None:
            return []
        parts, materials = kinds.split("+"), self.material.split("+")
        if len(materials) == 1:
            materials *= len(parts)
        if len(materials) != len(parts):
            raise ValueError("jumlah jenis dan jumlah bahan yang digabung dengan “+” tidak sama")
        return list(zip(materials, parts, strict=True))

    def needs(self, kinds: str | None) -> tuple[Need, ...]:
        """The needs of the domain."""
        return tuple(
            Need(material, tuple(Kind(kind) for kind in part.split("|")))
            for material, part in self.pairs(kinds)
        )


class ItemForm(_NeedingForm):
    """A line of ``items``."""

    kind: WrittenKinds

    @model_validator(mode="after")
    def _kind_meets_material(self) -> Self:
        if self.kind == Kind.TICK and self.material is not None:
            raise ValueError("kelengkapan berjenis tick tidak mempunyai bahan (material)")
        if self.kind != Kind.TICK and self.material is None:
            raise ValueError("sebutkan bahannya (material), atau pakai jenis tick")
        self.pairs(self.kind)
        return self

    def item(self) -> Item:
        """The item of the domain."""
        return Item(Text(self.name, self.name_en), self.needs(self.kind))


class OutputForm(_NeedingForm):
    """``output``; without a kind, taking the exit delivers it."""

    kind: WrittenKinds | None = None
    same_day: bool = False

    @model_validator(mode="after")
    def _kind_meets_material(self) -> Self:
        if self.kind == Kind.TICK:
            raise ValueError(
                "keluaran tidak dapat berjenis tick; tanpa jenis, jalan keluar menyerahkannya"
            )
        if (self.kind is None) != (self.material is None):
            raise ValueError("jenis (kind) dan bahan (material) keluaran harus disebut bersama")
        self.pairs(self.kind)
        return self

    def output(self) -> Output:
        """The output of the domain."""
        return Output(Text(self.name, self.name_en), self.needs(self.kind), self.same_day)


class StepForm(_Form):
    """``[[procedure.step]]``"""

    no: StepNumber
    title: Name
    title_en: Translation = ""
    lane: Code
    days: Days = 0
    minutes: Minutes = 0
    items: list[ItemForm] = []
    output: OutputForm | None = None
    decision: bool = False
    approval: bool = False
    next: StepNumber | None = None
    back: StepNumber | None = None
    end: bool = False
    inferred: Paragraph | None = None
    description: Paragraph | None = None
    description_en: Description = ""

    def step(self) -> Step:
        """The step of the domain, with every arrow that is written, be it right or wrong."""
        return Step(
            no=self.no,
            title=Text(self.title, self.title_en),
            lane=self.lane,
            standard=Standard(self.days, self.minutes),
            items=tuple(item.item() for item in self.items),
            output=self.output.output() if self.output else None,
            exits=self._exits(),
            decision=self.decision,
            approval=self.approval,
            inferred=self.inferred or "",
            description=Text(self.description or "", self.description_en),
        )

    def _exits(self) -> tuple[Exit, ...]:
        approves = self.decision or self.approval
        exits = []
        if self.next is not None:
            exits.append(Exit(ExitKind.APPROVE if approves else ExitKind.NEXT, self.next))
        if self.end:
            exits.append(Exit(ExitKind.APPROVE if approves else ExitKind.FINISH, None))
        if self.back is not None:
            exits.append(Exit(ExitKind.RETURN, self.back))
        return tuple(exits)


class ProcedureForm(_Form):
    """``[[procedure]]``"""

    code: Code
    title: Name
    title_en: Translation = ""
    short: ShortName
    short_en: Translation = ""
    total: StandardForm | None = None
    same_day: SameDayForm | None = None
    materials: list[MaterialForm] = []
    removes: MaterialKey | None = None
    step: list[StepForm]

    def procedure(self) -> Procedure:
        """The procedure of the domain."""
        return Procedure(
            code=self.code,
            title=Text(self.title, self.title_en),
            short=Text(self.short, self.short_en),
            steps=tuple(step.step() for step in self.step),
            materials=tuple(material.material() for material in self.materials),
            same_day=self.same_day.same_day() if self.same_day else None,
            stated_total=self.total.standard() if self.total else None,
            removes=self.removes,
        )


class IdentityForm(_Form):
    """``[identity]``"""

    name: Paragraph
    place: Name
    signer: Name
    legal_basis: list[Paragraph] = []
    qualifications: list[Paragraph] = []
    equipment: list[Paragraph] = []
    related: list[Paragraph] = []
    warnings: list[Paragraph] = []
    record_keeping: list[Paragraph] = []
    provisions: list[Paragraph] = []
    reviews_per_year: Annotated[int, Field(ge=0, le=12)] = 0

    def identity(self) -> Identity:
        """The identity sheet of the domain."""
        return Identity(
            name=self.name,
            place=self.place,
            signer=self.signer,
            legal_basis=tuple(self.legal_basis),
            qualifications=tuple(self.qualifications),
            equipment=tuple(self.equipment),
            related=tuple(self.related),
            warnings=tuple(self.warnings),
            record_keeping=tuple(self.record_keeping),
            provisions=tuple(self.provisions),
            reviews_per_year=self.reviews_per_year,
        )


class SopForm(_Form):
    """A whole file or stored revision."""

    format: Annotated[int, AfterValidator(_known_format)]
    slug: Slug
    number: Name
    office: Name
    signed: SignedDay
    identity: IdentityForm
    lane: list[LaneForm]
    procedure: list[ProcedureForm]

    def sop(self) -> Sop:
        """The SOP of the domain; whether it can be used, ``domain.sop.problems`` says."""
        return Sop(
            slug=self.slug,
            number=self.number,
            office=self.office,
            signed=self.signed,
            identity=self.identity.identity(),
            lanes=tuple(lane.lane() for lane in self.lane),
            procedures=tuple(procedure.procedure() for procedure in self.procedure),
        )
