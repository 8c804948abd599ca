"""How a request is read: small ones at once, large ones one after the other."""

import threading
from typing import IO

from flask import Flask, Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from kanban.config import MAX_FIELDS
from kanban.web.uploads import upload_limit

Read = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]

LARGE = 1024 * 1024
"""Bytes from which a body is no form that somebody typed."""

# The whole body is here when its reading begins, so this queue waits for no network; twenty at once would
# make every screen's poll wait its turn among them.
_one_at_a_time = threading.Lock()


class QueuingParser(FormDataParser):
    """Reads large bodies one after the other."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Read:
        """The fields and files of the body. Raises RequestEntityTooLarge beyond the office's limit."""
        length = content_length or 0
        if length < LARGE:
            return super().parse(stream, mimetype, content_length, options)
        if length > upload_limit() + MAX_FIELDS:
            raise RequestEntityTooLarge
        with _one_at_a_time:
            return super().parse(stream, mimetype, content_length, options)


class OfficeRequest(Request):
    """A request of this application."""

    form_data_parser_class = QueuingParser


def register(app: Flask) -> None:
    """Let ``app`` read its requests so."""
    app.request_class = OfficeRequest
