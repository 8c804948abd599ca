"""The files of the past: each picture and paper once, whichever card shows it."""

from kanban.demo.files import new_file
from kanban.demo.past.words import words
from kanban.operations.material_versions import keep_files
from kanban.storage import FileStore


def shelve(store: FileStore) -> dict[str, str]:
    """Keep every file that the words name, within the caller's transaction; its digest by its source."""
    sources = {
        source: name
        for board in words().boards.values()
        for said in board.materials.values()
        if isinstance(said, dict)
        for name, source in said.items()
    }
    files = {source: new_file(name, source, store) for source, name in sources.items()}
    keep_files(tuple(files.values()), store)
    return {source: file.staged.digest for source, file in files.items()}
