"""The log: in files of a bounded size and number, and never in anybody's way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kanban.server import log_book
from kanban.server.log_book import LogBook


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_book, "TOGETHER", 0)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[LogBook]:
    made = LogBook(tmp_path / "logs", most=200, kept=3)
    yield made
    made.close()


def lines(book: LogBook) -> list[str]:
    return [line.split("  ", 1)[1] for line in book.path.read_text(encoding="utf-8").splitlines()]


def test_lines_are_written_in_their_order_with_the_moment(book: LogBook) -> None:
    book.add("satu")
    book.add(lambda: "dua")
    book.open().close()
    assert lines(book) == ["satu", "dua"]


def test_a_line_that_cannot_be_put_into_words_ends_nothing(book: LogBook) -> None:
    book.add(lambda: str(1 / 0))
    book.add("sesudahnya")
    book.open().close()
    assert "ZeroDivisionError" in lines(book)[0]
    assert lines(book)[1] == "sesudahnya"


def test_the_files_are_bounded_in_size_and_number(book: LogBook) -> None:
    for number in range(41):
        book._append(f"{number:02d} {'x' * 50}\n")
    files = sorted(book.folder.iterdir())
    assert [file.name for file in files] == ["papan.1.log", "papan.2.log", "papan.log"]
    assert max(file.stat().st_size for file in files) < 300
    assert "40 " in "".join(file.read_text() for file in files)
    assert "00 " not in "".join(file.read_text() for file in files)


def test_a_file_that_a_reader_holds_open_loses_nothing(
    book: LogBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows does it: what is open without leave to be renamed cannot be."""
    for number in range(8):
        book._append(f"{number} {'x' * 80}\n")
    rename, kept = Path.replace, {file.name: file.read_text() for file in book.folder.iterdir()}

    def held(path: Path, target: Path) -> Path:
        if path.name == "papan.1.log":
            raise PermissionError(13, "sharing violation")
        return rename(path, target)

    (book.folder / "papan.2.log").unlink()
    with monkeypatch.context() as during:
        during.setattr(Path, "replace", held)
        for number in range(8):
            book._append(f"lama {number} {'x' * 80}\n")
    assert (book.folder / "papan.1.log").read_text() == kept["papan.1.log"]
    assert book.path.read_text().count("lama") == 8
    book._append("lepas\n")
    assert (book.folder / "papan.2.log").read_text() == kept["papan.1.log"]


def test_a_full_disk_is_noted_and_gets_over(book: LogBook, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as during:
        during.setattr(Path, "open", full)
        book._append("tidak tertulis\n")
    assert book.fault == "No space left on device"
    book._append("tertulis  lagi\n")
    assert book.fault is None
    assert lines(book) == ["lagi"]


def test_what_waits_for_a_disk_is_bounded_and_counted(
    book: LogBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_book, "WAITING_MOST", 2)
    for number in range(5):
        book.add(str(number))
    book.open().close()
    assert lines(book) == ["0", "1", "3 baris log tidak tertulis."]


def test_the_minute_is_told_at_the_end_too(book: LogBook) -> None:
    book.each_minute = lambda: "Semenit"
    book.add("satu")
    book.open().close()
    assert lines(book) == ["satu", "Semenit"]
