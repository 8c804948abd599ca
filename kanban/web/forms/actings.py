"""The form of an appointment as acting officer. What may be appointed is judged by the operation."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField

from kanban.domain.moves import Acting
from kanban.domain.sop import Sop
from kanban.operations.assign_acting import AUTHORITY_MOST, Appointment
from kanban.web.fields import NOTHING, chosen_number
from kanban.web.filters import capacity_title, named
from kanban.web.forms.cards import FaultsForm


class DayField(DateField):
    """A day as ``date`` sends it; nothing given is none, and what is no day is told."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Tulis hari yang ada pada kalender.")) from None


class ActingForm(FaultsForm):
    """Who is to act, in which lane, on which days, and by which letter."""

    account = SelectField(_l("Yang ditunjuk"), validate_choice=False, coerce=str)
    lane = SelectField(_l("Lajur"), validate_choice=False, coerce=str)
    kind = RadioField(_l("Sebagai"), validate_choice=False, coerce=str)
    first = DayField(_l("Hari pertama"), render_kw={"required": True})
    last = DayField(_l("Hari terakhir"), render_kw={"required": True})
    authority = StringField(
        _l("Dasar"),
        render_kw={"required": True, "maxlength": AUTHORITY_MOST, "autocomplete": "off"},
    )

    @classmethod
    def of(cls, sop: Sop, members: Iterable[tuple[int, str]], today: date, lane: str = "") -> Self:
        """The form for SOP ``sop``; ``members`` may be appointed, from ``today`` and to ``lane`` unless said
        otherwise."""
        form = cls(data={"first": today, "kind": Acting.PLH.value, "lane": lane})
        form.account.choices = [
            ("", gettext("Pilih orangnya")),
            *((str(account_id), name) for account_id, name in members),
        ]
        form.lane.choices = [
            ("", gettext("Pilih lajurnya")),
            *((lane.key, f"{lane.key} {named(lane.name)}") for lane in sop.lanes),
        ]
        form.kind.choices = [
            (kind.value, capacity_title(deputy=False, acting=kind)) for kind in Acting
        ]
        return form

    def appointment(self) -> Appointment:
        """What the form asks for."""
        return Appointment(
            account_id=self._account_id(),
            lane=self.lane.data or "",
            kind=self.kind.data or "",
            first=self.first.data,
            last=self.last.data,
            authority=self.authority.data or "",
        )

    def _account_id(self) -> int:
        """The chosen account's number; one that nobody has for what cannot be one."""
        return chosen_number(self.account.data) or NOTHING
