"""GET /cards: running and closed cards by words and filters, page by page, to those who may see them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from kanban.bench.figures import counted
from kanban.domain.moves import Outcome
from kanban.extensions import db
from kanban.models import Board, Card, Removal, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.cancel_card import cancel_card
from kanban.operations.search_words import index_cards
from kanban.operations.undo_move import undo_move
from kanban.queries.finding import COUNTED_MOST, PAGE
from tests.office import Office
from tests.web.forms import HTMX

Login = Callable[[str], FlaskClient]


def page_of(client: FlaskClient, address: str = "/cards") -> str:
    return " ".join(unescape(client.get(address).text).split())


def hits(client: FlaskClient, address: str = "/cards") -> list[int]:
    """The cards on the page, in order."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return [int(number) for number in re.findall(r'<tr class="hit" id="card-(\d+)"', answer.text)]


def test_running_and_closed_cards_are_there_newest_first(office: Office, login: Login) -> None:
    running, finished, cancelled = office.start("m1"), office.start("m3"), office.start("m2")
    office.advance(finished, to=None)
    cancel(office, cancelled)
    client = login("pr")
    assert hits(client) == [cancelled, finished, running]
    page = page_of(client)
    assert "3 kartu" in page
    assert re.search(rf'id="card-{running}".*?>berjalan<.*?1 Siapkan bahan', page)
    assert re.search(rf'id="card-{finished}".*?>selesai<', page)
    assert re.search(rf'id="card-{cancelled}".*?>dibatalkan penyelia<.*?Administrator', page)


def cancel(office: Office, card: int) -> None:
    version = office.card(card).version
    cancel_card(card, office.id_of("admin"), version, "Batal tayang", now())


def test_who_finished_a_card_and_when_is_told(office: Office, login: Login) -> None:
    card = office.start("m3")
    office.advance(card, to=None)
    page = page_of(login("tamu"))
    assert re.search(
        r'data-label="selesai"><time[^>]*>10\.00</time><small>Admin Medsos</small>', page
    )


@pytest.mark.parametrize("cancelled", [False, True])
def test_it_is_told_also_where_the_clock_was_set_back(
    office: Office, login: Login, cancelled: bool
) -> None:
    card = office.start("m1")
    office.advance(card, to=8)
    office.fill(card)
    office.at(now() - timedelta(hours=2))
    if cancelled:
        cancel(office, card)
    else:
        office.move(card, None)
    assert office.card(card).closed_at == office.visits(card)[-1].left_at
    assert ("Administrator" if cancelled else "Admin Medsos") in page_of(login("tamu"))


def test_each_state_can_be_asked_for(office: Office, login: Login) -> None:
    running, finished, cancelled = office.start("m1"), office.start("m3"), office.start("m2")
    office.advance(finished, to=None)
    cancel(office, cancelled)
    client = login("pr")
    assert hits(client, "/cards?state=running") == [running]
    assert hits(client, "/cards?state=finished") == [finished]
    assert hits(client, "/cards?state=cancelled") == [cancelled]
    assert hits(client, "/cards?state=stopped") == []


def test_removed_and_archived_content_is_told_and_found(office: Office, login: Login) -> None:
    cards = [office.start("m3") for _ in range(3)]
    for card in cards:
        office.advance(card, to=None)
    orders = [office.start("m2") for _ in range(3)]
    deeds = [("removed", "done"), ("archived", "done"), ("removed", "dropped")]
    with writing():
        for order, card, (deed, outcome) in zip(orders, cards, deeds, strict=True):
            db.session.add(
                Removal(
                    card_id=order, content_id=card, deed=deed, outcome=outcome, settled_at=now()
                )
            )
    client = login("pr")
    assert hits(client, "/cards?state=removed") == [cards[0]]
    assert hits(client, "/cards?state=archived") == [cards[1]]
    assert hits(client, "/cards?state=finished") == cards[::-1]
    assert re.search(rf'id="card-{cards[0]}".*?>konten dihapus<', page_of(client))


def test_one_board_can_be_asked_for(office: Office, login: Login) -> None:
    office.start("m1")
    card = office.start("m2")
    assert hits(login("pr"), "/cards?board=m2") == [card]
    assert hits(login("pr"), "/cards?board=nowhere") == []


