"""An address as a QR code, for whoever would type it into a phone or a television otherwise."""

import segno
from markupsafe import Markup


def qr_svg(text: str) -> Markup:
    """``text`` as an SVG element without styles, black on white in both themes, with its quiet zone.

    It fills whatever box the class ``qr`` is given, and is hidden from screen readers: the same text stands
    beside it in words.
    """
    code = segno.make(text, micro=False)
    drawn = code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - drawn, not written
