"""What is made of a stored file so that it can be looked at. Each is made once and lies beside the file."""

from functools import partial
from pathlib import Path

from kanban.media.papers import write_first_page
from kanban.media.pictures import FORMATS, PREVIEW, THUMBNAIL, write_clean, write_small
from kanban.storage import FileStore

PDF = "application/pdf"


def clean(store: FileStore, digest: str, media_type: str) -> Path:
    """A picture upright and without what tells where it was taken; any other file as it was given."""
    original = store.path(digest)
    if media_type not in FORMATS:
        return original
    made = store.beside(digest, "clean", partial(write_clean, original, media_type))
    return made if made.stat().st_size else original


def preview(store: FileStore, digest: str, media_type: str) -> Path | None:
    """A picture, or a PDF's first page, as large as a screen (WebP); None where there is none to make."""
    if media_type == PDF:
        page = store.beside(digest, "preview.webp", partial(write_first_page, store.path(digest)))
        return page if page.stat().st_size else None
    if media_type not in FORMATS:
        return None
    return store.beside(digest, "preview.webp", partial(write_small, store.path(digest), PREVIEW))


def thumbnail(store: FileStore, digest: str, media_type: str) -> Path | None:
    """The same, small."""
    source = preview(store, digest, media_type) if media_type == PDF else store.path(digest)
    if source is None or media_type not in {PDF, *FORMATS}:
        return None
    return store.beside(digest, "thumbnail.webp", partial(write_small, source, THUMBNAIL))
