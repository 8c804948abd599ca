"""The forms of a card. They read and keep what was typed; what a card may say is judged by the operations."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)

from kanban.domain.clock import OfficeCalendar
from kanban.domain.publishing import Deed
from kanban.domain.words import Sentence
from kanban.operations.card_texts import DESCRIPTION_MOST, EVENT_REACH, NOTE_MOST, TITLE_MOST
from kanban.operations.material_contents import LINK_MOST
from kanban.operations.miss_reasons import UNSAID, WhyMissed
from kanban.operations.removals import Concerning
from kanban.queries.access import BoardAccess
from kanban.queries.cards import CardView
from kanban.queries.members import Member
from kanban.queries.reasons import Reason
from kanban.queries.removals import Published
from kanban.tokens import new_token
from kanban.web.fields import NOTHING, chosen_number
from kanban.web.filters import day, said

MINUTES_STEP = 5
"""A new card's event is proposed at the last full five minutes; people write round times."""

WRITTEN_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""How a browser or a script writes the time of an event; the first is how the form writes it."""

_CALLED = {Deed.REMOVED: "Hapus:", Deed.ARCHIVED: "Arsipkan:"}

KEY = re.compile(r"[\w-]{43}", re.ASCII)
"""What ``new_token`` makes."""


class OfficeTimeField(DateTimeLocalField):
    """A day and time of day by the office's clock, without a zone, as ``datetime-local`` sends it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; nothing given is none, and what is no time is kept as typed and told."""
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Tulis hari dan jam yang ada pada kalender.")) from None


class FaultsForm(FlaskForm):
    """A form that can show what an operation found wrong, each fault at its field."""

    def __init__(self, **given: Any) -> None:
        """``given`` as WTForms takes it. What was written are the sent fields alone: Flask-WTF would take a file
        or JSON for words, too."""
        super().__init__(**{"formdata": request.form or None, **given})

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether all fields could be read; else the first that could not gets the focus."""
        fine: bool = super().validate(*args, **kwargs)
        self._lead_to_first_fault()
        return fine

    def show(self, faults: dict[str, Sentence]) -> None:
        """Put the faults at their fields; what belongs to no field here goes to the first one."""
        for name, fault in faults.items():
            field: Field = self._fields.get(name) or next(iter(self._fields.values()))
            field.errors = (*field.errors, said(fault))
        self._lead_to_first_fault()

    def _lead_to_first_fault(self) -> None:
        wrong = next((field for field in self._fields.values() if field.errors), None)
        if wrong:
            wrong.render_kw = {**(wrong.render_kw or {}), "autofocus": True}


class CardForm(FaultsForm):
    """What people write on a card; ``event_at`` is there only where the procedure asks for its event."""

    title = StringField(_l("Judul"), render_kw={"required": True, "maxlength": TITLE_MOST})
    event_at = OfficeTimeField(
        _l("Hari dan jam peristiwa"), format=WRITTEN_TIMES, render_kw={"required": True}
    )
    description = TextAreaField(
        _l("Keterangan"), render_kw={"maxlength": DESCRIPTION_MOST, "rows": 3}
    )
    holder = SelectField(_l("Pemegang"), validate_choice=False, coerce=str)

    def event_moment(self, zone: ZoneInfo) -> datetime | None:
        """The moment of the event, given by the clock of ``zone``; None where none is asked for or given."""
        if "event_at" not in self or self.event_at.data is None:
            return None
        local: datetime = self.event_at.data.replace(tzinfo=zone)
        return local

    def holder_id(self) -> int | None:
        """The chosen holder's account, None for anyone of the lane."""
        return chosen_number(self.holder.data)

    def _offer_holders(self, members: Iterable[Member | tuple[int, str]]) -> None:
        named = [(m.id, m.name) if isinstance(m, Member) else m for m in members]
        self.holder.choices = [
            ("", gettext("Siapa saja di lajur ini")),
            *((str(account_id), name) for account_id, name in named),
        ]

    def _bound_event(self, calendar: OfficeCalendar, now: datetime) -> None:
        """Tell the browser how far an event may lie from now; the operation judges by the same reach."""
        first, last = (calendar.local(now + reach) for reach in (-EVENT_REACH, EVENT_REACH))
        self.event_at.render_kw = {
            **self.event_at.render_kw,
            "min": f"{first:%Y-%m-%dT00:00}",
            "max": f"{last:%Y-%m-%dT23:59}",
        }


