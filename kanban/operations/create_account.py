"""Creating an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Account
from kanban.models.transactions import writing
from kanban.operations.accounts import checked_name, record, require_administrator
from kanban.operations.errors import Invalid
from kanban.operations.set_memberships import require_known, write_memberships
from kanban.queries.accounts import Rights
from kanban.usernames import fault_of, normal


@dataclass(frozen=True)
class NewAccount:
    """An account to be made. ``rights`` are by the SOP's id; the password comes as its hash."""

    username: str
    name: str
    password_hash: str
    administrator: bool = False
    rights: Mapping[int, Rights] = field(default_factory=dict)


def create_account(new: NewAccount, actor_id: int | None, now: datetime) -> int:
    """Make the account and return its id. Raises Invalid, or NotVisible for a stranger."""
    with writing():
        require_administrator(actor_id)
        require_known(new.rights)
        return add_account(new, actor_id, now).id


def add_account(new: NewAccount, actor_id: int | None, now: datetime) -> Account:
    """Make the account within the caller's transaction. Raises Invalid with all fields' faults."""
    if faults := faults_of(new):
        raise Invalid(faults)
    account = Account(
        username=normal(new.username),
        name=checked_name(new.name),
        password_hash=new.password_hash,
        administrator=new.administrator,
        created_at=now,
    )
    db.session.add(account)
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid({"username": Sentence.of(N_("Nama pengguna ini sudah dipakai."))}) from None
    record(
        "account_created",
        now,
        actor_id,
        account.id,
        username=account.username,
        name=account.name,
        administrator=account.administrator,
    )
    write_memberships(account.id, new.rights, actor_id, now)
    return account


def faults_of(new: NewAccount) -> dict[str, Sentence]:
    """What is wrong with the username and the name, by field."""
    faults = {}
    if fault := fault_of(normal(new.username)):
        faults["username"] = fault
    try:
        checked_name(new.name)
    except Invalid as invalid:
        faults |= invalid.faults
    return faults
