"""Choosing a password: typed twice, since it cannot be seen."""

from collections.abc import Callable

from flask_babel import gettext, lazy_gettext
from wtforms import Field, PasswordField
from wtforms.validators import ValidationError

from kanban.passwords import LEAST, MOST, fault_of
from kanban.web.filters import said
from kanban.web.forms.cards import FaultsForm
from kanban.web.people import person

_NEW = {"autocomplete": "new-password", "required": True, "minlength": LEAST, "maxlength": MOST}


def _password(label: str) -> PasswordField:
    return PasswordField(label, render_kw=_NEW)


class ChosenPasswordForm(FaultsForm):
    """A password that is chosen, and its repetition."""

    chosen = _password(lazy_gettext("Kata sandi"))
    repeated = _password(lazy_gettext("Ulangi kata sandi"))

    owner: Callable[[], str]
    """The username that the password is for, as each form that is one of these tells it."""

    def validate_chosen(self, field: Field) -> None:
        """The password must be one that may be used."""
        if fault := fault_of(field.data or "", self.owner()):
            raise ValidationError(said(fault))

    def validate_repeated(self, field: Field) -> None:
        """The repetition must be the same."""
        if field.data != self.chosen.data:
            raise ValidationError(gettext("Kedua kata sandi tidak sama."))


class ChangePasswordForm(ChosenPasswordForm):
    """The own password: changed by whoever knows the present one."""

    current = PasswordField(
        lazy_gettext("Kata sandi saat ini"),
        render_kw={"autocomplete": "current-password", "required": True},
    )
    chosen = _password(lazy_gettext("Kata sandi baru"))
    repeated = _password(lazy_gettext("Ulangi kata sandi baru"))

    def owner(self) -> str:
        """The person who asks."""
        return person().username
