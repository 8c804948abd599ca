"""/display/<token> and /settings/displays: a wall that nobody logs in to, and who decides what it shows."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from kanban.extensions import db
from kanban.models import Account, Card, Display, DisplayLink, Event
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.change_display import change_display
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.link_display import link_display
from kanban.operations.make_display import make_display
from kanban.operations.revoke_display import revoke_display, revoke_link
from kanban.operations.suspend import Order, suspend_board
from kanban.queries.open_displays import OpenDisplay, ShownBoard
from kanban.queries.walls import wall_boards
from kanban.server import addresses
from kanban.tokens import new_token
from kanban.web import displays as screen
from kanban.web import drawn_walls
from kanban.web.hosts import LISTENS_ON
from kanban.web.secret_paths import without_secrets
from kanban.web.walls import PAGES_MOST, places
from tests.conftest import TUESDAY
from tests.office import Office
from tests.screens import LOBBY, address_of, hang
from tests.web.forms import HTMX, send
from tests.web.forms import token as form_token

Login = Callable[[str], FlaskClient]
PAGE = "/settings/displays"


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


def links() -> list[DisplayLink]:
    db.session.rollback()
    return list(db.session.scalars(select(DisplayLink).order_by(DisplayLink.id)))


def hold(card_id: int, account_id: int) -> None:
    with writing() as session:
        session.get_one(Card, card_id).holder_id = account_id


# What the wall shows ---------------------------------------------------------------------------------


def test_it_needs_no_login_and_shows_exactly_its_boards(
    office: Office, client: FlaskClient
) -> None:
    office.start("m1", title="Sosialisasi pemilih")
    office.start("m2", title="Surat edaran")
    made = hang(office)
    answer = client.get(address_of(made))
    assert answer.status_code == 200
    assert "Sosialisasi pemilih" in answer.text
    assert re.search("sisa 1[45] mnt", answer.text)
    assert "Kantor Uji" in answer.text
    assert "Selasa, 24 November 2026" in answer.text
    assert "Surat edaran" not in answer.text
    assert ">M2<" not in answer.text
    assert re.findall(r'id="turn-([^"]+)"', answer.text) == ["m1-1", "m5-1"]


def test_it_has_no_form_no_chrome_and_sets_no_cookie(office: Office, client: FlaskClient) -> None:
    office.start("m1")
    answer = client.get(address_of(hang(office)))
    assert "Set-Cookie" not in answer.headers
    for thing in ("<form", "<button", "<input", "csrf_token", "/login", "<a "):
        assert thing not in answer.text
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", answer.text)


def test_it_can_only_be_read(office: Office, client: FlaskClient) -> None:
    address = address_of(hang(office))
    before = office.rows()
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(address).status_code in (400, 405)
    assert office.rows() == before


def test_names_show_only_where_they_are_switched_on(office: Office, client: FlaskClient) -> None:
    card = office.start("m1")
    hold(card, office.id_of("pr"))
    name = db.session.get_one(Account, office.id_of("pr")).name
    db.session.rollback()
    with writing() as session:
        session.get_one(Account, office.id_of("pr")).name = "Rini Wulandari"
    assert name != "Rini Wulandari"
    assert "Rini Wulandari" not in client.get(address_of(hang(office))).text
    assert "Rini Wulandari" in client.get(address_of(hang(office, shows_names=True))).text


def test_pictures_show_only_where_they_are_switched_on(office: Office, client: FlaskClient) -> None:
    card = office.start("m1")
    office.fill(card)
    plain, pictured = hang(office), hang(office, shows_pictures=True)
    shown = re.findall(
        r'src="(/display/[^"]+/pictures/(\d+))"', client.get(address_of(pictured)).text
    )
    assert len(shown) == 1
    address, file_id = shown[0]
    picture = client.get(address)
    assert picture.mimetype == "image/webp"
    assert picture.headers["Referrer-Policy"] == "no-referrer"
    assert "/pictures/" not in client.get(address_of(plain)).text
    assert client.get(f"{address_of(plain)}/pictures/{file_id}").status_code == 404
    other_board = hang(office, boards=("m5",), shows_pictures=True)
    assert client.get(f"{address_of(other_board)}/pictures/{file_id}").status_code == 404
    larger = hang(office, text_size="large", shows_pictures=True)
    assert "/pictures/" not in client.get(address_of(larger)).text


def test_what_needs_attention_comes_first_what_is_late_and_the_worst_of_it(
    office: Office, client: FlaskClient
) -> None:
    old = office.start("m1", title="Paling lama")
    office.at(now() + timedelta(minutes=5))
    office.start("m1", title="Agak lama")
    office.at(now() + timedelta(minutes=23))
    office.start("m1", title="Baru saja")
    office.at(now() + timedelta(minutes=12))
    rail = client.get(address_of(hang(office))).text.split('class="rail"')[1]
    assert re.findall(r"<h3>([^<]+)</h3>", rail) == ["Paling lama", "Agak lama", "Baru saja"]
    assert "lewat 25 mnt" in rail
    assert "2 lewat" in rail
    assert "1 segera lewat" in rail
    assert office.card(old).title == "Paling lama"


def rail_pages(client: FlaskClient, address: str) -> list[tuple[list[str], str | None]]:
    """Each page of the attention rail: its titles, and how many more it tells of."""
    rail = client.get(address).text.split('class="rail"')[1].split('class="figures"')[0]
    return [
        (
            re.findall(r"<h3>([^<]+)</h3>", page),
            more[1] if (more := re.search(r"\+(\d+) lainnya", page)) else None,
        )
        for page in rail.split("data-rail")[1:]
    ]


def late_cards(office: Office, number: int) -> list[str]:
    """So many late cards, the worst first."""
    titles = [f"Lewat {n}" for n in range(number)]
    for title in titles:
        office.start("m1", title=title)
        office.at(now() + timedelta(seconds=30))
    office.at(now() + timedelta(minutes=16))
    return titles


def soon_cards(office: Office, number: int) -> list[str]:
    """So many cards that will be late soon."""
    titles = [f"Segera {n}" for n in range(number)]
    for title in titles:
        office.start("m1", title=title)
    office.at(now() + timedelta(minutes=13))
    return titles


def test_the_worst_card_stays_while_the_others_take_turns_and_what_is_left_out_is_told(
    office: Office, client: FlaskClient
) -> None:
    late = late_cards(office, 9)
    assert rail_pages(client, address_of(hang(office))) == [
        ([late[0], *late[1:5]], "4"),
        ([late[0], *late[5:9]], "4"),
    ]


def test_a_page_of_what_needs_attention_leaves_no_room_empty(
    office: Office, client: FlaskClient
) -> None:
    late = late_cards(office, 7)
    assert [titles for titles, _more in rail_pages(client, address_of(hang(office)))] == [
        [late[0], *late[1:5]],
        [late[0], *late[3:7]],
    ]


@pytest.mark.parametrize("late", [6, 5])
def test_late_cards_come_before_soon_ones_and_both_come_in_every_round(
    office: Office, client: FlaskClient, late: int
) -> None:
    """A rail full of late cards once left out, for ever, what could still be saved."""
    ranked = [*late_cards(office, late), *soon_cards(office, 2)]
    pages = rail_pages(client, address_of(hang(office)))
    assert [shown for shown, _more in pages] == [ranked[:5], [ranked[0], *ranked[-4:]]]
    assert all(more == str(late + 2 - len(shown)) for shown, more in pages)


def test_all_late_cards_stay_where_they_have_room_and_the_others_take_turns(
    office: Office, client: FlaskClient
) -> None:
    late, soon = late_cards(office, 3), soon_cards(office, 4)
    assert rail_pages(client, address_of(hang(office))) == [
        ([*late, *soon[:2]], "2"),
        ([*late, *soon[2:]], "2"),
    ]


def test_so_many_late_cards_as_no_round_can_show_are_told(
    office: Office, client: FlaskClient
) -> None:
    late = late_cards(office, 27)
    pages = rail_pages(client, address_of(hang(office, text_size="larger")))
    assert len(pages) == PAGES_MOST
    assert pages[0] == (late[:3], "24")
    assert pages[-1] == ([late[0], *late[23:25]], "24")


@pytest.mark.parametrize(
    ("step", "turns", "rails", "expected"),
    [(4, 3, 2, (1, 1)), (3, 3, 2, (0, 0)), (4, 3, 5, (1, 4)), (7, 1, 0, (0, 0))],
)
def test_what_needs_attention_begins_anew_with_the_boards_unless_it_is_longer(
    step: int, turns: int, rails: int, expected: tuple[int, int]
) -> None:
    assert places(step, turns, rails) == expected


def test_who_holds_a_card_stands_beside_its_step_not_in_its_place(
    office: Office, client: FlaskClient
) -> None:
    hold(office.start("m1"), office.id_of("pr"))
    office.start("m1")
    text = client.get(address_of(hang(office, shows_names=True))).text
    name = db.session.get_one(Account, office.id_of("pr")).name
    assert text.count('<span class="face__name">Siapkan bahan konten</span>') == 2
    assert re.findall(r'class="face__holder">.*?#person.*?<span[^>]*>([^<]+)<', text) == [name]


def test_the_day_s_figures(office: Office, client: FlaskClient) -> None:
    office.advance(office.start("m5", title="Tepat"), to=None)
    late = office.start("m5", title="Terlambat")
    office.at(now() + timedelta(hours=1))
    office.advance(late, to=None)
    sent_back = office.start("m1")
    office.advance(sent_back, to=2)
    office.move(sent_back, 1, note="Sebutkan tempatnya.")
    address = address_of(hang(office))
    figures = client.get(address).text.split('class="figures"')[1]
    assert re.findall(r"<b>(\d+)</b> (\w+)", figures) == [
        ("2", "selesai"),
        ("1", "tepat"),
        ("1", "dikembalikan"),
    ]
    office.at(now() + timedelta(days=1))
    figures = client.get(address).text.split('class="figures"')[1]
    assert re.findall(r"<b>(\d+)</b>", figures) == ["0", "0", "0"]


def test_suspended_boards_and_cards_say_so(office: Office, client: FlaskClient) -> None:
    office.start("m1")
    address = address_of(hang(office))
    order = Order(reason="Banjir di rumah Rini", authority="ND 12/2026")
    suspend_board("m1", office.id_of("admin"), order, now())
    text = client.get(address).text
    assert "Ditangguhkan (keadaan kahar) sejak 10.00" in text
    assert "left--suspended" in text
    assert "Banjir" not in text


def test_too_many_cards_fill_pages_and_beyond_these_the_most_pressing_stay(
    office: Office, client: FlaskClient
) -> None:
    address = address_of(hang(office, boards=("m1",)))
    for number in range(20):
        office.start("m1", title=f"Kartu {number}")
    text = client.get(address).text
    assert re.findall(r'id="turn-([^"]+)"', text) == ["m1-1", "m1-2", "m1-3"]
    assert len(set(re.findall(r'id="face-(\d+)"', text))) == 20
    assert len(re.findall(r'data-turn aria-labelledby="[^"]+">', text)) == 1
    for number in range(20, 110):
        office.start("m1", title=f"Kartu {number}")
    text = client.get(address).text
    assert len(re.findall(r'id="turn-', text)) == 12
    assert "108 dari 110 kartu" in text


def test_the_number_of_statements_is_the_same_for_any_number_of_cards(
    app: Flask, office: Office, client: FlaskClient
) -> None:
    address = address_of(hang(office))
    client.get(address)  # the screen was noted
    office.start("m1")
    few = statements(client, address)
    for _ in range(8):
        office.start("m5")
    assert statements(client, address) == few
    assert few <= 10


def statements(client: FlaskClient, address: str, **headers: str) -> int:
    counted: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            counted.append(statement)

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        client.get(address, headers=headers)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(counted)


def test_after_a_change_only_the_board_concerned_is_read_anew(
    office: Office, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[list[str]] = []

    def noted(display: OpenDisplay, wanted: Sequence[ShownBoard], *more: Any) -> Any:
        read.append([board.slug for board in wanted])
        return wall_boards(display, wanted, *more)

    monkeypatch.setattr(drawn_walls, "wall_boards", noted)
    office.start("m1", title="Rapat pleno")
    address = address_of(hang(office))
    client.get(address)
    card = office.start("m5", title="Unggahan keliru")
    text = client.get(address).text
    assert read == [["m1", "m5"], ["m5"]]
    assert "Rapat pleno" in text
    assert f'id="face-{card}"' in text
    office.at(now() + timedelta(seconds=15))
    client.get(address)
    assert read[2:] == [["m1", "m5"]]  # words of time


def test_what_one_screen_was_given_just_now_is_given_to_the_others_of_its_link(
    office: Office, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = screen._drawn
    monkeypatch.setattr(screen, "_second", lambda: 0)
    monkeypatch.setattr(screen, "_drawn", lambda of, token: drawn.append(token) or draw(of, token))
    made, other = hang(office), hang(office, name="Ruang rapat")
    old = {**HTMX, "If-None-Match": 'W/"0-0"'}
    for title in ("Sosialisasi pemilih", "Surat edaran"):  # two changes within a second
        office.start("m1", title=title)
        first, second = (client.get(address_of(made), headers=old) for _screen in range(2))
        assert title in first.text
        assert (second.text, second.headers["ETag"]) == (first.text, first.headers["ETag"])
    client.get(address_of(other), headers=old)
    assert drawn == [made.token, made.token, other.token]
    revoke_link(made.display_id, links()[0].id, office.id_of("admin"), now())
    assert client.get(address_of(made), headers=old).status_code == 404


def test_the_screens_of_one_display_never_hold_each_other_s_token(
    office: Office, client: FlaskClient
) -> None:
    office.fill(office.start("m1"))
    made = hang(office, shows_pictures=True)
    other = link_display(made.display_id, office.id_of("admin"), now())
    for token, foreign in ((made.token, other), (other, made.token)):
        text = client.get(f"/display/{token}").text
        assert f'src="/display/{token}/pictures/' in text
        assert foreign not in text


def test_a_name_that_is_switched_off_is_gone_at_once(office: Office, client: FlaskClient) -> None:
    hold(office.start("m1"), office.id_of("pr"))
    made = hang(office, shows_names=True)
    assert "face__holder" in client.get(address_of(made)).text
    change_display(made.display_id, LOBBY, office.id_of("admin"), now())
    assert "face__holder" not in client.get(address_of(made)).text


@pytest.mark.parametrize(
    ("theme", "hour", "light"),
    [
        ("light", 2, True),
        ("dark", 10, False),
        ("hours", 5, False),
        ("hours", 6, True),
        ("hours", 18, False),
    ],
)
def test_light_dark_or_by_the_hour(
    office: Office, client: FlaskClient, theme: str, hour: int, light: bool
) -> None:
    address = address_of(hang(office, theme=theme))
    office.at(TUESDAY + timedelta(hours=hour - 10, days=1))
    assert ("wall--light" in client.get(address).text) is light


@pytest.mark.parametrize(
    ("hours", "dimmed"), [(0, False), (2.5, False), (7, True), (-4, True), (96, True)]
)
def test_it_dims_outside_hours_but_not_in_a_break(
    office: Office, client: FlaskClient, hours: float, dimmed: bool
) -> None:
    dims, never = hang(office, dims=True), hang(office)
    office.at(TUESDAY + timedelta(hours=hours))
    assert ("wall--dimmed" in client.get(address_of(dims)).text) is dimmed
    assert "wall--dimmed" not in client.get(address_of(never)).text


def test_dimmed_it_is_dark_and_every_word_keeps_its_contrast(
    app: Flask, office: Office, client: FlaskClient
) -> None:
    address = address_of(hang(office, dims=True, theme="light"))
    office.at(TUESDAY + timedelta(days=4))  # a Saturday
    assert 'class="wall wall--dark wall--dimmed"' in client.get(address).text
    styles = Path(app.static_folder or "", "css", "display.css").read_text("utf-8")
    colours = {}
    for rule in (r"\.wall--dark \{(.*?)\}", r"\.wall--dimmed \{(.*?)\}"):
        found = re.search(rule, styles, re.DOTALL)
        assert found
        colours |= dict(re.findall(r"--([\w-]+): (#\w{6})", found[1]))
    black = re.search(r"\.wall--dimmed::after .* opacity: ([.\d]+)", styles)
    assert black
    pairs = [(ink, on) for ink in ("ink", "ink-2", "ink-3") for on in ("ground", "rail", "card")]
    pairs += [(name, f"{name}-soft") for name in ("accent", "soon", "over", "susp")]
    for ink, on in pairs:
        light, dark = (luminance(colours[name], 1 - float(black[1])) + 0.05 for name in (ink, on))
        assert light / dark >= 4.5, (ink, on)


def luminance(colour: str, kept: float) -> float:
    """The relative luminance (WCAG 2.2) of a colour of which so much is kept under black."""
    parts = [int(colour[at : at + 2], 16) / 255 * kept for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_it_speaks_the_office_s_language_to_everyone(office: Office, login: Login) -> None:
    reader = login("pr")
    send(reader, "/account/language", language="en")
    assert "Perlu perhatian" in reader.get(address_of(hang(office))).text


# Polling ---------------------------------------------------------------------------------------------


def poll(client: FlaskClient, address: str, tag: str) -> int:
    return client.get(address, headers={**HTMX, "If-None-Match": tag}).status_code


@pytest.fixture
def whole_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn stands from the full minute on, and no test takes a quarter of it."""
    monkeypatch.setattr(screen, "crc32", lambda _token: 0)


