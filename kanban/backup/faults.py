"""Why a backup was not made, or an archive cannot be used: in a sentence for whoever sees to it."""

import errno
from pathlib import Path

from kanban.domain.words import N_, Sentence

FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
GONE = (errno.ENOENT, errno.ENODEV, errno.ENOTDIR)
SHUT = (errno.EACCES, errno.EPERM, errno.EROFS)


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


def not_written(fault: OSError, folder: Path) -> NotMade:
    """What the system's refusal to write to ``folder`` means."""
    where = str(folder)
    if fault.errno in FULL:
        return NotMade(Sentence.of(N_("Ruang simpan di %(folder)s penuh."), folder=where))
    if fault.errno in SHUT:
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
