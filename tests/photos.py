"""Pictures as telephones and cameras give them: with the place where they were taken written into them."""

import io
from typing import Any

from PIL import Image, PngImagePlugin

SECRET = "RAHASIA-LOKASI"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
LYING = 6
"""The orientation of a telephone held upright: the picture is stored lying on its right side."""


def exif(orientation: int = 1) -> Image.Exif:
    """Notes of a camera: a place, a maker, and how it was held."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = SECRET
    notes.get_ifd(0x8825).update({1: "S", 2: (7.0, 28.0, 12.5), 3: "E", 4: (110.0, 13.0, 4.0)})
    return notes


def drawing(size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Left half red, right half blue."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    return picture


def photo(
    form: str = "JPEG",
    orientation: int = 1,
    size: tuple[int, int] = (60, 40),
    frames: int = 1,
    **more: Any,
) -> bytes:
    """A picture of ``form`` with everything beside it that the form can carry."""
    options: dict[str, Any] = {"exif": exif(orientation), **more}
    if form in {"JPEG", "WEBP"}:
        options["xmp"] = XMP
    if form in {"JPEG", "GIF"}:
        options["comment"] = SECRET.encode()
    if form == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())
        options["pnginfo"].add_text("Comment", SECRET)
    if form == "GIF":
        del options["exif"]
    if frames > 1:
        others = [drawing(size).rotate(180 * (no % 2)) for no in range(1, frames)]
        options |= {"save_all": True, "append_images": others}
    file = io.BytesIO()
    drawing(size).save(file, form, **options)
    return file.getvalue()
