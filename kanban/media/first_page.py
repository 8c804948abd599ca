"""The program that draws a PDF's first page: ``first_page.py FROM TO``. It knows nothing of Papan SOP."""

import os
import sys

BOX = (1600, 1200)
"""How large the picture is at most, in points; a page that stands takes both ways round."""
MOST_MEMORY = 1024**3
MOST_SECONDS = 15
MOST_WRITTEN = 32 * 1024**2


def main(path: str, target: str) -> None:
    """Draw the first page of the PDF at ``path`` to ``target`` as WebP."""
    _limit()
    import pypdfium2  # noqa: PLC0415 - within the limits

    paper = pypdfium2.PdfDocument(path)
    page = paper[0]
    width, height = page.get_size()
    longer, shorter = max(width, height), min(width, height)
    scale = min(max(BOX) / longer, min(BOX) / shorter)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    picture.save(target, "WEBP", quality=82, method=3)


def _limit() -> None:
    """Bind this process to what a page may cost. Windows has no such limits; there time is the bound."""
    if os.name == "nt":
        return
    import resource  # noqa: PLC0415 - not on Windows

    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(*sys.argv[1:])
