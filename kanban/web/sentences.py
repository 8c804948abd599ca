"""The history as sentences. The rows keep keys; the words are made here, in the reader's language."""

from collections.abc import Callable, Iterator
from datetime import datetime

from flask_babel import gettext as _

from kanban.domain.moves import Outcome
from kanban.domain.sop import Kind
from kanban.queries.history import Entry
from kanban.web.filters import moment, named


def sentences(entry: Entry) -> list[str]:
    """What happened, one sentence a change; an event of an unknown kind says nothing."""
    tell = _TOLD.get(entry.kind)
    return list(tell(entry)) if tell else []


def _started(entry: Entry) -> Iterator[str]:
    yield _("%(who)s memulai kartu.", who=entry.who)


def _corrected(entry: Entry) -> Iterator[str]:
    changes = entry.details["changes"]
    if "title" in changes:
        old, new = changes["title"]
        yield _(
            "%(who)s mengoreksi judul dari “%(old)s” menjadi “%(new)s”.",
            who=entry.who,
            old=old,
            new=new,
        )
    if "description" in changes:
        yield _("%(who)s mengoreksi keterangan.", who=entry.who)
    if "event_at" in changes:
        old, new = (_moment(written) for written in changes["event_at"])
        yield _(
            "%(who)s mengoreksi waktu peristiwa dari %(old)s menjadi %(new)s.",
            who=entry.who,
            old=old,
            new=new,
        )
    if "holder_id" in changes:
        yield _holder(entry, changes["holder_id"][1])


def _holder(entry: Entry, holder_id: int | None) -> str:
    if holder_id is None:
        return _("%(who)s mengosongkan pemegang kartu.", who=entry.who)
    return _(
        "%(who)s menunjuk %(holder)s sebagai pemegang kartu.",
        who=entry.who,
        holder=entry.people.get(holder_id, holder_id),
    )


def _moment(written: str | None) -> str:
    return moment(datetime.fromisoformat(written)) if written else "–"


def _ticked(entry: Entry) -> Iterator[str]:
    yield _("%(who)s mencentang %(item)s.", who=entry.who, item=_about(entry))


def _unticked(entry: Entry) -> Iterator[str]:
    yield _("%(who)s menghapus centang %(item)s.", who=entry.who, item=_about(entry))


def _confirmed(entry: Entry) -> Iterator[str]:
    yield _("%(who)s menyatakan %(output)s tanpa perubahan.", who=entry.who, output=_about(entry))


def _unconfirmed(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s menarik pernyataan bahwa %(output)s tanpa perubahan.",
        who=entry.who,
        output=_about(entry),
    )


def _given(entry: Entry) -> Iterator[str]:
    number = entry.details["number"]
    form = {Kind.TEXT: _("teks"), Kind.FILE: _("berkas"), Kind.LINK: _("tautan")}[
        entry.details["kind"]
    ]
    if number == 1:
        yield _(
            "%(who)s mengisi %(material)s (%(kind)s).",
            who=entry.who,
            material=_about(entry),
            kind=form,
        )
    else:
        yield _(
            "%(who)s memperbarui %(material)s (%(kind)s, versi %(number)d).",
            who=entry.who,
            material=_about(entry),
            kind=form,
            number=number,
        )


def _moved(entry: Entry) -> Iterator[str]:
    to, outcome = entry.details["to"], entry.details["outcome"]
    who = _("%(who)s sebagai Wakil", who=entry.who) if entry.details.get("deputy") else entry.who
    if outcome == Outcome.RETURN:
        yield _(
            "%(who)s mengembalikan kartu ke tahap %(to)d: “%(note)s”",
            who=who,
            to=to,
            note=entry.details["note"],
        )
        return
    if outcome == Outcome.FINISH or (outcome == Outcome.APPROVE and to is None):
        yield _("%(who)s menyelesaikan kartu.", who=who)
    elif outcome == Outcome.APPROVE:
        yield _("%(who)s menyetujui dan meneruskan kartu ke tahap %(to)d.", who=who, to=to)
    else:
        yield _("%(who)s meneruskan kartu ke tahap %(to)d.", who=who, to=to)
    if entry.details.get("note"):
        yield _("Catatannya: “%(note)s”", note=entry.details["note"])


def _undone(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s mengurungkan pemindahan; kartu kembali di tahap %(step)d.",
        who=entry.who,
        step=entry.details["to"],
    )


def _cancelled(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s membatalkan kartu: “%(reason)s”", who=entry.who, reason=entry.details["reason"]
    )


def _about(entry: Entry) -> str:
    return named(entry.about) if entry.about else ""


_TOLD: dict[str, Callable[[Entry], Iterator[str]]] = {
    "card_started": _started,
    "card_corrected": _corrected,
    "item_ticked": _ticked,
    "item_unticked": _unticked,
    "output_confirmed": _confirmed,
    "output_unconfirmed": _unconfirmed,
    "material_added": _given,
    "card_moved": _moved,
    "move_undone": _undone,
    "card_cancelled": _cancelled,
}
