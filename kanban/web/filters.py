"""How times, lengths and words are written for people. All formulas of time stand in this one place."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, current_app, g
from flask_babel import get_locale, gettext

from kanban.config import Settings
from kanban.domain.moves import Acting
from kanban.domain.sop import Sop, Standard
from kanban.domain.words import N_, Sentence, Text
from kanban.now import now as present
from kanban.queries.calendar import office_calendar
from kanban.web.platforms import platform_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
KILO = 1000
PATTERNS = {
    "left": N_("sisa %(time)s"),
    "late": N_("lewat %(time)s"),
    "hours_minutes": N_("%(hours)s j %(minutes)s mnt"),
    "hours": N_("%(hours)s j"),
    "minutes": N_("%(minutes)s mnt"),
    "under_a_minute": N_("< 1 mnt"),
}
"""The words of working time. The page's ticker counts with the same ones, as ``time_patterns`` gives them."""


def register(app: Flask) -> None:
    """Add the filters and the ticker's patterns to ``app``'s templates."""
    for written in (
        duration,
        standard,
        remaining,
        at_a_glance,
        clock,
        day,
        weekday,
        moment,
        stamp,
        period,
        spent_of,
        size,
    ):
        app.add_template_filter(written)
    app.add_template_filter(platform_of, "platform")
    for worded in (said, named, sentence_case):
        app.add_template_filter(worded)
    app.add_template_global(capacity_title)
    app.add_template_global(capacity_words)
    app.add_template_global(time_patterns)
    app.add_template_global(zone_name)


def time_patterns() -> dict[str, str]:
    """The words of working time in the reader's language, with ``%(hours)s`` and the like still to be put in."""
    return {name: gettext(pattern) for name, pattern in PATTERNS.items()}


