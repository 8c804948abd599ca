"""The Chromium that the browser tests drive: one that is installed on the machine."""

import os
import sys
from pathlib import Path
from typing import Any

from kanban.printing import look_for_browser
from tests.services import debian

PACKAGES = ("chromium", "chromium-browser")  # Debian's name, Ubuntu's

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


def launch_options() -> dict[str, Any]:
    """What Playwright's ``chromium.launch`` is told: the installed browser, headless and quiet.

    Playwright itself leaves Chromium's sandbox off, which root, and so a build machine, needs.
    """
    return {"executable_path": require(), "headless": True, "args": list(QUIET)}
