"""What the reports' charts say, in words: where time is lost, whether it gets better, what stands out."""

from collections.abc import Iterable

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from kanban.queries.reports.ageing import Ageing
from kanban.queries.reports.shapes import Reasons, Report, StepReport, Times, WeekReport
from kanban.web.charts import share_of
from kanban.web.filters import duration, named
from kanban.web.periods import period_words

HALF = 50


def lost_words(report: Report) -> Markup:
    """The sentence on top: where time is lost."""
    lost = report.lost
    if not report.whole.visits:
        return _bold(_("Belum ada kunjungan tahap yang berakhir pada periode ini."))
    if lost is None:
        return _bold(
            _("Tidak ada waktu yang hilang: semua %(visits)s kunjungan sesuai waktu baku."),
            visits=_number(report.whole.visits),
        )
    return _bold(
        _(
            "Waktu paling banyak hilang di tahap %(step)s: %(late)s dari %(visits)s kunjungan "
            "melewati waktu baku, seluruhnya %(over)s."
        ),
        step=step_words(lost.step, len(report.boards) > 1),
        late=_number(lost.late),
        visits=_number(lost.visits),
        over=duration(lost.over),
    )


def why_words(report: Report) -> Markup | None:
    """Why it is lost there, and who acts there; None where nothing is."""
    lost = report.lost
    if lost is None:
        return None
    waited = share_of(lost.waited.total_seconds(), lost.took.total_seconds()) or 0
    values = {
        "share": f"{share_of(lost.over.total_seconds(), lost.of_all.total_seconds()) or 0}%",
        "lane": named(lost.step.lane.name),
        "part": f"{waited}%" if waited >= HALF else f"{100 - waited}%",
    }
    if waited >= HALF:
        return _bold(
            _(
                "Itu %(share)s dari semua waktu yang hilang. Tahap ini dikerjakan %(lane)s; %(part)s "
                "waktu kunjungan yang terlambat habis sebelum ada yang mulai mengerjakan."
            ),
            **values,
        )
    return _bold(
        _(
            "Itu %(share)s dari semua waktu yang hilang. Tahap ini dikerjakan %(lane)s; %(part)s "
            "waktu kunjungan yang terlambat habis selama dikerjakan."
        ),
        **values,
    )


def trend_words(report: Report, earlier: Report) -> Markup | None:
    """Whether it gets better than in the period before; None where there is nothing to tell of now."""
    share, before = _share(report.whole), _share(earlier.whole)
    if share is None:
        return None
    values = {"share": f"{share}%", "before": f"{before}%", "period": period_words(earlier.span)}
    if before is None:
        return _bold(
            _(
                "%(share)s kunjungan tepat waktu. Pada %(period)s tidak ada yang dapat dibandingkan."
            ),
            **values,
        )
    if share > before:
        return _bold(
            _("%(trend)s: %(share)s kunjungan tepat waktu, naik dari %(before)s pada %(period)s."),
            trend=_("Membaik"),
            **values,
        )
    if share < before:
        return _bold(
            _("%(trend)s: %(share)s kunjungan tepat waktu, turun dari %(before)s pada %(period)s."),
            trend=_("Memburuk"),
            **values,
        )
    return _bold(
        _("%(trend)s: %(share)s kunjungan tepat waktu, sama seperti pada %(period)s."),
        trend=_("Tetap"),
        **values,
    )


def steps_words(report: Report) -> Markup | None:
    """Which step is late most often."""
    worst = max(
        (step for step in report.steps if step.late),
        key=lambda step: (step.late / step.visits, step.late),
        default=None,
    )
    if worst is None:
        return None
    return _bold(
        _("Paling sering lewat: tahap %(step)s, %(late)s dari %(visits)s kunjungan."),
        step=step_words(worst, len(report.boards) > 1),
        late=_number(worst.late),
        visits=_number(worst.visits),
    )