@pytest.mark.usefixtures("whole_slots")
def test_an_unchanged_screen_is_one_statement(office: Office, client: FlaskClient) -> None:
    address = address_of(hang(office))
    tag = client.get(address).headers["ETag"]
    assert poll(client, address, tag) == 304
    assert statements(client, address, **HTMX, **{"If-None-Match": tag}) == 1


@pytest.mark.usefixtures("whole_slots")
def test_a_change_the_clock_midnight_and_a_release_redraw_it(
    office: Office, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = hang(office)
    address = address_of(made)

    def tag() -> str:
        answer = client.get(address, headers=HTMX)
        assert answer.text.lstrip().startswith("<div")
        assert f'data-tag="{answer.headers["ETag"]}"' in unescape(answer.text)
        return answer.headers["ETag"]

    first = tag()
    office.start("m2")
    assert poll(client, address, first) == 304
    office.start("m1")
    assert poll(client, address, first) == 200
    second = tag()
    office.at(now() + timedelta(seconds=screen.SLOT))
    assert poll(client, address, second) == 200
    third = tag()
    monkeypatch.setattr(screen, "_release", lambda: "another")
    assert poll(client, address, third) == 200
    fourth = tag()
    change_display(made.display_id, LOBBY_LIGHT, office.id_of("admin"), now())
    assert poll(client, address, fourth) == 200


LOBBY_LIGHT = replace(LOBBY, boards=("m1",), rotation=20, theme="light", text_size="large")


# Who gets in -----------------------------------------------------------------------------------------


def test_a_revoked_unknown_or_shortened_token_finds_nothing_polls_too(
    office: Office, client: FlaskClient
) -> None:
    made, other = hang(office), hang(office, shows_pictures=True)
    address = address_of(made)
    tag = client.get(address).headers["ETag"]
    for wrong in (made.token[:-1], made.token[:8], made.token + "A", "A" * 43, "1", "%00", "é"):
        for headers in ({}, {**HTMX, "If-None-Match": tag}):
            answer = client.get(f"/display/{wrong}", headers=headers)
            assert answer.status_code == 404, wrong
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Kantor Uji" not in answer.text
    revoke_display(made.display_id, office.id_of("admin"), now())
    assert client.get(address).status_code == 404
    assert poll(client, address, tag) == 404
    assert client.get(address_of(other)).status_code == 200


def test_one_link_is_revoked_and_the_others_go_on(office: Office, client: FlaskClient) -> None:
    made, admin = hang(office), office.id_of("admin")
    second = link_display(made.display_id, admin, now())
    revoke_link(made.display_id, links()[0].id, admin, now())
    assert client.get(address_of(made)).status_code == 404
    assert client.get(f"/display/{second}").status_code == 200


def test_the_token_itself_is_kept_nowhere(office: Office, client: FlaskClient) -> None:
    made = hang(office)
    client.get(address_of(made))
    for table in db.metadata.tables.values():
        for row in db.session.execute(select(table)):
            assert made.token not in str(row)


def test_the_token_stands_in_no_referer(office: Office, client: FlaskClient) -> None:
    address = address_of(hang(office))
    for path in (address, f"{address}/", f"{address}/pictures/1", f"{address}/x/y"):
        assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    assert client.post(address).headers["Referrer-Policy"] == "no-referrer"


def test_the_token_stands_in_no_log(
    office: Office,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = hang(office)

    def fail(_token: str) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(screen, "open_display", fail)
    with caplog.at_level(logging.DEBUG):
        assert client.get(address_of(made)).status_code == 503
        logging.getLogger("waitress").error("Exception while serving %s", address_of(made))
        logging.getLogger("werkzeug").info('"GET %s HTTP/1.1" 200', address_of(made))
        office.app.logger.error(f"fault at {address_of(made)}/pictures/3")
    assert "/display/–" in caplog.text
    assert "/display/–/pictures/3" in caplog.text
    assert made.token not in caplog.text


def test_what_lets_in_is_taken_out_of_words() -> None:
    assert (
        without_secrets("GET /display/abc-1_2?x=1 and /setup/xyz")
        == "GET /display/–?x=1 and /setup/–"
    )
    assert without_secrets("/settings/displays/3 /boards/m1") == "/settings/displays/3 /boards/m1"


@pytest.mark.parametrize(
    "typed", ["/display//", "/Display/", "/DISPLAY/", "/displays/", "/tv/", "/"]
)
def test_a_mistyped_address_does_not_give_its_token_away(typed: str) -> None:
    token = new_token()
    assert token not in without_secrets(f"GET {typed}{token}/nudges")


def test_a_screen_that_is_looked_at_was_seen(office: Office, client: FlaskClient) -> None:
    address = address_of(hang(office))
    assert links()[0].seen_at is None
    client.get(address)
    seen = links()[0].seen_at
    assert seen is not None
    office.at(now() + timedelta(minutes=2))
    client.get(address)
    assert links()[0].seen_at == seen
    office.at(now() + timedelta(minutes=5))
    client.get(address)
    assert links()[0].seen_at > seen


# Who decides -----------------------------------------------------------------------------------------

FORM = {
    "name": " Ruang  redaksi ",
    "boards": ["m1", "k1"],
    "rotation": "20",
    "theme": "hours",
    "text_size": "large",
}


def test_an_administrator_makes_one_and_sees_its_link_once(
    boss: FlaskClient, client: FlaskClient
) -> None:
    answer = send(boss, PAGE, **FORM, dims="y")
    token = re.search(r"http://localhost/display/([\w-]{43})<", answer.text)[1]
    assert client.get(f"/display/{token}").status_code == 200
    kept = db.session.scalars(select(Display)).one()
    assert (kept.name, kept.rotation, kept.theme, kept.text_size) == (
        "Ruang redaksi",
        20,
        "hours",
        "large",
    )
    assert (kept.dims, kept.shows_names, kept.shows_pictures) == (True, False, False)
    for page in (PAGE, f"{PAGE}/{kept.id}"):
        text = boss.get(page).text
        assert "Ruang redaksi" in text
        assert token not in text


def test_the_link_comes_as_a_code_for_cameras_too(boss: FlaskClient) -> None:
    page = send(boss, PAGE, **FORM).text
    assert '<svg aria-hidden="true"' in page
    assert 'class="qr"' in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("host", "told"),
    [("localhost", True), ("127.0.0.1:8000", True), ("192.168.1.20:8000", False)],
)
def test_an_address_that_leads_nobody_else_here_is_told(
    app: Flask, boss: FlaskClient, host: str, told: bool
) -> None:
    send(boss, PAGE, **FORM)
    cookies = "; ".join(f"{one.key}={one.value}" for one in boss._cookies.values())
    elsewhere = app.test_client(use_cookies=False)
    page = elsewhere.get(PAGE, base_url=f"http://{host}", headers={"Cookie": cookies}).text
    assert ("jalankan server dengan --lan" in page) is told
    assert f"http://{host}/tv" in page


@pytest.mark.parametrize("host", ["localhost:8731", "127.0.0.1:8731", "[::1]:8731"])
def test_on_the_server_itself_the_networks_address_is_told(
    app: Flask, boss: FlaskClient, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setitem(app.config, LISTENS_ON, "0.0.0.0")
    monkeypatch.setattr(addresses, "_way_out", lambda: "10.0.0.5")
    monkeypatch.setattr(addresses, "own_addresses", lambda: ["10.0.0.5", "192.168.1.7"])
    monkeypatch.setattr(addresses, "_local_name", list)
    client = app.test_client(use_cookies=False)
    form = {"csrf_token": form_token(boss), **FORM}
    cookies = {"Cookie": "; ".join(f"{one.key}={one.value}" for one in boss._cookies.values())}
    # The port is the server's own, whatever the request claims.
    here = {"base_url": "http://127.0.0.1:8731", "headers": {**cookies, "Host": host}}
    made = client.post(PAGE, data=form, **here).text
    page = client.get(PAGE, **here).text
    assert re.search(r">http://10\.0\.0\.5:8731/display/[\w-]{43}<", made)
    assert "Buka http://10.0.0.5:8731/tv di TV." in page
    for text in (made, page):
        assert "coba alamat lain komputer ini: http://192.168.1.7:8731/" in text
        assert "--lan" not in text
        assert f"http://{host}" not in text


def test_a_port_that_a_request_claims_is_not_believed(
    app: Flask, boss: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, LISTENS_ON, "10.0.0.5")
    send(boss, PAGE, **FORM)
    cookies = "; ".join(f"{one.key}={one.value}" for one in boss._cookies.values())
    page = app.test_client(use_cookies=False).get(
        PAGE, base_url="http://127.0.0.1:8731", headers={"Cookie": cookies, "Host": "127.0.0.1:666"}
    )
    assert "Buka http://10.0.0.5:8731/tv di TV." in page.text


def test_no_two_displays_bear_one_name(office: Office, boss: FlaskClient) -> None:
    first, second = hang(office), hang(office, name="Ruang rapat")
    before = office.rows()
    used = "Nama ini sudah dipakai layar lain."
    for path in (PAGE, f"{PAGE}/{second.display_id}"):
        for name in ("Lobi", " LOBI ", "lobi"):
            answer = send(boss, path, **{**FORM, "name": name})
            assert answer.status_code == 422
            assert used in answer.text
    assert office.rows() == before
    assert send(boss, f"{PAGE}/{first.display_id}", **{**FORM, "name": "lobi"}).status_code == 303
    revoke_display(first.display_id, office.id_of("admin"), now())
    assert send(boss, PAGE, **{**FORM, "name": "Lobi"}).status_code == 200


def test_what_cannot_be_taken_back_is_asked_once_more_also_without_scripts(
    office: Office, boss: FlaskClient
) -> None:
    made = hang(office)
    page = f"{PAGE}/{made.display_id}"
    text = boss.get(page).text
    for deed in (f"{page}/links/{links()[0].id}/revoke", f"{page}/revoke"):
        before = text.split(f'action="{deed}"')[0]
        asked = before.rsplit("<details", 1)[1]
        assert "</details>" not in asked
        assert "open" not in asked.split(">")[0]


def test_the_row_of_a_link_says_since_when_and_when_it_was_last_seen(
    office: Office, boss: FlaskClient, client: FlaskClient
) -> None:
    made = hang(office)
    page = f"{PAGE}/{made.display_id}"
    assert "belum pernah terlihat" in boss.get(page).text
    office.at(now() + timedelta(minutes=7))
    client.get(address_of(made))
    row = boss.get(page).text.split('class="sessions"')[1]
    assert re.search(r"Dibuat [^<]*10\.00 oleh [^<]* · terakhir terlihat [^<]*10\.07<", row)


def test_everything_can_be_changed_and_the_links_stay(
    office: Office, boss: FlaskClient, client: FlaskClient
) -> None:
    made = hang(office)
    page = f"{PAGE}/{made.display_id}"
    assert "Lobi" in boss.get(page).text
    assert send(boss, page, **FORM, shows_names="y").status_code == 303
    text = client.get(address_of(made)).text
    assert re.findall(r'id="turn-([^"]+)"', text) == ["m1-1", "k1-1"]
    assert 'data-rotation="20"' in text
    told = db.session.scalars(select(Event).where(Event.kind == "display_changed")).one()
    assert told.details["changes"]["boards"] == [["m1", "m5"], ["m1", "k1"]]
    before = office.rows()
    assert send(boss, page, **FORM, shows_names="y").status_code == 303
    assert office.rows() == before


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": "  "}, "Nama wajib diisi."),
        ({"name": "a" * 81}, "paling panjang 80"),
        ({"name": "a\x07b"}, "tidak dapat dibaca"),
        ({"boards": []}, "Pilih paling sedikit satu papan."),
        ({"boards": ["m9"]}, "Pilih papan dari yang ditawarkan."),
        ({"boards": ["m1", "m1"]}, "Pilih papan dari yang ditawarkan."),
        ({"rotation": "4"}, "bilangan bulat dari 5 sampai 300"),
        ({"rotation": "301"}, "bilangan bulat dari 5 sampai 300"),
        ({"rotation": "lama"}, "bilangan bulat dari 5 sampai 300"),
        ({"theme": "pink"}, "Pilih dari yang ditawarkan."),
        ({"text_size": ""}, "Pilih dari yang ditawarkan."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_written(
    office: Office, boss: FlaskClient, changed: dict[str, object], fault: str
) -> None:
    made = hang(office)
    before = office.rows()
    for path in (PAGE, f"{PAGE}/{made.display_id}"):
        answer = send(boss, path, **{**FORM, **changed})
        assert answer.status_code == 422
        assert fault in answer.text
    assert office.rows() == before


def test_links_are_added_and_revoked_and_at_last_the_display(
    office: Office, boss: FlaskClient, client: FlaskClient
) -> None:
    made = hang(office)
    page = f"{PAGE}/{made.display_id}"
    token = re.search(r"/display/([\w-]{43})<", send(boss, f"{page}/links").text)[1]
    assert send(boss, f"{page}/links/{links()[0].id}/revoke").status_code == 303
    assert client.get(address_of(made)).status_code == 404
    assert client.get(f"/display/{token}").status_code == 200
    assert send(boss, f"{page}/links/{links()[0].id}/revoke").status_code == 404
    assert send(boss, f"{page}/revoke").status_code == 303
    assert client.get(f"/display/{token}").status_code == 404
    assert boss.get(page).status_code == 404
    for path in ("", "/links", "/revoke", f"/links/{links()[1].id}/revoke"):
        assert send(boss, page + path, **FORM).status_code == 404
    assert "Lobi" not in boss.get(PAGE).text


def test_a_link_of_another_display_is_not_revoked_with_this_one(
    office: Office, boss: FlaskClient
) -> None:
    first, second = hang(office), hang(office)
    path = f"{PAGE}/{first.display_id}/links/{links()[1].id}/revoke"
    assert send(boss, path).status_code == 404
    assert links()[1].revoked_at is None
    assert second.display_id != first.display_id


@pytest.mark.parametrize("username", ["pr", "tamu"])
def test_nobody_else_finds_them(office: Office, login: Login, username: str) -> None:
    made, client = hang(office), login(username)
    page, link = f"{PAGE}/{made.display_id}", links()[0].id
    before = office.rows()
    for path in (PAGE, f"{PAGE}/new", page):
        assert client.get(path).status_code == 404
    for path in (
        PAGE,
        f"{PAGE}/pairings",
        page,
        f"{page}/links",
        f"{page}/links/{link}/revoke",
        f"{page}/revoke",
    ):
        assert send(client, path, **FORM).status_code == 404
    assert office.rows() == before
    stranger = office.id_of(username)
    for deed in (
        lambda: make_display(LOBBY, stranger, now()),
        lambda: change_display(made.display_id, LOBBY_LIGHT, stranger, now()),
        lambda: link_display(made.display_id, stranger, now()),
        lambda: revoke_link(made.display_id, link, stranger, now()),
        lambda: revoke_display(made.display_id, stranger, now()),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert office.rows() == before


def test_who_is_not_logged_in_is_asked_to(client: FlaskClient) -> None:
    assert "/login" in client.get(PAGE).location


def test_the_settings_history_tells_of_them(office: Office, boss: FlaskClient) -> None:
    made, admin = hang(office), office.id_of("admin")
    change_display(made.display_id, LOBBY_LIGHT, admin, now())
    link_display(made.display_id, admin, now())
    revoke_link(made.display_id, links()[1].id, admin, now())
    change_display(made.display_id, replace(LOBBY_LIGHT, name="Aula"), admin, now())
    renamed = boss.get("/settings/history?area=displays").text
    assert "mengubah layar Lobi" in renamed  # what it was called until then
    change_display(made.display_id, LOBBY_LIGHT, admin, now())
    revoke_display(made.display_id, admin, now())
    text = boss.get("/settings/history?area=displays").text
    for words in (
        "membuat layar Lobi",
        "mengubah layar Lobi",
        "membuat tautan baru",
        "mencabut satu tautan",
        "mencabut layar Lobi",
        "Terang",
        "Besar",
        "M1, M5",
    ):
        assert words in text


def test_an_operation_refuses_what_a_form_would(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        hang(office, name="", boards=(), rotation=0, theme="x", text_size="y")
    assert set(refused.value.faults) == {"name", "boards", "rotation", "theme", "text_size"}
