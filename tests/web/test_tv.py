"""/tv: a television shows a code, an administrator types it in, and the television goes to its display."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from kanban.extensions import db
from kanban.models import DisplayLink, Pairing
from kanban.now import now
from kanban.operations import ask_for_code as codes
from kanban.operations.errors import NotVisible
from kanban.operations.pair_screen import pair_screen
from kanban.operations.revoke_display import revoke_display, revoke_link
from tests.office import Office
from tests.operations.test_two_people import at_once
from tests.screens import hang
from tests.web.forms import HTMX, send

Login = Callable[[str], FlaskClient]
PAIR = "/settings/displays/pairings"
UNKNOWN = "Kode ini tidak ada atau sudah kedaluwarsa."


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


def code_on(tv: FlaskClient, address: str = "127.0.0.1") -> str:
    page = tv.get("/tv", environ_base={"REMOTE_ADDR": address})
    return re.search(r'id="code">([^<]+)<', page.text)[1]


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Pairing)) or 0


def test_a_television_is_paired_and_goes_to_its_display_by_itself(
    office: Office, client: FlaskClient, boss: FlaskClient
) -> None:
    made = hang(office)
    code = code_on(client)
    assert client.get("/tv", headers={**HTMX, "If-None-Match": f'"{code}"'}).status_code == 304
    assert send(boss, PAIR, code=code, display=made.display_id).status_code == 303
    told = client.get("/tv", headers={**HTMX, "If-None-Match": f'"{code}"'})
    assert told.status_code == 204
    assert client.get(told.headers["HX-Redirect"]).status_code == 200
    # And when it is switched on again, or knows no scripts.
    led = client.get("/tv")
    assert led.status_code == 303
    assert led.location == told.headers["HX-Redirect"]
    link = db.session.scalars(select(DisplayLink).order_by(DisplayLink.id.desc())).first()
    assert link.paired
    assert "TV yang dipasangkan" in boss.get(f"/settings/displays/{made.display_id}").text


def test_the_code_is_short_and_has_no_letters_that_look_alike(app: Flask) -> None:
    for number in range(20):
        code = code_on(app.test_client(), f"10.0.0.{number}")
        assert re.fullmatch(r"[ACDEFHJKMNPRTVWXY34679]{6}", code)


def test_the_code_stays_until_it_is_over_and_renews_itself(
    office: Office, client: FlaskClient
) -> None:
    code = code_on(client)
    office.at(now() + timedelta(minutes=9))
    assert code_on(client) == code
    office.at(now() + timedelta(minutes=1))
    answer = client.get("/tv", headers={**HTMX, "If-None-Match": f'"{code}"'})
    assert answer.status_code == 200
    assert f">{code}<" not in answer.text
    assert waiting() == 1


@pytest.mark.parametrize(
    "typed", ["{whole}", " {whole} ", "{first}-{last}", "{first} {last}", "{low}"]
)
def test_it_may_be_typed_as_people_type(
    office: Office, client: FlaskClient, boss: FlaskClient, typed: str
) -> None:
    made, code = hang(office), code_on(client)
    written = typed.format(whole=code, first=code[:3], last=code[3:], low=code.lower())
    assert send(boss, PAIR, code=written, display=made.display_id).status_code == 303


def test_an_expired_code_pairs_nothing(
    office: Office, client: FlaskClient, boss: FlaskClient
) -> None:
    made, code = hang(office), code_on(client)
    office.at(now() + timedelta(minutes=10))
    answer = send(boss, PAIR, code=code, display=made.display_id)
    assert answer.status_code == 422
    assert UNKNOWN in answer.text
    assert client.get("/tv").status_code == 200


def test_a_code_serves_once(office: Office, client: FlaskClient, boss: FlaskClient) -> None:
    made, code = hang(office), code_on(client)
    assert send(boss, PAIR, code=code, display=made.display_id).status_code == 303
    before = db.session.scalar(select(func.count()).select_from(DisplayLink))
    assert UNKNOWN in send(boss, PAIR, code=code, display=made.display_id).text
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(DisplayLink)) == before


def test_two_administrators_at_once_pair_it_once(
    app: Flask, office: Office, client: FlaskClient
) -> None:
    made, code, admin = hang(office), code_on(client), office.id_of("admin")
    deeds = [lambda: pair_screen(code, made.display_id, admin, now()) for _ in range(4)]
    outcomes = at_once(app, *deeds)
    assert sum(outcome is None for outcome in outcomes) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(DisplayLink)) == 2


@pytest.mark.parametrize("code", ["AAAAAA", "000000", "%", "A" * 500, "ñandú"])
def test_a_wrong_code_is_told_and_no_link_is_made(
    office: Office, client: FlaskClient, boss: FlaskClient, code: str
) -> None:
    made = hang(office)
    code_on(client)
    answer = send(boss, PAIR, code=code, display=made.display_id)
    assert answer.status_code == 422
    assert UNKNOWN in answer.text
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(DisplayLink)) == 1
    assert waiting() == 1


def test_guessing_is_slowed_down_and_then_let_go_on(
    office: Office, client: FlaskClient, boss: FlaskClient
) -> None:
    made, code = hang(office), code_on(client)
    for _ in range(10):
        assert send(boss, PAIR, code="AAAAAA", display=made.display_id).status_code == 422
    refused = send(boss, PAIR, code=code, display=made.display_id)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 800
    assert "Terlalu banyak percobaan" in refused.text
    office.at(now() + timedelta(minutes=16))
    assert send(boss, PAIR, code=code_on(client), display=made.display_id).status_code == 303


def test_right_codes_count_against_nobody(office: Office, app: Flask, boss: FlaskClient) -> None:
    made = hang(office)
    for number in range(12):
        code = code_on(app.test_client(), f"10.0.0.{number}")
        assert send(boss, PAIR, code=code, display=made.display_id).status_code == 303


@pytest.mark.parametrize("display", ["0", "99", "x"])
def test_a_display_that_is_not_there_is_not_paired_and_the_code_stays_good(
    office: Office, client: FlaskClient, boss: FlaskClient, display: str
) -> None:
    made, code = hang(office), code_on(client)
    refused = send(boss, PAIR, code=code, display=display)
    assert refused.status_code == 422
    assert "Layar ini sudah tidak ada. Pilih layar lain." in refused.text
    assert f'value="{code}"' in refused.text
    assert send(boss, PAIR, code=code, display=made.display_id).status_code == 303


def test_what_was_left_open_is_told_and_is_no_attempt(
    office: Office, client: FlaskClient, boss: FlaskClient
) -> None:
    hang(office)
    second, code = hang(office, name="Ruang rapat"), code_on(client)
    before = office.rows()
    answer = send(boss, PAIR, code=" ", display="")
    assert answer.status_code == 422
    assert "Isi kode yang tampak di layar TV." in answer.text
    assert "Pilih layarnya." in answer.text
    assert office.rows() == before
    assert send(boss, PAIR, code=code, display=second.display_id).status_code == 303


def test_of_several_displays_none_is_chosen_by_itself(office: Office, boss: FlaskClient) -> None:
    hang(office)
    offered = re.compile(r'<select[^>]*name="display"[^>]*>\s*<option[^>]*value="([^"]*)"')
    assert offered.search(boss.get("/settings/displays").text)[1]
    hang(office, name="Ruang rapat")
    page = boss.get("/settings/displays").text
    assert offered.search(page)[1] == ""
    assert "Pilih layar<" in page


def test_nobody_but_an_administrator_pairs(
    office: Office, client: FlaskClient, login: Login
) -> None:
    made, code = hang(office), code_on(client)
    before = office.rows()
    assert send(login("pr"), PAIR, code=code, display=made.display_id).status_code == 404
    assert send(client, PAIR, code=code, display=made.display_id).status_code == 302
    with pytest.raises(NotVisible):
        pair_screen(code, made.display_id, office.id_of("pr"), now())
    after = office.rows()
    assert (after["display_links"], after["pairings"], after["login_failures"]) == (
        before["display_links"],
        before["pairings"],
        before["login_failures"],
    )


def test_a_revoked_television_offers_itself_for_pairing_again(
    office: Office, client: FlaskClient, boss: FlaskClient
) -> None:
    made, admin = hang(office), office.id_of("admin")
    send(boss, PAIR, code=code_on(client), display=made.display_id)
    address = client.get("/tv").location
    db.session.rollback()
    link = db.session.scalars(select(DisplayLink.id).order_by(DisplayLink.id.desc())).first()
    revoke_link(made.display_id, link, admin, now())
    gone = client.get(address)
    assert gone.status_code == 404
    assert gone.headers["Refresh"] == "15;url=/tv"
    code = code_on(client)
    assert send(boss, PAIR, code=code, display=made.display_id).status_code == 303
    revoke_display(made.display_id, admin, now())
    assert client.get("/tv").status_code == 200


def test_one_address_gets_only_so_many_codes(office: Office, app: Flask) -> None:
    for _ in range(codes.PER_ADDRESS):
        code_on(app.test_client(), "10.0.0.9")
    before = waiting()
    refused = app.test_client().get("/tv", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert refused.status_code == 429
    assert "Set-Cookie" not in refused.headers
    assert 'http-equiv="refresh"' in refused.text
    assert waiting() == before
    code_on(app.test_client(), "10.0.0.8")


def test_only_so_many_codes_are_good_at_once(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "OPEN_MOST", 2)
    code_on(client)
    code_on(app.test_client())
    assert app.test_client().get("/tv").status_code == 429
    assert waiting() == 2


def test_a_stranger_with_several_addresses_leaves_codes_for_televisions(
    office: Office, app: Flask, client: FlaskClient
) -> None:
    for number in range(4 * codes.PER_ADDRESS):
        codes.ask_for_code(None, f"10.0.0.{number % 4}", now())
    assert waiting() == 4 * codes.PER_ADDRESS
    assert app.test_client().get("/tv").status_code == 200
    assert 2 * 254 * codes.PER_ADDRESS < codes.OPEN_MOST


def test_what_the_television_holds_is_its_own(office: Office, client: FlaskClient) -> None:
    answer = client.get("/tv")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "Path=/tv" in cookie
    assert "SameSite=Lax" in cookie
    held = re.search(r"papan-tv=([\w-]{43});", cookie)[1]
    assert held not in answer.text
    assert client.get(f"/display/{held}").status_code == 404
    client.set_cookie("papan-tv", "A" * 43, path="/tv")
    assert client.get("/tv").status_code == 200


def test_without_scripts_it_asks_again_by_itself(client: FlaskClient) -> None:
    text = client.get("/tv").text
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in text
    assert "<form" not in text