def duration(length: timedelta) -> str:
    """A length of working time: ``1 j 20 mnt``, ``45 mnt``, ``< 1 mnt``. Begun minutes do not count."""
    hours, minutes = divmod(length // MINUTE, 60)
    if not hours and not minutes:
        return _worded("under_a_minute")
    if not hours:
        return _worded("minutes", minutes=minutes)
    if not minutes:
        return _worded("hours", hours=hours)
    return _worded("hours_minutes", hours=hours, minutes=minutes)


def remaining(left: timedelta, late: bool | None = None) -> str:
    """Working time left, or past due: ``sisa 9 mnt``, ``lewat 1 j 20 mnt``.

    ``late`` says which, where a closed office makes the length alone ambiguous (the due moment has
    passed, nothing was worked since).
    """
    over = left < timedelta() if late is None else late
    return _worded("late" if over else "left", time=duration(abs(left)))


def at_a_glance(left: timedelta, late: bool) -> str:
    """The same for who stands far away: from ten hours on whole hours alone, ``lewat 12 j``."""
    hours = abs(left) // HOUR
    if hours < 10:
        return remaining(left, late)
    return _worded("late" if late else "left", time=_worded("hours", hours=hours))


def standard(value: Standard) -> str:
    """A time standard as the document states it: ``15 mnt``, ``1 hari``, ``1 hari 95 mnt``."""
    if not value.days:
        return gettext("%(minutes)s mnt", minutes=value.minutes)
    if not value.minutes:
        return gettext("%(days)s hari", days=value.days)
    return gettext("%(days)s hari %(minutes)s mnt", days=value.days, minutes=value.minutes)


def clock(at: datetime | time) -> str:
    """The time of day in the office: ``10.42``, in English ``10:42``."""
    local = at.astimezone(office_zone()) if isinstance(at, datetime) else at
    return f"{local:%H:%M}" if _language() == "en" else f"{local:%H.%M}"


def day(at: datetime | date) -> str:
    """The office's calendar day: ``24 November 2026``."""
    return format_date(_local_day(at), "d MMMM y", locale=_language())


def weekday(at: datetime | date) -> str:
    """The office's calendar day with its weekday: ``Selasa, 24 November 2026``."""
    return format_date(_local_day(at), "EEEE, d MMMM y", locale=_language())


def moment(at: datetime) -> str:
    """A moment as briefly as it stays clear: ``10.42`` today, else ``Sen 23 Nov, 15.50``."""
    on, today = _local_day(at), _local_day(present())
    if on == today:
        return clock(at)
    pattern = "EEE d MMM" if on.year == today.year else "EEE d MMM y"
    return f"{format_date(on, pattern, locale=_language())}, {clock(at)}"


def stamp(at: datetime) -> str:
    """A moment that stays clear on paper and for years: ``Sel 24 Nov 2026, 10.42``."""
    return f"{format_date(_local_day(at), 'EEE d MMM y', locale=_language())}, {clock(at)}"


def period(start: datetime, end: datetime) -> str:
    """From one moment to another: ``09.30–09.41``, over days ``Sen 23 Nov, 15.50 – Sel 24 Nov, 07.58``."""
    if _local_day(start) == _local_day(end):
        return f"{moment(start)}–{clock(end)}"
    return f"{moment(start)} – {moment(end)}"


def spent_of(spent: timedelta, value: Standard) -> str:
    """Working time beside its standard, in the standard's own units: ``55 dari 15 mnt``, ``6 j dari 1 hari``."""
    if value.days:
        return gettext(
            "%(spent)s dari %(standard)s", spent=duration(spent), standard=standard(value)
        )
    return gettext("%(spent)s dari %(minutes)s mnt", spent=spent // MINUTE, minutes=value.minutes)


def size(octets: int) -> str:
    """The size of a file or a disk: ``640 B``, ``84 kB``, ``2,4 MB``, ``74 GB``."""
    if octets < KILO:
        return f"{octets} B"
    unit, amount = ("kB", octets / KILO) if octets < KILO * KILO else ("MB", octets / KILO / KILO)
    if amount >= KILO:
        unit, amount = "GB", amount / KILO
    rounded = Decimal(f"{amount:.1f}" if amount < 10 else f"{amount:.0f}")
    return f"{format_decimal(rounded, locale=_language())} {unit}"


def said(sentence: Sentence, sop: Sop | None = None) -> str:
    """A sentence of the domain in the reader's language; lanes by their names where ``sop`` tells them."""
    return gettext(
        sentence.text, **{name: _value(name, value, sop) for name, value in sentence.values}
    )


def named(text: Text) -> str:
    """A word of an SOP in the reader's language."""
    return text.in_language(_language())


def sentence_case(words: str) -> str:
    """``words`` with a capital at the beginning and nothing else changed, as a heading or a label wants them."""
    return words[:1].upper() + words[1:]


def capacity_title(deputy: bool, acting: str | None) -> str:
    """The word before the lane's name: ``Wakil``, ``Plh.``, ``Plt.``; none for the holder."""
    if acting is None:
        return gettext("Wakil") if deputy else ""
    return {Acting.PLH: gettext("Plh."), Acting.PLT: gettext("Plt.")}[Acting(acting)]


def capacity_words(deputy: bool, acting: str | None) -> str:
    """In which capacity somebody acts, to stand behind the name: ``sebagai Wakil``, ``sebagai Plh.``; nothing
    for the lane's holder."""
    title = capacity_title(deputy, acting)
    return gettext("sebagai %(title)s", title=title) if title else ""


def office_zone() -> ZoneInfo:
    """The office's time zone; before set-up the one that set-up will propose."""
    if "office_zone" not in g:
        try:
            g.office_zone = office_calendar().zone
        except LookupError:
            settings: Settings = current_app.config["SETTINGS"]
            g.office_zone = ZoneInfo(settings.time_zone)
    zone: ZoneInfo = g.office_zone
    return zone


def zone_name() -> str:
    """What people call the office's zone: WIB, WITA or WIT."""
    return present().astimezone(office_zone()).tzname() or "UTC"


def _worded(name: str, **values: object) -> str:
    pattern = PATTERNS[name]
    return gettext(pattern, **values)


def _value(name: str, value: object, sop: Sop | None) -> object:
    if isinstance(value, Text):
        return named(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if name == "lane" and sop is not None and isinstance(value, str):
        return next((named(lane.name) for lane in sop.lanes if lane.key == value), value)
    return value


def _local_day(at: datetime | date) -> date:
    return at.astimezone(office_zone()).date() if isinstance(at, datetime) else at


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "id"
