"""The history as sentences. The rows keep keys; the words are made here, in the reader's language."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from kanban.domain.moves import Outcome
from kanban.domain.publishing import Deed
from kanban.domain.sop import Kind
from kanban.queries.history import Entry
from kanban.queries.suspensions import Scope
from kanban.web.filters import capacity_title, named, stamp


def sentences(entry: Entry) -> list[str]:
    """What happened, one sentence a change; an event of an unknown kind says nothing."""
    tell = _TOLD.get(entry.kind)
    return list(tell(entry)) if tell else []


def _started(entry: Entry) -> Iterator[str]:
    deed = entry.details.get("deed")
    if deed == Deed.REMOVED:
        yield _("%(who)s memulai kartu dengan perintah menghapus konten.", who=entry.who)
    elif deed == Deed.ARCHIVED:
        yield _("%(who)s memulai kartu dengan perintah mengarsipkan konten.", who=entry.who)
    else:
        yield _("%(who)s memulai kartu.", who=entry.who)
    yield from _missed(entry)


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
    if holder_id == entry.actor_id:
        return _("%(who)s memegang kartu ini.", who=entry.who)
    return _(
        "%(who)s menunjuk %(holder)s sebagai pemegang kartu.",
        who=entry.who,
        holder=entry.people.get(holder_id, holder_id),
    )


def _moment(written: str | None) -> str:
    return stamp(datetime.fromisoformat(written)) if written else "–"


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


def _restored(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s membawa kembali versi %(earlier)d dari %(material)s, sekarang versi %(number)d.",
        who=entry.who,
        earlier=entry.details["restored"],
        material=_about(entry),
        number=entry.details["number"],
    )


def _moved(entry: Entry) -> Iterator[str]:
    to, outcome = entry.details["to"], entry.details["outcome"]
    who = _who_acted(entry)
    if outcome == Outcome.RETURN:
        said = dict.fromkeys(words for words in (entry.reason, entry.details["note"]) if words)
        yield _(
            "%(who)s mengembalikan kartu ke tahap %(to)d: “%(note)s”",
            who=who,
            to=to,
            note=" – ".join(said),
        )
        if entry.about:
            yield _("Tentang: %(material)s.", material=named(entry.about))
        return
    if outcome == Outcome.FINISH or (outcome == Outcome.APPROVE and to is None):
        yield _("%(who)s menyelesaikan kartu.", who=who)
    elif outcome == Outcome.APPROVE:
        yield _("%(who)s menyetujui dan meneruskan kartu ke tahap %(to)d.", who=who, to=to)
    else:
        yield _("%(who)s meneruskan kartu ke tahap %(to)d.", who=who, to=to)
    if entry.details.get("own_work"):
        yield _("Yang disetujui memuat bahan buatannya sendiri.")
    if entry.details.get("note"):
        yield _("Catatannya: “%(note)s”", note=entry.details["note"])
    yield from _missed(entry)


def _missed(entry: Entry) -> Iterator[str]:
    """What was said with a start or a move of the day that it missed, unless its note says that already."""
    why = entry.details.get("miss")
    if why and (why["reason"] or why["words"] != entry.details.get("note")):
        yield _("Alasan batas hari terlewat: %(why)s.", why=_why(entry, why))


def _explained(entry: Entry) -> Iterator[str]:
    before, after = entry.details["before"], entry.details["after"]
    if before is None:
        yield _(
            "%(who)s menulis alasan batas hari terlewat: %(why)s.",
            who=entry.who,
            why=_why(entry, after),
        )
    else:
        yield _(
            "%(who)s mengoreksi alasan batas hari terlewat dari %(old)s menjadi %(new)s.",
            who=entry.who,
            old=_why(entry, before),
            new=_why(entry, after),
        )


def _why(entry: Entry, why: Mapping[str, Any]) -> str:
    said = (entry.reasons.get(why["reason"], ""), why["words"])
    return "“" + " – ".join(dict.fromkeys(words for words in said if words)) + "”"


def _who_acted(entry: Entry) -> str:
    """Who moved the card, and in which capacity where it was not the lane's holder."""
    title = capacity_title(bool(entry.details.get("deputy")), entry.details.get("acting"))
    if not title:
        return entry.who
    if entry.details.get("acting") and entry.lane:
        title = f"{title} {named(entry.lane.label)}"
    return _("%(who)s sebagai %(title)s", who=entry.who, title=title)


