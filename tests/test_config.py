"""The environment as settings: nonsense is told in a sentence, and what is secret stays with its owner."""

import os
from pathlib import Path

import pytest

from kanban import create_app
from kanban.commands import run
from kanban.config import Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KANBAN_PORT", "delapan"),
        ("KANBAN_PORT", "0"),
        ("KANBAN_PORT", "65536"),
        ("KANBAN_PORT", "²"),
        ("KANBAN_PORT", "٨٠٠٠"),
        ("KANBAN_PORT", "9" * 5_000),
        ("KANBAN_TIMEZONE", "WIB"),
        ("KANBAN_TIMEZONE", "../../etc/passwd"),
        ("KANBAN_TIMEZONE", "Asia"),
        ("KANBAN_PROXY", "proxy.kantor.lan"),
        ("KANBAN_PROXY", "*"),
        ("KANBAN_PROXY", "127.0.0.1, 10.0.0.1"),
        ("KANBAN_HOSTS", "*"),
        ("KANBAN_HOSTS", "papan.example.go.id:8443"),
        ("KANBAN_HOSTS", "https://papan.example.go.id/"),
        ("KANBAN_DATABASE_URL", "kanban.sqlite3"),
        ("KANBAN_DATABASE_URL", "mysql://kantor:rahasia@127.0.0.1/papan"),
        ("KANBAN_DATABASE_URL", "postgresql+psycopg2://kantor:rahasia@127.0.0.1/papan"),
    ],
)
def test_nonsense_is_told_by_the_name_of_the_variable(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ValueError, match=f"^{name}: ") as told:
        Settings.from_environment({"KANBAN_INSTANCE": str(tmp_path), name: value})
    assert "rahasia" not in str(told.value)
    assert " is not " not in str(told.value)


def test_what_is_empty_is_not_given(tmp_path: Path) -> None:
    names = ("PORT", "HOST", "TIMEZONE", "DATABASE_URL", "SECRET_KEY", "PROXY", "HOSTS")
    empty = {f"KANBAN_{name}": "" for name in names}
    settings = Settings.from_environment({"KANBAN_INSTANCE": str(tmp_path), **empty})
    assert (settings.port, settings.host, settings.time_zone) == (8000, "127.0.0.1", "Asia/Jakarta")
    assert (settings.proxy, settings.hosts) == (None, frozenset())


def test_names_by_which_the_program_may_be_called_are_told_apart_by_commas(tmp_path: Path) -> None:
    given = {"KANBAN_INSTANCE": str(tmp_path), "KANBAN_HOSTS": "Papan.example.go.id, papan2.kpu,"}
    hosts = Settings.from_environment(given).hosts
    assert hosts == {"papan.example.go.id", "papan2.kpu"}


def test_an_instance_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    for instance in (tmp_path / "berkas", tmp_path / "berkas" / "di_dalam"):
        with pytest.raises(ValueError, match=r"^KANBAN_INSTANCE: .*: ini berkas, bukan folder$"):
            Settings.from_environment({"KANBAN_INSTANCE": str(instance)})


def test_who_only_looks_makes_nothing(tmp_path: Path) -> None:
    nowhere = tmp_path / "tidak-ada"
    settings = Settings.from_environment({"KANBAN_INSTANCE": str(nowhere)}, only_looks=True)
    assert settings.instance == nowhere
    assert settings.secret_key
    assert not nowhere.exists()


def test_the_secret_is_made_once_also_after_an_interruption(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")  # as a power cut may leave it
    first = Settings.from_environment({"KANBAN_INSTANCE": str(tmp_path)}).secret_key
    assert len(first) == 64
    assert Settings.from_environment({"KANBAN_INSTANCE": str(tmp_path)}).secret_key == first
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_only_the_owner_may_look(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    Settings.from_environment({"KANBAN_INSTANCE": str(instance)})
    assert instance.stat().st_mode & 0o077 == 0
    assert (instance / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "url", ["sqlite:///{}/damaged", "postgresql+psycopg://kantor:rahasia@127.0.0.1:1/papan"]
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    if url.startswith("postgresql"):
        pytest.importorskip("psycopg")
    (tmp_path / "damaged").write_bytes(b"no database" * 1_000)
    environment = {"KANBAN_INSTANCE": str(tmp_path), "KANBAN_DATABASE_URL": url.format(tmp_path)}
    settings = Settings.from_environment(environment)
    assert run(lambda: create_app(settings), ["user", "list"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Basis data ")
    assert "Traceback" not in told
    assert "not a database" not in told
    assert "rahasia" not in told
