"""``demo``: a throw-away office full of cards, in a folder that vanishes with it."""

import secrets
import signal
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import click
from babel.dates import format_datetime
from flask import current_app
from flask.cli import with_appcontext

from kanban import create_app
from kanban.commands.addresses import tell_addresses
from kanban.commands.serve import address_options, open_server, run
from kanban.config import Settings
from kanban.demo import build
from kanban.demo.displays import hang_a_screen
from kanban.demo.notice import tell_on_every_page
from kanban.demo.people import PASSWORD, ROLES, TIME_ZONE
from kanban.extensions import db
from kanban.server.addresses import EVERYWHERE, LOOPBACK, address
from kanban.web.request_log import keep_log


@click.command()
@address_options
@with_appcontext
def demo(host: str | None, lan: bool, port: int | None) -> None:
    """Buka kantor contoh penuh kartu; isinya hilang saat dihentikan."""
    # Only what is asked for here counts: the office's own address is no place for known passwords.
    where = host or (EVERYWHERE if lan else LOOPBACK)
    port = port or current_app.config["SETTINGS"].port
    leave_tidily()
    with TemporaryDirectory(prefix="papan-sop-demo-", ignore_cleanup_errors=True) as folder:
        app = create_app(_settings(Path(folder), where, port))
        app.config["SESSION_COOKIE_NAME"] = "papan-demo"  # beside the office's own on this machine
        server = open_server(app, where, port)
        opened = build(app)
        screen = hang_a_screen(app)
        tell_on_every_page(app, opened, screen)
        _introduce(address(where, port), opened, screen)
        tell_addresses(where, port)
        book = keep_log(app)
        try:
            run(server)
        finally:
            book.close()
            with app.app_context():
                db.engine.dispose()  # Windows removes no file that is open


def leave_tidily() -> None:
    """Let the folder be removed also when the process is told to end or its terminal is closed."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _settings(folder: Path, host: str, port: int) -> Settings:
    return Settings(
        instance=folder,
        database_url=f"sqlite:///{(folder / 'kanban.sqlite3').as_posix()}",
        time_zone=TIME_ZONE,
        host=host,
        port=port,
        secret_key=secrets.token_hex(32),
        demo=True,
    )


def _introduce(url: str, opened: datetime, screen: str) -> None:
    began = format_datetime(opened, "EEEE, d MMMM y 'pukul' HH.mm", locale="id")
    click.echo(f"Kantor contoh Papan SOP: {url}")
    click.echo(f"Jamnya dibuka pada {began} WIB dan berjalan terus dari situ.\n")
    click.echo(f"Kata sandi semua akun: {PASSWORD}")
    for role in ROLES:
        click.echo(f"    {role.username:<6} {role.words}")
    click.echo(f"\nLayar informasi, tanpa masuk: {url}display/{screen}")
    click.echo("\nHentikan dengan Ctrl+C; seluruh isinya kemudian dihapus.")


COMMANDS = (demo,)
