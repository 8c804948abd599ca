"""The administrators' pages: accounts and what they are in which SOP."""

import re

import pytest
from sqlalchemy import select

from kanban.extensions import db
from kanban.models import Account, AdoptedSop, Event, Membership
from kanban.now import now
from kanban.queries.access import visible_board
from kanban.queries.accounts import Rights, rights_of
from tests.web.posting import post, try_login

LIST, NEW = "/settings/accounts", "/settings/accounts/new"
DEEDS = ("memberships", "disable", "enable", "password")


@pytest.fixture
def boss(login):
    return login("admin")


@pytest.fixture
def address(office):
    """The address of an account's page."""
    return lambda username: f"{LIST}/{office.id_of(username)}"


def account(office, username):
    db.session.rollback()
    return db.session.get_one(Account, office.id_of(username))


def rights(office, username):
    db.session.rollback()
    return rights_of(office.id_of(username))


def events(*kinds):
    db.session.rollback()
    return db.session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id)).all()


def sop_id(place):
    return db.session.scalars(select(AdoptedSop.id).order_by(AdoptedSop.id)).all()[place]


def shown_password(answer):
    assert answer.status_code == 200
    return re.findall(r"<dd><code>(.*?)</code></dd>", answer.text)[1]


def fields_of(client, address):
    """The rights' form as the page shows it, to be sent back changed."""
    text = client.get(address).text
    values = {"seen": re.search(r'name="seen" value="(.*?)"', text)[1]}
    values |= dict(re.findall(r'name="(lane-\S+)" value="(\w*)" checked', text))
    for name in re.findall(r'name="((?:supervisor|guest)-\d+)" checked', text):
        values[name] = "on"
    return values


def set_rights(client, address, **changed):
    sent = {
        **fields_of(client, address),
        **{key.replace("_", "-"): value for key, value in changed.items()},
    }
    sent = {name: value for name, value in sent.items() if value is not None}
    return post(client, f"{address}/memberships", address, **sent)


def test_all_are_listed_with_what_they_are(boss):
    text = boss.get(LIST).text
    for words in (
        "Pelaksana Redaksi",
        "wakil",
        "penyelia",
        "administrator",
        "tamu",
        "belum pernah masuk",
    ):
        assert words in text


@pytest.mark.parametrize("username", ["pp", "wakil", "tamu", "ks"])
def test_whoever_is_no_administrator_finds_nothing(login, address, office, username):
    client = login(username)
    before = office.rows()
    one = address("pr")
    for path in (LIST, NEW, one, f"{LIST}/99999"):
        assert client.get(path).status_code == 404
    for path in (LIST, one, *(f"{one}/{deed}" for deed in DEEDS)):
        assert post(client, path, "/account", name="X", username="xyz").status_code == 404
    assert office.rows() == before


def test_whoever_is_not_logged_in_is_asked_to(client):
    assert client.get(LIST).location == f"/login?next={LIST}"


@pytest.mark.parametrize("deed", DEEDS)
def test_what_changes_something_is_no_link_and_needs_a_token(boss, address, deed):
    assert boss.get(f"{address('pr')}/{deed}").status_code == 405
    assert boss.post(f"{address('pr')}/{deed}").status_code == 400


@pytest.mark.parametrize("path", ["", *(f"/{deed}" for deed in DEEDS)])
def test_an_account_that_is_not_there_is_not_found(boss, office, path):
    before = office.rows()
    assert post(boss, f"{LIST}/99999{path}", NEW, name="X").status_code == 404
    assert boss.get(f"{LIST}/99999").status_code == 404
    assert office.rows() == before


