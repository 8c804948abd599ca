"""What people type to say who they are."""

import re
from collections.abc import Container

from kanban.domain.words import N_, Sentence

MOST = 32
_SHAPE = re.compile(r"[a-z0-9][a-z0-9._-]*")


def normal(username: str) -> str:
    """The username as it is kept: without spaces around it, in lower case."""
    return username.strip().lower()


def fault_of(username: str) -> Sentence | None:
    """What is wrong with a username in its normal form; None where an account may bear it."""
    if not username:
        return Sentence.of(N_("Nama pengguna wajib diisi."))
    if len(username) > MOST:
        return Sentence.of(N_("Nama pengguna paling panjang %(most)d karakter."), most=MOST)
    if not _SHAPE.fullmatch(username):
        return Sentence.of(
            N_(
                "Nama pengguna terdiri atas huruf kecil a–z, angka, titik, garis bawah, dan tanda "
                "hubung, serta diawali huruf atau angka."
            )
        )
    return None


def free_like(wanted: str, taken: Container[str]) -> str:
    """``wanted``, or with the first number from 2 behind it where it is taken."""
    username, number = wanted, 2
    while username in taken:
        username, number = f"{wanted}{number}", number + 1
    return username
