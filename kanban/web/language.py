"""The language of an answer: the person's, else the browser session's, else Indonesian."""

from flask import Flask, has_request_context, session
from flask_babel import Babel
from flask_login import current_user

from kanban.models.accounts import LANGUAGES


def register(app: Flask, babel: Babel) -> None:
    """Bind the choice of language to ``app``."""
    babel.init_app(app, locale_selector=chosen_language)


def chosen_language() -> str:
    """``id`` or ``en``."""
    if not has_request_context():
        return LANGUAGES[0]
    asking = current_user._get_current_object()  # noqa: SLF001 - asked for often, and each way there is long
    if asking and asking.is_authenticated:
        return asking.language
    kept = session.get("language")
    return kept if kept in LANGUAGES else LANGUAGES[0]
