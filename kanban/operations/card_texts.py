"""What a card's own words and times must be like, collected so that all faults are told at once."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from kanban.domain.words import N_, Sentence
from kanban.operations.errors import Invalid

TITLE_MOST = 200
DESCRIPTION_MOST = 5_000
NOTE_MOST = 2_000
EVENT_REACH = timedelta(days=366)
_LINES_AND_TABS = "\n\r\t"


class Faults:
    """The faults of a form, field by field."""

    def __init__(self) -> None:
        self.found: dict[str, Sentence] = {}

    def of(self, field: str, check: Callable[..., None], *values: object) -> None:
        """Run ``check``; what it raises as ValueError(text, values) becomes the fault of ``field``."""
        try:
            check(*values)
        except ValueError as fault:
            text, *placed = fault.args
            self.found[field] = Sentence.of(text, **(placed[0] if placed else {}))


@contextmanager
def collected() -> Iterator[Faults]:
    """Collect the faults of a form; raises Invalid at the end where there are any."""
    faults = Faults()
    yield faults
    if faults.found:
        raise Invalid(faults.found)


def check_title(title: str) -> None:
    """Raises ValueError unless ``title`` is one line of 1 to 200 printable characters."""
    if _is_invisible(title):
        raise ValueError(N_("Judul wajib diisi."))
    if len(title.strip()) > TITLE_MOST:
        raise ValueError(N_("Judul paling panjang %(most)d karakter."), {"most": TITLE_MOST})
    if _has_controls(title.strip(), allowed=""):
        raise ValueError(N_("Judul memuat karakter yang tidak dapat dibaca."))


def check_description(description: str) -> None:
    """Raises ValueError unless ``description`` is readable and of bearable length."""
    check_readable(description, DESCRIPTION_MOST)


def check_note(note: str) -> None:
    """Raises ValueError unless the reason or note is readable and of bearable length."""
    check_readable(note, NOTE_MOST)


def check_event(event_at: datetime | None, asked: bool, now: datetime) -> None:
    """Raises ValueError unless an event that is asked for lies within a year of ``now``."""
    if not asked:
        return
    if event_at is None:
        raise ValueError(N_("Hari dan jam peristiwa wajib diisi."))
    if abs(event_at - now) > EVENT_REACH:
        raise ValueError(N_("Hari peristiwa harus dalam satu tahun dari hari ini."))


def check_readable(words: str, most: int) -> None:
    """Raises ValueError unless ``words`` are at most ``most`` characters, none of them a control."""
    if len(words) > most:
        raise ValueError(N_("Teks paling panjang %(most)d karakter."), {"most": most})
    if _has_controls(words, allowed=_LINES_AND_TABS) or (words.strip() and _is_invisible(words)):
        raise ValueError(N_("Teks memuat karakter yang tidak dapat dibaca."))


def check_line(words: str, most: int) -> None:
    """Raises ValueError unless ``words`` are one readable line of at most ``most`` characters."""
    check_readable(words, most)
    if _has_controls(words, allowed=""):
        raise ValueError(N_("Teks memuat karakter yang tidak dapat dibaca."))


def _is_invisible(words: str) -> bool:
    """Whether nothing of ``words`` can be seen: only spaces and characters without a width."""
    return all(unicodedata.category(letter)[0] in "ZC" for letter in words)


def _has_controls(words: str, allowed: str) -> bool:
    """Whether ``words`` hold control, surrogate or direction-changing characters."""
    return any(
        unicodedata.category(letter) in {"Cc", "Cs"}
        or letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"
        for letter in words
        if letter not in allowed
    )
