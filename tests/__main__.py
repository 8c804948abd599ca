"""Pass everything: the checks of the source, the tests on SQLite beside them, then again on PostgreSQL.

``python run.py test`` runs this; what stands after ``test`` goes to pytest, and the source is then
left unchecked, because somebody is looking at some tests.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.services import browser, nginx, only_database, postgres

CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check", "--quiet"),
    ("mypy",),
    ("djlint", "--lint", "--quiet", "templates"),
)
TESTS_FAILED, NOTHING_COLLECTED = 1, 5
LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")
IN_BROWSER = "tests/browser/"
FEW = 3
"""So many may fail in the browser by a busy machine's doing; more is a fault."""


def main(options: list[str]) -> int:
    """Run all of it, whatever fails on the way; 0 where everything passed."""
    browser.prepare()
    left_out = [] if nginx.prepare() else [f"behind a proxy ({nginx.HOW_TO_GET_ONE})"]
    with ThreadPoolExecutor(max_workers=1) as beside:
        checks = beside.submit(check_source) if not options else None
        failed = ["the tests on SQLite"] if run_on_sqlite(options) else []
    if checks:
        failed += checks.result()
    try:
        if run_on_postgresql(options) not in (0, NOTHING_COLLECTED):
            failed.append("the tests on PostgreSQL")
    except postgres.NoServer as reason:
        left_out.append(f"on PostgreSQL ({reason})")
    for missing in left_out:
        print(f"\nNOT run: {missing}")
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nPassed.", flush=True)
    return 1 if failed else 0


def run_on_sqlite(options: list[str]) -> int:
    """Pytest's exit code. A browser has clocks of its own, and now and then one of hundreds of its tests is late
    on a machine that others use: where only very few of these failed, they are run once more, alone and
    told by name. What fails twice is a fault."""
    if options:
        return run("pytest", *options)
    code = run("pytest", "--cache-clear")  # so that what is noted as failed, failed now
    if code != TESTS_FAILED:
        return code
    failed = sorted(json.loads(LAST_FAILED.read_text(encoding="utf-8")))
    if len(failed) > FEW or not all(name.startswith(IN_BROWSER) for name in failed):
        return code
    print("\nOnce more, alone:", *failed, sep="\n  ", flush=True)
    return run("pytest", "--numprocesses=0", *failed)


def check_source() -> list[str]:
    """Which of the source's checks failed. What each says is printed in one piece when it is done."""
    failed = []
    for check in CHECKS:
        line = [sys.executable, "-m", *check]
        done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        said = done.stdout.decode(errors="replace")
        print(f"\n$ {' '.join(check)}\n{said}", flush=True)
        if done.returncode:
            failed.append(" ".join(check))
    return failed


def run_on_postgresql(options: list[str]) -> int:
    """Pytest's exit code for the tests that use a database. Raises NoServer."""
    with postgres.server(postgres.require()) as url:
        return run("pytest", "-p", only_database.__name__, *options, KANBAN_TEST_DATABASE=url)


def run(module: str, *arguments: str, **environment: str) -> int:
    """Run a module of this environment's Python, with these variables besides; its exit code."""
    print(f"\n$ {' '.join((module, *arguments))}", flush=True)
    line = [sys.executable, "-m", module, *arguments]
    return subprocess.run(line, env=os.environ | environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
