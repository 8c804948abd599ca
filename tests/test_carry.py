"""``carry``: an SQLite office goes over to PostgreSQL whole, or not at all."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, select, text

from kanban import create_app
from kanban.backup import carrying
from kanban.backup.carrying import Digest
from kanban.backup.databases import connect_sqlite
from kanban.config import Settings
from kanban.database import bring_up_to_date
from kanban.domain.finding import Wanted
from kanban.extensions import db
from kanban.models import Card
from kanban.now import now
from kanban.operations.add_comment import add_comment
from kanban.operations.suspend import Order, suspend_card
from kanban.queries.finding import Search, find_cards
from kanban.server.instance_lock import InstanceLock
from kanban.soundness import check_files, check_histories
from kanban.storage import FileStore
from tests.conftest import SERVER, TUESDAY
from tests.office import Office, furnish
from tests.services.ports import free_port
from tests.services.postgres import database
from tests.shelf import Shelf

TITLE = "Sosialisasi “pemilih” \\. \\N 'kutip' 🗳"
"""With what COPY and SQL would take for something else."""


class NoShelf(Shelf):
    """Everything is done for real: what others keep is of another database."""

    def __init__(self) -> None:
        self._way = None
        self.commits = self._expected = 0


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an SQLite office with cards, words, pictures, comments, a suspension and a card taken back."""
    folder = tmp_path_factory.mktemp("sqlite")
    app = sqlite_app(folder)
    app.extensions["clock"].move_to(TUESDAY)
    with app.app_context():
        bring_up_to_date()
        furnish()
        office = Office(app, NoShelf())
        card = office.start("m1", title=TITLE)
        office.advance(card, 4)
        add_comment(card, office.id_of("pp"), "Baris satu\nbaris dua 'kutip'", now())
        office.advance(office.start("k1"), None)
        order = Order("Banjir", "Kasubbag", now() - timedelta(minutes=5))
        suspend_card(card, office.id_of("admin"), order, now())
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def sqlite(worked: Path, tmp_path: Path) -> Path:
    """A copy of it that the test may spoil."""
    return Path(shutil.copytree(worked, tmp_path / "instance"))


@pytest.fixture
def target(worker_id: str, worked: Path) -> Iterator[str]:
    """An empty database on the server of the run, where there is what can be carried over."""
    assert SERVER
    assert worked
    with database(SERVER, f"papan_carry_{worker_id}") as url:
        yield url


def sqlite_app(folder: Path) -> Flask:
    return create_app(settings_of(folder, f"sqlite:///{(folder / 'kanban.sqlite3').as_posix()}"))


def settings_of(folder: Path, database_url: str) -> Settings:
    return Settings(
        instance=folder,
        database_url=database_url,
        time_zone="Asia/Jakarta",
        host="127.0.0.1",
        port=8000,
        secret_key="for tests only",
    )


