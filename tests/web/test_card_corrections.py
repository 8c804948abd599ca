"""POST /cards/<id> and its cancellation: who may correct or cancel a card, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]


def correction(office: Office, card: int, **changed: object) -> dict[str, Any]:
    """The fields of the form as they would be sent with only ``changed`` edited."""
    row = office.card(card)
    return {
        "title": row.title,
        "description": row.description,
        "event_at": "2026-11-24T10:00",
        "holder": row.holder_id or "",
        "version": row.version,
        **changed,
    }


@pytest.mark.parametrize("someone", ["pr", "admin"])
def test_the_steps_lane_and_a_supervisor_correct_a_card(
    office: Office, login: Login, someone: str
) -> None:
    card = office.start("m1", title="Rapat pelno")
    form = correction(office, card, title="Rapat pleno", event_at="2026-11-23T08:30")
    answer = send(login(someone), f"/cards/{card}", **form)
    assert (answer.status_code, answer.location) == (303, f"/cards/{card}")
    assert office.card(card).title == "Rapat pleno"
    assert office.card(card).event_at == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def test_what_it_was_before_stays_in_the_history(office: Office, login: Login) -> None:
    card = office.start("m1", title="Rapat pelno")
    client = login("pr")
    holder = office.id_of("pr")
    send(client, f"/cards/{card}", **correction(office, card, title="Rapat pleno", holder=holder))
    page = client.get(f"/cards/{card}").text
    assert "mengoreksi judul dari “Rapat pelno” menjadi “Rapat pleno”." in page
    assert "Pelaksana Redaksi memegang kartu ini." in page


@pytest.mark.parametrize(("someone", "status"), [("pp", 403), ("tamu", 403), ("ks", 404)])
def test_nobody_else_corrects(office: Office, login: Login, someone: str, status: int) -> None:
    card = office.start("m1")
    client = login(someone)
    before = office.rows()
    assert client.get(f"/cards/{card}/edit").status_code == status
    answer = send(client, f"/cards/{card}", **correction(office, card, title="Lain"))
    assert answer.status_code == status
    assert office.rows() == before
    assert office.card(card).title == "Kartu uji"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Judul wajib diisi."),
        ({"title": "x" * 10_000}, "Judul paling panjang 200 karakter."),
        ({"title": "a\x1bb"}, "Judul memuat karakter yang tidak dapat dibaca."),
        ({"event_at": "1900-01-01T00:00"}, "Hari peristiwa harus dalam satu tahun dari hari ini."),
        ({"event_at": "2999-01-01T00:00"}, "Hari peristiwa harus dalam satu tahun dari hari ini."),
        ({"holder": "77"}, "Pemegang harus anggota lajur tahap ini."),
    ],
)
def test_a_wrong_field_is_told_where_it_stands(
    office: Office, login: Login, changed: dict[str, str], words: str
) -> None:
    card = office.start("m1")
    client = login("pr")
    before = office.rows()
    answer = send(client, f"/cards/{card}", **correction(office, card, **changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert office.rows() == before


def test_a_stale_correction_keeps_what_was_typed_and_changes_nothing(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    client = login("pr")
    answer = send(client, f"/cards/{card}", **correction(office, card, title="Baru", version=99))
    assert answer.status_code == 409
    assert 'value="Baru"' in answer.text
    assert "Kartu ini berubah sejak Anda membukanya." in answer.text
    assert office.card(card).title == "Kartu uji"


@pytest.mark.parametrize("version", ["", "NaN", "-1", "1.0", ["1", "1"]])
def test_a_version_that_is_none_is_refused(office: Office, login: Login, version: object) -> None:
    card = office.start("m1")
    client = login("pr")
    before = office.rows()
    answer = send(client, f"/cards/{card}", **correction(office, card, version=version))
    assert answer.status_code == 422
    assert office.rows() == before


def test_an_event_that_a_step_sets_is_not_asked_for_before(office: Office, login: Login) -> None:
    card = office.start("m5")
    assert 'name="event_at"' not in login("pp").get(f"/cards/{card}/edit").text


def test_a_holder_who_is_no_longer_of_the_lane_may_stay(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    send(client, f"/cards/{card}", **correction(office, card, holder=office.id_of("pr")))
    page = client.get(f"/cards/{card}/edit").text
    assert f'<option selected value="{office.id_of("pr")}">' in page


def test_a_supervisor_cancels_with_a_reason(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("admin")
    answer = send(
        client,
        f"/cards/{card}/cancellation",
        reason="Kegiatan batal",
        version=office.card(card).version,
    )
    assert (answer.status_code, answer.location) == (303, f"/cards/{card}")
    page = client.get(f"/cards/{card}").text
    assert "Kartu dibatalkan: “Kegiatan batal”" in page
    assert f'data-card="{card}"' not in client.get("/boards/m1").text


@pytest.mark.parametrize("reason", ["", "   ", "a\x00b", "x" * 3_000])
def test_a_cancellation_needs_a_readable_reason(office: Office, login: Login, reason: str) -> None:
    card = office.start("m1")
    client = login("admin")
    before = office.rows()
    answer = send(
        client, f"/cards/{card}/cancellation", reason=reason, version=office.card(card).version
    )
    assert answer.status_code == 422
    assert office.rows() == before


@pytest.mark.parametrize(
    ("someone", "status"), [("pr", 403), ("pp", 403), ("tamu", 403), ("ks", 404)]
)
def test_nobody_else_cancels(office: Office, login: Login, someone: str, status: int) -> None:
    card = office.start("m1")
    client = login(someone)
    before = office.rows()
    assert client.get(f"/cards/{card}/cancellation").status_code == status
    answer = send(
        client, f"/cards/{card}/cancellation", reason="x", version=office.card(card).version
    )
    assert answer.status_code == status
    assert office.rows() == before


def test_a_stale_cancellation_keeps_the_reason(office: Office, login: Login) -> None:
    card = office.start("m1")
    answer = send(
        login("admin"), f"/cards/{card}/cancellation", reason="Kegiatan batal", version=99
    )
    assert answer.status_code == 409
    assert "Kegiatan batal</textarea>" in answer.text


def test_a_closed_card_is_no_longer_corrected(office: Office, login: Login) -> None:
    card = office.start("m3")
    office.advance(card, to=None)
    client = login("admin")
    assert client.get(f"/cards/{card}/edit").status_code == 403
    answer = send(client, f"/cards/{card}", **correction(office, card, title="Lain"))
    assert answer.status_code == 409
    assert office.card(card).title == "Kartu uji"


def test_the_clock_may_run_on_while_one_types(office: Office, login: Login) -> None:
    card = office.start("m1")
    client = login("pr")
    form = correction(office, card, title="Sesudah istirahat")
    office.at(datetime(2026, 11, 24, 3, 0, tzinfo=UTC) + timedelta(hours=4))
    assert send(client, f"/cards/{card}", **form).status_code == 303
