"""``bench``: how fast it is on this machine, as figures that can be compared between machines."""

import sys
from collections.abc import Iterable

import click

from kanban.bench.figures import measure
from kanban.bench.full_office import full_office
from kanban.bench.table import HEAD, Figure, line
from kanban.commands.serve import settle


@click.group(invoke_without_command=True)
@click.pass_context
def bench(context: click.Context) -> None:
    """Ukur kecepatan program di komputer ini."""
    from kanban import create_app  # noqa: PLC0415 - it registers this command

    settle()
    if context.invoked_subcommand is None:
        click.echo(HEAD)
        sys.exit(_printed(measure(create_app)))


@bench.command()
@click.option("--minutes", type=click.IntRange(1), default=10, help="Lamanya; bawaan 10.")
def crowd(minutes: int) -> None:
    """Seratus layar dan sepuluh pemindahan setiap detik."""
    from kanban import create_app  # noqa: PLC0415 - it registers this command

    sys.exit(_printed(full_office(create_app, minutes, click.echo)))


def _printed(figures: Iterable[Figure]) -> int:
    """Print each line as it comes; gives the exit code, 1 where a mark was missed."""
    hello, is_missed = None, False
    for figure in figures:
        hello = hello or figure.median or 1.0
        click.echo(line(figure, hello))
        is_missed = is_missed or bool(figure.missed(hello))
    return int(is_missed)


COMMANDS = (bench,)
