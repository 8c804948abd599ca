"""The forms of the administrators' pages."""

from collections.abc import Mapping

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField

from kanban.domain.moves import Capacity
from kanban.domain.sop import Sop
from kanban.domain.words import N_, Sentence
from kanban.operations.accounts import NAME_MOST
from kanban.operations.errors import Invalid
from kanban.queries.accounts import Rights
from kanban.usernames import MOST as USERNAME_MOST
from kanban.web.forms.cards import FaultsForm

HELD = ("", "holder", "deputy")
"""What a lane's field says: not held, held, or held as deputy."""


class AccountForm(FaultsForm):
    """What an account is called, and whether it administers the office."""

    name = StringField(
        lazy_gettext("Nama"),
        render_kw={"required": True, "maxlength": NAME_MOST, "autocomplete": "off"},
    )
    administrator = BooleanField(lazy_gettext("Administrator"))


class NewAccountForm(AccountForm):
    """A new account; its rights are read by ``read_rights``, its password is made."""

    username = StringField(
        lazy_gettext("Nama pengguna"),
        render_kw={
            "required": True,
            "maxlength": USERNAME_MOST,
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )


def read_rights(given: MultiDict[str, str], sops: Mapping[int, Sop]) -> dict[int, Rights]:
    """The rights that a form gives, by the SOP's id.

    For each SOP: ``lane-<id>-<key>`` (one of ``HELD``), ``supervisor-<id>``, ``guest-<id>``. Of an
    SOP for which nothing is given the account is no member. Raises Invalid for another value.
    """
    rights = {}
    for sop_id, sop in sops.items():
        held = {lane.key: given.get(f"lane-{sop_id}-{lane.key}", "") for lane in sop.lanes}
        if not set(HELD).issuperset(held.values()):
            raise Invalid({"rights": Sentence.of(N_("Pilihan untuk lajur ini tidak dikenal."))})
        right = Rights(
            frozenset(
                Capacity(key, deputy=value == "deputy") for key, value in held.items() if value
            ),
            supervisor=f"supervisor-{sop_id}" in given,
        )
        if not right.guest or f"guest-{sop_id}" in given:
            rights[sop_id] = right
    return rights


def write_rights(rights: Mapping[int, Rights]) -> dict[str, str]:
    """The values of the form's fields that give ``rights``."""
    values = {}
    for sop_id, right in rights.items():
        for capacity in right.lanes:
            values[f"lane-{sop_id}-{capacity.lane}"] = "deputy" if capacity.deputy else "holder"
        if right.supervisor:
            values[f"supervisor-{sop_id}"] = "on"
        if right.guest:
            values[f"guest-{sop_id}"] = "on"
    return values
