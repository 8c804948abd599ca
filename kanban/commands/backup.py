"""``backup``, ``restore``, ``check``: one archive of everything, the way back, and whether all is sound."""

import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
from babel.dates import format_datetime, format_timedelta
from flask import current_app
from flask.cli import with_appcontext

from kanban.backup.databases import sqlite_path
from kanban.backup.faults import NotMade, NotRestored, Unusable
from kanban.backup.making import make_backup, shelf
from kanban.backup.manifest import FILES, Manifest, Occasion
from kanban.backup.postgresql import restore_postgresql
from kanban.backup.restoring import is_bare, restore_sqlite
from kanban.backup.standing import standing_of
from kanban.backup.verifying import verify
from kanban.config import Settings
from kanban.database import is_set_up, require_own_disk, require_there
from kanban.domain.words import Sentence
from kanban.extensions import db
from kanban.now import now
from kanban.schema import found_schema, newest_schema
from kanban.soundness import Checked, check_database, check_files, check_histories
from kanban.storage import MEGABYTE, FileStore

SHOWN = 20
"""Faults of one kind that are told one by one."""


@click.command()
@with_appcontext
def backup() -> None:
    """Buat cadangan sekarang; program boleh sedang berjalan."""
    require_there()
    if found_schema(db.engine) is None:
        raise click.ClickException("Belum ada data yang dapat dicadangkan.")
    try:
        made = make_backup(Occasion.ASKED, now())
    except NotMade as fault:
        raise click.ClickException(f"Cadangan tidak dibuat. {fault}") from None
    click.echo(f"{made.path}\nCadangan dibuat dan diperiksa, {_size(made.size)}.")
    good = standing_of(_settings().instance).good
    if good and good.damaged:
        click.echo(
            f"{good.damaged} berkas sudah rusak di folder data sehingga tidak ikut; "
            "namanya disebut oleh: python3 run.py check"
        )


@click.command()
@click.argument("archive", metavar="ARSIP", type=click.Path(path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Ganti data yang ada; yang lama dipindahkan ke samping."
)
@with_appcontext
def restore(archive: Path, replace: bool) -> None:
    """Pulihkan kantor dari arsip cadangan ke folder data ini."""
    settings = _settings()
    try:
        if db.engine.dialect.name == "sqlite":
            database = sqlite_path(db.engine)
            require_own_disk(database.parent)
            restored = restore_sqlite(archive, settings.instance, database, replace, now())
        else:
            restored = restore_postgresql(archive, settings.instance, db.engine, replace, now())
    except (Unusable, NotRestored, NotMade) as fault:
        raise click.ClickException(f"{fault} Tidak ada yang diubah.") from None
    _tell_of(restored.manifest)
    click.echo("Sudah dipulihkan. Jalankan: python3 run.py")
    if restored.aside:
        click.echo(f"Yang ada sebelumnya disimpan di {restored.aside}")
    if restored.reopened:
        click.echo(
            "Perhatian: tautan layar yang dicabut sesudah cadangan ini dibuat berlaku lagi. "
            "Periksa Pengaturan > Layar, dan cabut lagi yang perlu."
        )


@click.command()
@click.argument("archive", metavar="[ARSIP]", required=False, type=click.Path(path_type=Path))
@with_appcontext
def check(archive: Path | None) -> None:
    """Periksa basis data dan berkas, atau sebuah arsip cadangan; tidak ada yang diubah."""
    sys.exit(_check_archive(archive) if archive else _check_instance())


def _check_archive(archive: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="papan-sop-") as folder:
        try:
            manifest = verify(archive, Path(folder) / "database")
        except Unusable as fault:
            click.echo(str(fault), err=True)
            return 1
    _tell_of(manifest)
    click.echo("Arsip ini utuh dan dapat dipulihkan.")
    return 0


def _tell_of(manifest: Manifest) -> None:
    files = sum(name.startswith(FILES) for name in manifest.parts)
    click.echo(
        f"{manifest.office or 'Kantor belum disiapkan'}: {manifest.counts.get('cards', 0)} kartu, "
        f"{files} berkas, {_size(manifest.size)}, dibuat {_moment(manifest.made_at)} "
        f"oleh versi {manifest.program} (skema {manifest.schema_revision})."
    )
    if manifest.damaged:
        click.echo(
            f"{len(manifest.damaged)} berkas sudah rusak saat cadangan dibuat dan tidak ikut:"
        )
        for digest in manifest.damaged:
            click.echo(f"- {digest}")


def _check_instance() -> int:
    require_there()
    schema = found_schema(db.engine) if _holds_something() else None
    if schema is None:
        click.echo(f"Belum ada kantor di {_settings().instance}, jadi tidak ada yang diperiksa.")
        return 1
    store = FileStore(_settings().files)
    sound = True
    with db.engine.connect() as connection:
        database = check_database(connection)
        sound &= _told("Basis data", f"utuh (skema {schema})", database)
        files = check_files(connection, store)
        amount = f"{files.counts['files']} berkas, {_size(files.counts['bytes'])}, semua utuh"
        sound &= _told("Berkas", amount, files)
        histories = check_histories(connection)
        amount = (
            "{cards} kartu, {visits} kunjungan tahap, {events} catatan, semua cocok"
        ).format_map(histories.counts)
        sound &= _told("Kartu dan riwayat", amount, histories)
    if schema == newest_schema() and is_set_up():
        _tell_of_last_backup(now())
    return 0 if sound else 1


def _holds_something() -> bool:
    """Whether there is a database to be opened; SQLite makes the file of one that is not there."""
    return db.engine.dialect.name != "sqlite" or not is_bare(sqlite_path(db.engine))


def _told(what: str, well: str, checked: Checked) -> bool:
    if not checked.faults:
        click.echo(f"{what}: {well}.")
        return True
    click.echo(f"{what}: {len(checked.faults)} masalah.")
    for line in _first(checked.faults):
        click.echo(f"- {line}")
    return False


def _first(faults: list[Sentence]) -> Iterator[str]:
    yield from (fault.in_indonesian() for fault in faults[:SHOWN])
    if len(faults) > SHOWN:
        yield f"dan {len(faults) - SHOWN} lagi."


def _tell_of_last_backup(at: datetime) -> None:
    found = shelf().backups()
    if not found:
        click.echo("Cadangan: belum ada.")
        return
    age = format_timedelta(at - found[0].at, locale="id")
    click.echo(f"Cadangan terakhir: {found[0].path} ({_size(found[0].size)}, {age} yang lalu).")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _size(octets: int) -> str:
    if octets < MEGABYTE:
        return f"{-(-octets // 1024)} kB"
    return f"{octets / MEGABYTE:.1f} MB".replace(".", ",")


def _moment(moment: datetime) -> str:
    return format_datetime(moment, "d MMMM y HH.mm 'UTC'", tzinfo=None, locale="id")


COMMANDS = (backup, restore, check)
