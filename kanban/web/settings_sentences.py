"""The settings' history as sentences. The rows keep keys; the words are made here, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from kanban.domain.sop import Sop
from kanban.models.reasons import Purpose
from kanban.queries.calendar import office
from kanban.queries.settings_history import Setting
from kanban.web.calendar_sentences import ZONE_NAMES, Change, calendar_changes, parts_changed
from kanban.web.filters import capacity_title, day, named, period, stamp
from kanban.web.forms.displays import SIZES, THEMES


@dataclass(frozen=True)
class Told:
    """A change of a setting in words: a sentence, what was before and after, and what else was said."""

    sentence: str
    changes: tuple[Change, ...] = ()
    beside: tuple[str, ...] = ()


def told(setting: Setting) -> Told:
    """What happened, in the reader's language."""
    return _TOLD[setting.kind](setting)


def _calendar_changed(setting: Setting) -> Told:
    changes = setting.details["changes"]
    moved = setting.details["moved"]
    sentence = _(
        "%(who)s mengubah kalender: %(parts)s.",
        who=_who(setting),
        parts=", ".join(parts_changed(changes)),
    )
    shifted = ngettext(
        "Batas waktu %(num)d kartu yang berjalan bergeser.",
        "Batas waktu %(num)d kartu yang berjalan bergeser.",
        moved,
    )
    return Told(sentence, calendar_changes(changes), (shifted,) if moved else ())


def _account_created(setting: Setting) -> Told:
    details = setting.details
    sentence = _(
        "%(who)s membuat akun %(account)s (nama pengguna %(username)s).",
        who=_who(setting),
        account=details.get("name", setting.account),
        username=details["username"],
    )
    return Told(
        sentence, beside=(_("Sebagai administrator."),) if details.get("administrator") else ()
    )


def _account_renamed(setting: Setting) -> Told:
    before, after = setting.details["before"], setting.details["after"]
    return Told(
        _("%(who)s mengganti nama akun %(account)s.", who=_who(setting), account=before),
        (Change(_("Nama"), before, after),),
    )


def _administrator_appointed(setting: Setting) -> Told:
    return Told(
        _("%(who)s menjadikan %(account)s administrator.", **_both(setting)),
        (Change(_("Administrator"), _("tidak"), _("ya")),),
    )


def _administrator_dismissed(setting: Setting) -> Told:
    return Told(
        _("%(who)s mencabut hak administrator %(account)s.", **_both(setting)),
        (Change(_("Administrator"), _("ya"), _("tidak")),),
    )


def _account_disabled(setting: Setting) -> Told:
    return Told(
        _("%(who)s menonaktifkan akun %(account)s.", **_both(setting)),
        (Change(_("Akun"), _("aktif"), _("nonaktif")),),
    )


def _account_enabled(setting: Setting) -> Told:
    return Told(
        _("%(who)s mengaktifkan kembali akun %(account)s.", **_both(setting)),
        (Change(_("Akun"), _("nonaktif"), _("aktif")),),
    )


def _memberships_set(setting: Setting) -> Told:
    before, after = setting.details["before"], setting.details["after"]
    values = {**_both(setting), "office": _office_of(setting.sop)}
    if after is None:
        sentence = _("%(who)s mengeluarkan %(account)s dari SOP %(office)s.", **values)
    elif before is None:
        sentence = _("%(who)s memberi %(account)s peran dalam SOP %(office)s.", **values)
    else:
        sentence = _("%(who)s mengubah peran %(account)s dalam SOP %(office)s.", **values)
    return Told(
        sentence, (Change(_("Peran"), _role(before, setting.sop), _role(after, setting.sop)),)
    )


def _role(rights: Mapping[str, Any] | None, sop: Sop | None) -> str:
    if rights is None:
        return _("bukan anggota")
    parts = [
        *(_lane(lane, sop) for lane in rights["lanes"]),
        *(_("%(lane)s sebagai wakil", lane=_lane(lane, sop)) for lane in rights["deputy"]),
    ]
    if rights["supervisor"]:
        parts.append(_("penyelia"))
    return ", ".join(parts) or _("tamu")


def _password_reset(setting: Setting) -> Told:
    return Told(_("%(who)s membuatkan %(account)s kata sandi baru.", **_both(setting)))


def _password_changed(setting: Setting) -> Told:
    return Told(_("%(who)s mengganti kata sandinya sendiri.", who=_who(setting)))


def _acting_assigned(setting: Setting) -> Told:
    details = setting.details
    sentence = _(
        "%(who)s menunjuk %(account)s sebagai %(title)s %(lane)s, %(first)s sampai %(last)s.",
        **_both(setting),
        title=capacity_title(deputy=False, acting=details["acting"]),
        lane=_lane(details["lane"], setting.sop),
        first=day(date.fromisoformat(details["first"])),
        last=day(date.fromisoformat(details["last"])),
    )
    return Told(
        sentence, beside=(_("Dasar: %(authority)s.", authority=details["authority"].rstrip(".")),)
    )


