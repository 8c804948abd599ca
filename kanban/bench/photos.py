"""Twenty photos at once, sent by another process as browsers do, and a board that is polled meanwhile."""

import io
import multiprocessing
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from kanban.bench.client import Client
from kanban.storage import CHUNK

PHOTOS = 20
SIZE = (4000, 3000)
PACE = 0.05
"""Seconds between two polls: as if twenty screens asked."""

VIDEO_BYTES = 100 * 1024 * 1024
MP4_HEAD = b"\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\0mdat"


@dataclass(frozen=True)
class Door:
    """How another process gets in: the port, the cookies of a browser that is logged in, its form token."""

    port: int
    cookies: dict[str, str]
    token: str

    def enter(self) -> Client:
        """A browser that is in already."""
        return Client(self.port, dict(self.cookies), self.token)


def polls_meanwhile(client: Client, board: str, cards: list[int], first_file: int) -> list[float]:
    """The milliseconds of each poll of ``board`` while each of ``cards`` is given a photo of 12 megapixels.

    The thumbnails are fetched, too; ``first_file`` is the number that the first photo will have.
    Raises RuntimeError where the other process did not get its photos in.
    """
    door = Door(client.port, client.cookies, client.token)
    sender = multiprocessing.get_context("spawn").Process(
        target=send_photos, args=(door, cards, first_file)
    )
    sender.start()
    taken, tag = [], ""
    while sender.is_alive():
        begun = time.perf_counter()
        status, headers, _ = client.get(
            board, HX_Request="true", HX_Target="board", If_None_Match=tag
        )
        taken.append((time.perf_counter() - begun) * 1000)
        tag = headers["ETag"] if status == 200 else tag
        time.sleep(PACE)
    sender.join()
    if sender.exitcode:
        raise RuntimeError("the photos were not taken")
    return taken


def send_photos(door: Door, cards: list[int], first_file: int) -> None:
    """Send a photo to each of ``cards`` at once, then fetch all their thumbnails at once."""
    photos = list(_photos(len(cards)))
    with ThreadPoolExecutor(len(cards)) as browsers:
        list(browsers.map(lambda card, photo: _send(door, card, "foto.jpg", photo), cards, photos))
        list(
            browsers.map(lambda file: _look(door, file), range(first_file, first_file + len(cards)))
        )


def throughput(client: Client, card: int) -> tuple[float, float]:
    """Megabytes a second of one large upload, and of writing and syncing the same bytes as a plain file."""
    video = MP4_HEAD + secrets.token_bytes(VIDEO_BYTES)
    begun = time.perf_counter()
    _post(client, card, "video.mp4", video)
    uploaded = time.perf_counter() - begun
    with tempfile.TemporaryDirectory(prefix="papan-bench-") as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        source.write_bytes(video)
        begun = time.perf_counter()
        _copy(source, target)
        copied = time.perf_counter() - begun
    megabytes = len(video) / 1_000_000
    return megabytes / uploaded, megabytes / copied


def _photos(count: int) -> Iterator[bytes]:
    """One photo made of noise, which no camera's is worse than, each copy with a comment of its own."""
    noise = Image.effect_noise((SIZE[0] // 4, SIZE[1] // 4), 60).resize(
        SIZE, Image.Resampling.BICUBIC
    )
    file = io.BytesIO()
    Image.merge("RGB", (noise, noise.transpose(Image.Transpose.ROTATE_180), noise)).save(
        file, "JPEG", quality=90
    )
    photo = file.getvalue()
    for number in range(count):
        yield photo[:2] + b"\xff\xfe\x00\x06%04d" % number + photo[2:]


def _send(door: Door, card: int, name: str, content: bytes) -> None:
    with closing(door.enter()) as client:
        _post(client, card, name, content)


def _post(client: Client, card: int, name: str, content: bytes) -> None:
    status, _, page = client.send_file(
        f"/cards/{card}/materials", {"material": "dokumentasi"}, name, content
    )
    if status != 303:
        raise RuntimeError(f"an upload answered {status}: {page[-300:]!r}")


def _look(door: Door, file: int) -> None:
    with closing(door.enter()) as client:
        status, _, _ = client.get(f"/files/{file}/thumbnail")
    if status != 200:
        raise RuntimeError(f"a thumbnail answered {status}")


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(CHUNK):
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
