"""English is complete: every text is marked and has its translation, none is fuzzy, none is left over."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import Environment

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "kanban" / "translations"
ENGLISH = TRANSLATIONS / "en" / "LC_MESSAGES"
ALIASES = ("lazy_gettext", "_l")
"""The names by which the code asks for texts, beside those that Babel knows by itself."""
KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys(ALIASES)}
PLACE = re.compile(r"%\((\w+)\)([sd])")
UNTRANSLATED = {
    *("Papan SOP", "python3 run.py", "python3 run.py demo", "https://"),
    *("PDF", "CSV", "XLSX", "SOP", "2026-11", "SHA-256", "N", "P", "S", "K"),
    *("at-board", "at-finding"),
}
"""What templates may say without marking it: the name, commands, how an address begins; names of formats
and of keys, how a month is written; classes."""

Key = str | tuple[str, ...]


@pytest.fixture(scope="module")
def texts() -> set[Key]:
    """Every text that the program and its templates mark."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    return {
        message
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT, method_map=methods, options_map=options, keywords=KEYWORDS
        )
    }


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The English catalogue."""
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def translated(english: Catalog) -> list[Message]:
    return [message for message in english if message.id]


def test_every_text_has_its_english(texts: set[Key], english: Catalog) -> None:
    there = {
        message.id
        for message in translated(english)
        if all(_strings(message)) and not message.fuzzy
    }
    assert sorted(map(str, texts - there)) == []


def test_no_translation_is_left_over_or_fuzzy(texts: set[Key], english: Catalog) -> None:
    assert sorted(str(m.id) for m in translated(english) if m.id not in texts or m.fuzzy) == []
    assert list(english.obsolete) == []


def test_a_translation_keeps_the_places_of_its_text(english: Catalog) -> None:
    for message in translated(english):
        wanted = set(PLACE.findall(str(message.id)))
        for string in _strings(message):
            there = set(PLACE.findall(string))
            assert there - {("num", "d")} == wanted - {("num", "d")}, message.id
            assert "%" not in PLACE.sub("", string), message.id


def test_a_translation_begins_and_ends_as_its_text_does(english: Catalog) -> None:
    for message in translated(english):
        for string in _strings(message):
            assert _edges(string) == _edges(_text(message)), message.id


def test_what_the_program_reads_is_what_was_translated(english: Catalog) -> None:
    with (ENGLISH / "messages.mo").open("rb") as file:
        read = read_mo(file)
    assert {_text(m): _strings(m) for m in translated(read)} == {
        _text(m): _strings(m) for m in translated(english)
    }


def test_the_code_asks_for_texts_by_names_that_are_collected() -> None:
    for path in (ROOT / "kanban").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
                asked = {name.asname or name.name for name in node.names if "gettext" in name.name}
                assert asked <= KEYWORDS.keys(), path.name


def test_the_command_for_developers_collects_by_the_same_names() -> None:
    commands = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    extract = next(line for line in commands.splitlines() if "pybabel extract" in line)
    assert set(re.findall(r"-k (\w+)", extract)) == set(ALIASES)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.stem
)
def test_a_template_says_nothing_that_is_not_marked(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    plain = "".join(
        value if kind == "data" else "\0"
        for _line, kind, value in Environment(autoescape=True).lex(source)
        if kind in {"data", "variable_begin", "block_begin"}
    )
    spoken = re.findall(r'(?:aria-label|alt|placeholder|title)="([^"\0]*\w[^"\0]*)"', plain)
    plain = re.sub(r"<(style|script)>.*?</\1>", "", plain, flags=re.DOTALL)
    bare = re.sub(r'[\w-]+="[^"]*"', "", re.sub(r"<[^>]*>", "\0", plain))
    spoken += [words.strip(" ·\n") for words in bare.split("\0") if re.search(r"[^\W\d_]", words)]
    assert set(spoken) - UNTRANSLATED == set()


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _edges(words: str) -> tuple[bool, bool, str]:
    """Whether it has blanks at its ends, and the stop at its end."""
    last = words.rstrip()[-1]
    return words != words.lstrip(), words != words.rstrip(), last if last in ".:…?!" else ""
