"""Conditional polling: a screen that has the newest version is answered 304 before anything is drawn."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from threading import BoundedSemaphore
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, make_response, request, session

from kanban.extensions import db
from kanban.now import now
from kanban.queries.bar import told_so_far
from kanban.queries.calendar import office_calendar
from kanban.queries.polling import Current
from kanban.web.language import chosen_language
from kanban.web.people import person

DRAWN_AT_ONCE = 2
"""How many answers of one kind are drawn at a time. After a nudge all screens ask at once: threads that take
turns in one interpreter would all be done together, and late, and hold all of the database's connections."""


def answer_unchanged(
    current: Callable[..., Current | None], known: Callable[..., Response | None] | None = None
) -> Callable[[Callable], Callable]:
    """Answer 304 where ``If-None-Match`` names what ``current(token, now, **view_args)`` says, or what
    ``known(found, **view_args)`` gives where that says something else.

    It stands before ``login_required``: that one statement checks session, account and membership.
    """

    def decorate(view: Callable) -> Callable:
        a_few_at_a_time = BoundedSemaphore(DRAWN_AT_ONCE)

        @wraps(view)
        def answer(**view_args: Any) -> Any:
            asked, token = request.headers.get("If-None-Match"), session.get("_user_id")
            found = current(token, now(), **view_args) if asked and token else None
            if found and asked and _mark(*found) in asked:
                return Response(status=304)

            def kept() -> Response | None:
                answered = known(found, **view_args) if found and known else None
                if found and answered:
                    answered.headers["ETag"] = _tag(_mark(*found))
                return answered

            if answered := kept():
                return answered
            g.polled = found
            waits = not a_few_at_a_time.acquire(blocking=False)
            if waits:
                db.session.rollback()  # whoever waits holds no connection
                a_few_at_a_time.acquire()
            try:
                return (kept() if waits else None) or view(**view_args)
            finally:
                a_few_at_a_time.release()

        return answer

    return decorate


def told_before() -> str:
    """What the logged-in person's pages depend on beside the boards' versions: as the poll has read it, or else
    read now. To be asked for before anything is drawn."""
    found: Current | None = g.get("polled")
    return found.beside if found else told_so_far(person().id, now())


def fragment(html: str, version: int, beside: str) -> Response:
    """The answer with a fragment for whoever polls: 304 with the new tag where the asker has all of it already
    but what stands in its first element's own tag, the version and the moment."""
    content = html.partition(">")[2].encode()
    digest = blake2b(content, digest_size=8).hexdigest()
    has_it = f'-{digest}"' in request.headers.get("If-None-Match", "")
    return marked(Response(status=304) if has_it else make_response(html), version, beside, digest)


def marked(answer: Response, version: int, beside: str = "", digest: str = "") -> Response:
    """``answer`` with the tag that the next poll will name; ``version`` is the board's when it was drawn,
    ``beside`` what else it depends on."""
    zone = str(office_calendar().zone)
    answer.headers["ETag"] = _tag(_mark(version, chosen_language(), zone, beside), digest)
    return answer


def _mark(version: int, language: str, time_zone: str, beside: str) -> str:
    """What a tag begins with: version, language and local day, since the day's finished cards leave the board at
    midnight."""
    day = now().astimezone(ZoneInfo(time_zone)).date()
    return f'"{version}-{language}-{day:%Y%m%d}-{beside}-'


def _tag(mark: str, digest: str = "") -> str:
    return f'W/{mark}{digest}"'