class StartCardForm(CardForm):
    """A new card. ``key`` tells one sending of the form from another; ``content``, ``deed`` and ``link``
    are there only where the board removes what another published."""

    offered: Mapping[int, Published] = {}
    key = HiddenField()
    content = SelectField(_l("Konten yang sudah tayang"), validate_choice=False, coerce=str)
    deed = RadioField(_l("Tindakan"), validate_choice=False, coerce=str)
    miss_reason = SelectField(_l("Alasan batas hari terlewat"), validate_choice=False, coerce=str)
    miss_words = StringField(
        _l("Keterangan alasan"), render_kw={"maxlength": NOTE_MOST, "autocomplete": "off"}
    )
    link = URLField(
        _l("Tautan konten yang tidak ada dalam daftar"),
        id="content-link",  # an icon is called "link"
        render_kw={"maxlength": LINK_MOST, "placeholder": "https://"},
    )

    def why_missed(self) -> WhyMissed:
        """What was said of a day that is past already."""
        if "miss_reason" not in self:
            return UNSAID
        return WhyMissed(chosen_number(self.miss_reason.data), (self.miss_words.data or "").strip())

    def is_past(self, today: date) -> bool:
        """Whether the event's day lies before ``today``, so that its rule cannot be met any more."""
        return "event_at" in self and bool(self.event_at.data and self.event_at.data.date() < today)

    def form_key(self) -> str | None:
        """The key, if it is one that ``new_token`` made; a script may send none."""
        key = self.key.data or ""
        return key if KEY.fullmatch(key) else None

    def given_title(self) -> str:
        """The title that was typed; an order on a published card is called after it where none was."""
        typed, concerning = self.title.data or "", self.concerning()
        content = self.offered.get(concerning.content_id or NOTHING) if concerning else None
        if typed.strip() or content is None or concerning is None or concerning.deed is None:
            return typed
        title = (
            f"{_CALLED[concerning.deed]} {content.title}"  # in the office's language, to be kept
        )
        return title if len(title) <= TITLE_MOST else f"{title[: TITLE_MOST - 1]}…"

    def concerning(self) -> Concerning | None:
        """What an order to remove concerns; None on other boards."""
        if "content" not in self:
            return None
        deed = self.deed.data or ""
        return Concerning(
            Deed(deed) if deed in set(Deed) else None,
            chosen_number(self.content.data),
            (self.link.data or "").strip(),
        )

    @classmethod
    def of(
        cls,
        access: BoardAccess,
        members: Iterable[Member],
        calendar: OfficeCalendar,
        now: datetime,
        offered: Iterable[Published] = (),
        chosen: int | None = None,
        reasons: Iterable[Reason] = (),
    ) -> Self:
        """The form for a card on the board of ``access``; ``members`` may hold its first step.

        Where the board removes what another published, ``offered`` are the cards that it may concern and
        ``chosen`` the one that the person came from. ``reasons`` may be given for an event whose day is past.
        """
        local = calendar.local(now).replace(tzinfo=None, second=0, microsecond=0)
        event_at = local - timedelta(minutes=local.minute % MINUTES_STEP)
        concerned = next((card for card in offered if card.card_id == chosen), None)
        form = cls(
            data={
                "event_at": event_at,
                "key": new_token(),
                "content": str(concerned.card_id) if concerned else "",
            }
        )
        form._ask_for_content(access, {card.card_id: card for card in offered})
        rule = access.procedure.same_day
        if rule is None or rule.left_step is not None:
            del form.event_at, form.miss_reason, form.miss_words
        else:
            form._bound_event(calendar, now)
            form.miss_reason.choices = [
                ("", gettext("Pilih alasan")),
                *((str(reason.id), reason.words) for reason in reasons),
            ]
        form._offer_holders(members)
        return form

    def _ask_for_content(self, access: BoardAccess, offered: Mapping[int, Published]) -> None:
        if access.procedure.removes is None:
            del self.content, self.deed, self.link
            return
        self.offered = offered
        self.description.label.text = gettext("Alasan")
        self.title.render_kw = {"maxlength": TITLE_MOST}
        self.deed.choices = [
            (Deed.REMOVED.value, gettext("Hapus")),
            (Deed.ARCHIVED.value, gettext("Arsipkan")),
        ]
        self.content.choices = [
            ("", gettext("Tidak ada dalam daftar")),
            *((str(card.card_id), _offered_as(card)) for card in offered.values()),
        ]


def _offered_as(card: Published) -> str:
    named = f"{card.code} · {card.title} · {day(card.published_at)}"
    return gettext("%(card)s · sudah diarsipkan", card=named) if card.archived else named


class CorrectCardForm(CardForm):
    """The corrections of a running card."""

    @classmethod
    def of(cls, view: CardView, calendar: OfficeCalendar, now: datetime) -> Self:
        """The form with what the card says now."""
        card = view.card
        form = cls(
            data={
                "title": card.title,
                "event_at": card.event_at and calendar.local(card.event_at).replace(tzinfo=None),
                "description": card.description,
                "holder": str(card.holder_id or ""),
            }
        )
        if view.asks_event:
            form._bound_event(calendar, now)
        else:
            del form.event_at
        holders = {member.id: member.name for member in view.members}
        if card.holder_id and view.holder:
            holders.setdefault(card.holder_id, view.holder)
        form._offer_holders(holders.items())
        return form


class CancelCardForm(FaultsForm):
    """Why a card is cancelled."""

    reason = TextAreaField(
        _l("Alasan pembatalan"), render_kw={"required": True, "maxlength": NOTE_MOST, "rows": 3}
    )