def test_cards_of_another_office_are_never_found(office: Office, login: Login) -> None:
    theirs = office.start("k1", title="Rahasia Kotawaringin")
    client = login("pr")
    for address in ("/cards", "/cards?q=rahasia", "/cards?board=k1", f"/cards?q=%23{theirs}"):
        assert hits(client, address) == []
        assert "Rahasia Kotawaringin" not in page_of(client, address)
    assert hits(login("ks"), "/cards?q=rahasia") == [theirs]


def test_a_guest_may_look(office: Office, login: Login) -> None:
    card = office.start("m1")
    assert hits(login("tamu")) == [card]


def test_nobody_looks_without_logging_in(client: FlaskClient) -> None:
    for address in ("/cards", "/cards.csv", "/cards.xlsx"):
        answer = client.get(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/login")


def test_the_archive_only_reads(login: Login) -> None:
    assert login("pr").post("/cards").status_code in (400, 405)


def test_a_period_is_of_what_started_or_finished_in_it(office: Office, login: Login) -> None:
    monday, long = now() - timedelta(days=1), office.start("m3", title="Mulai Selasa")
    office.at(now() + timedelta(days=6))
    office.advance(long, to=None)
    late = office.start("m1", title="Mulai Senin depan")
    client = login("pr")
    day = f"{monday + timedelta(days=1):%Y-%m-%d}"
    assert hits(client, f"/cards?from={day}&to={day}") == [long]
    assert hits(client, "/cards?from=2026-11-30&to=2026-11-30") == [late, long]
    assert hits(client, "/cards?from=2026-11-30") == [late, long]
    assert hits(client, "/cards?to=2026-11-23") == []
    assert hits(client, "/cards?from=2026-12-01&to=2026-11-30") == [late, long]


def test_the_days_are_those_of_the_office(office: Office, login: Login) -> None:
    office.at(datetime.fromisoformat("2026-11-24T00:30+07:00"))
    card = office.start("m1")
    assert hits(login("pr"), "/cards?from=2026-11-24&to=2026-11-24") == [card]
    assert hits(login("pr"), "/cards?from=2026-11-23&to=2026-11-23") == []


def test_cards_of_one_person_are_those_started_acted_on_or_held(
    office: Office, login: Login
) -> None:
    started = office.start("m1", by="pr")
    acted = office.start("m1")
    office.fill(acted)
    office.start("m2")
    held = office.start("m1")
    with writing():
        db.session.get_one(Card, held).holder_id = office.id_of("pr")
    client = login("tamu")
    assert hits(client, f"/cards?person={office.id_of('pr')}") == [held, acted, started]
    assert "Pelaksana Redaksi" in page_of(client)
    assert "Kasubbag" not in page_of(client)


def test_returned_cards_are_told_and_found_but_not_undone_returns(
    office: Office, login: Login
) -> None:
    twice, undone = office.start("m1"), office.start("m1")
    for note in ("Kurang foto", "Kurang narasi"):
        office.advance(twice, to=2)
        office.move(twice, 1, note=note)
    office.advance(undone, to=2)
    office.move(undone, 1, note="Keliru")
    undo_move(undone, office.id_of("pp"), office.card(undone).version, now())
    client = login("pr")
    assert hits(client, "/cards?returned=1") == [twice]
    assert "dikembalikan 2×" in page_of(client)


def test_late_cards_are_told_and_found(office: Office, login: Login) -> None:
    still_late, was_late = office.start("m1"), office.start("m2")
    office.at(now() + timedelta(hours=2))
    office.advance(was_late, to=2)
    on_time = office.start("m4")
    client = login("pr")
    assert hits(client, "/cards?late=1") == [was_late, still_late]
    assert page_of(client).count("</svg>lewat batas waktu") == 2
    assert on_time in hits(client)


def test_filters_add_up(office: Office, login: Login) -> None:
    wanted = office.start("m1", title="Pengumuman seleksi")
    office.advance(wanted, to=2)
    office.move(wanted, 1, note="Kurang")
    office.start("m1", title="Pengumuman lain")
    office.start("m2", title="Pengumuman lagi")
    address = "/cards?q=umum&board=m1&state=running&returned=1&from=2026-11-24"
    assert hits(login("pr"), f"{address}&person={office.id_of('pp')}") == [wanted]
    assert hits(login("pr"), f"{address}&late=1") == []


@pytest.mark.parametrize(
    "query", ["from=kemarin", "from=2026-13-01", "to=9999-12-31", "state=rusak", "person=abc", "person=-1",
              "before=x", "after=99999999999", "before=0"],
)  # fmt: skip
def test_values_that_no_form_gives_are_refused(login: Login, query: str) -> None:
    for page in ("/cards", "/cards.csv", "/cards.xlsx"):
        if page == "/cards" or not query.startswith(("before", "after")):
            assert login("pr").get(f"{page}?{query}").status_code == 422


@pytest.mark.parametrize("query", ["q=", "q=+", "board=&state=&from=&to=&person=", "late=0", "x=1"])
def test_what_is_left_empty_asks_for_nothing(office: Office, login: Login, query: str) -> None:
    card = office.start("m1")
    assert hits(login("pr"), f"/cards?{query}") == [card]


def test_words_that_match_are_marked_in_title_and_text(office: Office, login: Login) -> None:
    card = office.start("m1", title="Pengumuman <b>seleksi</b>")
    office.fill(card)
    answer = login("pr").get("/cards?q=UMUM+kata").text
    assert "Peng<mark>umum</mark>an &lt;b&gt;seleksi&lt;/b&gt;" in answer
    assert re.search(
        r"<b>Narasi berita</b>\s+<mark>Kata</mark>-<mark>kata</mark> untuk uji", answer
    )


def test_what_users_typed_comes_back_as_text(office: Office, login: Login) -> None:
    office.start("m1", title="<script>alert(1)</script>")
    answer = login("pr").get("/cards", query_string={"q": '"><script>alert(1)'}).text
    assert "<script>alert" not in answer
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)"' in answer


