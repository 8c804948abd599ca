"""Imports go one way; a module that reaches back is named here."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kanban"

# What a layer may import of the package, besides itself.
ALLOWED = {
    "domain": set(),
    "catalogue": {"domain", "spreadsheets"},
    "models": {"domain", "extensions"},
    "queries": {"domain", "catalogue", "models", "extensions", "tokens"},
    "operations": {
        "domain", "catalogue", "models", "queries", "extensions", "storage", "tokens", "passwords", "usernames",
        "backup",
    },
    "web": {
        "domain", "catalogue", "models", "queries", "operations", "extensions", "config", "now", "storage",
        "media", "tokens", "passwords", "usernames", "database", "printing", "spreadsheets",
        "backup", "server",
    },
    "backup": {"domain", "models", "extensions", "config", "now", "storage", "schema", "server"},
    "server": {"storage"},
}  # fmt: skip


def imported(path: Path) -> set[str]:
    """The parts of the package that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("kanban.")}


@pytest.mark.parametrize("layer", ALLOWED)
def test_a_layer_imports_only_what_lies_below_it(layer: str) -> None:
    reaching = {
        str(path.relative_to(PACKAGE)): sorted(imported(path) - ALLOWED[layer] - {layer})
        for path in (PACKAGE / layer).rglob("*.py")
    }
    assert {path: parts for path, parts in reaching.items() if parts} == {}


def test_the_domain_knows_only_the_standard_library() -> None:
    foreign = {"flask", "sqlalchemy", "pydantic", "werkzeug", "holidays"}
    for path in (PACKAGE / "domain").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        names = {
            (node.module or "").split(".")[0]
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.ImportFrom)
        }
        assert not names & foreign, path.name
        assert "datetime.now" not in source, path.name
