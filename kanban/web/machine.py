"""How the machine does, for administrators: what should be seen to first, then the figures."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from babel.numbers import format_decimal
from flask import Blueprint, current_app, g, render_template
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.exc import DatabaseError

from kanban.backup.faults import in_words
from kanban.backup.manifest import program_version
from kanban.backup.shelf import last_backup
from kanban.backup.standing import Standing, standing_of
from kanban.config import Settings
from kanban.now import now
from kanban.queries.database_facts import DatabaseFacts, database_facts
from kanban.server.machine import Memory, memory, service
from kanban.server.nudging import Hub, Stream
from kanban.storage import MEGABYTE
from kanban.web.administrators import for_administrators
from kanban.web.errors import Answer, broken, leave_the_database_alone
from kanban.web.filters import size
from kanban.web.people import Person, person
from kanban.web.request_log import RequestLog, note_fault, request_log

bp = Blueprint("machine", __name__, url_prefix="/settings/health")
bp.before_request(for_administrators)

TIGHT = 4
"""So many times the reserve of the disk is little: there is time left to make room."""
MEMORY_TIGHT = 0.08
"""The share of the machine's memory that can still be had at which it begins to swap."""
LOG_LARGE = 512 * MEGABYTE
"""A write-ahead log of this size is one that somebody's long read keeps from being folded in."""
AGREES = timedelta(seconds=3)
"""What a clock may be off without anybody noticing; the way of the question is part of it."""
WRONG = timedelta(minutes=2)
FEWEST = 3
"""Screens that must tell the same before the machine's own clock is doubted."""


@dataclass(frozen=True)
class Health:
    """What the page shows. ``backup`` is what was last known of backups; sizes in bytes."""

    at: datetime
    since: datetime
    service: str | None
    demo: bool
    disk_free: int
    disk_total: int
    reserve: int
    memory: Memory
    database: DatabaseFacts | None
    backup: Standing
    streams: tuple[Stream, ...]
    log: RequestLog


@bp.app_template_filter()
def drift(length: timedelta) -> str:
    """How far a screen's clock is off: ``cocok``, ``lebih cepat 12 detik``."""
    if abs(length) <= AGREES:
        return _("cocok")
    told = format_timedelta(abs(length), threshold=1.2, locale=get_locale())
    return (
        _("lebih cepat %(time)s", time=told)
        if length > timedelta()
        else _("lebih lambat %(time)s", time=told)
    )


@bp.app_template_filter()
def seconds(took: float) -> str:
    """How long an answer took: ``1,4 dtk``."""
    return _("%(seconds)s dtk", seconds=format_decimal(f"{took:.1f}", locale=get_locale()))


@bp.get("")
def show() -> str:
    """The page."""
    return _page(look(database_facts()), person().session_id)


@bp.errorhandler(DatabaseError)
def show_without_database(fault: DatabaseError) -> Answer:
    """The page where the database fails it: what is known without, and the way back to the last backup. Where it
    cannot even be said that an administrator asks, the answer is everybody's."""
    asking = g.get("_login_user")
    if not (isinstance(asking, Person) and asking.administrator):
        return broken(fault)
    number = note_fault(fault)
    leave_the_database_alone()
    settings: Settings = current_app.config["SETTINGS"]
    g.setdefault("office_zone", ZoneInfo(settings.time_zone))  # else it would be asked for
    page = _page(
        look(None),
        asking.session_id,
        reason=in_words(fault.orig),
        number=number,
        last=last_backup(settings),
    )
    return page, 503


def _page(found: Health, own: int, **failing: object) -> str:
    return render_template(
        "settings/machine.html",
        health=found,
        warnings=list(warnings_of(found)),
        version=program_version(),
        running=format_timedelta(found.log.running, locale=get_locale()),
        slow=list(found.log.slow)[::-1],
        faults=list(found.log.faults)[::-1],
        own=own,
        **failing,
    )


def look(database: DatabaseFacts | None) -> Health:
    """The machine as it is now, with what its database says of itself; None where it does not."""
    settings: Settings = current_app.config["SETTINGS"]
    hub: Hub = current_app.extensions["nudging"]
    disk = shutil.disk_usage(settings.instance)
    log = request_log()
    return Health(
        at=now(),
        since=now() - log.running,
        service=service(),
        demo=settings.demo,
        disk_free=disk.free,
        disk_total=disk.total,
        reserve=settings.disk_reserve,
        memory=memory(),
        database=database,
        backup=standing_of(settings.instance),
        streams=tuple(sorted(hub.streams(), key=lambda one: (one.kind, one.name.lower()))),
        log=log,
    )


def warnings_of(found: Health) -> Iterator[str]:
    """What somebody should see to, with what to do; backups and a wrong clock are told on every page already."""
    if found.disk_free < found.reserve:
        yield _(
            "Disk hampir penuh: tersisa %(free)s. Unggahan sudah ditolak, papan masih berjalan. Kosongkan disk.",
            free=size(found.disk_free),
        )
    elif found.disk_free < TIGHT * found.reserve:
        yield _(
            "Ruang disk menipis: tersisa %(free)s. Di bawah %(reserve)s unggahan akan ditolak. "
            "Pindahkan berkas lain dari disk ini.",
            free=size(found.disk_free),
            reserve=size(found.reserve),
        )
    if found.memory.total and (found.memory.free or 0) < MEMORY_TIGHT * found.memory.total:
        yield _(
            "Memori komputer hampir habis: tersisa %(free)s. Tutup program lain di komputer ini.",
            free=size(found.memory.free or 0),
        )
    if found.service is None and not found.demo:
        yield _(
            "Sesudah listrik padam, program ini harus dijalankan lagi oleh seseorang. "
            "Pasang sebagai layanan dengan %(command)s.",
            command="python3 run.py service install",
        )
    if found.database and found.database.log is not None and found.database.log > LOG_LARGE:
        yield _(
            "Log tulis basis data membesar (%(log)s). Jalankan ulang program di luar jam kerja.",
            log=size(found.database.log),
        )
    if found.backup.good is None and found.log.running > timedelta(hours=1):
        yield _("Belum ada cadangan. Buat satu di halaman Cadangan.")
    if found.log.book and found.log.book.fault:
        yield _(
            "Log tidak dapat ditulis (%(reason)s). Program tetap berjalan; periksa disk dan izin foldernya.",
            reason=found.log.book.fault,
        )
    yield from _of_clocks(found)
    today = sum(one.times for one in found.log.faults if found.at - one.at < timedelta(days=1))
    if today:
        yield ngettext(
            "Sehari terakhir ada %(num)d kesalahan program. Cari kodenya di log, lalu kirimkan kepada pengembang.",
            "Sehari terakhir ada %(num)d kesalahan program. Cari kodenya di log, lalu kirimkan kepada pengembang.",
            today,
        )


def _of_clocks(found: Health) -> Iterator[str]:
    told = [one.drift for one in found.streams if one.drift is not None]
    off = [one for one in told if abs(one) > WRONG]
    if len(told) >= FEWEST and 2 * len(off) > len(told):
        yield _(
            "Jam komputer kantor mungkin salah: %(off)d dari %(all)d layar menunjukkan jam lain. "
            "Betulkan jam komputer ini dan nyalakan penyetelan otomatisnya.",
            off=len(off),
            all=len(told),
        )
    elif off:
        yield ngettext(
            "Jam %(num)d layar salah lebih dari dua menit. Hitungan waktu tidak terpengaruh.",
            "Jam %(num)d layar salah lebih dari dua menit. Hitungan waktu tidak terpengaruh.",
            len(off),
        )
