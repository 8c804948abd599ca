"""``serve``: the office's own instance, on waitress."""

import gc
import ipaddress
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import click
import waitress
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask.globals import app_ctx

from kanban import printing
from kanban.backup.daily import keep_daily
from kanban.config import Settings
from kanban.database import bring_up_to_date, is_set_up, require_sound
from kanban.now import now
from kanban.operations.make_setup_link import make_setup_link
from kanban.operations.measure_visits import measure_visits
from kanban.operations.seed_holidays import seed_holidays
from kanban.queries.calendar import office_calendar
from kanban.queries.reports.warming import recall_the_year
from kanban.web.uploads import file_store

THREADS = 40
"""Enough that those who wait for a picture to be made small leave some to the boards."""
CONNECTIONS = 400
"""Browsers hold up to six each, also idle ones: waitress's 100 are too few for an office. Windows
cannot wait for more than 512."""
TOLD_MOST = 1024**3
"""What is received before the program refuses it. More than it takes, since waitress breaks the
connection at this size, and a browser then cannot show that a file was too large."""
BETWEEN_MONTHS = 0.2
"""Seconds in which nothing is read for the reports, so that whoever works meanwhile does not feel it."""
LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - only when asked for with --lan


def address_options(command: Callable) -> Callable:
    """The options that say where to listen."""
    for option in (
        click.option("--port", type=click.IntRange(1, 65535), help="Porta; bawaan 8000."),
        click.option("--lan", is_flag=True, help="Dapat dibuka dari komputer lain di kantor."),
        click.option("--host", help="Alamat tempat mendengarkan; bawaan 127.0.0.1."),
    ):
        command = option(command)
    return command


@click.command()
@address_options
@with_appcontext
def serve(host: str | None, lan: bool, port: int | None) -> None:
    """Jalankan papan SOP kantor ini."""
    settings: Settings = current_app.config["SETTINGS"]
    require_sound()
    bring_up_to_date()
    file_store().sweep(time.time())
    shutil.rmtree(
        settings.instance / printing.FOLDER, ignore_errors=True
    )  # a power cut's leftovers
    where = host or (EVERYWHERE if lan else settings.host)
    port = port or settings.port
    server = open_server(app_ctx.app, where, port)
    if is_set_up():
        seed_holidays(now())
        measure_visits()
        threading.Thread(target=recall_reports, args=(app_ctx.app,), daemon=True).start()
        click.echo(f"Papan SOP: {address(where, port)}")
    else:
        link = f"{address(where, port)}setup/{make_setup_link(now())}"
        click.echo("Papan SOP belum disiapkan. Buka tautan sekali pakai ini untuk menyiapkannya:")
        click.echo(f"\n    {link}\n")
        click.echo("Ingin melihat-lihat dahulu? Jalankan: python3 run.py demo")
    threading.Thread(target=keep_daily, args=(app_ctx.app,), daemon=True).start()
    run(server)


def recall_reports(app: Flask) -> None:
    """Read the reports' last year into memory, a month at a time, with the boards going first."""
    with app.app_context():
        for _month in recall_the_year(office_calendar(), now()):
            time.sleep(BETWEEN_MONTHS)


def open_server(app: Flask, host: str, port: int) -> Any:
    """A server for ``app`` that has its port; a port that is taken is told in a sentence, and ends it."""
    try:
        return waitress.create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=TOLD_MOST,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            channel_timeout=60,
        )
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault).rstrip(".")
        click.echo(
            f"Tidak dapat mendengarkan pada {host}:{port}: {reason}. "
            f"Mungkin program sudah berjalan; hentikan dahulu, atau pilih porta lain dengan --port.",
            err=True,
        )
        sys.exit(1)


def settle() -> None:
    """Let this process answer many small questions beside a few long ones."""
    gc.collect()
    gc.freeze()  # what start-up made lives for ever; the collector need not look at it again
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(0.001)  # a poll does not wait 5 ms for each of many uploads being read


def run(server: Any) -> None:
    """Serve until it is stopped."""
    settle()
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


def address(host: str, port: int) -> str:
    """The address that people type in: with ``--lan`` the machine's own on the office network."""
    shown = _own_address() if host == EVERYWHERE else host
    if ":" in shown:
        shown = f"[{ipaddress.IPv6Address(shown)}]"
    return f"http://{shown}:{port}/"


def _own_address() -> str:
    """This machine's address on its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK


COMMANDS = (serve,)
