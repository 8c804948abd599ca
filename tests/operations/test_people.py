"""People at the same moment, and what set-up and accounts promise below the pages."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from kanban.catalogue.schema import catalogue
from kanban.domain.moves import Capacity
from kanban.extensions import db
from kanban.models import Account, AdoptedSop, Event, LoginFailure, LoginSession, Office, Revision
from kanban.now import now
from kanban.operations import change_password as changing
from kanban.operations import log_in as logging_in
from kanban.operations import set_up_office as setting_up
from kanban.operations.change_account import change_account
from kanban.operations.change_password import change_password
from kanban.operations.create_account import NewAccount, create_account
from kanban.operations.disable_account import disable_account
from kanban.operations.errors import Invalid, NotVisible, Stale
from kanban.operations.log_in import PER_ACCOUNT_AND_ADDRESS, Attempt, WrongPassword, log_in
from kanban.operations.make_setup_link import make_setup_link
from kanban.operations.reset_password import reset_password
from kanban.operations.set_memberships import mark_of, set_memberships
from kanban.operations.set_up_office import Lanes, SetUp, set_up_office
from kanban.operations.throttle import TooManyAttempts
from kanban.passwords import hash_of
from kanban.queries.accounts import Rights, rights_of
from kanban.queries.definitions import definition
from kanban.queries.sessions import bearer_of
from tests.operations.test_two_people import at_once


def attempt(username="pp", password="demo", address="192.168.1.66"):
    return Attempt(username=username, password=password, address=address, agent="")


def told(deed):
    """What the deed gives, or the exception that it ends with."""

    def run():
        try:
            return deed()
        except (WrongPassword, TooManyAttempts) as refusal:
            return refusal

    return run


def wanted(username="admin", lanes=Lanes.NOBODY):
    return SetUp(
        administrator=NewAccount(username, "Administrator", hash_of("demo"), administrator=True),
        office="Kantor",
        time_zone="Asia/Jakarta",
        sops=catalogue(),
        lanes=lanes,
    )


def test_guesses_at_the_same_moment_get_no_more_tries_than_one_after_the_other(app):
    deeds = [
        told(lambda number=number: log_in(attempt(password=f"tebakan {number}"), now()))
        for number in range(PER_ACCOUNT_AND_ADDRESS + 6)
    ]
    results = at_once(app, *deeds)
    assert sum(isinstance(result, WrongPassword) for result in results) == PER_ACCOUNT_AND_ADDRESS
    assert sum(isinstance(result, TooManyAttempts) for result in results) == 6


def test_people_who_log_in_at_the_same_moment_all_get_in(app):
    everyone = ("pr", "as", "pp", "wakil", "am", "ks", "st", "pj")
    tokens = at_once(app, *(lambda name=name: log_in(attempt(name), now()) for name in everyone))
    assert len({bearer_of(token, now()).username for token in tokens}) == len(everyone)
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_a_password_changed_while_it_is_checked_lets_nobody_in(app, office, monkeypatch):
    account_id, looked = office.id_of("pp"), logging_in.matches

    def changed_meanwhile(password_hash, password):
        fits = looked(password_hash, password)
        reset_password(account_id, hash_of("yang baru sekali"), None, now())
        return fits

    monkeypatch.setattr(logging_in, "matches", changed_meanwhile)
    with pytest.raises(WrongPassword):
        log_in(attempt(), now())
    assert db.session.scalars(select(LoginSession)).all() == []


def test_a_token_is_let_in_only_while_session_and_account_are(app, office):
    token = log_in(attempt(), now())
    assert bearer_of(token, now()).username == "pp"
    assert bearer_of("another", now()) is None
    disable_account(office.id_of("pp"), None, now())
    assert bearer_of(token, now()) is None


def test_two_administrators_do_not_step_down_past_each_other(app, office):
    first = office.id_of("admin")
    second = create_account(
        NewAccount("kedua", "Kedua", hash_of("demo"), administrator=True), first, now()
    )
    db.session.rollback()
    results = at_once(
        app,
        lambda: change_account(first, "Administrator", False, first, now()),
        lambda: change_account(second, "Kedua", False, second, now()),
    )
    assert sum(isinstance(result, (Invalid, NotVisible)) for result in results) == 1
    left = select(func.count()).select_from(Account).where(Account.administrator)
    assert db.session.scalar(left) == 1


def test_of_two_changes_of_the_same_rights_one_is_stale(app, office):
    boss, person = office.id_of("admin"), office.id_of("pp")
    seen = mark_of(rights_of(person))
    db.session.rollback()
    results = at_once(
        app,
        lambda: set_memberships(person, {}, seen, boss, now()),
        lambda: set_memberships(person, {1: Rights(supervisor=True)}, seen, boss, now()),
    )
    assert sum(isinstance(result, Stale) for result in results) == 1


def test_an_unknown_sop_or_lane_is_refused(app, office):
    person, boss = office.id_of("pp"), office.id_of("admin")
    seen = mark_of(rights_of(person))
    for rights in (
        {99: Rights()},
        {1: Rights(frozenset({Capacity("KS")}))},
        {1: Rights(frozenset({Capacity("PP"), Capacity("PP", deputy=True)}))},
    ):
        with pytest.raises(Invalid):
            set_memberships(person, rights, seen, boss, now())


def test_only_an_administrator_in_office_may_change_accounts(app, office):
    stranger = office.id_of("pp")
    before = office.rows()
    for deed in (
        lambda: create_account(NewAccount("baru", "Baru", "x"), stranger, now()),
        lambda: change_account(office.id_of("pr"), "Lain", True, stranger, now()),
        lambda: disable_account(office.id_of("pr"), stranger, now()),
        lambda: reset_password(office.id_of("pr"), "x", stranger, now()),
        lambda: set_memberships(stranger, {}, "", stranger, now()),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert office.rows() == before


def test_of_two_accounts_with_one_username_one_is_made(app, office):
    boss = office.id_of("admin")
    db.session.rollback()
    results = at_once(
        app,
        *(lambda: create_account(NewAccount("baru", "Baru", "x"), boss, now()) for _ in range(2)),
    )
    assert sum(isinstance(result, Invalid) for result in results) == 1


def test_a_changed_password_needs_the_one_it_was_checked_against(app, office, monkeypatch):
    person, looked = office.id_of("pp"), changing.matches

    def changed_meanwhile(password_hash, password):
        reset_password(person, hash_of("dari administrator"), None, now())
        return looked(password_hash, password)

    monkeypatch.setattr(changing, "matches", changed_meanwhile)
    with pytest.raises(Invalid):
        change_password(person, 0, "demo", "kuda laut biru", now())
    with pytest.raises(WrongPassword):
        log_in(attempt(password="kuda laut biru"), now())


def test_of_two_set_ups_with_one_link_one_wins(empty):
    token = make_setup_link(now())
    results = at_once(
        empty,
        lambda: set_up_office(wanted("satu"), token, now()),
        lambda: set_up_office(wanted("dua"), token, now()),
    )
    assert sum(isinstance(result, NotVisible) for result in results) == 1
    assert db.session.scalar(select(func.count()).select_from(Office)) == 1
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_set_up_that_fails_leaves_nothing(empty, monkeypatch):
    def fail(*_given, **_more):
        raise OSError("disk full")

    token = make_setup_link(now())
    monkeypatch.setattr(setting_up, "write_memberships", fail)
    with pytest.raises(OSError, match="disk full"):
        set_up_office(wanted(lanes=Lanes.ACCOUNTS), token, now())
    monkeypatch.undo()
    for model in (Office, Account, AdoptedSop, Event):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert set_up_office(wanted(lanes=Lanes.ACCOUNTS), token, now()).lane_accounts


def test_an_adopted_sop_says_what_the_catalogue_says(app):
    for revision in db.session.scalars(select(Revision).order_by(Revision.id)):
        sop = db.session.get_one(AdoptedSop, revision.sop_id)
        (shipped,) = [known for known in catalogue() if known.slug == sop.slug]
        assert definition(revision.id) == shipped
        assert (revision.number, sop.revision_id, sop.state) == (0, revision.id, "in_force")
        signed = datetime.combine(shipped.signed, time(), ZoneInfo("Asia/Jakarta"))
        assert revision.effective_at == signed.astimezone(UTC)


def test_accounts_made_before_the_set_up_keep_their_names(empty):
    create_account(NewAccount("pp", "Sudah ada", hash_of("demo")), None, now())
    founded = set_up_office(wanted(lanes=Lanes.ACCOUNTS), None, now())
    assert "pp2" in {account.username for account in founded.lane_accounts}
    with pytest.raises(NotVisible):
        set_up_office(replace(wanted(), office="Lagi"), None, now())


def test_an_attempt_that_read_the_clock_earlier_forgives_nothing(app):
    moment = now()
    for step in range(PER_ACCOUNT_AND_ADDRESS):
        earlier = moment - timedelta(milliseconds=step)
        with pytest.raises(WrongPassword):
            log_in(attempt(password="tebakan"), earlier)
    with pytest.raises(TooManyAttempts):
        log_in(attempt(password="tebakan"), moment - timedelta(seconds=1))
