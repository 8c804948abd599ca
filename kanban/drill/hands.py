"""People at work: each carries cards of its own through the steps, over HTTP, and notes what was acknowledged."""

import hashlib
import http.client
import io
import os
import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from PIL import Image

from kanban.bench.client import Client
from kanban.domain.moves import accepted
from kanban.domain.sop import Kind, Need, Procedure
from kanban.drill import deeds
from kanban.drill.deeds import Deed

UNDO_EVERY, START_EVERY, BACKUP_EVERY = 8, 12, 60
"""One in so many: moves that are taken back, turns that start a card, and that ask for a backup."""
DONE = (200, 303)


class CutOff(Exception):
    """The server went away in the middle: whether the last request was done, nobody knows."""


@dataclass
class Carried:
    """A running card as it stood when the server was last looked at, and as it was acknowledged since."""

    id: int
    step: int
    seq: int
    version: int
    last: int
    """The number of its newest visit, which is another than ``seq`` where a move was taken back."""


@dataclass
class Hand:
    """One person with a browser. ``cards`` are its own; others may be started and are nobody's until then."""

    number: int
    client: Client
    procedure: Procedure
    chance: Random
    cards: list[Carried] = field(default_factory=list)
    acknowledged: list[Deed] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    cut_off: int = 0

    def work(self, stop: threading.Event) -> None:
        """Go on until told to stop, or until the server is gone."""
        try:
            while not stop.is_set():
                self.turn(stop)
        except CutOff:
            self.cut_off += 1
        finally:
            self.client.close()

    def turn(self, stop: threading.Event) -> None:
        """Carry one card on, and now and then start another or ask for a backup. Raises CutOff."""
        if not self.cards or self.chance.randrange(START_EVERY) == 0:
            self._start_card()
        if self.chance.randrange(BACKUP_EVERY) == 0:
            self._post("/settings/backups", {})
        if not self.cards:
            stop.wait(0.05)
            return
        card = self.chance.choice(self.cards)
        if not self._carry(card, stop):
            self.cards.remove(card)  # it is finished, or not as this hand believed

    def _start_card(self) -> None:
        title = f"Kartu latihan {secrets.token_hex(6)}"
        if self._post(f"/boards/{self.procedure.slug}/cards", {"title": title}):
            self.acknowledged.append(deeds.started(title))

    def _carry(self, card: Carried, stop: threading.Event) -> bool:
        """Do all that the card's step asks for, and move it on; whether it can be gone on with."""
        step = self.procedure.step(card.step)
        for no, item in enumerate(step.items, 1):
            if stop.is_set():
                return True
            if item.is_tick and not step.approves and not self._tick(card, no):
                return False
            if not all(self._provide(card, need) for need in item.needs):
                return False
        if not all(self._provide(card, need) for need in step.deliverable):
            return False
        way = step.back if step.back and self.chance.random() < 0.3 else step.forward
        return way is not None and self._move(card, way.to)

    def _tick(self, card: Carried, item: int) -> bool:
        if not self._post(f"/cards/{card.id}/checks", {"item": item, "done": 1}):
            return False
        self.acknowledged.append(deeds.ticked(card.id, card.seq, item))
        return True

    def _provide(self, card: Carried, need: Need) -> bool:
        wanted = accepted(need)
        path = f"/cards/{card.id}/materials"
        if Kind.FILE in wanted:
            picture = _picture()
            digest = hashlib.sha256(picture).hexdigest()
            deed = deeds.uploaded(card.id, need.material, digest)
            done = self._send_file(path, {"material": need.material}, picture)
        elif Kind.TEXT in wanted:
            body = f"Kata-kata {secrets.token_hex(8)}"
            deed = deeds.given_words(card.id, need.material, body)
            done = self._post(path, {"material": need.material, "text": body})
        else:
            body = f"https://jdih.kpu.go.id/{secrets.token_hex(8)}"
            deed = deeds.given_words(card.id, need.material, body)
            done = self._post(path, {"material": need.material, "link": body})
        if done:
            card.version += 1
            self.acknowledged.append(deed)
        return done

    def _move(self, card: Carried, to: int | None) -> bool:
        form: dict[str, object] = {
            "to": "end" if to is None else to,
            "version": card.version,
            "note": "Latihan.",
        }
        if not self._post(f"/cards/{card.id}/moves", form):
            return False
        card.version += 1
        self.acknowledged.append(deeds.moved(card.id, card.seq, card.version))
        if to is None:
            return False
        if self.chance.randrange(UNDO_EVERY) == 0:
            if not self._post(f"/cards/{card.id}/undo", {"version": card.version}):
                return False
            card.version += 1
            self.acknowledged.append(deeds.undone(card.id, card.seq, card.version))
            card.last += 1
            return True
        card.last += 1
        card.step, card.seq = to, card.last
        return True

    def _post(self, path: str, form: dict[str, object]) -> bool:
        try:
            status, _headers, _content = self.client.post(path, form)
        except (OSError, http.client.HTTPException) as gone:
            raise CutOff from gone
        self.answers[status] += 1
        return status in DONE

    def _send_file(self, path: str, form: dict[str, object], content: bytes) -> bool:
        try:
            status, _headers, _content = self.client.send_file(path, form, "foto.png", content)
        except (OSError, http.client.HTTPException) as gone:
            raise CutOff from gone
        self.answers[status] += 1
        return status in DONE


def _picture() -> bytes:
    """A small picture that nobody has given yet."""
    file = io.BytesIO()
    Image.frombytes("RGB", (24, 16), os.urandom(24 * 16 * 3)).save(file, "PNG")
    return file.getvalue()
