"""How times, lengths and words are written, in both languages and by the office's clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from kanban.catalogue.schema import catalogue
from kanban.domain.sop import Standard
from kanban.domain.words import N_, Sentence, Text
from kanban.web import filters

TODAY = datetime(2026, 11, 24, 3, 42, tzinfo=UTC)
"""10:42 WIB on the tests' Tuesday."""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("length", "indonesian", "english"),
    [
        (45, "45 mnt", "45 min"),
        (60, "1 j", "1 h"),
        (80, "1 j 20 mnt", "1 h 20 min"),
        (0.5, "< 1 mnt", "< 1 min"),
        (1.9, "1 mnt", "1 min"),
        (450 * 9, "67 j 30 mnt", "67 h 30 min"),
    ],
)
def test_a_length_of_working_time(app: Flask, length: float, indonesian: str, english: str) -> None:
    with app.test_request_context():
        assert filters.duration(minutes(length)) == indonesian
        with force_locale("en"):
            assert filters.duration(minutes(length)) == english


@pytest.mark.parametrize(
    ("left", "late", "indonesian", "english"),
    [
        (9, False, "sisa 9 mnt", "9 min left"),
        (0.2, False, "sisa < 1 mnt", "< 1 min left"),
        (-80, True, "lewat 1 j 20 mnt", "1 h 20 min late"),
        (-0.2, True, "lewat < 1 mnt", "< 1 min late"),
        (0, True, "lewat < 1 mnt", "< 1 min late"),
    ],
)
def test_what_is_left_or_past(
    app: Flask, left: float, late: bool, indonesian: str, english: str
) -> None:
    with app.test_request_context():
        assert filters.remaining(minutes(left), late) == indonesian
        with force_locale("en"):
            assert filters.remaining(minutes(left), late) == english


def test_the_ticker_gets_the_very_words(app: Flask) -> None:
    with app.test_request_context():
        words = filters.time_patterns()
        assert words["left"] % {"time": words["minutes"] % {"minutes": 9}} == filters.remaining(
            minutes(9)
        )
        late = words["late"] % {"time": words["hours_minutes"] % {"hours": 1, "minutes": 20}}
        assert late == filters.remaining(minutes(-80))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Standard(0, 15), "15 mnt"),
        (Standard(0, 165), "165 mnt"),
        (Standard(1), "1 hari"),
        (Standard(1, 95), "1 hari 95 mnt"),
    ],
)
def test_a_standard_reads_as_the_document_states_it(
    app: Flask, value: Standard, written: str
) -> None:
    with app.test_request_context():
        assert filters.standard(value) == written


def test_time_spent_stands_in_the_units_of_its_standard(app: Flask) -> None:
    with app.test_request_context():
        assert filters.spent_of(minutes(137), Standard(0, 60)) == "137 dari 60 mnt"
        assert filters.spent_of(minutes(450), Standard(1)) == "7 j 30 mnt dari 1 hari"


def test_moments_are_the_offices_and_as_brief_as_they_are_clear(app: Flask) -> None:
    app.extensions["clock"].move_to(TODAY)
    with app.test_request_context():
        assert filters.clock(TODAY) == "10.42"
        assert filters.moment(TODAY) == "10.42"
        assert filters.moment(TODAY - timedelta(days=1)) == "Sen 23 Nov, 10.42"
        assert filters.moment(TODAY - timedelta(days=365)) == "Sen 24 Nov 2025, 10.42"
        assert filters.weekday(TODAY) == "Selasa, 24 November 2026"
        assert filters.zone_name() == "WIB"
        with force_locale("en"):
            assert filters.clock(TODAY) == "10:42"
            assert filters.day(TODAY) == "24 November 2026"


def test_the_day_is_that_of_the_office_and_not_of_the_machine(app: Flask) -> None:
    app.extensions["clock"].move_to(TODAY)
    with app.test_request_context():
        assert filters.day(datetime(2026, 11, 23, 17, 30, tzinfo=UTC)) == "24 November 2026"
        assert filters.day(date(2026, 11, 23)) == "23 November 2026"


def test_a_period_names_its_day_once(app: Flask) -> None:
    app.extensions["clock"].move_to(TODAY)
    with app.test_request_context():
        yesterday = TODAY - timedelta(days=1)
        assert filters.period(TODAY - minutes(12), TODAY) == "10.30–10.42"
        assert filters.period(yesterday - minutes(12), yesterday) == "Sen 23 Nov, 10.30–10.42"
        assert filters.period(yesterday, TODAY) == "Sen 23 Nov, 10.42 – 10.42"


@pytest.mark.parametrize(
    ("octets", "indonesian", "english"),
    [
        (640, "640 B", "640 B"),
        (84_400, "84 kB", "84 kB"),
        (2_412_000, "2,4 MB", "2.4 MB"),
        (187_000_000, "187 MB", "187 MB"),
    ],
)
def test_the_size_of_a_file(app: Flask, octets: int, indonesian: str, english: str) -> None:
    with app.test_request_context():
        assert filters.size(octets) == indonesian
        with force_locale("en"):
            assert filters.size(octets) == english


def test_a_sentence_says_lanes_by_name_and_texts_in_the_language(app: Flask) -> None:
    sop = catalogue()[0]
    sentence = Sentence.of(
        N_("Tahap %(step)d hanya dapat dijalankan oleh pemegang lajur %(lane)s."), step=2, lane="PP"
    )
    with app.test_request_context():
        assert "Pemimpin Redaksi/Wakil Pemimpin Redaksi" in filters.said(sentence, sop)
        assert "PP" in filters.said(sentence)
        assert filters.said(Sentence.of("%(item)s", item=Text("ATK", "stationery"))) == "ATK"
        with force_locale("en"):
            assert (
                filters.said(Sentence.of("%(item)s", item=Text("ATK", "stationery")))
                == "stationery"
            )


def test_a_label_begins_with_a_capital_and_keeps_the_rest(app: Flask) -> None:
    assert filters.sentence_case("dokumentasi foto/video") == "Dokumentasi foto/video"
    assert filters.sentence_case("ATK") == "ATK"
    assert filters.sentence_case("") == ""


def test_a_moment_that_stays_clear_on_paper(app: Flask) -> None:
    with app.test_request_context():
        assert filters.stamp(TODAY) == "Sel 24 Nov 2026, 10.42"
        with force_locale("en"):
            assert filters.stamp(TODAY) == "Tue 24 Nov 2026, 10:42"
