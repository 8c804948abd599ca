"""The rows of the past cards, as the operations would have written them, inserted table by table."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import Any

from sqlalchemy import func, insert, select

from kanban.demo.clock import Agenda
from kanban.demo.past.courses import Course, Doing, PastStay
from kanban.demo.past.words import BoardWords, words
from kanban.demo.people import ADMINISTRATOR, who_acts
from kanban.domain.approvals import Covered, CoveredFile, approval_digest
from kanban.domain.moves import CardState, Outcome
from kanban.domain.sop import Kind
from kanban.extensions import Base, db
from kanban.models import (
    Account,
    AdoptedSop,
    Board,
    Card,
    Event,
    Material,
    MaterialFile,
    MaterialVersion,
    MissReason,
    OfficeReason,
    Purpose,
    Return,
    Suspension,
    Tick,
    Visit,
)
from kanban.models.cards import OUTPUT_UNCHANGED
from kanban.operations.suspensions import told as told_of
from kanban.operations.visits import measure, reckon

ORDER: tuple[type[Base], ...] = (
    Card,
    Visit,
    Tick,
    Material,
    MaterialVersion,
    MaterialFile,
    Return,
    MissReason,
    Event,
)
"""The tables, those first to which the others point."""

PUBLISHED = "https://contoh.example/{slug}/{card}"
COMMON = 0.55
"""How much rarer each further reason of a list is than the one before it."""

Row = dict[str, Any]


class Bulk:
    """Collects the rows of all courses, and inserts them at once. The caller's transaction holds it all."""

    def __init__(self, agenda: Agenda, shelf: dict[str, str]) -> None:
        self.agenda, self.calendar, self.shelf = agenda, agenda.calendar, shelf
        self.rows: dict[type[Base], list[Row]] = defaultdict(list)
        self.chance = Random("alasan")  # noqa: S311 - no secret
        self.people = dict(db.session.execute(select(Account.username, Account.id)).all())
        self.supervisor_id = self.people[ADMINISTRATOR.username]
        self.boards = {
            row.slug: row
            for row in db.session.execute(
                select(Board.id, Board.slug, Board.sop_id, AdoptedSop.revision_id).join(
                    AdoptedSop, AdoptedSop.id == Board.sop_id
                )
            )
        }
        self.reasons = {
            purpose: db.session.execute(
                select(OfficeReason.id, OfficeReason.words)
                .where(OfficeReason.purpose == purpose)
                .order_by(OfficeReason.position)
            ).all()
            for purpose in Purpose
        }
        self.suspensions: dict[str, Suspension] = {}
        self.last: dict[type[Base], int] = {
            table: _last(table) for table in (Card, Material, MaterialVersion)
        }

    def suspend(self, slug: str, order: Suspension) -> None:
        """Let ``order`` have stopped the board, which the history of settings tells."""
        self.suspensions[slug] = order

    def add(self, course: Course) -> None:
        """Collect the rows of one card."""
        CardRows(self, course).collect()

    def insert(self) -> list[int]:
        """Insert all rows, the events in order of time; the cards' numbers."""
        self.rows[Event] += self._orders()
        self.rows[Event].sort(key=lambda event: event["at"])
        for table in ORDER:
            db.session.connection().execute(insert(table), self.rows[table])
        return [card["id"] for card in self.rows[Card]]

    def next_id(self, table: type[Base]) -> int:
        """The number of the table's next row."""
        self.last[table] += 1
        return self.last[table]

    def reason(self, purpose: Purpose) -> tuple[int, str]:
        """A reason of the office's list: the first ones are given more often."""
        listed = self.reasons[purpose]
        weights = [COMMON**place for place in range(len(listed))]
        (chosen,) = self.chance.choices(listed, weights)
        return chosen.id, chosen.words

    def _orders(self) -> Iterator[Row]:
        for slug, order in self.suspensions.items():
            stopped = sum(event["kind"] == "card_suspended" for event in self.rows[Event])
            for kind, at in (
                ("suspension_begun", order.begun_at),
                ("suspension_ended", order.ended_at),
            ):
                yield {
                    "kind": kind,
                    "at": at,
                    "actor_id": order.begun_by,
                    "card_id": None,
                    "visit_seq": None,
                    "sop_id": self.boards[slug].sop_id,
                    "details": {**_so_far(order, kind), "board": slug, "cards": stopped},
                }