@pytest.mark.parametrize("asked", ["ab", "a b c", "%_", "'"])
def test_words_too_short_are_answered_with_a_hint(office: Office, login: Login, asked: str) -> None:
    office.start("m1", title="abc a b c")
    answer = login("pr").get("/cards", query_string={"q": asked})
    assert "Ketik paling sedikit tiga huruf" in answer.text
    assert 'class="hit"' not in answer.text


def test_nothing_found_says_what_helps(office: Office, login: Login) -> None:
    assert "Belum ada kartu." in page_of(login("pr"))
    office.start("m1")
    assert "Tidak ada kartu yang cocok." in page_of(login("pr"), "/cards?q=zulkarnain")


def in_bulk(office: Office, count: int, title: str = "Kartu massal") -> list[int]:
    """``count`` cards without steps, which the archive shows all the same."""
    card = office.card(office.start("m1", title=title))
    row = {
        "board_id": card.board_id, "revision_id": card.revision_id, "title": title,
        "created_at": now(), "created_by": card.created_by, "state": "cancelled", "closed_at": now(),
    }  # fmt: skip
    with writing() as session:
        ids = list(session.scalars(insert(Card).returning(Card.id), [row] * (count - 1)))
        session.execute(
            insert(Visit),
            [
                {
                    "card_id": card_id, "seq": 1, "revision_id": card.revision_id, "step_no": 1,
                    "lane": "PR", "entered_at": now(), "entered_by": card.created_by,
                    "standard_days": 0, "standard_minutes": 15, "due_at": now(), "left_at": now(),
                    "left_by": card.created_by, "outcome": Outcome.CANCEL.value,
                }
                for card_id in ids
            ],
        )  # fmt: skip
        index_cards(ids)
    return [card.id, *ids]


