"""/settings/history: who changed which setting when, from what to what."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from kanban.domain.moves import Capacity
from kanban.extensions import db
from kanban.now import now
from kanban.operations.create_account import NewAccount, create_account
from kanban.operations.set_memberships import mark_of, set_memberships
from kanban.queries.accounts import Rights, adopted_sops, rights_of
from kanban.queries.settings_history import AREAS, PAGE
from kanban.web.settings_sentences import _TOLD
from tests.office import Office
from tests.web.forms import send

Login = Callable[[str], FlaskClient]
HISTORY = "/settings/history"


@pytest.fixture
def boss(login: Login) -> FlaskClient:
    return login("admin")


def read(client: FlaskClient, **asked: object) -> str:
    """The page's words alone."""
    page = client.get(HISTORY, query_string=asked).text.split('id="isi"')[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def statements(ask: Callable[[], object]) -> int:
    """How many statements ``ask`` makes."""
    heard: list[str] = []
    listened = (db.engine, "before_cursor_execute")

    def hear(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    event.listen(*listened, hear)
    try:
        ask()
    finally:
        event.remove(*listened, hear)
    return len(heard)


def test_every_kind_has_its_sentence() -> None:
    assert set(_TOLD) == set(AREAS)


def test_a_new_office_tells_how_it_was_made(boss: FlaskClient) -> None:
    words = read(boss)
    assert "Administrator menyiapkan kantor ini, zona waktu WIB." in words
    assert "Administrator memasang SOP" in words
    assert "membuat akun Tamu (nama pengguna tamu)" in words
    assert "Penyiapan kantor membuat akun Administrator" in words
    assert "Pemegang" not in words  # lanes by their names, never by a form's words
    assert "Peran dari bukan anggota menjadi Pelaksana Redaksi" in words


def test_an_account_that_a_command_made_is_told_so(boss: FlaskClient) -> None:
    create_account(NewAccount("baru", "Orang Baru", "x"), None, now() + timedelta(days=1))
    assert "Perintah di komputer kantor membuat akun Orang Baru" in read(boss)


def test_the_office_settings_are_told_from_what_to_what(boss: FlaskClient) -> None:
    send(boss, "/settings/office/uploads", uploads_most="350")
    send(boss, "/settings/office", own_work="refused", message_template="Tayang: {judul}\n{tautan}")
    words = read(boss, area="office")
    assert "Administrator mengubah pengaturan kantor." in words
    assert "Paling banyak sekali kirim dari 200 MB menjadi 350 MB" in words
    assert "dari Boleh, dengan peringatan menjadi Tidak boleh" in words
    assert "Sebelumnya pesan bawaan program Sekarang Tayang: {judul} {tautan}" in words
    assert words.index("Tidak boleh") < words.index("350 MB")  # the newest first


def test_reasons_are_told_by_their_words_then_and_now(boss: FlaskClient) -> None:
    send(boss, "/settings/reasons", words="Logo belum benar", purpose="return")
    words = read(boss, area="reasons")
    assert "menambahkan “Logo belum benar” pada daftar alasan pengembalian." in words
    number = re.search(r"/settings/reasons/(\d+)/words", boss.get("/settings/reasons").text)
    assert number
    send(boss, f"/settings/reasons/{number[1]}/words", words="Fakta keliru")
    send(boss, f"/settings/reasons/{number[1]}/restore")
    words = read(boss, area="reasons")
    assert "Alasan dari Fakta, nama, atau tanggal keliru menjadi Fakta keliru" in words
    assert "menawarkan kembali “Fakta, nama, atau tanggal keliru”" in words


def test_people_are_told_by_name_and_roles_by_lane(office: Office, boss: FlaskClient) -> None:
    guest, chief = office.id_of("tamu"), office.id_of("admin")
    (sop_id, sop), *_others = adopted_sops().items()
    rights = {sop_id: Rights(frozenset({Capacity("PP", True)}), supervisor=True)}
    set_memberships(guest, rights, mark_of(rights_of(guest)), chief, now())
    send(boss, f"/settings/accounts/{guest}", name="Tamu Baru")
    send(boss, f"/settings/accounts/{guest}/disable")
    words = read(boss, person=guest)
    lane = next(lane.name.id for lane in sop.lanes if lane.key == "PP")
    assert f"Peran dari tamu menjadi {lane} sebagai wakil, penyelia" in words
    assert "Nama dari Tamu menjadi Tamu Baru" in words
    assert "menonaktifkan akun Tamu Baru." in words
    assert "Admin Medsos" not in words.split("Semua", 1)[1]


def test_a_filter_shows_its_area_and_no_other(boss: FlaskClient) -> None:
    send(boss, "/settings/office/uploads", uploads_most="350")
    assert "350 MB" in read(boss, area="office")
    assert "350 MB" not in read(boss, area="people")
    assert "Tidak ada perubahan yang cocok." in read(boss, area="suspensions")
    for wrong in ({"area": "kantor"}, {"person": "x"}, {"before": "-1"}):
        assert boss.get(HISTORY, query_string=wrong).status_code == 422


def test_pages_follow_each_other_without_a_gap(boss: FlaskClient) -> None:
    for megabytes in range(1, PAGE + 4):
        send(boss, "/settings/office/uploads", uploads_most=str(megabytes))
    first = boss.get(HISTORY, query_string={"area": "office"}).text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = boss.get(unescape(older[1])).text
    numbers = [int(no) for page in (first, second) for no in re.findall(r'id="change-(\d+)"', page)]
    assert len(numbers) == len(set(numbers)) > PAGE
    assert numbers == sorted(numbers, reverse=True)
    assert "Terbaru" in second


def test_nothing_secret_is_shown(office: Office, boss: FlaskClient) -> None:
    guest = office.id_of("tamu")
    answer = send(boss, f"/settings/accounts/{guest}/password")
    made = re.findall(r"<code>([^<]+)</code>", answer.text)
    words = boss.get(HISTORY).text
    assert "membuatkan Tamu kata sandi baru" in words
    assert "$argon2" not in words
    assert made[-1] not in words


def test_what_was_written_cannot_run(boss: FlaskClient) -> None:
    send(boss, "/settings/reasons", words="<script>alert(1)</script>", purpose="return")
    assert "<script>alert(1)" not in boss.get(HISTORY).text


def test_events_of_cards_are_none_of_it(office: Office, boss: FlaskClient) -> None:
    office.start("m1", title="Kartu yang berjalan")
    assert "Kartu yang berjalan" not in boss.get(HISTORY).text


def test_it_costs_as_many_statements_for_many_changes(boss: FlaskClient) -> None:
    few = statements(lambda: boss.get(HISTORY))
    for megabytes in range(1, 30):
        send(boss, "/settings/office/uploads", uploads_most=str(megabytes))
    assert statements(lambda: boss.get(HISTORY)) <= few


@pytest.mark.parametrize("username", ["pp", "wakil", "tamu", "ks"])
def test_whoever_is_no_administrator_finds_nothing(login: Login, username: str) -> None:
    assert login(username).get(HISTORY).status_code == 404


def test_a_stranger_is_asked_to_log_in(client: FlaskClient) -> None:
    assert client.get(HISTORY).status_code == 302


def test_it_is_only_read(boss: FlaskClient) -> None:
    assert send(boss, HISTORY).status_code == 405
