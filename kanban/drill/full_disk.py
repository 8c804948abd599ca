"""The disk runs full under an office at work."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kanban.drill.desk import DONE, Desk
from kanban.drill.finding import Finding, NotHere
from kanban.drill.office import CreateApp, found
from kanban.drill.server import Victim

SIZE = "24m"
FULL = 507
MOST = 400
"""Cards that may still find room in what the database had already taken of the disk."""


def drill_full_disk(create_app: CreateApp, folder: Path) -> Finding:
    """What is refused is told and not written, reading goes on, and so does everything once there is room."""
    finding = Finding()
    with small_disk(folder / "disk") as instance:
        found(create_app, instance, cards=3)
        victim = Victim(instance)
        try:
            victim.start()
            desk = Desk.at(victim.port)
            finding.expect(desk.start_card()[0] == DONE, "sebelum penuh, kartu dapat dimulai")
            fill(instance / "filler")
            _work_until_full(desk)
            desk.expect_only_reading(finding, FULL, "penuh")
            (instance / "filler").unlink()
            finding.expect(desk.start_card()[0] == DONE, "sesudah ada ruang, kerja berlanjut")
        finally:
            victim.kill()
        desk.look(instance, finding)
    return finding


def _work_until_full(desk: Desk) -> None:
    for _turn in range(MOST):
        if desk.start_card()[0] != DONE:
            return


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A small disk at ``folder`` for a while. Raises NotHere where this process may not have one."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        raise NotHere("perlu hak root di Linux untuk memasang disk kecil")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(path: Path) -> None:
    """Let a file take all the room that the disk has."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (1 << 20, 1 << 12, 1):
            _write_until_full(handle, bytes(size))
    finally:
        os.close(handle)


def _write_until_full(handle: int, piece: bytes) -> None:
    try:
        while True:
            os.write(handle, piece)
    except OSError:
        return
