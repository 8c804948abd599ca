"""Words of a command that are wrong are told in Indonesian, with the way to its help; nothing is done."""

import pytest
from flask import Flask

from kanban.commands import run
from tests.office import Office

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("serve --port 99999", "--port harus bilangan bulat dari 1 sampai 65535."),
        ("serve --port x", "--port harus bilangan bulat dari 1 sampai 65535."),
        ("serve --port", "Pilihan --port tidak diberi nilai"),
        ("serve --porta 1", "Pilihan --porta tidak dikenal."),
        ("drill --kills -1", "--kills harus bilangan bulat paling sedikit 0."),
        ("sajikan", "Perintah sajikan tidak dikenal."),
        ("restore", "ARSIP belum ditulis."),
        ("restore a.zip b.zip", "Ada kata yang berlebih"),
        ("clock due kemarin", "'kemarin' bukan waktu"),
    ],
)
def test_it_is_told_in_a_sentence(
    app: Flask, office: Office, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    before = office.rows()
    assert run(lambda: app, words.split()) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "--help" in told
    assert "Error" not in told
    assert office.rows() == before


def test_what_a_command_refuses_bears_no_english_word_before_it(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(lambda: app, ["restore", "tidak-ada.zip"]) == 1
    assert capsys.readouterr().err == "Berkas tidak-ada.zip tidak ada. Tidak ada yang diubah.\n"


def test_help_is_no_fault(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(lambda: app, ["restore", "--help"]) == 0
    assert "Pulihkan kantor dari arsip cadangan" in capsys.readouterr().out
