"""How the steps and lanes of boards did, and in which step most time was lost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from kanban.domain.sop import Lane, Sop, Step
from kanban.domain.words import Text
from kanban.extensions import db
from kanban.models import OfficeReason
from kanban.models.reasons import Purpose
from kanban.queries.access import BoardAccess
from kanban.queries.definitions import definition
from kanban.queries.reports.months import Place
from kanban.queries.reports.shapes import LaneReport, LostTime, Reasons, StepReport, Times
from kanban.queries.reports.tallies import StaysTally, Sums, Tally, summed


def times_of(sums: Sums) -> Times:
    """The sums as times."""
    return Times(**_times(sums))


def steps_of(
    boards: Iterable[BoardAccess], tallies: Mapping[int, Tally]
) -> Iterator[tuple[StepReport, Sums]]:
    """Every step of the boards with what its report was made of: at most one statement.

    Steps have the wording of the newest revision; those that it has no more come last, worded as they
    were at last.
    """
    asked = any(tally.reasons for tally in tallies.values())
    words = _words_of_returns() if asked else {}
    for access in boards:
        of_board = tallies[access.board_id]
        by_step = _by_step(of_board)
        for step in worded_steps(access, of_board.places):
            tally = summed(by_step[step.no])
            of_step = {reason: n for (no, reason), n in of_board.reasons.items() if no == step.no}
            yield _step(access, step, tally, _named(of_step, words)), tally.sums


def lanes_of(boards: Iterable[BoardAccess], tallies: Iterable[Tally]) -> Iterator[LaneReport]:
    """Every lane that acts on the boards, in the document's order, then those that no longer do."""
    by_lane: defaultdict[str, list[StaysTally]] = defaultdict(list)
    for tally in tallies:
        for place, stays in tally.places.items():
            by_lane[place.lane].append(stays)
    sops = [access.sop for access in boards]
    acting = {lane.key for access in boards for lane in access.sop.lanes_of(access.procedure)}
    ordered = [lane for lane in sops[0].lanes if lane.key in acting]
    gone = [lane_of(sops[0], key) for key in sorted(by_lane.keys() - acting)]
    for lane in (*ordered, *gone):
        yield LaneReport(**_times(summed(by_lane[lane.key]).sums), lane=lane)


def lost_in(steps: Iterable[tuple[StepReport, Sums]]) -> LostTime | None:
    """The step that took most beyond its standard; None where none did."""
    found = list(steps)
    step, sums = max(found, key=lambda pair: pair[1].over)
    if not sums.over:
        return None
    return LostTime(
        late=sums.late,
        visits=sums.visits,
        over=timedelta(seconds=sums.over),
        took=timedelta(seconds=sums.late_worked),
        waited=timedelta(seconds=sums.late_waited),
        of_all=timedelta(seconds=sum(sums.over for _, sums in found)),
        step=step,
    )


def lane_of(sop: Sop, key: str) -> Lane:
    """The lane; by its key alone where the SOP has lost it since."""
    return next((lane for lane in sop.lanes if lane.key == key), Lane(key, Text(key)))


def _by_step(tally: Tally) -> defaultdict[int, list[StaysTally]]:
    by_step: defaultdict[int, list[StaysTally]] = defaultdict(list)
    for place, stays in tally.places.items():
        by_step[place.step_no].append(stays)
    return by_step


def worded_steps(access: BoardAccess, places: Iterable[Place]) -> Iterator[Step]:
    """The steps as the newest revision words them, and those of ``places`` that it has no more."""
    yield from access.procedure.steps
    newest: dict[int, int] = {}
    for place in places:
        if not access.procedure.has_step(place.step_no):
            known = newest.get(place.step_no, place.revision_id)
            newest[place.step_no] = max(known, place.revision_id)
    for step_no, revision_id in sorted(newest.items()):
        yield definition(revision_id).procedure(access.slug).step(step_no)


def _step(access: BoardAccess, step: Step, tally: StaysTally, reasons: Reasons) -> StepReport:
    sums = tally.sums
    middle, tail = tally.middle_and_tail()
    decides = step.back is not None or sums.returns > 0
    return StepReport(
        **_times(sums),
        board=access.slug,
        procedure=access.procedure,
        step_no=step.no,
        title=step.title,
        lane=lane_of(access.sop, step.lane),
        standard=step.standard,
        median=middle,
        p90=tail,
        reasons=reasons,
        first_pass=(sums.first_approved, sums.first_decided) if decides else (0, 0),
    )


def _words_of_returns() -> dict[int, str]:
    rows = db.session.execute(
        select(OfficeReason.id, OfficeReason.words).where(OfficeReason.purpose == Purpose.RETURN)
    )
    return {row.id: row.words for row in rows}


def _named(counts: Mapping[int | None, int], words: Mapping[int, str]) -> Reasons:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0] or 0))
    return tuple((words[reason] if reason is not None else None, n) for reason, n in ordered)


def _times(sums: Sums) -> dict[str, Any]:
    return {
        "visits": sums.visits,
        "within": sums.within,
        "worked": timedelta(seconds=sums.worked),
        "waited": timedelta(seconds=sums.waited),
        "allowed": timedelta(seconds=sums.allowed),
        "returns": sums.returns,
    }
