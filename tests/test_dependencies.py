"""The lists of packages agree: what is named, what is explained, what is locked."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-postgresql.txt", "requirements-test.txt")


def direct_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    return {re.match(r"[a-z0-9-]+", requirement)[0] for names in lists for requirement in names}


def locked(name):
    """The lock's packages: a line with its name and version, and its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return {
        line.split(" --hash")[0].strip(): line.count("--hash=sha256:") for line in text.splitlines()
    }


def test_each_package_has_its_reason_in_the_documentation():
    rows = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").splitlines()
    explained = [row.split("|")[1].strip() for row in rows if row.startswith("| ")]
    assert sorted(set(explained) - {"Package"}) == sorted(direct_dependencies())


def test_each_package_is_locked():
    names = {pin.partition("==")[0] for pin in locked("requirements-test.txt")}
    assert direct_dependencies() <= names


@pytest.mark.parametrize("lock", LOCKS)
def test_each_lock_pins_and_hashes_everything_and_names_no_index(lock):
    for pin, hashes in locked(lock).items():
        assert re.match(r"[a-z0-9-]+==\S+( ; .+)?$", pin)
        assert hashes
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_each_lock_holds_all_of_the_one_before():
    application, postgresql, tests = map(locked, LOCKS)
    assert application.items() <= postgresql.items() <= tests.items()
