"""What a person prefers: the language, how boards are arranged, whether single letters act."""

from sqlalchemy import update

from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Account
from kanban.models.accounts import ARRANGEMENTS, LANGUAGES
from kanban.models.transactions import writing
from kanban.operations.errors import Invalid


def set_language(account_id: int, language: str) -> None:
    """Answer this account in ``language``. Raises Invalid for one that does not exist."""
    check_language(language)
    _set(account_id, language=language)


def check_language(language: str) -> None:
    """Raises Invalid unless the program speaks ``language``."""
    if language not in LANGUAGES:
        raise Invalid({"language": Sentence.of(N_("Bahasa ini tidak tersedia."))})


def set_arrangement(account_id: int, arrangement: str) -> None:
    """Arrange this account's boards by ``arrangement``. Raises Invalid for an unknown one."""
    if arrangement not in ARRANGEMENTS:
        raise Invalid({"arrangement": Sentence.of(N_("Susunan papan ini tidak tersedia."))})
    _set(account_id, arrangement=arrangement)


def set_shortcuts(account_id: int, shortcuts: bool) -> None:
    """Let single letters act while this account reads a card, or not."""
    _set(account_id, shortcuts=shortcuts)


def _set(account_id: int, **values: str | bool) -> None:
    with writing():
        db.session.execute(update(Account).where(Account.id == account_id).values(**values))
