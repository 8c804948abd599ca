"""The Chromium that the browser tests drive: one that is installed on the machine.

Where there is its headless shell too, that one is driven: without the windows that nobody sees, a
page opens in a fifth of the time. What only a whole browser has (its PDF viewer, all kinds of
video) is tested with the whole one.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from kanban.printing import look_for_browser
from tests.services import debian

PACKAGES = ("chromium", "chromium-browser")  # Debian's name, Ubuntu's
SHELL = "chromium-headless-shell"  # a program and Debian's package of it

# Beside what Playwright says itself: no graphics card, which a server does not have, and no asking
# the maker's hosts for updates and accounts.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP *.google.com ~NOTFOUND, MAP *.googleapis.com ~NOTFOUND",
)

HOW_TO_GET_ONE = """\
The browser tests need Chromium, Google Chrome or Microsoft Edge, and none was found.
    Debian:   sudo apt install chromium
    Ubuntu:   sudo snap install chromium
    Fedora:   sudo dnf install chromium
    Windows:  Microsoft Edge is part of it; repair it, or install Google Chrome
If it is somewhere unusual, name it: KANBAN_CHROMIUM=/path/to/the/program"""


def executable() -> Path | None:
    """An installed browser of the Chromium family, or None.

    ``KANBAN_CHROMIUM`` comes first. Raises FileNotFoundError where it names no file.
    """
    named = os.environ.get("KANBAN_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"KANBAN_CHROMIUM names no file: {named}")
        return Path(named)
    return look_for_browser()


def require() -> Path:
    """An installed browser; installs Debian's where there is none and this process may.

    Exits with a message that says what to install where that does not help.
    """
    try:
        found = executable() or (any(map(debian.install, PACKAGES)) and executable())
    except FileNotFoundError as error:
        sys.exit(str(error))
    return found or sys.exit(HOW_TO_GET_ONE)


def prepare() -> None:
    """Have a browser on this machine, and its headless shell where Debian offers one.

    Exits with a message that says what to install where there is no browser to be had.
    """
    require()
    if not os.environ.get("KANBAN_CHROMIUM") and not _shell() and debian.offers(SHELL):
        debian.install(SHELL)


def launch_options() -> dict[str, Any]:
    """What Playwright's ``chromium.launch`` is told: the quickest installed browser, headless and quiet.

    Playwright itself leaves Chromium's sandbox off, which root, and so a build machine, needs.
    """
    program = None if os.environ.get("KANBAN_CHROMIUM") else _shell()
    return {**whole_launch_options(), "executable_path": program or require()}


def whole_launch_options() -> dict[str, Any]:
    """The same for a browser with all that people's browsers have."""
    return {"executable_path": require(), "headless": True, "args": list(QUIET)}


def _shell() -> Path | None:
    found = shutil.which(SHELL)
    return Path(found) if found else None