def _acting_ended(setting: Setting) -> Told:
    values = {**_both(setting), "lane": _lane(setting.details["lane"], setting.sop)}
    span = setting.span
    if span is None:
        return Told(_("%(who)s mengakhiri penunjukan %(account)s pada %(lane)s.", **values))
    return Told(
        _(
            "%(who)s mengakhiri penunjukan %(account)s sebagai %(title)s %(lane)s.",
            **values,
            title=capacity_title(deputy=False, acting=span.kind),
        ),
        (Change(_("Berlaku sampai"), day(span.last), stamp(setting.at)),),
    )


def _people_viewed(setting: Setting) -> Told:
    return Told(
        _(
            "%(who)s membuka beban menurut orang pada SOP %(office)s.",
            who=_who(setting),
            office=_office_of(setting.sop),
        )
    )


def _office_set_up(setting: Setting) -> Told:
    zone = setting.details["time_zone"]
    return Told(
        _(
            "%(who)s menyiapkan kantor ini, zona waktu %(zone)s.",
            who=_who(setting),
            zone=ZONE_NAMES.get(zone, zone),
        )
    )


def _office_changed(setting: Setting) -> Told:
    changes = tuple(
        Change(_OFFICE[name][0](), *(_OFFICE[name][1](value) for value in values))
        for name, values in setting.details["changes"].items()
        if name in _OFFICE
    )
    return Told(_("%(who)s mengubah pengaturan kantor.", who=_who(setting)), changes)


_OFFICE: dict[str, tuple[Callable[[], str], Callable[[Any], str]]] = {
    "forbids_self_approval": (
        lambda: _("Menyetujui bahan buatan sendiri"),
        lambda forbids: _("Tidak boleh") if forbids else _("Boleh, dengan peringatan"),
    ),
    "message_template": (
        lambda: _("Pesan siap kirim"),
        lambda template: template or _("pesan bawaan program"),
    ),
    "uploads_most": (
        lambda: _("Paling banyak sekali kirim"),
        lambda megabytes: _("%(megabytes)d MB", megabytes=megabytes),
    ),
    "backups_folder": (
        lambda: _("Folder cadangan"),
        lambda folder: folder or _("folder bawaan program"),
    ),
    "backups_daily": (lambda: _("Cadangan harian"), str),
    "backups_weekly": (lambda: _("Cadangan mingguan"), str),
    "backups_monthly": (lambda: _("Cadangan bulanan"), str),
}


def _backup_taken(setting: Setting) -> Told:
    return Told(
        _("%(who)s mengunduh cadangan %(name)s.", who=_who(setting), name=setting.details["name"])
    )


def _sop_adopted(setting: Setting) -> Told:
    return Told(
        _(
            "%(who)s memasang SOP %(office)s Nomor %(number)s.",
            who=_who(setting),
            office=_office_of(setting.sop),
            number=setting.sop.number if setting.sop else "–",
        )
    )


def _reason_added(setting: Setting) -> Told:
    return Told(
        _("%(who)s menambahkan “%(reason)s” pada %(list)s.", **_about_reason(setting)),
    )


def _reason_reworded(setting: Setting) -> Told:
    before, _list = setting.reasons.get(setting.details["before"], ("–", ""))
    return Told(
        _("%(who)s mengubah kata-kata satu alasan pada %(list)s.", **_about_reason(setting)),
        (Change(_("Alasan"), before, setting.details["words"]),),
    )


def _reason_moved(setting: Setting) -> Told:
    past, _list = setting.reasons.get(setting.details["past"], ("–", ""))
    return Told(
        _(
            "%(who)s menukar tempat “%(reason)s” dan “%(past)s” pada %(list)s.",
            **_about_reason(setting),
            past=past,
        )
    )


def _reason_retired(setting: Setting) -> Told:
    return Told(
        _("%(who)s tidak menawarkan lagi “%(reason)s” pada %(list)s.", **_about_reason(setting)),
    )


def _reason_restored(setting: Setting) -> Told:
    return Told(
        _("%(who)s menawarkan kembali “%(reason)s” pada %(list)s.", **_about_reason(setting)),
    )


def _about_reason(setting: Setting) -> dict[str, str]:
    words, purpose = setting.reasons.get(setting.details["reason"], ("–", Purpose.RETURN))
    lists = {
        Purpose.RETURN: _("daftar alasan pengembalian"),
        Purpose.MISS: _("daftar alasan batas hari terlewat"),
    }
    return {"who": _who(setting), "reason": words, "list": lists[Purpose(purpose)]}


def _both(setting: Setting) -> dict[str, str]:
    account = _("dirinya sendiri") if setting.own else setting.account or "–"
    return {"who": _who(setting), "account": account}


def _who(setting: Setting) -> str:
    if setting.who:
        return setting.who
    house = office()
    if house and setting.at == house.set_up_at:
        return _("Penyiapan kantor")
    return _("Perintah di komputer kantor")


def _office_of(sop: Sop | None) -> str:
    return sop.office if sop else "–"


def _lane(key: str, sop: Sop | None) -> str:
    return next((named(lane.name) for lane in sop.lanes if lane.key == key), key) if sop else key


