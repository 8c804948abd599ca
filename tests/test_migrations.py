"""The schema comes from the migrations alone, and is what the models say."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from kanban import create_app
from kanban.catalogue.schema import catalogue, dump
from kanban.config import Settings
from kanban.database import MIGRATIONS, bring_up_to_date, is_current, is_set_up
from kanban.domain.finding import Wanted
from kanban.extensions import Base, db
from kanban.models import Notice, OfficeReason, Visit
from kanban.models.search import is_index_table
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.measure_visits import measure_visits
from kanban.queries.finding import Search, find_cards
from tests.conftest import SERVER
from tests.office import Office
from tests.services.postgres import database

APPEND_ONLY = {
    "events": "kind",
    "material_versions": "body",
    "material_files": "name",
    "revisions": "number",
}


def test_the_migrated_schema_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_a_model}
        )
        assert compare_metadata(context, Base.metadata) == []


def is_of_a_model(name: str | None, kind: str, _parents: object) -> bool:
    """All but the search's index: SQLite keeps it in tables of its own, which no model can say."""
    return kind != "table" or name is None or not is_index_table(name)


def test_an_empty_database_is_brought_up_once(tmp_path: Path) -> None:
    app = create_app(
        Settings(
            instance=tmp_path,
            database_url=f"sqlite:///{(tmp_path / 'new.sqlite3').as_posix()}",
            time_zone="Asia/Jakarta",
            host="127.0.0.1",
            port=8000,
            secret_key="for tests only",
        )
    )
    with app.app_context():
        assert not is_current()
        assert not is_set_up()
        bring_up_to_date()
        bring_up_to_date()
        assert is_current()
        assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("deed", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
@pytest.mark.parametrize(("table", "column"), APPEND_ONLY.items())
def test_what_is_append_only_is_so_in_the_database_itself(
    office: Office, table: str, column: str, deed: str
) -> None:
    office.fill(office.start("m1"))
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(text(deed.format(table=table, column=column)))


# Databases of earlier releases -----------------------------------------------------------------------


@pytest.fixture
def earlier(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An application whose database is its own and empty, on the server that the run was given."""
    with ExitStack() as until_the_end:
        url = f"sqlite:///{(tmp_path / 'earlier.sqlite3').as_posix()}"
        if SERVER:
            name = f"{make_url(database_url).database}_earlier"
            url = until_the_end.enter_context(database(SERVER, name))
        app = create_app(
            Settings(
                instance=tmp_path,
                database_url=url,
                time_zone="Asia/Jakarta",
                host="127.0.0.1",
                port=8000,
                secret_key="for tests only",
            )
        )
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def put(table: str, **row: object) -> None:
    """Insert a row by plain SQL, since the models know the newest schema alone."""
    columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
    db.session.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)


def rows_of(statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(text(statement))]


def an_office_with_a_card() -> None:
    """An office as it was under migration 0002: a card in its second step, with words and a file."""
    sop = catalogue()[0]
    put(
        "office",
        id=1,
        name="Kantor Uji",
        time_zone="Asia/Jakarta",
        hours=json.dumps([[["07:30", "16:00"]]] * 5 + [[], []]),
        calendar_version=1,
        set_up_at=BEGAN,
    )
    for id_, username in ((1, "pr"), (2, "pp")):
        put(
            "accounts",
            id=id_,
            username=username,
            name=username,
            password_hash="-",
            administrator=False,
            language="id",
            arrangement="staircase",
            created_at=BEGAN,
        )
    put(
        "sops", id=1, slug=sop.slug, number="1", office="KPU", signed="2022-03-04", state="in_force"
    )
    put(
        "revisions",
        id=1,
        sop_id=1,
        number=0,
        definition=json.dumps(dump(sop), default=str),
        effective_at=BEGAN,
        created_at=BEGAN,
    )
    db.session.execute(text("UPDATE sops SET revision_id = 1"))
    put("boards", id=1, sop_id=1, slug="m1", version=7)
    for id_ in (1, 2):
        put("memberships", id=id_, account_id=id_, sop_id=1, supervisor=False)
    put(
        "cards",
        id=1,
        board_id=1,
        revision_id=1,
        title="Pengumuman seleksi",
        description="",
        state="running",
        visit_seq=3,
        version=4,
        created_at=BEGAN,
        created_by=1,
    )
    visit(1, 1, ended="next")
    visit(2, 2, ended="return")
    visit(3, 1)
    put("materials", id=1, card_id=1, key="narasi")
    put("materials", id=2, card_id=1, key="dokumentasi")
    put("stored_files", digest="d" * 64, size=3, media_type="image/png")
    for id_, kind, body in ((1, "text", "Kata-kata untuk uji."), (2, "file", "")):
        put(
            "material_versions",
            id=id_,
            material_id=id_,
            number=1,
            kind=kind,
            body=body,
            card_id=1,
            visit_seq=1,
            author_id=1,
            created_at=BEGAN,
        )
    put("material_files", id=1, version_id=2, position=1, digest="d" * 64, name="foto.png")


def visit(seq: int, step: int, ended: str | None = None) -> None:
    """A stay of the card of a quarter of an hour."""
    entered = f"2026-11-24 {seq:02}:00:00.000000"
    left = f"2026-11-24 {seq:02}:20:00.000000"
    put(
        "visits",
        card_id=1,
        seq=seq,
        previous_seq=seq - 1 or None,
        revision_id=1,
        step_no=step,
        lane="PR" if step == 1 else "PP",
        number=2 if seq == 3 else 1,
        entered_at=entered,
        entered_by=1,
        standard_days=0,
        standard_minutes=15,
        due_at=entered.replace(":00:00", ":15:00"),
        left_at=left if ended else None,
        left_by=2 if ended else None,
        left_as_deputy=False,
        outcome=ended,
        note="Tanggal keliru" if ended == "return" else "",
    )


def test_cards_that_are_there_already_can_be_found_once_there_is_a_search(earlier: Flask) -> None:
    upgrade(directory=str(MIGRATIONS), revision="0002")
    with writing():
        an_office_with_a_card()
    bring_up_to_date()
    assert is_current()
    for words in ("umum seleksi", "kata-kata untuk uji", "foto.png", "#1"):
        found = find_cards(1, Search(wanted=Wanted.of(words)), now())
        assert [one.id for one in found.cards] == [1], words


def test_an_office_that_grew_comes_whole_into_the_office_s_own_time(earlier: Flask) -> None:
    upgrade(directory=str(MIGRATIONS), revision="0004")
    with writing():
        an_office_with_a_card()
        reasons = the_office_s_own_reasons()
        what_people_were_told()
    visits = rows_of("SELECT card_id, seq, entered_at, due_at, left_at, outcome, note FROM visits")
    notices = rows_of("SELECT * FROM notices ORDER BY id")
    db.session.rollback()
    bring_up_to_date()
    assert is_current()
    assert visits == rows_of(
        "SELECT card_id, seq, entered_at, due_at, left_at, outcome, note FROM visits"
    )
    assert rows_of("SELECT worked, waited, paused, stopped_at FROM visits") == [(None,) * 4] * 3
    assert [visit.pauses for visit in db.session.scalars(select(Visit))] == [(), (), ()]
    assert rows_of("SELECT * FROM notices ORDER BY id") == notices
    assert rows_of("SELECT kind FROM notices ORDER BY id") == [(kind,) for kind in KINDS]
    assert rows_of("SELECT account_id, kind FROM read_warnings") == [(1, "soon")]
    assert rows_of("SELECT account_id, kind FROM muted_notices") == [(2, "overdue")]
    of_returns = (
        "SELECT id, words, position, retired_at FROM office_reasons WHERE purpose = 'return'"
    )
    assert rows_of(f"{of_returns} ORDER BY id") == reasons
    assert rows_of("SELECT visit_seq, reason_id, material FROM returns") == [(2, 9, "narasi")]
    by_position = "SELECT words FROM office_reasons WHERE purpose = 'miss' ORDER BY position"
    assert rows_of(by_position) == [(words,) for words in OFFICE_TIME.MISS_REASONS]
    assert not inspect(db.engine).has_table("return_reasons")


BEGAN = "2026-11-24 01:00:00.000000"
KINDS = ("returned", "approved", "handed", "mentioned")
OFFICE_TIME = import_module("kanban.migrations.versions.0005_office_time")


def the_office_s_own_reasons() -> list[tuple[object, ...]]:
    """Reword one, bring another to the top, and return the card for the newest; the whole list."""
    db.session.execute(text(f"UPDATE return_reasons SET retired_at = '{BEGAN}' WHERE id = 2"))
    put("return_reasons", id=9, words="Ejaan keliru", position=2)
    db.session.execute(text("UPDATE return_reasons SET position = 0 WHERE id = 5"))
    put("returns", card_id=1, visit_seq=2, reason_id=9, material="narasi")
    return rows_of("SELECT id, words, position, retired_at FROM return_reasons ORDER BY id")


def what_people_were_told() -> None:
    """A notice of each kind, a warning that was read, and a kind that somebody does without."""
    for id_, kind in enumerate(KINDS, 1):
        put("events", id=id_, kind="moved", at=BEGAN, actor_id=1, card_id=1, details="{}")
        read_at = BEGAN if kind == "handed" else None
        put(
            "notices",
            id=id_,
            account_id=2,
            kind=kind,
            card_id=1,
            event_id=id_,
            at=BEGAN,
            read_at=read_at,
        )
    put("read_warnings", account_id=1, card_id=1, visit_seq=3, kind="soon", read_at=BEGAN)
    put("muted_notices", account_id=2, kind="overdue")


def test_new_reasons_are_numbered_after_those_that_were_there(earlier: Flask) -> None:
    upgrade(directory=str(MIGRATIONS), revision="0004")
    with writing():
        an_office_with_a_card()
        the_office_s_own_reasons()
    bring_up_to_date()
    with writing() as session:
        session.add(OfficeReason(purpose="return", words="Sumber belum disebut", position=9))
    numbers = [number for (number,) in rows_of("SELECT id FROM office_reasons")]
    assert len(numbers) == len(set(numbers))
    assert max(numbers) > 9


def test_visits_of_before_are_measured_at_the_first_start_after_it(earlier: Flask) -> None:
    upgrade(directory=str(MIGRATIONS), revision="0004")
    with writing():
        an_office_with_a_card()
    bring_up_to_date()
    assert measure_visits() == 3
    found = rows_of("SELECT allowed, worked, waited, paused FROM visits ORDER BY seq")
    assert found == [(900, 1_200, 1_200, 0)] * 2 + [(900, None, None, None)]
    assert rows_of("SELECT month FROM report_months") == [("2026-11",)]
    assert measure_visits() == 0


REFUSED = (
    "UPDATE office_reasons SET purpose = 'whim'",
    "UPDATE notices SET kind = 'soon'",
    "UPDATE returns SET reason_id = 999",
    "INSERT INTO miss_reasons (card_id, words, given_by, given_at) VALUES (1, '', 1, :at)",
    "INSERT INTO joint_leave_years (year, decree, confirmed_by, confirmed_at) VALUES (2027, '', 1, :at)",
    "INSERT INTO report_months (board_id, month, version) VALUES (1, '2026-11', 0)",
    "INSERT INTO muted_notices (account_id, kind) VALUES (1, 'reminded')",
)
SUSPENDED = (
    "INSERT INTO suspensions (card_id, board_id, from_at, reason, authority, begun_by, begun_at,"
    " until_at, ended_by, ended_at)"
    " VALUES (:card, :board, :at, :reason, :authority, 1, :at, :until, :by, :ended)"
)
SUSPENSION = {
    "card": 1,
    "board": None,
    "at": BEGAN,
    "reason": "Banjir",
    "authority": "Sekretaris",
    "until": None,
    "by": None,
    "ended": None,
}


@pytest.fixture
def grown(earlier: Flask) -> Flask:
    """An office of migration 0004 with the newest schema."""
    upgrade(directory=str(MIGRATIONS), revision="0004")
    with writing():
        an_office_with_a_card()
        the_office_s_own_reasons()
        what_people_were_told()
    bring_up_to_date()
    return earlier


def test_what_a_migration_brought_refuses_what_makes_no_sense(grown: Flask) -> None:
    for statement in REFUSED:
        assert is_refused(statement, at=BEGAN), statement
    for odd in (
        {"board": 1},
        {"reason": ""},
        {"authority": ""},
        {"until": BEGAN},
        {"until": "2026-11-24 00:59:00.000000", "by": 1, "ended": BEGAN},
        {"ended": BEGAN, "by": 1},
    ):
        assert is_refused(SUSPENDED, **{**SUSPENSION, **odd}), odd
    assert not is_refused(SUSPENDED, **SUSPENSION)
    assert is_refused(SUSPENDED, **SUSPENSION), "a second one while the first goes on"


def is_refused(statement: str, **values: object) -> bool:
    try:
        with writing() as session:
            session.execute(text(statement), values)
    except IntegrityError:
        db.session.rollback()
        return True
    return False


def test_rebuilt_tables_keep_their_indices(grown: Flask) -> None:
    """SQLite makes a table anew to change its constraints."""
    found = {index["name"]: index for index in inspect(db.engine).get_indexes("notices")}
    assert set(found) == {index.name for index in Notice.__table__.indexes}
    partial = {
        name
        for name, index in found.items()
        if index["dialect_options"].get(f"{db.engine.dialect.name}_where") is not None
    }
    assert partial == {"ix_notices_unread", "ix_notices_unread_card"}
