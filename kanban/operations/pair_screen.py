"""Pairing a TV: an administrator types the code that it shows, and says which display it is to be."""

from datetime import datetime

from sqlalchemy import delete

from kanban.domain.words import N_, Sentence
from kanban.models import Pairing
from kanban.models.transactions import writing
from kanban.operations.accounts import require_administrator
from kanban.operations.displays import add_link, take_display, tell
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.throttle import Bucket, count_attempt, forgive
from kanban.queries.pairings import still_good

WRONG_MOST = 10
"""Codes that an administrator may mistype in a quarter of an hour."""


def pair_screen(code: str, display_id: int | None, actor_id: int, now: datetime) -> None:
    """Let the TV that shows ``code`` be the display; a code serves once.

    Raises NotVisible unless an administrator asks, Invalid for a code that no TV shows (any more) or a display
    that is not there (any more), or TooManyAttempts. What was left open is told and is no attempt.
    """
    require_administrator(actor_id)
    if display_id is None or not code.strip():
        raise Invalid(_left_open(code, display_id))
    bucket = Bucket(f"pairing:{actor_id}", WRONG_MOST)
    count_attempt((bucket,), now)
    with writing() as session:
        try:
            display = take_display(display_id, actor_id)
        except NotVisible:
            gone = N_("Layar ini sudah tidak ada. Pilih layar lain.")
            raise Invalid({"display": Sentence.of(gone)}) from None
        token_hash = session.scalar(
            delete(Pairing)
            .where(Pairing.code == as_shown(code), still_good(now))
            .returning(Pairing.token_hash)
        )
        if token_hash is None:
            raise Invalid(
                {
                    "code": Sentence.of(
                        N_("Kode ini tidak ada atau sudah kedaluwarsa. Lihat layar TV.")
                    )
                }
            )
        link = add_link(display.id, token_hash, paired=True, actor_id=actor_id, now=now)
        tell("display_linked", display, actor_id, now, link=link.id, paired=True)
        forgive((bucket,))


def as_shown(code: str) -> str:
    """The code as the TV shows it, however it was typed: small letters, spaces and dashes are let pass."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[:8]


def _left_open(code: str, display_id: int | None) -> dict[str, Sentence]:
    """What is still to be filled in, by field."""
    faults = {}
    if not code.strip():
        faults["code"] = Sentence.of(N_("Isi kode yang tampak di layar TV."))
    if display_id is None:
        faults["display"] = Sentence.of(N_("Pilih layarnya."))
    return faults
