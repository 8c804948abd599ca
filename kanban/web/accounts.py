"""Accounts, for administrators: everyone else finds nothing here."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kanban.now import now
from kanban.operations.change_account import change_account
from kanban.operations.create_account import NewAccount, create_account
from kanban.operations.disable_account import disable_account, enable_account
from kanban.operations.errors import Invalid, NotVisible, Stale
from kanban.operations.reset_password import reset_password
from kanban.operations.set_memberships import mark_of, set_memberships
from kanban.passwords import hash_of, readable_password
from kanban.queries.accounts import AccountView, account_view, adopted_sops, all_accounts
from kanban.queries.actings import acting_now
from kanban.web.administrators import for_administrators
from kanban.web.filters import said
from kanban.web.forms.accounts import AccountForm, NewAccountForm, read_rights, write_rights
from kanban.web.people import person

bp = Blueprint("accounts", __name__, url_prefix="/settings/accounts")
bp.before_request(for_administrators)

Page = str | tuple[str, int]


@bp.get("")
def show() -> str:
    """All accounts."""
    return render_template(
        "settings/accounts.html",
        accounts=all_accounts(),
        acting=acting_now(now()),
        sops=adopted_sops(),
    )


@bp.get("/new")
def new() -> str:
    """The form for a new account."""
    return _new_page(NewAccountForm(formdata=None))


@bp.post("")
def create() -> Page:
    """Make an account and show its password, this once."""
    form = NewAccountForm()
    password = readable_password()
    try:
        account_id = create_account(
            NewAccount(
                username=form.username.data or "",
                name=form.name.data or "",
                password_hash=hash_of(password),
                administrator=form.administrator.data,
                rights=read_rights(request.form, adopted_sops()),
            ),
            person().id,
            now(),
        )
    except Invalid as invalid:
        form.show(invalid.faults)
        return _new_page(form), 422
    return _password_page(account_id, password)


@bp.get("/<int:account_id>")
def edit(account_id: int) -> str:
    """One account."""
    account = _account(account_id)
    return _edit_page(account, AccountForm(formdata=None, obj=account))


@bp.post("/<int:account_id>")
def change(account_id: int) -> Response | Page:
    """Change ``name`` and ``administrator``."""
    account = _account(account_id)
    form = AccountForm()
    try:
        change_account(
            account_id, form.name.data or "", form.administrator.data, person().id, now()
        )
    except Invalid as invalid:
        form.show(invalid.faults)
        return _edit_page(account, form), 422
    return _changed(account_id, _("Akun sudah diubah."))


@bp.post("/<int:account_id>/memberships")
def set_rights(account_id: int) -> Response | Page:
    """Set what the account is in which SOP; ``seen`` is the mark of the rights in the form."""
    account = _account(account_id)
    try:
        set_memberships(
            account_id,
            read_rights(request.form, adopted_sops()),
            request.form.get("seen", ""),
            person().id,
            now(),
        )
    except Stale:
        return _edit_again(
            account_id,
            _("Peran akun ini baru saja diubah orang lain. Periksa lagi, lalu simpan."),
            409,
        )
    except Invalid as invalid:
        return _edit_again(account_id, said(invalid.faults["rights"]), 422)
    return _changed(account_id, _("Peran %(name)s sudah disimpan.", name=account.name))


@bp.post("/<int:account_id>/disable")
def disable(account_id: int) -> Response | Page:
    """Let the account in no more."""
    try:
        disable_account(account_id, person().id, now())
    except Invalid as invalid:
        return _edit_again(account_id, said(invalid.faults["account"]), 422)
    return _changed(account_id, _("Akun sudah dinonaktifkan. Penggunanya telah dikeluarkan."))


@bp.post("/<int:account_id>/enable")
def enable(account_id: int) -> Response:
    """Let the account in again."""
    enable_account(account_id, person().id, now())
    return _changed(account_id, _("Akun sudah diaktifkan kembali."))


@bp.post("/<int:account_id>/password")
def give_password(account_id: int) -> str:
    """Give the account another password and show it, this once."""
    password = readable_password()
    reset_password(account_id, hash_of(password), person().id, now())
    return _password_page(account_id, password)


def _account(account_id: int) -> AccountView:
    account = account_view(account_id)
    if account is None:
        raise NotVisible
    return account


def _changed(account_id: int, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("accounts.edit", account_id=account_id), 303)


def _new_page(form: NewAccountForm) -> str:
    return render_template(
        "settings/new_account.html", form=form, sops=adopted_sops(), chosen=_chosen_in(request.form)
    )


def _edit_again(account_id: int, problem: str, status: int) -> Page:
    """The page with the account as it is now, and why nothing was written."""
    account = _account(account_id)
    return _edit_page(account, AccountForm(formdata=None, obj=account), problem), status


def _edit_page(account: AccountView, form: AccountForm, problem: str = "") -> str:
    return render_template(
        "settings/account.html",
        account=account,
        form=form,
        sops=adopted_sops(),
        chosen=_chosen_in(write_rights(account.rights)),
        seen=mark_of(account.rights),
        problem=problem,
    )


def _chosen_in(given: Mapping[str, str]) -> Callable[[str, str], bool]:
    """Whether a control of the rights' form is on, by its name and its value."""
    return lambda name, value: given.get(name, "") == value


def _password_page(account_id: int, password: str) -> str:
    return render_template(
        "settings/password.html", account=_account(account_id), password=password
    )
