"""The forms of office screens."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice

from kanban.models import TextSize, Theme
from kanban.models.displays import ROTATION_LEAST, ROTATION_MOST
from kanban.operations.displays import NAME_MOST, DisplayChoice
from kanban.queries.displays import DisplayView, OfferedBoard
from kanban.web.filters import named
from kanban.web.forms.cards import FaultsForm

OFFERED = _l("Pilih dari yang ditawarkan.")
THEMES = {
    Theme.DARK: _l("Gelap"),
    Theme.LIGHT: _l("Terang"),
    Theme.HOURS: _l("Terang pukul 06.00–18.00, selebihnya gelap"),
}
SIZES = {
    TextSize.NORMAL: _l("Biasa"),
    TextSize.LARGE: _l("Besar"),
    TextSize.LARGER: _l("Sangat besar"),
}


class DisplayForm(FaultsForm):
    """What a display is called and what it shows."""

    name = StringField(
        _l("Nama layar"),
        render_kw={"required": True, "maxlength": NAME_MOST, "autocomplete": "off"},
    )
    boards = SelectMultipleField(_l("Papan, bergiliran menurut urutan ini"), id="display-boards")
    rotation = IntegerField(
        _l("Lama satu giliran (detik)"),
        default=15,
        render_kw={
            "required": True,
            "min": ROTATION_LEAST,
            "max": ROTATION_MOST,
            "inputmode": "numeric",
        },
    )
    theme = RadioField(
        _l("Warna"),
        choices=[SelectChoice(theme.value, words) for theme, words in THEMES.items()],
        default=Theme.DARK.value,
        invalid_choice_message=OFFERED,
    )
    text_size = RadioField(
        _l("Ukuran huruf"),
        choices=[SelectChoice(size.value, words) for size, words in SIZES.items()],
        default=TextSize.NORMAL.value,
        invalid_choice_message=OFFERED,
    )
    shows_names = BooleanField(_l("Nama pemegang kartu"))
    shows_pictures = BooleanField(_l("Gambar pada kartu"))
    dims = BooleanField(_l("Redup di luar jam kerja"), default=True)

    def offer(self, boards: tuple[OfferedBoard, ...]) -> "DisplayForm":
        """Let these boards be chosen."""
        self.boards.choices = [
            SelectChoice(board.slug, f"{board.procedure.code} {named(board.procedure.short)}")
            for board in boards
        ]
        return self

    def choice(self) -> DisplayChoice:
        """What was chosen; the boards in the order in which they are offered, which is the documents'."""
        return DisplayChoice(
            name=self.name.data or "",
            boards=tuple(self.boards.data or ()),
            rotation=self.rotation.data or 0,
            theme=self.theme.data or "",
            text_size=self.text_size.data or "",
            shows_names=bool(self.shows_names.data),
            shows_pictures=bool(self.shows_pictures.data),
            dims=bool(self.dims.data),
        )


class PairingForm(FaultsForm):
    """The code on a television, and the display that it is to be."""

    code = StringField(
        _l("Kode di layar TV"),
        render_kw={
            "required": True,
            "maxlength": 12,
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        },
    )
    display = SelectField(_l("Menjadi layar"), validate_choice=False, coerce=str)

    def offer(self, displays: Sequence[DisplayView]) -> "PairingForm":
        """Let one of these displays be chosen; of several none by itself."""
        open_still = [SelectChoice("", _l("Pilih layar"))] if len(displays) > 1 else []
        offered = [SelectChoice(str(one.id), one.name) for one in displays]
        self.display.choices = open_still + offered
        return self
