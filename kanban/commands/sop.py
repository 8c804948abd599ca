"""``sop list|show|check|import|export``: the SOPs as text and as JSON, and SOP files in and out."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from babel.dates import format_date
from flask.cli import with_appcontext

from kanban.catalogue.schema import Unreadable, catalogue, read_file
from kanban.catalogue.toml import as_toml
from kanban.database import bring_up_to_date, is_set_up
from kanban.domain.sop import ExitKind, Procedure, Sop, Standard, Step, written_kind
from kanban.now import now
from kanban.operations.errors import Invalid, NotVisible
from kanban.operations.import_sop import import_sop
from kanban.queries.accounts import adopted_sops

KINDS = {
    "tick": "centang",
    "text": "teks",
    "file": "berkas",
    "link": "tautan",
    "disposition": "disposisi",
}
ARROWS = {
    ExitKind.NEXT: "lanjut",
    ExitKind.APPROVE: "setujui",
    ExitKind.RETURN: "kembalikan",
    ExitKind.FINISH: "selesai",
}


@click.group()
def sop() -> None:
    """SOP yang dijalankan sebagai papan."""


@sop.command("list")
@with_appcontext
def list_sops() -> None:
    """Daftar SOP dan prosedurnya."""
    for document in _sops():
        click.echo(f"{document.slug}: {_heading(document)}")
        for procedure in document.procedures:
            click.echo(
                f"  {procedure.code}  {procedure.title.id} "
                f"({len(procedure.steps)} tahap, {_in_words(procedure.total)})"
            )


@sop.command()
@click.argument("code", metavar="KODE")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
@with_appcontext
def show(code: str, as_json: bool) -> None:
    """Tampilkan satu prosedur menurut kodenya, misalnya M1."""
    document, procedure = _procedure(code)
    if as_json:
        click.echo(json.dumps(_as_json(document, procedure), indent=2))
    else:
        click.echo("\n".join(_described(document, procedure)))


@sop.command()
@click.argument("file", metavar="BERKAS")
@click.pass_context
def check(context: click.Context, file: str) -> None:
    """Periksa sebuah berkas SOP; semua masalahnya disebut sekaligus."""
    try:
        document = read_file(file)
    except Unreadable as unreadable:
        click.echo(f"{file}: {len(unreadable.problems)} masalah.")
        for problem in unreadable.problems:
            click.echo(f"- {problem}")
        context.exit(1)
    steps = sum(len(procedure.steps) for procedure in document.procedures)
    click.echo(
        f"{file}: tidak ada masalah. {_heading(document)}; "
        f"{len(document.procedures)} prosedur, {steps} tahap."
    )


@sop.command("import")
@click.argument("file", metavar="BERKAS")
@with_appcontext
def import_file(file: str) -> None:
    """Jalankan SOP dari sebuah berkas; kantor harus sudah disiapkan."""
    try:
        document = read_file(file)
    except Unreadable as unreadable:
        raise _refused(file, unreadable.problems) from None
    bring_up_to_date()
    try:
        import_sop(document, None, now())
    except NotVisible:
        raise click.ClickException(
            "Kantor ini belum disiapkan. Jalankan program dan siapkan kantornya dahulu."
        ) from None
    except Invalid as invalid:
        raise _refused(file, [one.in_indonesian() for one in invalid.faults.values()]) from None
    codes = ", ".join(procedure.code for procedure in document.procedures)
    click.echo(
        f"{_heading(document)} sudah dijalankan sebagai papan {codes}. "
        "Anggota dan perannya diatur di halaman Akun."
    )


@sop.command()
@click.argument("name", metavar="KODE|SLUG")
@click.argument("file", metavar="[BERKAS]", required=False, type=click.Path(path_type=Path))
@with_appcontext
def export(name: str, file: Path | None) -> None:
    """Tulis satu SOP, menurut slug atau kode prosedurnya, sebagai berkas TOML."""
    written = as_toml(_document(name))
    if file is None:
        sys.stdout.buffer.write(written.encode())  # in UTF-8, whatever the terminal speaks
        return
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(written)
    except FileExistsError:
        raise click.ClickException(f"{file} sudah ada, dan tidak ditimpa.") from None
    except OSError as fault:
        raise click.ClickException(f"{file} tidak dapat ditulis: {fault.strerror}.") from None
    click.echo(f"{file}: {_heading(_document(name))}")


def _refused(file: str, problems: list[str]) -> click.ClickException:
    """Everything that keeps the file out, at once."""
    listed = "".join(f"\n- {problem}" for problem in problems)
    return click.ClickException(f"{file}: {len(problems)} masalah; tidak ada yang diubah.{listed}")


def _document(name: str) -> Sop:
    """The SOP of this slug, or the one with a procedure of this code."""
    for document in _sops():
        if document.slug == name.lower():
            return document
    return _procedure(name)[0]


def _sops() -> tuple[Sop, ...]:
    """The instance's SOPs; before set-up those of the catalogue."""
    return tuple(adopted_sops().values()) if is_set_up() else catalogue()


