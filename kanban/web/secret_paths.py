"""Addresses that let in whoever knows them: no log and no other page is told them."""

import logging
import re
from typing import Any

from flask import Flask

LOGGERS = ("waitress", "werkzeug")
"""Who writes addresses beside the application itself."""

_SECRET = re.compile(
    r"(/(?:display|setup)/+)[^\s/?#'\"]+|(?<=[/\\])[\w-]{43}(?![\w-])", re.IGNORECASE
)
"""What follows those words, however they were typed; and what looks like a token (tokens.py) at any other place:
the address was mistyped, the token may be a good one."""


def is_secret(path: str) -> bool:
    """Whether the address of this page is what lets in, so that no Referer may carry it."""
    return path.startswith("/display/")


def without_secrets(words: str) -> str:
    """``words`` with a dash in the place of what lets in: for logs, ``GET /display/–``."""
    return _SECRET.sub(lambda found: f"{found[1] or ''}–", words)


class HidesSecrets(logging.Filter):
    """Takes what lets in out of every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, without it."""
        record.msg = _hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(value) for value in record.args)
        return True


def _hidden(value: Any) -> Any:
    return without_secrets(value) if isinstance(value, str) else value


def register(app: Flask) -> None:
    """Let neither ``app`` nor the servers write such addresses down."""
    for logger in (app.logger, *map(logging.getLogger, LOGGERS)):
        if not any(isinstance(known, HidesSecrets) for known in logger.filters):
            logger.addFilter(HidesSecrets())