def _undone(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s mengurungkan pemindahan; kartu kembali di tahap %(step)d.",
        who=entry.who,
        step=entry.details["to"],
    )


def _material_corrected(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s mengoreksi %(material)s setelah tayang (versi %(number)d): “%(reason)s”",
        who=entry.who,
        material=_about(entry),
        number=entry.details["number"],
        reason=entry.details["reason"],
    )


def _content_removed(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s menghapus konten ini atas perintah kartu %(order)d.",
        who=entry.who,
        order=entry.details["order"],
    )


def _content_archived(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s mengarsipkan konten ini atas perintah kartu %(order)d.",
        who=entry.who,
        order=entry.details["order"],
    )


def _content_kept(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s mengurungkan penyelesaian kartu %(order)d; perintah atas konten ini berjalan lagi.",
        who=entry.who,
        order=entry.details["order"],
    )


def _cancelled(entry: Entry) -> Iterator[str]:
    yield _(
        "%(who)s membatalkan kartu: “%(reason)s”", who=entry.who, reason=entry.details["reason"]
    )


def _reminded(entry: Entry) -> Iterator[str]:
    yield _("%(who)s mengingatkan agar kartu ini dikerjakan.", who=entry.who)


def _suspended(entry: Entry) -> Iterator[str]:
    details = entry.details
    words = {
        Scope.CARD: _("%(who)s menangguhkan kartu (keadaan kahar) sejak %(when)s: “%(reason)s”"),
        Scope.BOARD: _("%(who)s menangguhkan papan (keadaan kahar) sejak %(when)s: “%(reason)s”"),
        Scope.OFFICE: _(
            "%(who)s menangguhkan seluruh kantor (keadaan kahar) sejak %(when)s: “%(reason)s”"
        ),
    }
    yield words[Scope(details["scope"])] % {
        "who": entry.who,
        "when": _moment(details["from"]),
        "reason": details["reason"],
    }
    yield _("Dasar: %(letter)s.", letter=details["authority"].rstrip("."))


def _resumed(entry: Entry) -> Iterator[str]:
    details = entry.details
    words = {
        Scope.CARD: _("%(who)s mengakhiri penangguhan kartu pada %(when)s."),
        Scope.BOARD: _("%(who)s mengakhiri penangguhan papan pada %(when)s."),
        Scope.OFFICE: _("%(who)s mengakhiri penangguhan seluruh kantor pada %(when)s."),
    }
    yield words[Scope(details["scope"])] % {
        "who": entry.who,
        "when": _moment(details["until"]),
    }
    if details["still"]:
        yield _("Kartu masih ditangguhkan oleh penangguhan lain.")
        return
    old, new = (_moment(written) for written in details["due"])
    if old != new:
        yield _("Batas waktunya bergeser dari %(old)s menjadi %(new)s.", old=old, new=new)


def _due_moved(entry: Entry) -> Iterator[str]:
    old, new = (_moment(written) for written in entry.details["due"])
    yield _("%(who)s mengubah kalender kantor.", who=entry.who)
    yield _("Batas waktunya bergeser dari %(old)s menjadi %(new)s.", old=old, new=new)


def _commented(entry: Entry) -> Iterator[str]:
    yield _("%(who)s menulis komentar.", who=entry.who)


def _comment_changed(entry: Entry) -> Iterator[str]:
    yield _("%(who)s mengubah komentarnya.", who=entry.who)


def _paper_placed(entry: Entry) -> Iterator[str]:
    place = entry.details["changes"]["paper_place"][1]
    if place:
        yield _("%(who)s mencatat tempat berkas cetak: “%(place)s”.", who=entry.who, place=place)
    else:
        yield _("%(who)s menghapus catatan tempat berkas cetak.", who=entry.who)


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
    "material_restored": _restored,
    "card_moved": _moved,
    "move_undone": _undone,
    "card_cancelled": _cancelled,
    "card_suspended": _suspended,
    "card_resumed": _resumed,
    "due_moved": _due_moved,
    "reminded": _reminded,
    "material_corrected": _material_corrected,
    "content_removed": _content_removed,
    "content_archived": _content_archived,
    "content_kept": _content_kept,
    "comment_added": _commented,
    "comment_changed": _comment_changed,
    "paper_place_noted": _paper_placed,
    "miss_explained": _explained,
}
