"""Conditional polling: a screen that has the newest version is answered 304 before anything is drawn."""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, session

from kanban.extensions import db
from kanban.now import now
from kanban.queries.calendar import office_calendar
from kanban.queries.polling import Current
from kanban.web.language import chosen_language

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
            if found and asked and _tag(*found) in asked:
                return Response(status=304)

            def kept() -> Response | None:
                answered = known(found, **view_args) if found and known else None
                if found and answered:
                    answered.headers["ETag"] = f"W/{_tag(*found)}"
                return answered

            if answered := kept():
                return answered
            db.session.rollback()  # whoever waits holds no connection
            with a_few_at_a_time:
                return kept() or view(**view_args)

        return answer

    return decorate


def marked(answer: Response, version: int, beside: str = "") -> Response:
    """``answer`` with the tag that the next poll will name; ``version`` is the board's when it was drawn,
    ``beside`` what else it depends on."""
    zone = str(office_calendar().zone)
    answer.headers["ETag"] = f"W/{_tag(version, chosen_language(), zone, beside)}"
    return answer


def _tag(version: int, language: str, time_zone: str, beside: str) -> str:
    """Version, language and local day: the day's finished cards leave the board at midnight."""
    day = now().astimezone(ZoneInfo(time_zone)).date()
    return f'"{version}-{language}-{day:%Y%m%d}-{beside}"'
