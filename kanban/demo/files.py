"""The demo's files: stand-in photos and clips, and papers that are drawn when they are needed."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kanban.operations.add_material import NewFile
from kanban.storage import FileStore

PICTURES = Path(__file__).with_name("pictures")
MEDIA_TYPES = {".jpg": "image/jpeg", ".webm": "video/webm", ".pdf": "application/pdf"}
MOST = 1024 * 1024

A4, DPI, MARGIN = (992, 1403), 120, 150
NOTE = "Naskah contoh untuk peragaan Papan SOP"


def new_file(name: str, source: str, store: FileStore) -> NewFile:
    """A file called ``name``, staged as an upload is: the picture ``source``, or its words as a paper."""
    content = paper(source) if "\n" in source else (PICTURES / source).read_bytes()
    return NewFile(store.stage(io.BytesIO(content), MOST), name, MEDIA_TYPES[Path(name).suffix])


def paper(words: str) -> bytes:
    """``words`` in the middle of an A4 page, as PDF, with a note that it is a sample."""
    page = Image.new("L", A4, "white")
    pen, middle = ImageDraw.Draw(page), A4[0] / 2
    pen.multiline_text(
        (middle, MARGIN),
        words,
        fill="black",
        font=ImageFont.load_default(25),
        anchor="ma",
        align="center",
        spacing=14,
    )
    pen.text(
        (middle, A4[1] - MARGIN), NOTE, fill="gray", font=ImageFont.load_default(18), anchor="md"
    )
    file = io.BytesIO()
    page.save(file, "PDF", resolution=DPI)
    return file.getvalue()
