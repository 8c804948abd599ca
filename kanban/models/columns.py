"""Column types and checks that several tables share."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, TypeDecorator
from sqlalchemy.orm import mapped_column

from kanban.domain.clock import Stretch


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in and out, kept in UTC (SQLite keeps no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; a time without a zone is a fault of the program."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Stretches(TypeDecorator[tuple[Stretch, ...]]):
    """Stretches of time in order, each from its first moment to its last, as ISO 8601 in UTC."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self,
        value: tuple[Stretch, ...] | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> list[list[str]] | None:
        """The stretches as plain text."""
        if value is None:
            return None
        return [[at.astimezone(UTC).isoformat() for at in stretch] for stretch in value]

    def process_result_value(
        self,
        value: Any,
        dialect: Dialect,  # noqa: ARG002
    ) -> tuple[Stretch, ...] | None:
        """The stretches, aware, in UTC."""
        if value is None:
            return None
        return tuple(
            (datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in value
        )


Moment = Annotated[datetime, mapped_column(UtcDateTime)]
Key = Annotated[int, mapped_column(primary_key=True)]


def one_of(column: str, values: Iterable[str] | type[StrEnum]) -> str:
    """The text of a CHECK that ``column`` holds one of ``values``."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"
