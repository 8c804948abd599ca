"""Files on their way in: each is staged, recognised by its bytes, and refused by name where it is unfit."""

import unicodedata

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from kanban.config import Settings
from kanban.domain.words import N_, Sentence
from kanban.media.kinds import media_type_of
from kanban.operations.add_material import NewFile
from kanban.operations.errors import Invalid
from kanban.queries.calendar import uploads_most
from kanban.storage import MEGABYTE, FileStore

MOST_FILES = 20
NAME_MOST = 255
_FORBIDDEN = '/\\<>:"|?*'
"""What one of the systems on which a file is kept later does not take in a name."""


def upload_limit() -> int:
    """Bytes that one sending of files may come to."""
    return uploads_most() * MEGABYTE


def file_store() -> FileStore:
    """The instance's files."""
    settings: Settings = current_app.config["SETTINGS"]
    return FileStore(settings.files, settings.disk_reserve)


def stage_uploads(uploads: list[FileStorage], staged: list[NewFile]) -> None:
    """Stage every upload into ``staged``; whoever calls drops those, whatever becomes of them.

    Raises Invalid with the field ``files`` at the first that cannot be taken, and NoRoom where the disk
    has too little left for all of them.
    """
    if len(uploads) > MOST_FILES:
        raise _fault(N_("Paling banyak %(most)d berkas sekaligus."), most=MOST_FILES)
    file_store().require_room(request.content_length or 0)
    for upload in uploads:
        staged.append(_staged(upload))  # noqa: PERF401 - after a fault the earlier ones are dropped


def _staged(upload: FileStorage) -> NewFile:
    name = _name_of(upload)
    try:
        staged = file_store().stage(upload.stream, upload_limit())
    except ValueError as fault:
        text = (
            N_("Berkas %(name)s kosong.")
            if fault.args == ("empty",)
            else N_("Berkas %(name)s melebihi batas %(most)d MB.")
        )
        raise _fault(text, name=name, most=upload_limit() // MEGABYTE) from None
    try:
        return NewFile(staged, name, media_type_of(staged.path, name))
    except ValueError as fault:
        staged.drop()
        text, values = fault.args
        raise _fault(text, **values) from None
    except BaseException:
        staged.drop()
        raise


def _name_of(upload: FileStorage) -> str:
    """The name under which a file is given. Raises Invalid where no system could keep it under that."""
    name = unicodedata.normalize("NFC", upload.filename or "")
    name = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in name)
    if len(name) > NAME_MOST:
        raise _fault(
            N_("Nama berkas %(name)s… terlalu panjang; paling banyak %(most)d karakter."),
            name=_shown(name[:40]),
            most=NAME_MOST,
        )
    if name.strip(". ") == "" or not name.isprintable() or any(sign in name for sign in _FORBIDDEN):
        raise _fault(
            N_("Nama berkas “%(name)s” memuat karakter yang tidak diperbolehkan."),
            name=_shown(name),
        )
    return name


def _shown(name: str) -> str:
    """A name with everything that is not seen, or turns the reading round, marked."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)


def _fault(text: str, **values: object) -> Invalid:
    return Invalid({"files": Sentence.of(text, **values)})
