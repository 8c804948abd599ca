"""Passwords: how they are kept, what they must be like, and readable ones to give out once."""

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kanban.domain.words import N_, Sentence

LEAST = 8
MOST = 200

# Argon2id with the least memory that OWASP's password storage cheat sheet asks for and one pass
# more: some 50 ms on an office PC. A hash carries its own parameters, so older ones keep matching.
_hasher = PasswordHasher(time_cost=3, memory_cost=19 * 1024, parallelism=1)

# Many logins at once queue here: guessing strangers shall not take the machine's memory and cores.
_few_at_a_time = threading.BoundedSemaphore(2)

_CONSONANTS = "dgjkmnprst"
_VOWELS = "aiu"


def hash_of(password: str) -> str:
    """The hash under which ``password`` is kept."""
    with _few_at_a_time:
        return _hasher.hash(_written_alike(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``password_hash``.

    Without a hash (no such account, or a disabled one) the answer is no after the same work, so
    that the time taken does not tell who has an account. Nobody's password is longer than ``MOST``,
    so that much is not even read: bringing megabytes into one form takes a while.
    """
    if len(password) > MOST:
        password_hash, password = None, ""
    with _few_at_a_time:
        try:
            _hasher.verify(password_hash or _decoy(), _written_alike(password))
        except VerifyMismatchError:
            return False
    return password_hash is not None


def fault_of(password: str, username: str) -> Sentence | None:
    """What is wrong with a password that a person chose; None where it may be used."""
    if len(password) < LEAST:
        return Sentence.of(N_("Kata sandi paling sedikit %(least)d karakter."), least=LEAST)
    if len(password) > MOST:
        return Sentence.of(N_("Kata sandi paling banyak %(most)d karakter."), most=MOST)
    if password.strip().lower() == username.strip().lower():
        return Sentence.of(N_("Kata sandi tidak boleh sama dengan nama pengguna."))
    return None


def readable_password() -> str:
    """A password to be read out and typed, such as ``kadu-rini-tuga-pasi``: one of 10^12."""
    return "-".join(_syllable() + _syllable() for _ in range(4))


def _syllable() -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def _written_alike(password: str) -> str:
    """One form for the several ways in which keyboards write the same letter (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)
