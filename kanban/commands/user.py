"""``user add|passwd|list``: accounts from the office's own machine, when no page can be reached."""

import sys

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from kanban.database import bring_up_to_date
from kanban.extensions import db
from kanban.models import Account
from kanban.now import now
from kanban.operations.create_account import NewAccount, create_account
from kanban.operations.errors import Invalid
from kanban.operations.reset_password import reset_password
from kanban.passwords import fault_of, hash_of
from kanban.queries.accounts import all_accounts
from kanban.usernames import normal


@click.group(cls=AppGroup)
@with_appcontext
def user() -> None:
    """Akun pengguna."""
    bring_up_to_date()


@user.command()
@click.argument("username", metavar="NAMA_PENGGUNA")
@click.option("--name", metavar="NAMA", help="Nama yang ditampilkan; boleh nama jabatan.")
@click.option("--administrator", is_flag=True, help="Boleh mengatur kantor dan akun.")
def add(username: str, name: str | None, administrator: bool) -> None:
    """Buat akun; kata sandinya ditanyakan, atau dibaca dari masukan standar."""
    password = _asked_password(username)
    try:
        create_account(
            NewAccount(username, name or username, hash_of(password), administrator), None, now()
        )
    except Invalid as invalid:
        raise _refused(invalid) from None
    click.echo(f"Akun {normal(username)} sudah dibuat. Perannya diatur di halaman Akun.")


@user.command()
@click.argument("username", metavar="NAMA_PENGGUNA")
def passwd(username: str) -> None:
    """Ganti kata sandi sebuah akun; semua perangkatnya dikeluarkan."""
    account_id = db.session.scalars(
        select(Account.id).where(Account.username == normal(username))
    ).one_or_none()
    if account_id is None:
        raise click.ClickException(f"Tidak ada akun dengan nama pengguna {username}.")
    reset_password(account_id, hash_of(_asked_password(username)), None, now())
    click.echo(
        f"Kata sandi {normal(username)} sudah diganti. Semua perangkatnya telah dikeluarkan."
    )


@user.command("list")
def list_accounts() -> None:
    """Daftar semua akun."""
    for account in all_accounts():
        marks = [
            *(["administrator"] if account.administrator else []),
            *(["nonaktif"] if account.disabled_at else []),
        ]
        click.echo(
            "  ".join([f"{account.username:<16}", account.name, *(f"({mark})" for mark in marks)])
        )


def _asked_password(username: str) -> str:
    """The password as typed twice, or as the first line of what is piped in."""
    if sys.stdin.isatty():
        password = click.prompt(
            "Kata sandi", hide_input=True, confirmation_prompt="Ulangi kata sandi"
        )
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if fault := fault_of(password, username):
        raise click.ClickException(fault.in_indonesian())
    return password


def _refused(invalid: Invalid) -> click.ClickException:
    return click.ClickException(
        " ".join(fault.in_indonesian() for fault in invalid.faults.values())
    )


COMMANDS = (user,)