def lanes_words(report: Report) -> Markup | None:
    """Which lane is late most often."""
    worst = max(
        (lane for lane in report.lanes if lane.late),
        key=lambda lane: (lane.late / lane.visits, lane.late),
        default=None,
    )
    if worst is None:
        return None
    return _bold(
        _("Paling sering lewat: %(lane)s, %(late)s dari %(visits)s kunjungan."),
        lane=named(worst.lane.label),
        late=_number(worst.late),
        visits=_number(worst.visits),
    )


def weeks_words(weeks: Iterable[WeekReport]) -> Markup | None:
    """How the last week stands beside the first one."""
    told = [week for week in weeks if week.visits]
    if not told:
        return None
    share = f"{share_of(told[-1].within, told[-1].visits)}%"
    if len(told) == 1:
        return _bold(_("%(share)s pada pekan terakhir."), share=share)
    return _bold(
        _("%(share)s pada pekan terakhir, %(before)s pada pekan pertama."),
        share=share,
        before=f"{share_of(told[0].within, told[0].visits)}%",
    )


def waiting_words(report: Report) -> Markup | None:
    """How much of all time went by before anybody began."""
    whole = report.whole
    share = share_of(whole.waited.total_seconds(), whole.worked.total_seconds())
    if share is None:
        return None
    return _bold(
        _("Dari %(worked)s waktu kerja, %(share)s berlalu sebelum ada yang mulai."),
        worked=duration(whole.worked),
        share=f"{share}%",
    )


def returns_words(report: Report) -> Markup:
    """How often cards were sent back, and why most."""
    if not report.whole.returns:
        return _bold(_("Tidak ada kartu yang dikembalikan."))
    times = ngettext("%(num)d pengembalian", "%(num)d pengembalian", report.whole.returns)
    words, count = next(iter(merged(step.reasons for step in report.steps)), (None, 0))
    if words is None:
        return _bold("%(times)s.", times=times)
    return _bold(
        _("%(times)s; alasan tersering: %(reason)s (%(count)s×)."),
        times=times,
        reason=words,
        count=_number(count),
    )


def flow_words(standing: int, finished: int) -> Markup:
    """How many cards stand at the end, and how many were finished in the time."""
    return _bold(
        _(
            "%(standing)s kartu berjalan pada hari terakhir; %(finished)s selesai sejak hari pertama."
        ),
        standing=_number(standing),
        finished=_number(finished),
    )


def ageing_words(ageing: Ageing) -> Markup:
    """How many running cards stand longer than is usual in their step."""
    old = sum(card.unusual for card in ageing.cards)
    if not ageing.cards:
        return _bold(_("Tidak ada kartu yang berjalan."))
    return _bold(
        _("%(old)s dari %(all)s kartu lebih lama di tahapnya daripada biasanya."),
        old=_number(old),
        all=_number(len(ageing.cards)),
    )


def step_words(step: StepReport, with_board: bool) -> str:
    """A step as it is called: ``2 Periksa bahan``, among several boards ``2 Periksa bahan (M1)``."""
    words = f"{step.step_no} {named(step.title)}"
    return f"{words} ({step.procedure.code})" if with_board else words


def merged(reasons: Iterable[Reasons]) -> Reasons:
    """The reasons of several lists together, the most frequent first."""
    counts: dict[str | None, int] = {}
    for of_step in reasons:
        for words, count in of_step:
            counts[words] = counts.get(words, 0) + count
    return tuple(sorted(counts.items(), key=lambda reason: (-reason[1], reason[0] or "")))


def _share(times: Times) -> int | None:
    return share_of(times.within, times.visits)


def _number(value: int) -> str:
    return format_decimal(value, locale=get_locale())


def _bold(sentence: str, **values: str) -> Markup:
    """A sentence with its values in bold."""
    return Markup(escape(sentence)) % {  # noqa: S704 - the sentence is escaped, the values are as well
        name: Markup("<b>%s</b>") % value for name, value in values.items()
    }
