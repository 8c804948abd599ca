"""``bench``: how fast it is on this machine, as figures that can be compared between machines."""

import click

from kanban.bench.figures import Figure, measure
from kanban.commands.serve import THREADS, settle


@click.command()
def bench() -> None:
    """Ukur kecepatan program di komputer ini."""
    from kanban import create_app  # noqa: PLC0415 - it registers this command

    settle()  # as the server that is measured does
    hello: float | None = None
    click.echo(f"{'':44}{'median':>10}{'95 %':>10}{'× hello':>10}")
    for figure in measure(create_app, THREADS):
        hello = hello or figure.median
        click.echo(_line(figure, hello))


def _line(figure: Figure, hello: float | None) -> str:
    if figure.median is None or figure.percentile is None or hello is None:
        return f"{figure.name:44}{figure.value:>10}"
    return (
        f"{figure.name:44}{figure.median:>7.2f} ms{figure.percentile:>7.2f} ms"
        f"{figure.median / hello:>10.1f}"
    )


COMMANDS = (bench,)
