"""The ready message: the office's words with places filled in, and nothing else interpreted."""

import pytest

from kanban.domain.message import DEFAULT_MESSAGE, PLACES, fill, unknown_places

VALUES = {
    "judul": "Rapat {tautan} pleno",
    "tautan": "https://a.id\nhttps://b.id",
    "kantor": "KPU",
    "tanggal": "24 November 2026",
    "papan": "Foto/video kegiatan",
}


def test_every_place_is_filled_once_and_values_mean_nothing() -> None:
    assert fill("{judul}: {tautan}", VALUES) == "Rapat {tautan} pleno: https://a.id\nhttps://b.id"


@pytest.mark.parametrize("empty", ["", "  \n "])
def test_without_words_of_the_office_it_is_the_programs(empty: str) -> None:
    filled = fill(empty, VALUES)
    assert filled == fill(DEFAULT_MESSAGE, VALUES)
    assert all(value in filled for value in VALUES.values())


def test_the_programs_words_name_every_place_and_no_other() -> None:
    assert unknown_places(DEFAULT_MESSAGE) == ()
    assert all(f"{{{place}}}" in DEFAULT_MESSAGE for place in PLACES)


def test_what_cannot_be_filled_in_is_told_and_left_as_written() -> None:
    template = "{judul} {lain} {} {a b} {lain} {{judul}} {judul.upper} {0} }{"
    assert unknown_places(template) == ("lain", "", "a b", "judul.upper", "0")
    assert fill(template, VALUES).startswith("Rapat {tautan} pleno {lain} {} {a b} {lain} {Rapat")