def carry(folder: Path, target: str) -> Result:
    app = sqlite_app(folder)
    with app.app_context():
        try:
            return app.test_cli_runner().invoke(args=["carry", target])
        finally:
            db.session.remove()
            db.engine.dispose()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tables_of(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


@pytest.mark.on_postgresql
def test_all_of_it_is_there_sound_and_goes_on(sqlite: Path, target: str) -> None:
    before = digest(sqlite / "kanban.sqlite3")
    told = carry(sqlite, target)
    assert told.exit_code == 0, told.output
    assert "2 kartu" in told.output
    assert "semua utuh" in told.output
    assert "KANBAN_DATABASE_URL=postgresql+psycopg://postgres:***@" in told.output
    assert digest(sqlite / "kanban.sqlite3") == before
    app = create_app(settings_of(sqlite, target))
    app.extensions["clock"].move_to(TUESDAY + timedelta(hours=1))
    with app.app_context():
        with db.engine.connect() as connection:
            assert check_histories(connection).faults == []
            assert check_files(connection, FileStore(sqlite / "files")).faults == []
        office = Office(app, NoShelf())
        titles = set(db.session.scalars(select(Card.title)))
        assert titles == {TITLE, "Kartu uji"}
        found = find_cards(
            office.id_of("admin"), Search(wanted=Wanted.of("sosialisasi pemilih")), now()
        )
        assert [card.id for card in found.cards] == [1]
        assert office.start("m2") == 3  # the counters go on after the rows that came
        db.session.remove()
        db.engine.dispose()


@pytest.mark.on_postgresql
def test_what_is_not_empty_is_left_alone(sqlite: Path, target: str) -> None:
    engine = create_engine(target)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE milik_orang (id integer)"))
    engine.dispose()
    told = carry(sqlite, target)
    assert (told.exit_code, "tidak kosong" in told.output) == (1, True)
    assert tables_of(target) == ["milik_orang"]


@pytest.mark.on_postgresql
def test_words_that_postgresql_does_not_take_undo_everything(sqlite: Path, target: str) -> None:
    with closing(connect_sqlite(sqlite / "kanban.sqlite3")) as hand:
        hand.execute("UPDATE cards SET description = 'a' || char(0) || 'b'")
    told = carry(sqlite, target)
    assert (told.exit_code, "PostgreSQL menolak" in told.output) == (1, True)
    assert tables_of(target) == []


@pytest.mark.on_postgresql
def test_a_difference_that_is_found_afterwards_undoes_everything(
    sqlite: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_on = carrying.count_on

    def meddle(connection: Connection, table: str, columns: tuple[str, ...]) -> None:
        count_on(connection, table, columns)
        if table == "cards":
            connection.execute(text("UPDATE cards SET title = title || ' ' WHERE id = 1"))

    monkeypatch.setattr(carrying, "count_on", meddle)
    told = carry(sqlite, target)
    assert (told.exit_code, "tabel cards di tujuan tidak sama" in told.output) == (1, True)
    assert tables_of(target) == []


@pytest.mark.on_postgresql
def test_a_table_that_the_program_does_not_know_is_not_left_behind_unsaid(
    sqlite: Path, target: str
) -> None:
    with closing(connect_sqlite(sqlite / "kanban.sqlite3")) as hand:
        hand.execute("CREATE TABLE tambahan (id INTEGER)")
    told = carry(sqlite, target)
    assert (told.exit_code, "tambahan" in told.output) == (1, True)
    assert tables_of(target) == []


@pytest.mark.on_postgresql
def test_nothing_is_carried_while_a_program_works_on_it(sqlite: Path, target: str) -> None:
    lock = InstanceLock(sqlite)
    assert lock.take()
    told = carry(sqlite, target)
    lock.release()
    assert (told.exit_code, "masih berjalan" in told.output) == (1, True)
    assert tables_of(target) == []


@pytest.mark.on_postgresql
def test_an_empty_instance_has_nothing_to_carry(tmp_path: Path, target: str) -> None:
    told = carry(tmp_path, target)
    assert (told.exit_code, "belum berisi kantor" in told.output) == (1, True)


@pytest.mark.parametrize(
    "url", ["sqlite:///x.sqlite3", "papan", "mysql://a:rahasia@b/c", "postgresql://"]
)
def test_only_postgresql_is_a_target(sqlite: Path, url: str) -> None:
    told = carry(sqlite, url)
    assert (told.exit_code, "postgresql+psycopg://" in told.output) == (1, True)
    assert "rahasia" not in told.output


def test_a_server_that_does_not_answer_is_told_without_the_password(sqlite: Path) -> None:
    told = carry(sqlite, f"postgresql+psycopg://a:rahasia@127.0.0.1:{free_port()}/papan")
    assert (told.exit_code, "PostgreSQL menolak" in told.output) == (1, True)
    assert "rahasia" not in told.output


def test_the_digest_of_a_table_knows_no_order_but_every_difference() -> None:
    rows = [(1, "a", {"x": 1, "y": 2}), (2, "b", None), (2, "b", None)]
    assert digest_of(rows) == digest_of(rows[::-1])
    assert digest_of(rows) == digest_of([(1, "a", {"y": 2, "x": 1}), *rows[1:]])
    assert digest_of(rows) != digest_of([*rows, rows[0]])
    assert digest_of(rows) != digest_of([rows[0], rows[1], (2, "b", "")])
    assert digest_of(rows) != digest_of([rows[0], rows[0], rows[1]])


def digest_of(rows: list[tuple[object, ...]]) -> Digest:
    digest = Digest()
    for row in rows:
        digest.add(row)
    return digest
