"""The forms of the office's settings."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from kanban.models import Purpose
from kanban.operations.reasons import WORDS_MOST
from kanban.operations.set_office import TEMPLATE_MOST
from kanban.storage import UPLOADS_MOST
from kanban.web.forms.cards import FaultsForm

MARKED, REFUSED = "marked", "refused"


class OfficeForm(FaultsForm):
    """What holds for the whole office."""

    own_work = RadioField(
        _l("Menyetujui bahan buatan sendiri"),
        choices=[
            SelectChoice(MARKED, _l("Boleh, dengan peringatan")),
            SelectChoice(REFUSED, _l("Tidak boleh")),
        ],
        invalid_choice_message=_l("Pilih dari yang ditawarkan."),
    )
    message_template = TextAreaField(
        _l("Pesan siap kirim"), render_kw={"maxlength": TEMPLATE_MOST, "rows": 12}
    )


class UploadsForm(FaultsForm):
    """How much one sending of files may come to."""

    uploads_most = IntegerField(
        _l("Paling banyak sekali kirim (MB)"),
        render_kw={"required": True, "min": 1, "max": UPLOADS_MOST, "inputmode": "numeric"},
    )


class ReasonForm(FaultsForm):
    """The words of a reason of one of the office's lists."""

    words = StringField(
        _l("Alasan baru"),
        render_kw={"required": True, "maxlength": WORDS_MOST, "autocomplete": "off"},
    )

    @classmethod
    def blank(cls, purpose: Purpose) -> "ReasonForm":
        """An empty one for the list of ``purpose``, beside those of the other lists."""
        form = cls(formdata=None)
        form.words.id = f"words-{purpose}"
        return form