class CardRows:
    """Collects the rows of one card in the order in which its operations would have written them."""

    def __init__(self, bulk: Bulk, course: Course) -> None:
        self.bulk, self.course = bulk, course
        self.id = bulk.next_id(Card)
        self.slug = course.procedure.slug
        self.board = bulk.boards[self.slug]
        self.said: BoardWords = words().boards[self.slug]
        self.version = 1
        self.event = course.event
        self.materials: dict[str, int] = {}
        self.current: dict[tuple[str, str], Covered] = {}
        self.excused = False

    def collect(self) -> None:
        """Collect them all."""
        course, first = self.course, self.course.stays[0]
        starter = self._holder(first)
        self._tell("card_started", course.started, starter, 1, step=first.step.no, deed=None)
        brought_by = starter
        for seq, stay in enumerate(course.stays, 1):
            brought_by = self._stay(seq, stay, brought_by)
        cancelled = course.stays[-1].outcome is Outcome.CANCEL
        self._put(
            Card,
            id=self.id,
            board_id=self.board.id,
            revision_id=self.board.revision_id,
            title=course.title,
            description=course.description,
            event_at=self.event,
            holder_id=None,
            state=(CardState.CANCELLED if cancelled else CardState.FINISHED).value,
            visit_seq=None,
            version=self.version,
            created_at=course.started,
            created_by=starter,
            closed_at=course.ended,
        )

    def _stay(self, seq: int, stay: PastStay, brought_by: int) -> int:
        """Collect a stay's rows; who ended it."""
        step, cancelled = stay.step, stay.outcome is Outcome.CANCEL
        holder = self._holder(stay)
        actor = self.bulk.supervisor_id if cancelled else holder
        visit = Visit(
            card_id=self.id,
            seq=seq,
            previous_seq=seq - 1 or None,
            revision_id=self.board.revision_id,
            step_no=step.no,
            lane=step.lane,
            number=stay.number,
            entered_at=stay.entered,
            entered_by=brought_by,
            standard_days=step.standard.days,
            standard_minutes=step.standard.minutes,
            left_at=stay.left,
            left_by=actor,
            left_as_deputy=stay.deputy and not cancelled,
            outcome=stay.outcome.value,
            note=stay.note,
            own_work=False,
            same_day_kahar=False,
        )
        self._pause(visit, stay)
        for doing in stay.doings:
            self._do(doing, stay, seq, holder)
        begun = [doing.at for doing in stay.doings if doing.at > stay.entered]
        visit.begun_at = begun[0] if begun else None
        measure(visit, self.bulk.calendar)
        if cancelled:
            self.version += 1
            self._tell("card_cancelled", stay.left, actor, seq, reason=stay.note)
        else:
            self._move(visit, stay, actor)
        self.bulk.rows[Visit].append({key: getattr(visit, key) for key in VISIT})
        return actor

    def _pause(self, visit: Visit, stay: PastStay) -> None:
        """Reckon the visit's clock, and tell of an order that stopped it."""
        order = self.bulk.suspensions.get(self.slug)
        stopped = order and visit.entered_at < order.from_at < stay.left
        if not (order and stopped):
            reckon(visit, (), self.bulk.calendar)
            return
        reckon(visit, (), self.bulk.calendar)
        at_first = visit.due_at.isoformat()
        reckon(visit, (order,), self.bulk.calendar)
        for kind, at, due in (
            ("card_suspended", order.begun_at, at_first),
            ("card_resumed", order.ended_at or stay.left, visit.due_at.isoformat()),
        ):
            self._tell(
                kind,
                at,
                order.begun_by,
                visit.seq,
                **_so_far(order, kind),
                due=[at_first, due],
                still=kind == "card_suspended",
            )

    def _do(self, doing: Doing, stay: PastStay, seq: int, actor: int) -> None:
        if doing.item is not None:
            kind = "output_confirmed" if doing.item == OUTPUT_UNCHANGED else "item_ticked"
            self._tick(doing.item, doing.at, seq, actor)
            self._tell(kind, doing.at, actor, seq, item=doing.item, step=stay.step.no)
            return
        self._write(doing, seq, actor)
        if doing.at > stay.entered:  # what an order names as it begins grows no version
            self.version += 1
        self._tell(
            "material_added",
            doing.at,
            actor,
            seq,
            material=doing.key,
            kind=doing.kind.value,
            number=doing.number,
        )

    def _tick(self, item: int, at: datetime, seq: int, actor: int) -> None:
        self._put(Tick, card_id=self.id, visit_seq=seq, item_no=item, ticked_at=at, ticked_by=actor)

    def _write(self, doing: Doing, seq: int, actor: int) -> None:
        """A version of a material, and what of it an approval will cover."""
        if doing.key not in self.materials:
            self.materials[doing.key] = self.bulk.next_id(Material)
            self._put(Material, id=self.materials[doing.key], card_id=self.id, key=doing.key)
        body, files = self._content(doing)
        id_ = self.bulk.next_id(MaterialVersion)
        self._put(
            MaterialVersion,
            id=id_,
            material_id=self.materials[doing.key],
            number=doing.number,
            kind=doing.kind.value,
            body=body,
            card_id=self.id,
            visit_seq=seq,
            author_id=actor,
            created_at=doing.at,
        )
        for position, file in enumerate(files):
            self._put(
                MaterialFile,
                version_id=id_,
                position=position,
                digest=file.digest,
                name=file.name,
            )
        self.current[doing.key, doing.kind.value] = Covered(
            doing.key, doing.kind.value, doing.number, body, files
        )

    def _content(self, doing: Doing) -> tuple[str, tuple[CoveredFile, ...]]:
        """The words or the address of a version, or its files."""
        if doing.kind is Kind.LINK:
            return PUBLISHED.format(slug=self.slug, card=self.id), ()
        said = self.said.materials[doing.key]
        if isinstance(said, dict):
            again = f"-{doing.number}." if doing.number > 1 else "."
            names = ((name.replace(".", again), source) for name, source in said.items())
            return "", tuple(CoveredFile(self.bulk.shelf[source], name) for name, source in names)
        body = said.format(judul=self.course.title, tempat=self.course.place)
        return (f"{body} {words().mended}" if doing.number > 1 else body), ()

    def _move(self, visit: Visit, stay: PastStay, actor: int) -> None:
        """What a move settles, and the event that tells of it."""
        step, approves = stay.step, stay.outcome is Outcome.APPROVE
        confirmed = (
            [no for no, item in enumerate(step.items, 1) if item.is_tick] if approves else []
        )
        for no in confirmed:
            self._tick(no, stay.left, visit.seq, actor)
        if approves:
            visit.approved = approval_digest(
                self.id,
                step.no,
                self.course.title,
                self.course.description,
                self.current.values(),
            )
        reason = self._return(visit, stay) if stay.outcome is Outcome.RETURN else None
        miss = self._judge_the_day(visit, stay, actor)
        rule = self.course.procedure.same_day
        sets_event = bool(rule and rule.left_step == step.no)
        if sets_event:
            self.event = stay.left
        self.version += 1
        self._tell(
            "card_moved",
            stay.left,
            actor,
            visit.seq,
            **{"from": step.no, "to": stay.to},
            outcome=stay.outcome.value,
            note=visit.note,
            reason=reason,
            material=stay.about,
            lane=step.lane,
            deputy=stay.deputy,
            acting=None,
            own_work=False,
            confirmed=confirmed,
            approved=visit.approved,
            holder=None,
            sets_event=sets_event,
            miss=miss,
        )

    def _return(self, visit: Visit, stay: PastStay) -> int | None:
        """Keep what a return points at; the number of its reason."""
        id_, said = self.bulk.reason(Purpose.RETURN) if stay.listed else (None, "")
        visit.note = stay.note or said or words().returned[0]
        self._put(Return, card_id=self.id, visit_seq=visit.seq, reason_id=id_, material=stay.about)
        return id_

    def _judge_the_day(self, visit: Visit, stay: PastStay, actor: int) -> Row | None:
        """The same-day rule, judged as a step under it is left forward; the reason that is given at once for
        the first miss."""
        output = stay.step.output
        if stay.outcome is Outcome.RETURN or not (output and output.same_day):
            return None
        day = self.bulk.calendar.day
        visit.same_day_met = self.event is None or day(stay.left) <= day(self.event)
        if visit.same_day_met or self.event is None:
            return None
        visit.same_day_kahar = self._was_stopped_on(day(self.event))
        if visit.same_day_kahar or self.excused:
            return None
        self.excused = True
        id_, _ = self.bulk.reason(Purpose.MISS)
        self._put(
            MissReason,
            card_id=self.id,
            reason_id=id_,
            words="",
            given_by=actor,
            given_at=stay.left,
        )
        return {"reason": id_, "words": ""}

    def _was_stopped_on(self, day: date) -> bool:
        order = self.bulk.suspensions.get(self.slug)
        of = self.bulk.calendar.day
        return bool(order and of(order.from_at) <= day <= of(order.until_at or order.from_at))

    def _holder(self, stay: PastStay) -> int:
        username = "wakil" if stay.deputy else who_acts(self.course.sop.slug, stay.step.lane)
        return self.bulk.people[username]

    def _tell(self, kind: str, at: datetime, actor: int, seq: int, /, **details: object) -> None:
        self._put(
            Event,
            kind=kind,
            at=at,
            actor_id=actor,
            card_id=self.id,
            visit_seq=seq,
            sop_id=None,
            details={**details, "version": self.version},
        )

    def _put(self, table: type[Base], **row: object) -> None:
        self.bulk.rows[table].append(row)


VISIT = tuple(Visit.__mapper__.column_attrs.keys())


def _so_far(order: Suspension, kind: str) -> Row:
    """What an event of ``kind`` says of the order: that it begins does not know its end."""
    told = told_of(order)
    return told if kind.endswith(("ended", "resumed")) else {**told, "until": None}


def _last(table: type[Base]) -> int:
    return db.session.scalar(select(func.max(table.__table__.c.id))) or 0
