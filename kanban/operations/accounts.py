"""What all changes of accounts share: who may make them, on what, and their history."""

from datetime import datetime

from sqlalchemy import select

from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Account, Event
from kanban.operations.errors import Invalid, NotVisible

NAME_MOST = 120


def require_administrator(actor_id: int | None) -> None:
    """Raises NotVisible unless the actor is an active administrator, or None: a command."""
    if actor_id is None:
        return
    actor = db.session.get(Account, actor_id)
    if actor is None or not actor.administrator or actor.disabled_at is not None:
        raise NotVisible


def take_account(account_id: int) -> Account:
    """The account, held against changes by others until the transaction ends. Raises NotVisible."""
    account = db.session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotVisible
    return account


def require_another_administrator(account: Account, field: str) -> None:
    """Raises Invalid where ``account`` is the last administrator who can still log in."""
    others = db.session.scalars(
        select(Account.id)
        .where(
            Account.administrator.is_(True),
            Account.disabled_at.is_(None),
            Account.id != account.id,
        )
        .with_for_update()  # two administrators must not step down past each other
    ).all()
    if not others:
        raise Invalid(
            {
                field: Sentence.of(
                    N_("Harus tetap ada paling sedikit satu administrator yang aktif.")
                )
            }
        )


def checked_name(name: str) -> str:
    """The name as it is kept: one line without doubled spaces. Raises Invalid for a bad one."""
    kept = " ".join(name.split())
    if not kept:
        raise Invalid({"name": Sentence.of(N_("Nama wajib diisi."))})
    if len(kept) > NAME_MOST:
        raise Invalid(
            {"name": Sentence.of(N_("Nama paling panjang %(most)d karakter."), most=NAME_MOST)}
        )
    if not kept.isprintable():
        raise Invalid({"name": Sentence.of(N_("Nama memuat karakter yang tidak dapat dibaca."))})
    return kept


def record(
    kind: str,
    now: datetime,
    actor_id: int | None,
    account_id: int | None = None,
    sop_id: int | None = None,
    **details: object,
) -> None:
    """Write that ``kind`` happened to an account or an SOP; details hold keys, not labels."""
    db.session.add(
        Event(
            kind=kind,
            at=now,
            actor_id=actor_id,
            account_id=account_id,
            sop_id=sop_id,
            details=details,
        )
    )
