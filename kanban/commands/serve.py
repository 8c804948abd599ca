"""``serve``: the office's own instance, on waitress."""

import gc
import shutil
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
from kanban.backup.shelf import last_backup
from kanban.commands.addresses import require_unshared, tell_addresses, why_not_listening
from kanban.config import Settings
from kanban.database import bring_up_to_date, is_set_up, lock_of_the_server, require_sound
from kanban.now import now
from kanban.operations.make_setup_link import make_setup_link
from kanban.operations.measure_visits import measure_visits
from kanban.operations.seed_holidays import seed_holidays
from kanban.queries.calendar import office_calendar
from kanban.queries.reports.warming import recall_the_year
from kanban.server.addresses import EVERYWHERE, address
from kanban.server.hands import AT_FIRST, hire_as_needed
from kanban.server.instance_lock import InstanceLock
from kanban.server.machine import keep_memory_together
from kanban.server.nudging import STREAMS, end_streams_first
from kanban.server.receiving import keep_temporary_files_in, receive_carefully
from kanban.web.hosts import LISTENS_ON
from kanban.web.request_log import keep_log
from kanban.web.uploads import file_store

THREADS = STREAMS + 40
"""One for each stream that may be open, and enough that those who wait for a picture to be made small leave
some to the boards."""
CONNECTIONS = 400
"""Browsers hold up to six each, also idle ones: waitress's 100 are too few for an office. Windows
cannot wait for more than 512."""
TOLD_MOST = 1024**3
"""What is received before the program refuses it. More than it takes, since waitress breaks the
connection at this size, and a browser then cannot show that a file was too large."""
OF_THE_PROXY = {"x-forwarded-for", "x-forwarded-proto"}
"""What the trusted proxy is believed; the name by which somebody called comes through it in ``Host``."""
BETWEEN_MONTHS = 0.2
"""Seconds in which nothing is read for the reports, so that whoever works meanwhile does not feel it."""


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
    lock = lock_of_the_server()
    require_sound()
    bring_up_to_date()
    if lock.take():  # a power cut's leftovers
        file_store().sweep(time.time())
        shutil.rmtree(settings.instance / printing.FOLDER, ignore_errors=True)
    keep_temporary_files_in(file_store().incoming)
    where = host or (EVERYWHERE if lan else settings.host)
    port = port or settings.port
    server = open_server(app_ctx.app, where, port)
    if is_set_up():
        if lock.take():
            seed_holidays(now())
            measure_visits()
        threading.Thread(target=recall_reports, args=(app_ctx.app,), daemon=True).start()
        click.echo(f"Papan SOP: {address(where, port)}")
        tell_addresses(where, port)
    else:
        link = f"{address(where, port)}setup/{make_setup_link(now())}"
        click.echo("Papan SOP belum disiapkan. Buka tautan sekali pakai ini untuk menyiapkannya:")
        click.echo(f"\n    {link}\n")
        click.echo("Ingin melihat-lihat dahulu? Jalankan: python3 run.py demo")
        if last := last_backup(settings):
            click.echo(
                "Atau ini kantor yang sudah ada? Hentikan dengan Ctrl+C, lalu pulihkan cadangannya:\n"
                f'    python3 run.py restore "{last}"'
            )
    threading.Thread(target=keep_house, args=(app_ctx.app, lock), daemon=True).start()
    book = keep_log(app_ctx.app)
    try:
        run(server)
    finally:
        book.close()


def keep_house(app: Flask, lock: InstanceLock) -> None:
    """See to the daily backup; of several servers one does, and another once that one has ended."""
    lock.wait()
    keep_daily(app)


def recall_reports(app: Flask) -> None:
    """Read the reports' last year into memory, a month at a time, with the boards going first."""
    with app.app_context():
        for _month in recall_the_year(office_calendar(), now()):
            time.sleep(BETWEEN_MONTHS)


def open_server(app: Flask, host: str, port: int) -> Any:
    """A server for ``app`` that has its port; a port that is taken is told in a sentence, and ends it."""
    settings: Settings = app.config["SETTINGS"]
    app.config[LISTENS_ON] = host
    keep_memory_together()
    try:
        require_unshared(host, port)
        dispatchers: dict[int, Any] = {}
        server = waitress.create_server(
            app,
            map=dispatchers,
            host=host,
            port=port,
            threads=AT_FIRST,
            ident=None,
            trusted_proxy=settings.proxy,
            trusted_proxy_headers=OF_THE_PROXY if settings.proxy else set(),
            clear_untrusted_proxy_headers=True,
            max_request_body_size=TOLD_MOST,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            channel_timeout=60,
        )
    except (OSError, ValueError) as fault:
        click.echo(why_not_listening(fault, host, port), err=True)
        sys.exit(1)
    receive_carefully(dispatchers, settings.instance, settings.disk_reserve)
    hire_as_needed(server, THREADS)
    end_streams_first(server, app.extensions["nudging"])
    return server


def settle() -> None:
    """Let this process answer many small questions beside a few long ones."""
    gc.collect()
    gc.freeze()  # what start-up made lives for ever; the collector need not look at it again
    gc.set_threshold(10_000, 20, 50)
    sys.setswitchinterval(0.001)  # a poll does not wait 5 ms for each of many uploads being read


def run(server: Any) -> None:
    """Serve until it is stopped."""
    settle()
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


COMMANDS = (serve,)
