"""The forms that stop clocks for force majeure (keadaan kahar) and let them run on."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from kanban.domain.clock import OfficeCalendar
from kanban.operations.suspend import AUTHORITY_MOST, REASON_MOST, Order
from kanban.web.forms.cards import WRITTEN_TIMES, FaultsForm, OfficeTimeField


class HaltForm(FaultsForm):
    """What both share."""

    def lead_in(self) -> None:
        """Let the first field have the focus, unless one with a fault has it."""
        first = next(iter(self._fields.values()))
        if not any(field.errors for field in self._fields.values()):
            first.render_kw = {**(first.render_kw or {}), "autofocus": True}


class SuspendForm(HaltForm):
    """Why, by which letter, and from when on; left empty, from now."""

    reason = TextAreaField(
        _l("Alasan"), render_kw={"required": True, "maxlength": REASON_MOST, "rows": 3}
    )
    authority = StringField(
        _l("Dasar"),
        render_kw={"required": True, "maxlength": AUTHORITY_MOST, "autocomplete": "off"},
    )
    since = OfficeTimeField(_l("Sejak"), format=WRITTEN_TIMES)

    @classmethod
    def of(cls, calendar: OfficeCalendar, now: datetime) -> Self:
        """The form, proposing ``now``."""
        form = cls(data={"since": _minute(calendar, now)})
        form.since.render_kw = {"max": f"{calendar.local(now):%Y-%m-%dT%H:%M}"}
        return form

    def order(self, zone: ZoneInfo) -> Order:
        """What the form asks for, its time by the clock of ``zone``."""
        return Order(
            self.reason.data or "", self.authority.data or "", _moment(self.since.data, zone)
        )


class ResumeForm(HaltForm):
    """When the suspension ended; left empty, now."""

    until = OfficeTimeField(_l("Berakhir"), format=WRITTEN_TIMES)

    @classmethod
    def of(cls, since: datetime, calendar: OfficeCalendar, now: datetime) -> Self:
        """The form, proposing ``now``, for a suspension that began at ``since``."""
        form = cls(data={"until": _minute(calendar, max(now, since))})
        form.until.render_kw = {
            "min": f"{calendar.local(since):%Y-%m-%dT%H:%M}",
            "max": f"{calendar.local(max(now, since)):%Y-%m-%dT%H:%M}",
        }
        return form

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """The end, given by the clock of ``zone``."""
        return _moment(self.until.data, zone)


def _minute(calendar: OfficeCalendar, at: datetime) -> datetime:
    return calendar.local(at).replace(tzinfo=None, second=0, microsecond=0)


def _moment(written: datetime | None, zone: ZoneInfo) -> datetime | None:
    return written.replace(tzinfo=zone) if written else None