def test_a_new_account_gets_a_password_shown_once_and_can_work_at_once(app, boss, office):
    first = sop_id(0)
    answer = post(
        boss,
        LIST,
        NEW,
        name="  Pelaksana   Redaksi 2 ",
        username=" PR2 ",
        **{f"lane-{first}-PR": "holder"},
    )
    password = shown_password(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    made = account(office, "pr2")
    assert (made.name, made.administrator) == ("Pelaksana Redaksi 2", False)
    person = app.test_client()
    assert try_login(person, "pr2", password).status_code == 303
    assert visible_board(made.id, "m1", now()).may_start
    assert visible_board(made.id, "k1", now()) is None
    assert [event.kind for event in events("account_created", "memberships_set")[-2:]] == [
        "account_created",
        "memberships_set",
    ]
    assert password not in str([event.details for event in events("account_created")])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "pp"}, "sudah dipakai"),
        ({"username": "PP "}, "sudah dipakai"),
        ({"username": ""}, "Nama pengguna wajib diisi."),
        ({"username": "dua kata"}, "terdiri atas huruf kecil"),
        ({"username": "-awal"}, "terdiri atas huruf kecil"),
        ({"username": "x" * 33}, "paling panjang 32"),
        ({"username": "é"}, "terdiri atas huruf kecil"),
        ({"name": "   "}, "Nama wajib diisi."),
        ({"name": "x" * 121}, "paling panjang 120"),
        ({"name": "a\x07b"}, "tidak dapat dibaca"),
        ({"name": "a\u202eb"}, "tidak dapat dibaca"),
        ({"lane-1-PR": "owner"}, "tidak dikenal"),
    ],
)
def test_a_new_account_that_cannot_be_is_told_at_its_field(boss, office, fields, said):
    before = office.rows()
    answer = post(boss, LIST, NEW, **{"name": "Baru", "username": "baru", **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert office.rows() == before


def test_all_faults_are_told_at_once(boss):
    answer = post(boss, LIST, NEW, name="", username="")
    assert "Nama wajib diisi." in answer.text
    assert "Nama pengguna wajib diisi." in answer.text


def test_what_was_chosen_stays_chosen_when_refused(boss):
    first = sop_id(0)
    answer = post(boss, LIST, NEW, name="Baru", username="pp", **{f"lane-{first}-AM": "deputy"})
    assert re.search(rf'name="lane-{first}-AM" value="deputy" checked', answer.text)


def test_words_are_shown_as_words(boss, office):
    post(boss, LIST, NEW, name="<b>&\"'", username="aneh")
    assert "&lt;b&gt;&amp;" in boss.get(LIST).text
    assert "<b>&" not in boss.get(LIST).text


def test_renaming_is_kept_in_the_history(boss, office, address):
    answer = post(boss, address("pr"), address("pr"), name="Pelaksana Satu")
    assert answer.status_code == 303
    assert account(office, "pr").name == "Pelaksana Satu"
    (event,) = events("account_renamed")
    assert event.details == {"before": "Pelaksana Redaksi", "after": "Pelaksana Satu"}
    assert event.actor_id == office.id_of("admin")


def test_saving_without_a_change_writes_no_history(boss, office, address):
    before = office.rows()
    post(boss, address("pr"), address("pr"), name="Pelaksana Redaksi")
    assert set_rights(boss, address("pr")).status_code == 303
    after = office.rows()
    assert before["events"] == after["events"]


def test_disabling_locks_out_at_once_and_enabling_lets_in_again(app, boss, login, office, address):
    person = login("pp")
    before = rights(office, "pp")
    assert post(boss, f"{address('pp')}/disable", address("pp")).status_code == 303
    assert person.get("/account").status_code == 302
    assert try_login(app.test_client(), "pp", "demo").status_code == 422
    assert "nonaktif" in boss.get(LIST).text
    post(boss, f"{address('pp')}/enable", address("pp"))
    assert person.get("/account").status_code == 302, "the old session stays ended"
    assert try_login(app.test_client(), "pp", "demo").status_code == 303
    assert rights(office, "pp") == before
    assert [event.kind for event in events("account_disabled", "account_enabled")] == [
        "account_disabled",
        "account_enabled",
    ]


def test_disabling_twice_is_written_once(boss, address):
    for _ in range(2):
        assert post(boss, f"{address('pp')}/disable", address("pp")).status_code == 303
    for _ in range(2):
        assert post(boss, f"{address('pp')}/enable", address("pp")).status_code == 303
    assert len(events("account_disabled", "account_enabled")) == 2


def test_nobody_disables_the_own_account(boss, office, address):
    answer = post(boss, f"{address('admin')}/disable", address("pp"))
    assert answer.status_code == 422
    assert "akun Anda sendiri" in answer.text
    assert account(office, "admin").disabled_at is None
    assert "Nonaktifkan" not in boss.get(address("admin")).text


def test_the_last_administrator_stays_one(boss, office, address):
    answer = post(boss, address("admin"), address("admin"), name="Administrator")
    assert answer.status_code == 422
    assert "paling sedikit satu administrator" in answer.text
    assert account(office, "admin").administrator


def test_a_disabled_administrator_does_not_count(boss, office, address):
    post(boss, address("pp"), address("pp"), name="Pemimpin Redaksi", administrator="y")
    post(boss, f"{address('pp')}/disable", address("pp"))
    assert post(boss, address("admin"), address("admin"), name="Administrator").status_code == 422


def test_administration_can_be_handed_over(boss, login, office, address):
    post(boss, address("pp"), address("pp"), name="Pemimpin Redaksi", administrator="y")
    heir = login("pp")
    assert post(heir, f"{address('admin')}/disable", address("admin")).status_code == 303
    assert boss.get(LIST).status_code == 302
    assert post(heir, address("pp"), address("pp"), name="Pemimpin Redaksi").status_code == 422
    assert [event.kind for event in events("administrator_appointed", "account_disabled")] == [
        "administrator_appointed",
        "account_disabled",
    ]


def test_a_reset_password_is_shown_once_and_logs_out_everywhere(app, boss, login, office, address):
    person = login("pp")
    password = shown_password(post(boss, f"{address('pp')}/password", address("pp")))
    assert person.get("/account").status_code == 302
    assert try_login(app.test_client(), "pp", "demo").status_code == 422
    assert try_login(app.test_client(), "pp", password).status_code == 303
    assert password not in boss.get(address("pp")).text
    (event,) = events("password_reset")
    assert event.details == {}


def test_lanes_deputyship_supervision_and_guests_are_set_and_count_at_once(
    boss, login, office, address
):
    person, first, second = login("pr"), sop_id(0), sop_id(1)
    assert person.get("/boards/k1").status_code == 404
    answer = set_rights(
        boss,
        address("pr"),
        **{
            f"lane_{first}_PR": "",
            f"lane_{first}_PP": "deputy",
            f"supervisor_{first}": "on",
            f"guest_{second}": "on",
        },
    )
    assert answer.status_code == 303
    after = rights(office, "pr")
    assert {(held.lane, held.deputy) for held in after[first].lanes} == {("PP", True)}
    assert after[first].supervisor
    assert after[second] == Rights()
    assert visible_board(office.id_of("pr"), "k1", now()) is not None
    assert "(wakil)" in person.get("/account").text
    changed = events("memberships_set")[-2:]
    assert changed[0].details == {
        "before": {"lanes": ["PR"], "deputy": [], "supervisor": False},
        "after": {"lanes": [], "deputy": ["PP"], "supervisor": True},
    }
    assert changed[1].details == {
        "before": None,
        "after": {"lanes": [], "deputy": [], "supervisor": False},
    }


def test_without_any_choice_one_is_no_member_any_more(boss, office, address):
    assert set_rights(boss, address("tamu"), **{f"guest_{sop_id(0)}": None}).status_code == 303
    assert rights(office, "tamu") == {}
    assert visible_board(office.id_of("tamu"), "m1", now()) is None


def test_the_form_shows_what_is(boss, office, address):
    first = sop_id(0)
    assert fields_of(boss, address("wakil"))[f"lane-{first}-PP"] == "deputy"
    assert fields_of(boss, address("tamu"))[f"guest-{first}"] == "on"
    assert fields_of(boss, address("admin"))[f"supervisor-{first}"] == "on"


def test_a_form_from_before_anothers_change_is_stale(boss, login, office, address):
    first = sop_id(0)
    old = fields_of(boss, address("pp"))
    set_rights(boss, address("pp"), **{f"lane_{first}_PP": ""})
    assert rights(office, "pp") == {}
    answer = post(boss, f"{address('pp')}/memberships", address("pp"), **old)
    assert answer.status_code == 409
    assert "baru saja diubah" in answer.text
    assert rights(office, "pp") == {}, "what was taken away is not brought back"


def test_another_value_or_a_missing_mark_is_refused(boss, office, address):
    before = rights(office, "pp")
    first = sop_id(0)
    assert set_rights(boss, address("pp"), **{f"lane_{first}_PP": "owner"}).status_code == 422
    assert post(boss, f"{address('pp')}/memberships", address("pp")).status_code == 409
    assert rights(office, "pp") == before


def test_lanes_of_other_sops_are_not_given(boss, office, address):
    first = sop_id(0)
    set_rights(boss, address("pp"), **{f"lane_{first}_KS": "holder", "lane_77_PP": "holder"})
    (right,) = rights(office, "pp").values()
    assert {held.lane for held in right.lanes} == {"PP"}


def test_a_person_lost_to_an_sop_leaves_no_lanes_behind(boss, office, address):
    set_rights(boss, address("pp"), **{f"lane_{sop_id(0)}_PP": ""})
    db.session.rollback()
    kept = select(Membership).where(Membership.account_id == office.id_of("pp"))
    assert db.session.scalars(kept).all() == []
