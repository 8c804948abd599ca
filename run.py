#!/usr/bin/env python3
"""Papan SOP

python3 run.py [--host H | --lan] [--port P]   jalankan aplikasi / serve the application
python3 run.py demo                            kantor contoh penuh kartu / an office full of cards
python3 run.py service install                 menyala bersama komputer / start with the computer
python3 run.py test [pytest ...]               jalankan semua pengujian / pass all the tests
python3 run.py backup|restore|check            cadangan / backups
python3 run.py user|sop|clock|...              perintah lain aplikasi / its other commands

Yang belum ada disiapkan lebih dahulu di folder .venv: sekali saja, dengan internet. Sesudah itu
internet tidak diperlukan.
What is missing is set up first, in the folder .venv: once, with internet access. After that none
is needed.
"""

# Down to the version check this file must be readable to Python 3.6, which is what an old office
# machine may have: no syntax that is newer.
import sys

OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(
        "Papan SOP memerlukan Python %d.%d atau yang lebih baru; ini Python %d.%d.\n"
        "Papan SOP needs Python %d.%d or newer; this is Python %d.%d."
        % (OLDEST + sys.version_info[:2] + OLDEST + sys.version_info[:2])
    )

import hashlib
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from typing import NoReturn

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WHEELS = VENV / "wheels"  # what is downloaded and not installed yet
RECORD = VENV / "installed.sha256"  # the digest of each lock that is installed
UNFINISHED = "unfinished"  # what the record says while packages are being installed

# Each lock holds everything that those before it hold.
LOCKS = ("requirements.txt", "requirements-postgresql.txt", "requirements-test.txt")
SERVE, POSTGRESQL, TEST = LOCKS


def main(words: list[str]) -> int:
    """Set up what is missing, then hand over to the command that the words name."""
    if words[:1] in (["-h"], ["--help"], ["help"]):
        print(__doc__)
        return 0
    if not words or words[0].startswith("-"):
        words = ["serve", *words]
    lock = lock_for(words[0])
    try:
        if not is_installed(lock):
            set_up(lock)
    except KeyboardInterrupt:
        say(
            "Dihentikan. Ulangi perintah yang sama untuk melanjutkan.",
            "Stopped. Give the same command to go on.",
        )
        return 130
    if words[0] == "test":
        os.chdir(HERE)
        return hand_over("-m", "tests", *words[1:])
    os.environ["PYTHONPATH"] = str(HERE)
    return hand_over("-P", "-m", "kanban", *words)


def lock_for(word: str) -> str:
    """The lock file that a command needs."""
    if word == "test":
        return TEST
    if word == "carry" or os.environ.get("KANBAN_DATABASE_URL", "").startswith("postgres"):
        return POSTGRESQL
    return SERVE


def is_installed(lock: str) -> bool:
    """Whether the environment holds exactly this lock. Reads two small files and starts nothing."""
    return interpreter_exists() and digest_line(lock) in recorded()


def interpreter_exists() -> bool:
    """Whether the environment's Python, and the one it was made from, are still there."""
    try:
        settings = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return False
    lines = (line.partition("=") for line in settings.splitlines())
    origin = [path.strip() for name, _, path in lines if name.strip() == "executable"]
    return PYTHON.exists() and all(map(os.path.exists, origin))


def digest_line(lock: str) -> str:
    """What the record says where this lock, as it stands, is installed."""
    return f"{hashlib.sha256((HERE / lock).read_bytes()).hexdigest()}  {lock}"


def recorded() -> list[str]:
    """The record's lines; none where nothing was installed yet."""
    try:
        return RECORD.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def set_up(lock: str) -> None:
    """Install the lock's packages into ``.venv``, which is made, or made anew where it is damaged.

    An interruption does no harm: a download leaves the environment as it was and goes on later; an
    installation that was cut off is recognised by the record, and the environment is made anew.
    Exits with a message where a step fails.
    """
    if not is_sound():
        make_environment()
    say(
        "Mengunduh dan memasang paket (sekali saja, beberapa menit) ...",
        "Downloading and installing packages (once, a few minutes) ...",
    )
    if not pip("download", "--dest", WHEELS, "--requirement", HERE / lock):
        give_up(
            "Paket tidak dapat diunduh; keterangannya di atas. Untuk ini diperlukan internet,\n"
            "sekali saja: sambungkan komputer ini, lalu ulangi perintah yang sama.",
            "The packages could not be downloaded; the reason is above. This needs internet\n"
            "access, once: connect this computer and give the same command again.",
        )
    RECORD.write_text(UNFINISHED, encoding="utf-8")
    if not pip("install", "--no-index", "--find-links", WHEELS, "--requirement", HERE / lock):
        give_up(
            "Paket tidak dapat dipasang; keterangannya di atas (mungkin ruang penyimpanan penuh).",
            "The packages could not be installed; the reason is above (perhaps the disk is full).",
        )
    held = LOCKS[: LOCKS.index(lock) + 1]
    RECORD.write_text("\n".join(map(digest_line, held)), encoding="utf-8")
    rmtree(WHEELS)


def is_sound() -> bool:
    """Whether there is an environment that packages can be installed into."""
    if not interpreter_exists() or recorded() == [UNFINISHED]:
        return False
    answer = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    return answer.returncode == 0


def make_environment() -> None:
    """Make ``.venv`` anew. Exits with a message where this Python cannot."""
    if find_spec("ensurepip") is None:  # Debian and Ubuntu keep it in a package of its own
        package = "python%d.%d-venv" % sys.version_info[:2]
        give_up(
            "Python di komputer ini belum dapat membuat lingkungan virtual. Pasang dahulu:\n"
            f"    sudo apt install {package}\n"
            "lalu ulangi perintah yang sama.",
            "This computer's Python cannot make virtual environments yet. Install first:\n"
            f"    sudo apt install {package}\n"
            "then give the same command again.",
        )
    say("Menyiapkan Python di folder .venv ...", "Setting up Python in the folder .venv ...")
    # An environment must not be cleared by its own Python.
    base = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run(
        [base, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if made.returncode:
        sys.stderr.buffer.write(made.stdout)
        give_up(
            f"Folder {VENV} tidak dapat dibuat; keterangannya di atas.",
            f"The folder {VENV} could not be made; the reason is above.",
        )


def pip(command: str, *arguments: str | Path) -> bool:
    """Run a pip command on hashed wheels only, so that nothing unknown is run or compiled."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    hashed = ("--require-hashes", "--only-binary=:all:")
    line = [PYTHON, "-m", "pip", command, *quiet, *hashed, *arguments]
    return subprocess.run(line, check=False).returncode == 0


def hand_over(*arguments: str) -> int:
    """Become the environment's Python with these arguments; on Windows run it and wait."""
    if os.name == "posix":  # signals then reach the server itself
        sys.stdout.flush()
        os.execv(PYTHON, [str(PYTHON), *arguments])
    process = subprocess.Popen([PYTHON, *arguments])
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the console gave it to the command as well, which is leaving
            continue


def say(indonesian: str, english: str) -> None:
    """Tell the person at the terminal, in both languages."""
    print(f"{indonesian}\n{english}\n", file=sys.stderr, flush=True)


def give_up(indonesian: str, english: str) -> NoReturn:
    """Tell the person why this cannot go on, and end."""
    say(indonesian, english)
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
