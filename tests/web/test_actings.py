"""/sops/<slug>/actings: acting officers, for the supervisors of an SOP."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from kanban.extensions import db
from kanban.models import ActingSpan
from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
PAGE = "/sops/magelang-17-2022/actings"
OTHER = "/sops/kotawaringin-timur-03-2022/actings"


def form(office: Office, **changed: object) -> dict[str, object]:
    return {
        "account": office.id_of("as"),
        "kind": "plh",
        "lane": "PP",
        "first": "2026-11-24",
        "last": "2026-11-27",
        "authority": "Surat Perintah Nomor 12/2026",
        **changed,
    }


def appoint(client: FlaskClient, office: Office, **changed: object) -> TestResponse:
    return send(client, PAGE, **form(office, **changed))


def spans() -> list[ActingSpan]:
    db.session.rollback()
    return list(db.session.scalars(select(ActingSpan).order_by(ActingSpan.id)))


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.text)).split())


def at_midnight_after(office: Office, day: int) -> None:
    office.at(datetime(2026, 11, day, 17, 0, tzinfo=UTC))


def test_a_supervisor_appoints_and_it_counts_at_once(office: Office, login: Login) -> None:
    boss, person = login("admin"), login("as")
    answer = appoint(boss, office)
    assert (answer.status_code, answer.location) == (303, PAGE)
    (span,) = spans()
    assert (span.account_id, span.lane, span.kind) == (office.id_of("as"), "PP", "plh")
    assert span.from_at == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert span.until_at == datetime(2026, 11, 27, 17, tzinfo=UTC)
    page = words(boss.get(PAGE))
    assert "Penunjukan sudah disimpan." in page
    assert "Sedang bertugas Staf Redaksi PP Plh. Pemimpin Redaksi" in page
    assert "Selasa, 24 November 2026 sampai Jumat, 27 November 2026" in page
    assert "ditunjuk oleh Administrator, 10.00" in page
    assert "sampai 27 November 2026" in words(person.get("/account"))
    assert "sampai 27 November 2026" in words(boss.get("/settings/accounts"))


def test_the_acting_officer_sees_the_work_as_such_and_the_board_as_ones_own(
    office: Office, login: Login
) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    appoint(login("admin"), office)
    person = login("as")
    desk = words(person.get("/"))
    assert "Plh. Pemimpin Redaksi" in desk
    assert "Kartu uji" in desk
    assert 'data-lanes="AS PP"' in person.get("/boards/m1").text
    mine = re.search(r'<main class="room [^"]*"', person.get("/boards/m1").text)
    assert mine
    assert mine[0].count("mine-") == 2
    version = office.card(card).version
    assert send(person, f"/cards/{card}/moves", to=3, version=version).status_code == 303
    assert "Staf Redaksi sebagai Plh." in words(person.get(f"/cards/{card}"))


def test_after_the_last_day_it_is_over_by_itself(office: Office, login: Login) -> None:
    card = office.start("m1")
    office.advance(card, to=2)
    boss, person = login("admin"), login("as")
    appoint(boss, office, last="2026-11-24")
    tag = person.get("/").headers["ETag"]
    at_midnight_after(office, 24)
    desk = person.get("/", headers={"If-None-Match": tag})
    assert desk.status_code == 200, "an open screen is drawn anew at midnight"
    assert "Plh." not in words(desk)
    assert "Kartu uji" not in words(desk)
    version = office.card(card).version
    assert send(person, f"/cards/{card}/moves", to=3, version=version).status_code == 403
    assert office.visit(card).step_no == 2
    page = words(boss.get(PAGE))
    assert "Sedang bertugas" not in page
    assert "Sudah berakhir Staf Redaksi" in page


def test_it_is_ended_at_once(office: Office, login: Login) -> None:
    boss = login("admin")
    appoint(boss, office)
    (span,) = spans()
    assert send(boss, f"{PAGE}/{span.id}/end").status_code == 303
    assert spans()[0].ended_by == office.id_of("admin")
    assert "diakhiri oleh Administrator, 10.00" in words(boss.get(PAGE))
    assert "Plh." not in words(login("as").get("/"))


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"account": ""}, "account", "Pilih anggota SOP ini"),
        ({"account": "9" * 30}, "account", "Pilih anggota SOP ini"),
        ({"account": "x"}, "account", "Pilih anggota SOP ini"),
        ({"lane": "XX"}, "lane", "Pilih lajur"),
        ({"kind": "pjs"}, "kind", "Pilih Plh. atau Plt."),
        ({"first": ""}, "first", "Isi hari pertama."),
        ({"last": ""}, "last", "Isi hari terakhir."),
        ({"last": "2026-02-30"}, "last", "Tulis hari yang ada pada kalender."),
        ({"first": "besok"}, "first", "Tulis hari yang ada pada kalender."),
        ({"last": "2026-11-23", "first": "2026-11-20"}, "last", "sudah lewat"),
        ({"last": "9999-12-31"}, "last", "paling lama satu tahun"),
        ({"authority": ""}, "authority", "Sebutkan surat"),
        ({"authority": "x" * 201}, "authority", "paling panjang 200"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_kept(
    office: Office, login: Login, changed: dict[str, str], field: str, said: str
) -> None:
    boss, before = login("admin"), office.rows()
    answer = appoint(boss, office, **changed)
    assert answer.status_code == 422
    assert said in re.split(rf'id="{field}-error"', answer.text)[1].split("</p>")[0]
    if field != "authority":
        assert 'value="Surat Perintah Nomor 12/2026"' in answer.text
    after = office.rows()
    before["sessions"] = after["sessions"]
    assert after == before


def test_a_form_with_nothing_in_it_is_told_too(office: Office, login: Login) -> None:
    answer = send(login("admin"), PAGE)
    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 5
    assert spans() == []


@pytest.mark.parametrize("member", ["pp", "as", "tamu"])
def test_a_member_who_is_no_supervisor_is_told_so(
    office: Office, login: Login, member: str
) -> None:
    appoint(login("admin"), office)
    (span,) = spans()
    client = login(member)
    for answer in (
        client.get(PAGE),
        appoint(client, office, account=office.id_of("am")),
        send(client, f"{PAGE}/{span.id}/end"),
    ):
        assert answer.status_code == 403
        assert "Hanya penyelia SOP ini" in words(answer)
    assert [kept.ended_at for kept in spans()] == [None]
    assert PAGE not in client.get("/sops/magelang-17-2022").text


@pytest.mark.parametrize("path", [PAGE, "/sops/tidak-ada/actings", "/sops/%00/actings"])
def test_outsiders_find_nothing(office: Office, login: Login, path: str) -> None:
    client = login("ks")
    assert client.get(path).status_code == 404
    assert send(client, path, **form(office)).status_code == 404
    assert send(client, f"{path}/1/end").status_code == 404
    assert spans() == []


def test_an_appointment_of_another_sop_is_not_there(office: Office, login: Login) -> None:
    boss = login("admin")
    appoint(boss, office)
    (span,) = spans()
    for address in (f"{OTHER}/{span.id}/end", f"{PAGE}/99999/end"):
        assert send(boss, address).status_code == 404
    assert spans()[0].ended_at is None


def test_it_is_linked_where_a_supervisor_looks(login: Login) -> None:
    boss = login("admin")
    assert boss.get("/sops/magelang-17-2022").text.count(f'href="{PAGE}"') == 2  # sheet and menu
    assert f'href="{OTHER}"' in boss.get("/").text


def test_what_changes_something_is_no_link_and_needs_a_token(login: Login) -> None:
    boss = login("admin")
    assert boss.get(f"{PAGE}/1/end").status_code == 405
    assert boss.post(PAGE).status_code == 400
    assert boss.post(f"{PAGE}/1/end").status_code == 400


def test_whoever_is_not_logged_in_is_asked_to(client: FlaskClient) -> None:
    assert client.get(PAGE).location == f"/login?next={PAGE}"


def test_words_are_shown_as_words(office: Office, login: Login) -> None:
    boss = login("admin")
    appoint(boss, office, authority="<b>&\"'")
    assert "&lt;b&gt;&amp;" in boss.get(PAGE).text
    assert "<b>&" not in boss.get(PAGE).text


@pytest.mark.parametrize("page", [PAGE, "/settings/accounts"])
def test_a_page_costs_the_same_however_many_are_appointed(
    office: Office, login: Login, page: str
) -> None:
    boss = login("admin")

    def cost() -> int:
        asked = []
        listened = (db.engine, "before_cursor_execute")

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        event.listen(*listened, note)
        try:
            boss.get(page)
        finally:
            event.remove(*listened, note)
        return len(asked)

    appoint(boss, office)
    boss.get(page)
    before = cost()
    for username in ("tamu", "am", "pr"):
        appoint(boss, office, account=office.id_of(username))
    assert len(spans()) == 4
    boss.get(page)
    assert cost() == before
