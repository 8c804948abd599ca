"""The program's clock. Everything that needs the present asks it, so that the demo and the tests can move it."""

from datetime import UTC, datetime, timedelta

from flask import current_app


class ProgramClock:
    """The machine's clock, moved by ``offset``."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC) + self.offset

    def move_to(self, moment: datetime) -> None:
        """Let the clock run on from ``moment``."""
        self.offset = moment - datetime.now(UTC)


def now() -> datetime:
    """The present moment in UTC by the running application's clock."""
    clock: ProgramClock = current_app.extensions["clock"]
    return clock.now()
