"""Passwords and usernames: what may be one, and what is kept."""

import pytest

from kanban import usernames
from kanban.passwords import fault_of, hash_of, matches, readable_password


def test_a_password_matches_its_hash_and_nothing_else():
    kept = hash_of("kuda laut biru")
    assert matches(kept, "kuda laut biru")
    assert not matches(kept, "kuda laut Biru")
    assert not matches(kept, "")
    assert "kuda" not in kept


def test_the_same_password_is_kept_differently_each_time():
    assert hash_of("kuda laut biru") != hash_of("kuda laut biru")


def test_a_letter_is_the_same_however_the_keyboard_writes_it():
    assert matches(hash_of("caf\u00e9 pagi ini"), "cafe\u0301 pagi ini")


def test_without_a_hash_nothing_matches():
    assert not matches(None, "")
    assert not matches(None, "demo")


@pytest.mark.parametrize("password", ["12345678", "x" * 200, "kuda laut biru", "密码密码密码密码"])
def test_eight_to_two_hundred_characters_will_do(password):
    assert fault_of(password, "pp") is None


@pytest.mark.parametrize(
    ("password", "username"),
    [
        ("", "pp"),
        ("1234567", "pp"),
        ("x" * 201, "pp"),
        ("nama.panjang", "nama.panjang"),
        (" Nama.Panjang ", "nama.panjang"),
    ],
)
def test_too_short_too_long_or_the_own_name_will_not(password, username):
    assert fault_of(password, username) is not None


def test_a_given_password_is_readable_and_may_be_used():
    given = {readable_password() for _ in range(200)}
    assert len(given) == 200
    for password in given:
        assert fault_of(password, "pp") is None
        assert password.replace("-", "").isalpha()
        assert password == password.lower()


@pytest.mark.parametrize("username", ["pp", "pelaksana.2", "a", "0", "staf_redaksi-1", "x" * 32])
def test_letters_digits_and_a_few_signs_make_a_username(username):
    assert usernames.fault_of(username) is None


@pytest.mark.parametrize(
    "username", ["", "x" * 33, "PP", "dua kata", ".awal", "a/b", "é", "a\n", "a\x00"]
)
def test_nothing_else_does(username):
    assert usernames.fault_of(username) is not None


def test_a_free_name_is_found_beside_taken_ones():
    assert usernames.free_like("pp", set()) == "pp"
    assert usernames.free_like("pp", {"pp", "pp2"}) == "pp3"
