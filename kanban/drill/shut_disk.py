"""The disk takes nothing more, though there is room: a fault of the disk, and a database that may only be read."""

import os
import shutil
import stat
import sys
from pathlib import Path

from kanban.drill.desk import DONE, Desk
from kanban.drill.finding import Finding, NotHere
from kanban.drill.office import DATABASE, CreateApp, found
from kanban.drill.server import Victim

UNABLE = 503
WHY = "tidak dapat ditulis"
AS_OTHERS = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
"""Lets root be refused what the mode of a file refuses to everybody else."""


def drill_shut_disk(create_app: CreateApp, folder: Path) -> Finding:
    """The system refuses whatever the running server writes to any file, as a disk does that failed.

    What is refused is told and not written, reading goes on, and so does everything once it may write. Raises
    NotHere where the system has no such limit.
    """
    if sys.platform != "linux":
        raise NotHere("batas tulis semacam ini hanya ada di Linux")
    import resource  # noqa: PLC0415 - not on Windows

    finding = Finding()
    found(create_app, folder, cards=3)
    victim = Victim(folder)
    try:
        victim.start()
        desk = Desk.at(victim.port)
        finding.expect(desk.start_card()[0] == DONE, "sebelumnya, kartu dapat dimulai")
        pid = victim.pid or 0
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
        desk.expect_only_reading(finding, UNABLE, WHY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        finding.expect(desk.start_card()[0] == DONE, "sesudah disk pulih, kerja berlanjut")
    finally:
        victim.kill()
    desk.look(folder, finding)
    return finding


def drill_only_read(create_app: CreateApp, folder: Path) -> Finding:
    """The server is started on a database file that it may only read, and then on one that it may write again.

    Raises NotHere where this account may write everything.
    """
    is_root = os.name == "posix" and os.geteuid() == 0
    if is_root and shutil.which(AS_OTHERS[0]) is None:
        raise NotHere(f"akun root menulis apa saja, dan tidak ada {AS_OTHERS[0]}")
    finding = Finding()
    found(create_app, folder, cards=3)
    database = folder / DATABASE
    victim = Victim(folder, through=AS_OTHERS if is_root else ())
    try:
        victim.start()
        desk = Desk.at(victim.port)
        victim.kill()
        mode = stat.S_IMODE(database.stat().st_mode)
        database.chmod(stat.S_IREAD)
        victim.start()
        desk.expect_only_reading(finding, UNABLE, WHY)
        victim.kill()
        database.chmod(mode)
        victim.start()
        finding.expect(desk.start_card()[0] == DONE, "sesudah boleh ditulisi, kerja berlanjut")
    finally:
        victim.kill()
    desk.look(folder, finding)
    return finding