def _procedure(code: str) -> tuple[Sop, Procedure]:
    found = [(document, procedure) for document in _sops() for procedure in document.procedures]
    for document, procedure in found:
        if procedure.slug == code.lower():
            return document, procedure
    known = ", ".join(procedure.code for _, procedure in found)
    raise click.ClickException(f"tidak ada prosedur {code}; yang ada: {known}.")


def _heading(document: Sop) -> str:
    signed = format_date(document.signed, "d MMMM y", locale="id")
    return f"{document.office}, Nomor {document.number}, ditandatangani {signed}"


def _in_words(standard: Standard) -> str:
    days = f"{standard.days} hari" if standard.days else ""
    minutes = f"{standard.minutes} menit" if standard.minutes else ""
    return f"{days} {minutes}".strip()


def _described(document: Sop, procedure: Procedure) -> Iterator[str]:
    yield f"{procedure.code}  {procedure.title.id}"
    yield _heading(document)
    for step in procedure.steps:
        yield ""
        yield from _described_step(document, procedure, step)
    yield ""
    yield f"Jumlah waktu baku: {_in_words(procedure.total)}"


def _described_step(document: Sop, procedure: Procedure, step: Step) -> Iterator[str]:
    lane = document.lane(step.lane).name.id
    yield f"{step.no}. {step.title.id} [{step.lane}: {lane}], {_in_words(step.standard)}"
    for item in step.items:
        yield f"   kelengkapan: {item.name.id} ({_kind_in_words(item.kind)})"
    if step.output:
        kind = written_kind(step.deliverable)
        how = _kind_in_words(kind) if kind else "diserahkan dengan memindahkan kartu"
        rule = procedure.same_day if step.output.same_day else None
        day = f", pada hari {rule.event.id}" if rule else ""
        yield f"   keluaran: {step.output.name.id} ({how}{day})"
    for way in step.exits:
        yield f"   {ARROWS[way.kind]}: {'selesai' if way.to is None else f'ke tahap {way.to}'}"
    if step.inferred:
        yield f"   tafsiran: {step.inferred}"


def _kind_in_words(kind: str) -> str:
    return " dan ".join(
        " atau ".join(KINDS[alternative] for alternative in part.split("|"))
        for part in kind.split("+")
    )


def _as_json(document: Sop, procedure: Procedure) -> dict[str, Any]:
    """The shape that design.md fixes for scripts: all lanes of the SOP, in the document's order."""
    return {
        "sop": {
            "number": document.number,
            "office": document.office,
            "signed": document.signed.isoformat(),
        },
        "procedure": {"code": procedure.code, "title": procedure.title.id},
        "lanes": [{"key": lane.key, "name": lane.name.id} for lane in document.lanes],
        "steps": [_step_as_json(step) for step in procedure.steps],
        "total": {"days": procedure.total.days, "minutes": procedure.total.minutes},
    }


def _step_as_json(step: Step) -> dict[str, Any]:
    return {
        "no": step.no,
        "title": step.title.id,
        "lane": step.lane,
        "items": [{"name": item.name.id, "kind": item.kind} for item in step.items],
        "days": step.standard.days,
        "minutes": step.standard.minutes,
        "output": step.output
        and {
            "name": step.output.name.id,
            "kind": written_kind(step.deliverable),
            "same_day": step.output.same_day,
        },
        "next": step.forward.to if step.forward else None,
        "back": step.back.to if step.back else None,
    }


COMMANDS = (sop,)
