"""``drill``: faults brought upon a real server at work; afterwards nothing that it acknowledged may be missing."""

import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import click

from kanban.commands.demo import leave_tidily
from kanban.drill.finding import Finding, NotHere
from kanban.drill.full_disk import drill_full_disk
from kanban.drill.jumping_clock import drill_jumping_clock
from kanban.drill.office import CreateApp
from kanban.drill.rounds import Round, drill
from kanban.drill.server import RESTART_MOST
from kanban.drill.shut_disk import drill_only_read, drill_shut_disk
from kanban.drill.two_servers import drill_two_servers

SORTS = {
    "move": "pindah",
    "undo": "urung",
    "tick": "centang",
    "upload": "unggah",
    "words": "teks",
    "start": "kartu",
}
OTHERS: dict[str, Callable[[CreateApp, Path], Finding]] = {
    "Disk penuh": drill_full_disk,
    "Disk yang menolak tulisan": drill_shut_disk,
    "Basis data yang hanya boleh dibaca": drill_only_read,
    "Dua program pada satu folder data": drill_two_servers,
    "Jam komputer yang melompat": drill_jumping_clock,
}


@click.command("drill")
@click.option("--kills", type=click.IntRange(0), default=300, help="Berapa kali; bawaan 300.")
@click.option("--people", type=click.IntRange(1, 30), default=6, help="Berapa orang; bawaan 6.")
@click.option("--seed", type=int, help="Angka awal, untuk mengulang saat-saat yang sama.")
def drill_command(kills: int, people: int, seed: int | None) -> None:
    """Timpakan gangguan pada server selagi orang bekerja, lalu periksa yang tersimpan."""
    from kanban import create_app  # noqa: PLC0415 - it registers this command

    leave_tidily()  # the server would go on without its drill
    others = [_held(create_app, name, hold) for name, hold in OTHERS.items()]
    killed = not kills or _kill(create_app, kills, people, Random(seed))  # noqa: S311 - no secret
    sys.exit(0 if killed and all(others) else 1)


def _held(create_app: CreateApp, name: str, hold: Callable[[CreateApp, Path], Finding]) -> bool:
    """Hold one of the drills without a kill and say what came of it; whether all was as it should be."""
    click.echo(f"{name}")
    try:
        with _folder() as folder:
            finding = hold(create_app, folder)
    except NotHere as reason:
        click.echo(f"  - dilewati: {reason}")
        return True
    for words in finding.seen:
        click.echo(f"  - {words}")
    for words in finding.faults:
        click.echo(f"  ! {words}")
    return not finding.faults


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(
        prefix="papan-sop-drill-", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def _kill(create_app: CreateApp, kills: int, people: int, chance: Random) -> bool:
    """Kill the server again and again, a line each time; whether nothing was lost and no restart was slow."""
    click.echo(f"{kills} kali mati mendadak, {people} orang bekerja")
    rounds: list[Round] = []
    with _folder() as folder:
        _line("mati", *SORTS.values(), "terputus", "hilang/rusak", "mulai lagi")
        try:
            for result in drill(create_app, folder, kills, people, chance):
                rounds.append(result)
                _tell(rounds)
        finally:  # also where somebody has seen enough
            if rounds:
                _sum_up(rounds)
    return len(rounds) == kills + 1 and not any(one.faults or one.slow for one in rounds)


def _tell(rounds: list[Round]) -> None:
    """What was done up to now, and the newest restart."""
    done: Counter[str] = Counter()
    for result in rounds:
        done.update(result.acknowledged)
    _line(
        str(len(rounds)),
        *(str(done[sort]) for sort in SORTS),
        str(sum(result.cut_off for result in rounds)),
        str(sum(len(result.faults) for result in rounds)),
        f"{rounds[-1].restart:.2f} s",
    )
    for fault in rounds[-1].faults:
        click.echo(f"  ! {fault}")


def _sum_up(rounds: list[Round]) -> None:
    restarts = sorted(result.restart for result in rounds)
    done: Counter[str] = Counter()
    refused: Counter[int] = Counter()
    for result in rounds:
        done += result.acknowledged
        refused += Counter({code: n for code, n in result.answers.items() if code >= 400})
    faults = sum(len(result.faults) for result in rounds)
    kept = f"; {rounds[-1].backups} cadangan utuh" if rounds[-1].backups else ""
    each = ", ".join(f"{done[sort]} {name}" for sort, name in SORTS.items())
    click.echo(
        f"\nServer {len(rounds) - 1} kali mati mendadak; {done.total()} perubahan sudah dijawab "
        f"({each}); {sum(result.cut_off for result in rounds)} permintaan terputus di tengah; "
        f"{refused.total()} ditolak{kept}."
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
