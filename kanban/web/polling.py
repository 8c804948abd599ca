"""Conditional polling: a screen that has the newest version is answered 304 before anything is drawn."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, session

from kanban.now import now
from kanban.queries.calendar import office_calendar
from kanban.queries.polling import Current
from kanban.web.language import chosen_language


def answer_unchanged(current: Callable[..., Current | None]) -> Callable[[Callable], Callable]:
    """Answer 304 where ``If-None-Match`` names what ``current(token, now, **view_args)`` says.

    It stands before ``login_required``: that one statement checks session, account and membership.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(**view_args: Any) -> Any:
            asked, token = request.headers.get("If-None-Match"), session.get("_user_id")
            if asked and token:
                found = current(token, now(), **view_args)
                if found and _tag(*found) in asked:
                    return Response(status=304)
            return view(**view_args)

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
