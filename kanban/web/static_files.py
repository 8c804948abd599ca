"""The program's own files as browsers get them: texts without their comments, compressed once, and the styles of
a board in one.

The address of a file changes with what it serves, so browsers keep it for good. Scripts import each other by
addresses that are relative to their own, so the version of all of them stands in the name of their folder.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.security import safe_join

BUNDLES = {
    "css/on-board.css": ("tokens", "base", "controls", "bar", "states", "board", "wires", "card"),
    "css/in-drawer.css": ("sheet", "materials", "reading", "viewer", "talk", "publishing"),
}
"""Styles that are served as one file: what a board begins with, and what a card opened beside it needs."""
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""The files that are texts; all others are sent as they are."""
SCRIPTS = re.compile(r"^js@([0-9a-f]{12})/")
POLICY = "default-src 'none'; frame-ancestors 'none'"
"""A file of its own runs and loads nothing; the page that asks for it has the policy that counts."""
WORKERS = {"js/switchboard.js": "default-src 'none'; script-src 'self'; connect-src 'self'"}
"""What runs by itself, for no page in particular, has a policy of its own."""
HARDEST = 9


@dataclass(frozen=True)
class Served:
    """A file as it is sent: its bytes, these compressed, and what changes with them."""

    content: bytes
    packed: bytes
    version: str


def register(app: Flask) -> None:
    """Let ``app`` serve its files so, and let their addresses change with them."""
    app.url_defaults(_add_version)
    app.view_functions["static"] = send


def send(filename: str) -> Response:
    """The file ``filename``, its scripts also as ``js@<version>/…``; 404 where there is none."""
    name = SCRIPTS.sub("js/", filename)
    served = served_file(name)
    if served is None:
        return current_app.send_static_file(name)
    answer = Response(served.content, content_type=f"{TYPES[Path(name).suffix]}; charset=utf-8")
    answer.headers["Content-Security-Policy"] = WORKERS.get(name, POLICY)
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        answer.set_data(served.packed)
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(served.version, weak=True)
    answer.make_conditional(request)
    return answer


def served_file(filename: str) -> Served | None:
    """What is sent for a text or a bundle of styles; None for every other file, and for none."""
    names = [f"css/{name}.css" for name in BUNDLES.get(filename, ())] or [filename]
    paths = tuple(path for path in map(_own, names) if path)
    if len(paths) < len(names) or paths[0].suffix not in TYPES:
        return None
    return _served(paths, tuple(path.stat().st_mtime_ns for path in paths))


def version_of(filename: str) -> str | None:
    """What changes with what is served as ``filename``; None where there is no such file."""
    if served := served_file(filename):
        return served.version
    path = _own(filename)
    return _digest(path.read_bytes()) if path else None


def _own(filename: str) -> Path | None:
    """The file of that name in the program's own folder; None where there is none, or it would lie elsewhere."""
    found = safe_join(current_app.static_folder or "", filename)
    path = Path(found) if found else None
    return path if path and path.is_file() else None


def is_kept_for_good() -> bool:
    """Whether the address that is asked for changes with what it serves: by the version of the file, of all
    scripts, or of what others made (``vendor/name@version/``)."""
    filename = (request.view_args or {}).get("filename", "")
    if named := SCRIPTS.match(filename):
        return named.group(1) == _version_of_scripts()
    if filename.startswith("vendor/") and "@" in filename:
        return True
    return "v" in request.args and request.args["v"] == version_of(filename)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Let the address of a static file change with its content."""
    if endpoint != "static" or "v" in values:
        return
    filename: str = values["filename"]
    if filename.startswith("js/"):
        values["filename"] = f"js@{_version_of_scripts()}/{filename.removeprefix('js/')}"
    elif version := version_of(filename):
        values["v"] = version


def _version_of_scripts() -> str:
    paths = sorted(Path(current_app.static_folder or "", "js").glob("*.js"))
    return _all_scripts(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=8)
def _all_scripts(paths: tuple[tuple[Path, int], ...]) -> str:
    return _digest(b"".join(path.read_bytes() for path, _changed_at in paths))


@lru_cache(maxsize=256)
def _served(paths: tuple[Path, ...], _changed_at: tuple[int, ...]) -> Served:
    content = b"\n".join(_without_comments(path) for path in paths)
    return Served(content, gzip.compress(content, HARDEST, mtime=0), _digest(content))


def _without_comments(path: Path) -> bytes:
    """The text without comments and indents, which are ours to read; what others made stays as it is."""
    text = path.read_text(encoding="utf-8")
    if "vendor" in path.parts or path.suffix == ".svg":
        return text.encode()
    if path.suffix == ".css":
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    else:  # only whole lines: what looks like a comment behind code may stand in a text
        text = re.sub(r"^[ ]*/\*\*.*?\*/$|^[ ]*//[^\n]*$", "", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
