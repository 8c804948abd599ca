"""Why a backup was not made, or an archive cannot be used: in a sentence for whoever sees to it."""

import errno
from pathlib import Path

from kanban.domain.words import N_, Sentence

FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
GONE = (errno.ENOENT, errno.ENODEV, errno.ENOTDIR)
SHUT = (errno.EACCES, errno.EPERM, errno.EROFS)
DAMAGE = ("malformed", "not a database", "no such table")
"""What SQLite says (a part of it) where the file itself is damaged."""
NO_SUCH_TABLE = "42P01"
"""What PostgreSQL says where a table is gone."""
OF_SQLITE = {
    "malformed": "isi berkasnya rusak",
    "not a database": "isi berkasnya bukan basis data",
    "no such table": "sebagian tabelnya hilang",
    "unable to open": "berkasnya tidak dapat dibuka",
    "disk I/O": "disk gagal membaca atau menulisnya",
    "readonly": "berkasnya tidak dapat ditulisi",
    "locked": "sedang dipakai program lain",
    "is full": "disk penuh",
}
"""What SQLite says (a part of it), and what that means."""


class Told(Exception):
    """A fault with the sentence in which whoever sees to it is told."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.in_indonesian())
        self.sentence = sentence


class NotMade(Told):
    """No backup was made; earlier ones and the office's data are as they were."""


class Unusable(Told):
    """The archive cannot be used, and nothing was taken from it."""


class NotRestored(Told):
    """The archive is sound, but this instance cannot take it as it stands; nothing was changed."""


class NotCarried(Told):
    """The office was not carried over; both databases are as they were."""


def is_damage(fault: object) -> bool:
    """Whether a database said that it is damaged itself, or that a part of it is gone."""
    said = str(fault)
    lost = getattr(getattr(fault, "orig", fault), "sqlstate", None) == NO_SUCH_TABLE
    return lost or any(part in said for part in DAMAGE)


def in_words(fault: object) -> str:
    """What SQLite said, in Indonesian; what is not known here is told as it was said."""
    said = str(fault)
    return next((meant for part, meant in OF_SQLITE.items() if part in said), said)


def not_written(fault: OSError, folder: Path) -> NotMade:
    """What the system's refusal to write to ``folder`` means."""
    where = str(folder)
    if fault.errno in FULL:
        return NotMade(Sentence.of(N_("Ruang simpan di %(folder)s penuh."), folder=where))
    # /proc says ENOENT of a file that it does not let be made.
    if fault.errno in SHUT or (fault.errno == errno.ENOENT and folder.is_dir()):
        return NotMade(Sentence.of(N_("Folder %(folder)s tidak dapat ditulisi."), folder=where))
    if fault.errno in GONE:
        return NotMade(
            Sentence.of(
                N_("Folder %(folder)s tidak ada. Mungkin disknya tidak terpasang."), folder=where
            )
        )
    return NotMade(
        Sentence.of(
            N_("Cadangan tidak dapat ditulis ke %(folder)s: %(reason)s."),
            folder=where,
            reason=fault.strerror or str(fault),
        )
    )
