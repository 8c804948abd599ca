"""Pages as files: styles that a page carries itself, and PDF where a browser that prints is installed."""

import io
import tempfile
from functools import cache
from pathlib import Path

from flask import current_app, send_file
from werkzeug.wrappers import Response

from kanban.config import ROOT, Settings
from kanban.printing import FOLDER, NotPrinted, browser, print_pdf
from kanban.web.files import PDF_VIEWER
from kanban.web.headers import NEVER_KEPT
from kanban.web.request_log import note_fault

STYLES = ROOT / "static" / "css"


@cache
def styles(*names: str) -> str:
    """The style sheets of these names, for a page that is a file of its own."""
    return "\n".join((STYLES / f"{name}.css").read_text(encoding="utf-8") for name in names)


def printable() -> bool:
    """Whether a PDF can be offered."""
    return browser() is not None


def printed_if_possible(page: str) -> bytes | None:
    """The page as PDF; None where no browser is there, or it fails."""
    if not printable():
        return None
    try:
        return _printed(page)
    except NotPrinted as fault:
        note_fault(fault)
        return None


def pdf_answer(printed: bytes, name: str) -> Response:
    """A PDF to be looked at in the browser, and kept as ``name``."""
    answer = send_file(io.BytesIO(printed), mimetype="application/pdf", download_name=name)
    answer.headers["Content-Security-Policy"] = PDF_VIEWER
    answer.headers["Cache-Control"] = NEVER_KEPT
    return answer


def printing_folder() -> Path:
    """Where what is made for one answer lies meanwhile."""
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _printed(page: str) -> bytes:
    """The page as PDF: a sheet of words and small pictures. Raises NotPrinted."""
    with tempfile.TemporaryDirectory(dir=printing_folder(), ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "page.pdf"
        print_pdf(page, target)
        return target.read_bytes()
