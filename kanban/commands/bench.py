"""``bench``: how fast it is on this machine, as figures that can be compared between machines."""

import click

from kanban.bench.figures import measure
from kanban.bench.table import Figure
from kanban.commands.serve import THREADS, settle


@click.command()
def bench() -> None:
    """Ukur kecepatan program di komputer ini."""
    from kanban import create_app  # noqa: PLC0415 - it registers this command

    settle()  # as the server that is measured does
    hello: float | None = None
    click.echo(f"{'':44}{'median':>10}{'95 %':>10}{'× hello':>9}{'/s':>8}{'kB':>8}{'MB':>6}")
    for figure in measure(create_app, THREADS):
        hello = hello or figure.median
        click.echo(_line(figure, hello))


def _line(figure: Figure, hello: float | None) -> str:
    if figure.median is None or figure.percentile is None or hello is None:
        return f"{figure.name:44}{figure.value:>10}"
    weight = f"{figure.octets / 1000:.1f}" if figure.octets else ""
    memory = f"{figure.memory / 1e6:.0f}" if figure.memory else ""
    return (
        f"{figure.name:44}{figure.median:>7.2f} ms{figure.percentile:>7.2f} ms"
        f"{figure.median / hello:>9.1f}{figure.rate:>8.0f}{weight:>8}{memory:>6}"
    )


COMMANDS = (bench,)
