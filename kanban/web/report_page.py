"""What the report page shows: the report, the one before it, and its charts as they are drawn."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from kanban.queries.reports.ageing import AgedCard, Ageing
from kanban.queries.reports.flow import Flow
from kanban.queries.reports.load import Load
from kanban.queries.reports.shapes import Report, WeekReport
from kanban.web import charts
from kanban.web.filters import named

NAMED_MOST = 6
"""How many old cards are named below their chart; the table names all."""


@dataclass(frozen=True)
class Layer:
    """What stands in a step or on a board at each day's end; its name in brief, and in full."""

    name: tuple[str, str]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Shown:
    """The report of what was asked for, the one of the time before, and how cards stand now."""

    report: Report
    earlier: Report
    weeks: tuple[WeekReport, ...]
    flows: tuple[Flow, ...]
    ageing: Ageing
    load: Load

    @property
    def shares(self) -> list[int | None]:
        """The share in time of each week."""
        return [charts.share_of(week.within, week.visits) for week in self.weeks]

    @property
    def spent(self) -> list[tuple[float, float]]:
        """Seconds that a visit waited and was worked on, of each step that had any."""
        return [
            (
                (step.waited / step.visits).total_seconds(),
                (step.working / step.visits).total_seconds(),
            )
            for step in self.report.steps
            if step.visits
        ]

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the flow."""
        return self.flows[0].days if self.flows else ()

    @property
    def layers(self) -> list[Layer]:
        """What lies on top of each other in the flow, from the foot: the last step of one board first, or
        the last of several boards."""
        if len(self.flows) == 1:
            steps = self.flows[0].steps
            return [
                Layer((str(step.step_no), named(step.title)), step.standing)
                for step in reversed(steps)
            ]
        return [
            Layer(
                (flow.board.procedure.code, named(flow.board.procedure.short)),
                _added([step.standing for step in flow.steps]),
            )
            for flow in reversed(self.flows)
        ]

    @property
    def finished(self) -> tuple[int, ...]:
        """How many cards were finished from the first day on."""
        return _added([flow.finished for flow in self.flows])

    @property
    def oldest(self) -> list[AgedCard]:
        """Those that stand longest beyond what is usual in their step, the farthest beyond it first."""
        unusual = [card for card in self.ageing.cards if card.unusual]
        unusual.sort(key=lambda card: card.age - (card.usual.p90 or timedelta()), reverse=True)
        return unusual[:NAMED_MOST]

    @property
    def strips(self) -> list[tuple[AgedCard, charts.Strip]]:
        """The steps in which cards stand, each by one of its cards, with all their ages."""
        grouped = groupby(self.ageing.cards, lambda card: (card.board.slug, card.step.no))
        return [_strip(list(cards)) for _key, cards in grouped]


def _added(rows: list[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))


def _strip(cards: list[AgedCard]) -> tuple[AgedCard, charts.Strip]:
    first = cards[0]
    drawn = charts.strip(
        _times(first.usual.median, first.allowed),
        _times(first.usual.p90, first.allowed),
        [_times(card.age, card.allowed) or 0.0 for card in cards],
    )
    return first, drawn


def _times(length: timedelta | None, allowed: timedelta) -> float | None:
    return length / allowed if length is not None and allowed else None