@pytest.mark.parametrize("asked", ["", "q=massal&"])
def test_pages_lead_on_and_back_without_gap_or_double(
    office: Office, login: Login, asked: str
) -> None:
    cards = in_bulk(office, 2 * PAGE + 3)[::-1]
    client = login("pr")
    first, second, third = cards[:PAGE], cards[PAGE : 2 * PAGE], cards[2 * PAGE :]
    assert hits(client, f"/cards?{asked}") == first
    page = page_of(client, f"/cards?{asked}")
    assert "Lebih baru" not in page
    assert f"before={first[-1]}" in page
    assert hits(client, f"/cards?{asked}before={first[-1]}") == second
    assert hits(client, f"/cards?{asked}before={second[-1]}") == third
    last = page_of(client, f"/cards?{asked}before={second[-1]}")
    assert "Lebih lama" not in last
    assert f"after={third[0]}" in last
    assert hits(client, f"/cards?{asked}after={third[0]}") == second
    assert hits(client, f"/cards?{asked}after={second[0]}") == first
    assert "Lebih baru" not in page_of(client, f"/cards?{asked}after={second[0]}")


def test_pages_keep_what_was_asked_for(office: Office, login: Login) -> None:
    in_bulk(office, PAGE + 2)
    page = page_of(login("pr"), "/cards?q=massal&board=m1")
    assert re.search(r'rel="next" href="/cards\?before=\d+&q=massal&board=m1"', page)
    assert 'href="/cards.xlsx?q=massal&board=m1"' in page


def test_many_cards_are_counted_only_so_far(office: Office, login: Login) -> None:
    in_bulk(office, COUNTED_MOST)
    assert "1000 kartu" in page_of(login("pr"))
    office.start("m1", title="Satu lagi")
    assert "Lebih dari 1.000 kartu" in page_of(login("pr"))


def test_a_finished_card_leaves_the_board_after_its_day_and_stays_in_the_archive(
    office: Office, login: Login
) -> None:
    card = office.start("m3", title="Jingle pemilu")
    office.advance(card, to=None)
    client = login("pr")
    assert "Jingle pemilu" in page_of(client, "/boards/m3")
    office.at(now() + timedelta(days=1))
    board = page_of(client, "/boards/m3")
    assert "Jingle pemilu" not in board
    assert 'href="/cards?board=m3&state=finished"' in board
    assert hits(client, "/cards?board=m3&state=finished") == [card]


def test_my_work_and_the_archive_have_the_search_in_the_bar(login: Login) -> None:
    for address in ("/", "/cards"):
        assert re.search(
            r'<header class="bar">.*?name="q".*?</header>', page_of(login("pr"), address)
        )


def test_while_somebody_types_only_what_was_found_is_sent(office: Office, login: Login) -> None:
    card = office.start("m1", title="Pengumuman")
    answer = login("pr").get("/cards?q=umum&board=&late=1&state=", headers=HTMX)
    assert "<html" not in answer.text
    assert 'id="found"' in answer.text
    assert f'id="card-{card}"' not in answer.text
    assert answer.headers["HX-Replace-Url"] == "/cards?q=umum&late=1"


def test_a_page_costs_the_same_number_of_statements_with_few_cards_and_many(
    office: Office, login: Login
) -> None:
    client, taken = login("pr"), []
    for count in (2, 60):
        in_bulk(office, count)
        for address in ("/cards", "/cards?q=massal&late=1&returned=0", "/cards?state=cancelled"):
            client.get(address)
            with counted(db.engine) as statements:
                client.get(address)
            taken.append(len(statements))
    assert taken[:3] == taken[3:]
    assert max(taken) <= 22, taken


@pytest.mark.on_sqlite  # PostgreSQL plans by what it has counted, which of a few cards says nothing
def test_the_archive_reads_along_the_index_and_stops(office: Office, login: Login) -> None:
    client = login("pr")
    with counted(db.engine) as statements:
        client.get("/cards?q=umum")
        client.get("/cards")
    plans = [
        str(db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", params).all())
        for asked, params in seen(statements)
    ]
    assert all("SCAN cards" not in plan for plan in plans)


def seen(statements: list[str]) -> list[tuple[str, tuple[int, ...]]]:
    """The statements that choose the page's cards, with something for each of their places."""
    chosen = [asked for asked in statements if "LIMIT" in asked and "cards" in asked]
    assert chosen
    return [(asked, (1,) * asked.count("?")) for asked in chosen]


def test_boards_are_those_of_the_bar(office: Office, login: Login) -> None:
    slugs = list(db.session.scalars(select(Board.slug).order_by(Board.id)))
    page = page_of(login("pr"))
    assert [slug for slug in slugs if f'<option value="{slug}"' in page] == slugs[:5]
