"""``clock due`` and ``clock elapsed``: the working-time clock by hand."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from kanban.config import Settings
from kanban.database import is_set_up
from kanban.domain.clock import NeverDue, OfficeCalendar
from kanban.domain.sop import Standard
from kanban.queries.calendar import default_calendar, office_calendar

RECKONED = range(1945, 2201)


@click.group()
def clock() -> None:
    """Waktu kerja: batas waktu dan lamanya."""


@clock.command()
@click.argument("start")
@click.option("--days", type=click.IntRange(0, 10_000), default=0)
@click.option("--minutes", type=click.IntRange(0, 10_000_000), default=0)
@with_appcontext
def due(start: str, days: int, minutes: int) -> None:
    """Tampilkan batas waktu baku yang dimulai pada START (waktu setempat, ISO)."""
    calendar = _calendar()
    try:
        moment = calendar.due(_moment(calendar, start), Standard(days, minutes))
    except NeverDue as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(_written(calendar, moment))


@clock.command()
@click.argument("start")
@click.argument("end")
@with_appcontext
def elapsed(start: str, end: str) -> None:
    """Tampilkan jumlah menit kerja antara START dan END (waktu setempat, ISO)."""
    calendar = _calendar()
    worked = calendar.elapsed(_moment(calendar, start), _moment(calendar, end))
    minutes = worked.total_seconds() / 60
    click.echo(f"{minutes:.10g}")


def _calendar() -> OfficeCalendar:
    """The instance's calendar; before set-up the default hours and holidays."""
    if is_set_up():
        return office_calendar()
    settings: Settings = current_app.config["SETTINGS"]
    return default_calendar(settings.time_zone)


def _moment(calendar: OfficeCalendar, written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise click.BadParameter(
            f"{written!r} bukan waktu; tulis seperti 2026-11-20T16:20"
        ) from None
    if moment.year not in RECKONED:
        raise click.BadParameter(
            f"tahun {moment.year} di luar jangkauan {RECKONED[0]}\N{EN DASH}{RECKONED[-1]}"
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)


def _written(calendar: OfficeCalendar, moment: datetime) -> str:
    local = calendar.local(moment)
    return local.replace(tzinfo=None).isoformat(timespec="seconds" if local.second else "minutes")


COMMANDS = (clock,)
