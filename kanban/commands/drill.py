"""``drill``: a real server killed at random moments; afterwards nothing that it acknowledged may be missing."""

import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import click

from kanban.commands.demo import leave_tidily
from kanban.drill.rounds import RESTART_MOST, Round, drill

SORTS = {
    "move": "pindah",
    "undo": "urung",
    "tick": "centang",
    "upload": "unggah",
    "words": "teks",
    "start": "kartu",
}
LINES = 10


@click.command("drill")
@click.option("--kills", type=click.IntRange(1), default=300, help="Berapa kali; bawaan 300.")
@click.option("--people", type=click.IntRange(1, 30), default=6, help="Berapa orang; bawaan 6.")
@click.option("--seed", type=int, help="Angka awal, untuk mengulang saat-saat yang sama.")
def drill_command(kills: int, people: int, seed: int | None) -> None:
    """Matikan server mendadak berkali-kali selagi orang bekerja, lalu periksa yang tersimpan."""
    from kanban import create_app  # noqa: PLC0415 - it registers this command

    leave_tidily()  # the server would go on without its drill
    chance = Random(seed)  # noqa: S311 - no secret
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory(
        prefix="papan-sop-drill-", ignore_cleanup_errors=True
    ) as folder:
        _line("mati", *SORTS.values(), "terputus", "hilang/rusak", "mulai lagi")
        for result in drill(create_app, Path(folder), kills, people, chance):
            rounds.append(result)
            for fault in result.faults:
                click.echo(f"  ! {fault}")
            if len(rounds) <= kills and len(rounds) % max(1, kills // LINES) == 0:
                _tell(rounds)
    _sum_up(rounds, kills)
    sys.exit(1 if any(result.faults or result.slow for result in rounds) else 0)


def _tell(rounds: list[Round]) -> None:
    done: Counter[str] = Counter()
    for result in rounds:
        done.update(result.acknowledged)
    restarts = [result.restart for result in rounds]
    _line(
        str(len(rounds)),
        *(str(done[sort]) for sort in SORTS),
        str(sum(result.cut_off for result in rounds)),
        str(sum(len(result.faults) for result in rounds)),
        f"{statistics.median(restarts):.2f} s",
    )


def _sum_up(rounds: list[Round], kills: int) -> None:
    restarts = sorted(result.restart for result in rounds)
    acknowledged = sum(result.acknowledged.total() for result in rounds)
    refused = sum(
        number for result in rounds for status, number in result.answers.items() if status >= 400
    )
    faults = sum(len(result.faults) for result in rounds)
    click.echo(
        f"\n{kills} kali mati mendadak, {acknowledged} perubahan yang sudah dijawab, "
        f"{refused} ditolak, {rounds[-1].backups} cadangan utuh."
    )
    click.echo(
        f"Mulai lagi: median {statistics.median(restarts):.2f} s, "
        f"95 % {restarts[int(0.95 * (len(restarts) - 1))]:.2f} s, paling lama {restarts[-1]:.2f} s "
        f"(batas {RESTART_MOST:.0f} s)."
    )
    click.echo(
        "Tidak ada yang hilang atau rusak." if not faults else f"{faults} masalah; lihat di atas."
    )


def _line(first: str, *cells: str) -> None:
    click.echo(f"{first:>5}" + "".join(f"{cell:>13}" for cell in cells))


COMMANDS = (drill_command,)
