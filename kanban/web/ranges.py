"""A part of a file, sent as a whole one is: by the server's own loop, which waits for whoever reads slowly."""

from pathlib import Path
from typing import IO, cast

from flask import request
from waitress.buffers import ReadOnlyFileBasedBuffer
from werkzeug.wrappers import Response


def by_the_server(answer: Response, path: Path) -> Response:
    """``answer``, which sends ``path``; a part of it (206) is handed to waitress as an open file.

    Else a thread would read it piece by piece, and wait with it for as long as a video stands paused.
    """
    span, wrap = answer.content_range, request.environ.get("wsgi.file_wrapper")
    is_part = answer.status_code == 206 and span.start is not None and request.method == "GET"
    if is_part and wrap is ReadOnlyFileBasedBuffer:
        cast(IO[bytes], answer.response).close()
        file = path.open("rb")
        file.seek(span.start or 0)
        answer.response = wrap(file)  # of which no more is sent than Content-Length says
    return answer
