"""``carry``: the office's SQLite database over to PostgreSQL, proven equal."""

from contextlib import closing

import click
from flask import current_app
from flask.cli import with_appcontext

from kanban.backup.carrying import carry as carry_over
from kanban.backup.carrying import target_of
from kanban.backup.databases import sqlite_path
from kanban.backup.faults import NotCarried, NotRestored
from kanban.backup.restoring import alone_in, require_nobody_in
from kanban.config import Settings
from kanban.database import is_current, is_set_up, require_sound
from kanban.extensions import db
from kanban.soundness import check_database, check_files
from kanban.storage import FileStore


@click.command()
@click.argument("target", metavar="TUJUAN")
@with_appcontext
def carry(target: str) -> None:
    """Pindahkan basis data SQLite kantor ini ke PostgreSQL yang kosong, misalnya
    postgresql+psycopg://pengguna:sandi@komputer/papan. Program harus dihentikan dahulu."""
    settings: Settings = current_app.config["SETTINGS"]
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException(
            "KANBAN_DATABASE_URL sudah menunjuk PostgreSQL; kosongkan dahulu."
        )
    require_sound()
    database = sqlite_path(db.engine)
    try:
        engine = target_of(target)
        with alone_in(settings.instance):
            _require_an_office()
            db.session.remove()
            db.engine.dispose()
            require_nobody_in(settings.instance, database)
            try:
                counts = carry_over(database, engine)
            finally:
                engine.dispose()
    except (NotCarried, NotRestored) as fault:
        raise click.ClickException(f"{fault} Tidak ada yang diubah.") from None
    click.echo(
        f"{counts['cards']} kartu, {counts['visits']} kunjungan tahap, {counts['events']} catatan: "
        f"{sum(counts.values())} baris dalam {len(counts)} tabel sudah dipindahkan dan sama dengan asalnya."
    )
    _tell_of_files(FileStore(settings.files))
    click.echo(
        "Mulai sekarang jalankan program dengan pengaturan ini (dengan kata sandinya):\n"
        f"    KANBAN_DATABASE_URL={engine.url.render_as_string(hide_password=True)}\n"
        f"Folder data {settings.instance} tetap dipakai untuk berkas. Basis data SQLite di sana tidak "
        "diubah; simpan sampai semuanya terbukti berjalan."
    )


def _require_an_office() -> None:
    if not (is_current() and is_set_up()):
        raise click.ClickException(
            "Folder data ini belum berisi kantor, atau skemanya belum diperbarui. "
            "Jalankan program sekali, hentikan, lalu ulangi. Tidak ada yang diubah."
        )
    with db.engine.connect() as connection:
        faults = check_database(connection).faults
    if faults:
        raise click.ClickException(f"{faults[0].in_indonesian()} Tidak ada yang diubah.")


def _tell_of_files(store: FileStore) -> None:
    """The files were not touched; whoever carries an office over wants to know that they are whole."""
    with closing(db.engine.connect()) as connection:
        files = check_files(connection, store)
    if not files.faults:
        click.echo(f"{files.counts['files']} berkas: semua utuh di tempatnya.")
        return
    click.echo(f"{len(files.faults)} dari {files.counts['files']} berkas tidak utuh:")
    for fault in files.faults:
        click.echo(f"- {fault.in_indonesian()}")


COMMANDS = (carry,)
