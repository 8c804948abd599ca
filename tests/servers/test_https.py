"""HTTPS behind a real nginx, told what docs/https.md says: right links, Secure cookies, no stranger believed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kanban.backup.databases import connect_sqlite
from tests.servers.cards import READY, ready_card, start_card
from tests.services import nginx
from tests.services.program import Browser, next_state, running
from tests.web.forms import HTMX

STRANGER = "127.0.0.2"
"""Another address of this machine: who comes from it is not the proxy."""
LIES = {
    "X-Forwarded-For": "10.9.8.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "444",
    "Forwarded": "for=10.9.8.7;host=evil.example;proto=https",
}

pytestmark = [pytest.mark.any_database, nginx.required]


@pytest.fixture(scope="module")
def program(instance: Path) -> Iterator[int]:
    """The program's own port, behind which only the proxy should be."""
    named = {"KANBAN_PROXY": nginx.FROM, "KANBAN_HOSTS": nginx.NAME}
    with running(instance, instance / "said", **named) as port:
        yield port


@pytest.fixture(scope="module")
def proxy(program: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[nginx.Proxy]:
    with nginx.in_front_of([program], tmp_path_factory.mktemp("nginx")) as listening:
        yield listening


@pytest.fixture
def visitor(proxy: nginx.Proxy) -> Browser:
    """A browser that came by HTTPS and believes the office's own certificate."""
    return Browser(proxy.port, nginx.NAME, proxy.trust, STRANGER)


def test_login_cookies_and_a_move_are_right_behind_https(visitor: Browser, instance: Path) -> None:
    answer = visitor.log_in("am")
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert len(visitor.cookies) == 2  # the session, and that this browser is known
    assert all(kept["secure"] and kept["httponly"] for kept in visitor.cookies.values())
    card = ready_card(visitor)
    moved = visitor.post(
        f"/cards/{card}/moves", {"to": 2, "version": READY}, {**HTMX, "HX-Target": "board"}
    )
    assert moved.status == 200
    assert f'data-card="{card}" data-step="2"' in " ".join(moved.text.split())
    assert rows(instance, "SELECT DISTINCT address FROM sessions") == [(STRANGER,)]


def test_links_lead_back_to_the_name_and_scheme_by_which_one_came(visitor: Browser) -> None:
    visitor.log_in("admin")
    assert visitor.address("/display/") in hung(visitor, {})


def test_the_stream_of_changes_comes_through_at_once(visitor: Browser) -> None:
    visitor.log_in("am")
    with closing(visitor.open()) as stream:
        stream.request("GET", "/nudges", headers=visitor.carried())
        told = stream.getresponse()
        assert told.headers["Content-Type"].startswith("text/event-stream")
        before = next_state(told)["m4"]
        start_card(visitor)
        while (after := next_state(told)["m4"]) == before:
            pass
        assert after == before + 1


def test_plain_http_is_sent_on(proxy: nginx.Proxy) -> None:
    answer = Browser(proxy.plain, nginx.NAME).get("/boards/m1")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{nginx.NAME}/boards/m1")


def test_a_browser_cannot_lie_to_the_proxy_about_where_it_comes_from(
    visitor: Browser, instance: Path
) -> None:
    visitor.log_in("pr", LIES)
    found = "SELECT s.address FROM sessions s JOIN accounts a ON a.id = s.account_id"
    assert rows(instance, f"{found} WHERE a.username = 'pr'") == [(STRANGER,)]


def test_a_stranger_who_gets_past_the_proxy_is_not_believed(program: int, instance: Path) -> None:
    visitor = Browser(program, came_from=STRANGER)
    answer = visitor.log_in("as", LIES)
    assert answer.status == 303
    assert not any(kept["secure"] for kept in visitor.cookies.values())
    found = "SELECT s.address FROM sessions s JOIN accounts a ON a.id = s.account_id"
    assert rows(instance, f"{found} WHERE a.username = 'as'") == [(STRANGER,)]
    visitor.log_in("admin", LIES)
    page = hung(visitor, LIES, "Ruang redaksi")
    assert visitor.address("/display/") in page
    assert "evil.example" not in page


def test_made_up_addresses_do_not_get_past_the_count_of_failed_logins(program: int) -> None:
    visitor = Browser(program, came_from="127.0.0.9")
    visitor.get("/login")
    statuses = [
        visitor.post(
            "/login",
            {"username": "tamu", "password": "salah"},
            {"X-Forwarded-For": f"10.0.0.{turn}"},
        ).status
        for turn in range(11)
    ]
    assert statuses == [422] * 10 + [429]


@pytest.mark.parametrize("name", ["evil.example", "papan.example.go.id.evil.example"])
def test_a_foreign_name_is_refused_by_the_program_itself(program: int, name: str) -> None:
    answer = Browser(program, name).get("/login")
    assert answer.status == 400
    assert name in answer.text


def test_the_secret_addresses_of_walls_stand_in_no_log_of_the_proxy(
    visitor: Browser, proxy: nginx.Proxy
) -> None:
    assert visitor.get("/display/rahasia-sekali").status == 404
    for log in (*proxy.folder.glob("*.log"), proxy.folder / "said"):
        assert "rahasia-sekali" not in log.read_text(encoding="utf-8")


def hung(visitor: Browser, headers: dict[str, str], name: str = "Lobi") -> str:
    """The page that shows a new display's link, this once."""
    chosen = {
        "name": name,
        "boards": "m1",
        "rotation": 15,
        "theme": "dark",
        "text_size": "normal",
    }
    answer = visitor.post("/settings/displays", chosen, headers)
    assert answer.status == 200, answer.text
    return answer.text


def rows(instance: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(connect_sqlite(instance / "kanban.sqlite3")) as hand:
        return hand.execute(statement).fetchall()
