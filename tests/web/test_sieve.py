"""The board's filter in the address, for browsers without scripts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from kanban.extensions import db
from kanban.now import now
from tests.office import Office

Login = Callable[[str], FlaskClient]


@pytest.fixture
def cards(office: Office) -> dict[str, int]:
    """Three cards: one overdue, one that somebody holds, one before PP."""
    overdue = office.start("m1", title="Apel pagi")
    office.at(now() + timedelta(minutes=20))
    held = office.start("m1", title="Bimbingan teknis")
    office.card(held).holder_id = office.id_of("pr")
    db.session.commit()
    decided = office.start("m1", title="Sosialisasi pemilih")
    office.advance(decided, to=2)
    return {"overdue": overdue, "held": held, "decided": decided}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"overdue", "held", "decided"}),
        ("q=bimbingan", {"held"}),
        ("q=PEMILIH+sosialisasi", {"decided"}),
        ("q=pelaksana", {"held"}),
        ("q=%22%3E%3Cscript", set()),
        ("mine=1", {"held"}),
        ("lanes=1", {"overdue", "held"}),
        ("overdue=1", {"overdue"}),
        ("overdue=1&mine=1", set()),
        ("overdue=yes", {"overdue", "held", "decided"}),
    ],
)
def test_the_filter_hides_and_counts(
    login: Login, cards: dict[str, int], query: str, shown: set[str]
) -> None:
    page = login("pr").get(f"/boards/m1?{query}").text
    for name, card in cards.items():
        tag = re.search(rf'<li[^>]*data-card="{card}"[^>]*>', page).group(0)
        assert (" hidden" not in tag) is (name in shown), name
    count = re.search(r'<output[^>]*id="sieve-count"[^>]*>', page).group(0)
    assert (" hidden" in count) is (len(shown) == len(cards))
    assert f"{len(shown)} dari 3" in page
    none = re.search(r'<aside[^>]*id="sieve-none"[^>]*>', page).group(0)
    assert (" hidden" in none) is bool(shown)


def test_what_is_polled_is_the_same_for_everyone(login: Login, cards: dict[str, int]) -> None:
    page = login("pr").get("/boards/m1", headers={"HX-Request": "true", "HX-Target": "board"}).text
    assert not re.search(r'data-card="\d+"[^>]* hidden', page)
