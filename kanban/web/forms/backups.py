"""The form of the backups' settings."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField

from kanban.operations.set_backups import DAILY_MOST, FOLDER_MOST, MONTHLY_MOST, WEEKLY_MOST
from kanban.web.forms.cards import FaultsForm


def _number(least: int, most: int) -> dict[str, object]:
    return {"required": True, "min": least, "max": most, "inputmode": "numeric"}


class BackupsForm(FaultsForm):
    """Where backups go, and how many are kept."""

    folder = StringField(
        _l("Folder cadangan"), render_kw={"maxlength": FOLDER_MOST, "autocomplete": "off"}
    )
    daily = IntegerField(_l("Cadangan harian"), render_kw=_number(1, DAILY_MOST))
    weekly = IntegerField(_l("Cadangan mingguan"), render_kw=_number(0, WEEKLY_MOST))
    monthly = IntegerField(_l("Cadangan bulanan"), render_kw=_number(0, MONTHLY_MOST))
