"""Two programs on one instance: a second server is refused, other commands may run beside the first."""

import subprocess
import sys
from pathlib import Path

from kanban.drill.desk import DONE, Desk
from kanban.drill.finding import Finding
from kanban.drill.office import CreateApp, found
from kanban.drill.server import RESTART_MOST, Victim, environment_for


def drill_two_servers(create_app: CreateApp, folder: Path) -> Finding:
    """The second server ends with the reason, and what the first has acknowledged stays."""
    finding = Finding()
    found(create_app, folder, cards=3)
    first, second = Victim(folder), Victim(folder)
    try:
        first.start()
        desk = Desk.at(first.port)
        said = _end_of(folder, "serve", "--port", str(second.port))
        finding.expect(said.returncode == 1, f"server kedua berakhir dengan {said.returncode}")
        finding.expect("sudah berjalan" in said.stderr, "server kedua mengatakan sebabnya")
        finding.expect(desk.start_card()[0] == DONE, "server pertama tetap bekerja")
        for words in (["backup"], ["check"]):
            said = _end_of(folder, *words)
            finding.expect(said.returncode == 0, f"{words[0]} di sampingnya: {said.returncode}")
        first.kill()
        anew = second.start()
        finding.expect(
            anew <= RESTART_MOST,
            f"sesudah yang pertama mati mendadak, server baru dalam {anew:.1f} s",
        )
    finally:
        first.kill()
        second.kill()
    desk.look(folder, finding)
    return finding


def _end_of(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "kanban", *words],
        env=environment_for(instance),
        capture_output=True,
        text=True,
        check=False,
    )
