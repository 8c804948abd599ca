"""The form of the first start."""

from collections.abc import Iterable
from typing import Self

from flask_babel import lazy_gettext
from wtforms import Field, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from kanban.domain.sop import Sop
from kanban.operations.accounts import NAME_MOST
from kanban.operations.create_account import NewAccount, faults_of
from kanban.operations.set_up_office import OFFICE_NAME_MOST, Lanes, SetUp, fault_of_office_name
from kanban.passwords import hash_of
from kanban.usernames import MOST as USERNAME_MOST
from kanban.web.filters import said
from kanban.web.forms.passwords import ChosenPasswordForm

TIME_ZONES = (
    SelectChoice("Asia/Jakarta", lazy_gettext("WIB, Waktu Indonesia Barat")),
    SelectChoice("Asia/Makassar", lazy_gettext("WITA, Waktu Indonesia Tengah")),
    SelectChoice("Asia/Jayapura", lazy_gettext("WIT, Waktu Indonesia Timur")),
)
_CHOOSE = lazy_gettext("Pilih dari yang ditawarkan.")


class SetupForm(ChosenPasswordForm):
    """The administrator, the office, its SOPs, and who holds the lanes."""

    name = StringField(
        lazy_gettext("Nama Anda"),
        render_kw={"required": True, "maxlength": NAME_MOST, "autocomplete": "name"},
    )
    username = StringField(
        lazy_gettext("Nama pengguna"),
        render_kw={
            "required": True,
            "maxlength": USERNAME_MOST,
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
    office = StringField(
        lazy_gettext("Nama kantor"),
        render_kw={"required": True, "maxlength": OFFICE_NAME_MOST, "autocomplete": "organization"},
    )
    time_zone = RadioField(lazy_gettext("Zona waktu"), invalid_choice_message=_CHOOSE)
    sops = SelectMultipleField(lazy_gettext("SOP yang dijalankan"), invalid_choice_message=_CHOOSE)
    lanes = RadioField(
        lazy_gettext("Pemegang lajur"),
        choices=[
            SelectChoice(Lanes.ACCOUNTS.value, lazy_gettext("Buat satu akun untuk setiap lajur")),
            SelectChoice(
                Lanes.ADMINISTRATOR.value, lazy_gettext("Saya memegang semua lajur dahulu")
            ),
        ],
        default=Lanes.ACCOUNTS.value,
        invalid_choice_message=_CHOOSE,
    )

    offered: tuple[Sop, ...]

    @classmethod
    def of(cls, offered: Iterable[Sop], time_zone: str) -> Self:
        """The form that offers these SOPs, all of them chosen, and proposes ``time_zone``."""
        offered = tuple(offered)
        form = cls(data={"time_zone": time_zone, "sops": [sop.slug for sop in offered]})
        known = {choice.value for choice in TIME_ZONES}
        own = () if time_zone in known else (SelectChoice(time_zone),)
        form.time_zone.choices = [*TIME_ZONES, *own]
        form.sops.choices = [SelectChoice(sop.slug) for sop in offered]
        form.offered = offered
        return form

    def owner(self) -> str:
        """The administrator."""
        return self.username.data or ""

    def validate_name(self, _field: Field) -> None:
        """Judged as for every account; all faults of the form are to be told at once."""
        self._refuse_account("name")

    def validate_username(self, _field: Field) -> None:
        """Judged as for every account."""
        self._refuse_account("username")

    def validate_office(self, field: Field) -> None:
        """The office must have a name."""
        if fault := fault_of_office_name(field.data or ""):
            raise ValidationError(said(fault))

    def set_up(self) -> SetUp:
        """What was decided, once the form is valid."""
        return SetUp(
            administrator=self._administrator(hash_of(self.chosen.data)),
            office=self.office.data or "",
            time_zone=self.time_zone.data,
            sops=tuple(sop for sop in self.offered if sop.slug in self.sops.data),
            lanes=Lanes(self.lanes.data),
        )

    def _administrator(self, password_hash: str) -> NewAccount:
        return NewAccount(
            self.username.data or "", self.name.data or "", password_hash, administrator=True
        )

    def _refuse_account(self, field: str) -> None:
        if fault := faults_of(self._administrator("")).get(field):
            raise ValidationError(said(fault))
