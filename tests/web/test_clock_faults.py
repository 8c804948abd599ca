"""A machine's clock that is wrong: said to those who can see to it, and nobody is put out by it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from kanban.domain.moves import Capacity
from kanban.now import now
from kanban.operations.set_memberships import mark_of, set_memberships
from kanban.queries.accounts import Rights, adopted_sops, rights_of
from tests.conftest import TUESDAY
from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
BANNER = "Jam komputer kantor diragukan."
WRONG = {
    "an hour back": TUESDAY - timedelta(hours=1),
    "a day back": TUESDAY - timedelta(days=1),
    "1970": datetime(1970, 1, 1, 0, 5, tzinfo=UTC),
    "ten years ahead": TUESDAY.replace(year=2036),
}
PAGES = ("/", "/boards/m1", "/cards", "/notices", "/account")


@pytest.fixture(params=WRONG)
def wrong(request: pytest.FixtureRequest) -> datetime:
    """A moment that the machine's clock shows by mistake."""
    return WRONG[request.param]


def test_a_right_clock_is_not_spoken_of(office: Office, login: Login) -> None:
    office.start("m1")
    boss = login("admin")
    assert all(BANNER not in boss.get(page).text for page in PAGES)


def test_every_page_says_it_to_administrator_and_supervisor(
    office: Office, login: Login, wrong: datetime
) -> None:
    card = office.start("m1")
    chief, (sop_id, *_) = office.id_of("wakil"), adopted_sops()
    rights = {sop_id: Rights(frozenset({Capacity("PP", True)}), supervisor=True)}
    set_memberships(chief, rights, mark_of(rights_of(chief)), office.id_of("admin"), now())
    office.at(wrong)
    for username in ("admin", "wakil"):
        client = login(username)
        for page in (*PAGES, f"/cards/{card}"):
            answer = client.get(page)
            assert answer.status_code == 200
            assert BANNER in answer.text
            assert "24 Nov 2026" in answer.text  # what the last record says
    for username in ("pr", "tamu", "ks"):
        assert BANNER not in login(username).get("/").text


def test_it_says_what_the_clock_shows_and_what_to_do(office: Office, login: Login) -> None:
    office.start("m1")
    office.at(WRONG["1970"])
    page = login("admin").get("/").text
    assert "Kam 1 Jan 1970, 07.05" in page
    assert "Betulkan tanggal, jam, dan zona waktu pada komputer" in page


def test_nothing_that_is_polled_carries_it(office: Office, login: Login) -> None:
    office.start("m1")
    boss = login("admin")
    office.at(WRONG["an hour back"])
    for fragment in ("/bar", "/boards/m1/cards"):
        assert BANNER not in boss.get(fragment, headers={"HX-Request": "true"}).text


def test_a_card_can_be_worked_on_and_shows_no_time_that_cannot_be(
    office: Office, login: Login, wrong: datetime
) -> None:
    card = office.start("m1")
    office.at(wrong)
    maker = login("pr")
    assert send(maker, f"/cards/{card}/checks", item=4, done=1).status_code == 303
    page = maker.get(f"/cards/{card}").text
    assert "-" not in page.split('data-time="')[1].split('"')[0] or wrong > TUESDAY
    for address in (f"/cards/{card}", f"/cards/{card}/record", "/boards/m1", "/"):
        assert maker.get(address).status_code == 200


def test_late_cards_reports_and_calendar_open_though_the_clock_is_wrong(
    office: Office, login: Login, wrong: datetime
) -> None:
    card = office.start("m1")
    office.advance(card, to=3)
    office.start("m1")
    office.at(wrong)
    boss = login("admin")
    for page in ("/overdue", "/overdue.csv", "/reports", "/settings/calendar", "/calendar"):
        assert boss.get(page, follow_redirects=True).status_code == 200
    office.at(TUESDAY + timedelta(hours=2))
    office.advance(card, to=5)
    assert login("admin").get("/reports").status_code == 200  # the session of 1970 is over


def test_a_machine_set_back_puts_nobody_out(login: Login) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        client = login("pr")
        assert client.get("/").status_code == 200
    with time_machine.travel(TUESDAY - timedelta(hours=1), tick=False):
        assert client.get("/").status_code == 200


def test_whoever_logs_in_in_1970_stays_logged_in(login: Login) -> None:
    with time_machine.travel(WRONG["1970"], tick=False):
        client = login("pr")
        assert client.get("/").status_code == 200
        cookie = client.get_cookie("papan")
    assert cookie
    assert cookie.expires
    assert cookie.expires > datetime.now(UTC) + timedelta(days=30)  # by the browser's own clock