def _suspension_begun(setting: Setting) -> Told:
    details = setting.details
    since = stamp(datetime.fromisoformat(details["from"]))
    if setting.board:
        sentence = _(
            "%(who)s menangguhkan papan %(board)s sejak %(since)s.",
            who=_who(setting),
            board=setting.board.code,
            since=since,
        )
    else:
        sentence = _(
            "%(who)s menangguhkan seluruh kantor sejak %(since)s.", who=_who(setting), since=since
        )
    return Told(
        sentence,
        beside=(
            _("Alasan: %(reason)s.", reason=details["reason"].rstrip(".")),
            _("Dasar: %(authority)s.", authority=details["authority"].rstrip(".")),
            _cards_concerned(setting),
        ),
    )


def _suspension_ended(setting: Setting) -> Told:
    details = setting.details
    spell = period(
        datetime.fromisoformat(details["from"]),
        datetime.fromisoformat(details["until"] or details["from"]),
    )
    if setting.board:
        sentence = _(
            "%(who)s mengakhiri penangguhan papan %(board)s (%(spell)s).",
            who=_who(setting),
            board=setting.board.code,
            spell=spell,
        )
    else:
        sentence = _(
            "%(who)s mengakhiri penangguhan seluruh kantor (%(spell)s).",
            who=_who(setting),
            spell=spell,
        )
    return Told(sentence, beside=(_cards_concerned(setting),))


def _cards_concerned(setting: Setting) -> str:
    return ngettext(
        "Menyangkut %(num)d kartu yang berjalan.",
        "Menyangkut %(num)d kartu yang berjalan.",
        setting.details["cards"],
    )


def _display_made(setting: Setting) -> Told:
    return Told(_("%(who)s membuat layar %(display)s.", **_about_display(setting)))


def _display_changed(setting: Setting) -> Told:
    changes = tuple(
        Change(_DISPLAY[name][0](), *(_DISPLAY[name][1](value) for value in values))
        for name, values in setting.details["changes"].items()
    )
    about = _about_display(setting)
    if "name" in setting.details["changes"]:
        about["display"] = setting.details["changes"]["name"][0]  # what it was called until then
    return Told(_("%(who)s mengubah layar %(display)s.", **about), changes)


def _display_linked(setting: Setting) -> Told:
    if setting.details["paired"]:
        return Told(
            _("%(who)s memasangkan TV sebagai layar %(display)s.", **_about_display(setting))
        )
    return Told(_("%(who)s membuat tautan baru layar %(display)s.", **_about_display(setting)))


def _display_link_revoked(setting: Setting) -> Told:
    return Told(_("%(who)s mencabut satu tautan layar %(display)s.", **_about_display(setting)))


def _display_revoked(setting: Setting) -> Told:
    return Told(_("%(who)s mencabut layar %(display)s.", **_about_display(setting)))


def _about_display(setting: Setting) -> dict[str, str]:
    return {"who": _who(setting), "display": setting.display or "–"}


def _switched(on: bool) -> str:
    return _("ya") if on else _("tidak")


_DISPLAY: dict[str, tuple[Callable[[], str], Callable[[Any], str]]] = {
    "name": (lambda: _("Nama layar"), str),
    "boards": (
        lambda: _("Papan"),
        lambda slugs: ", ".join(slug.upper() for slug in slugs),
    ),
    "rotation": (
        lambda: _("Lama satu giliran (detik)"),
        str,
    ),
    "theme": (lambda: _("Warna"), lambda theme: str(THEMES[theme])),
    "text_size": (lambda: _("Ukuran huruf"), lambda size: str(SIZES[size])),
    "shows_names": (lambda: _("Nama pemegang kartu"), _switched),
    "shows_pictures": (lambda: _("Gambar pada kartu"), _switched),
    "dims": (lambda: _("Redup di luar jam kerja"), _switched),
}


_TOLD: dict[str, Callable[[Setting], Told]] = {
    "calendar_changed": _calendar_changed,
    "account_created": _account_created,
    "account_renamed": _account_renamed,
    "administrator_appointed": _administrator_appointed,
    "administrator_dismissed": _administrator_dismissed,
    "account_disabled": _account_disabled,
    "account_enabled": _account_enabled,
    "memberships_set": _memberships_set,
    "password_reset": _password_reset,
    "password_changed": _password_changed,
    "acting_assigned": _acting_assigned,
    "acting_ended": _acting_ended,
    "people_viewed": _people_viewed,
    "office_set_up": _office_set_up,
    "office_changed": _office_changed,
    "backup_taken": _backup_taken,
    "sop_adopted": _sop_adopted,
    "reason_added": _reason_added,
    "reason_reworded": _reason_reworded,
    "reason_moved": _reason_moved,
    "reason_retired": _reason_retired,
    "reason_restored": _reason_restored,
    "suspension_begun": _suspension_begun,
    "suspension_ended": _suspension_ended,
    "display_made": _display_made,
    "display_changed": _display_changed,
    "display_linked": _display_linked,
    "display_link_revoked": _display_link_revoked,
    "display_revoked": _display_revoked,
}
