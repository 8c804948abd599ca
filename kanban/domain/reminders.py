"""How often those who can act on a card may be reminded of it."""

from datetime import datetime, timedelta

PAUSE = timedelta(hours=1)
"""Between two reminders of one card, by whatever clock hangs on the wall."""


def wait_until(last: datetime | None, now: datetime) -> datetime | None:
    """When the card may be reminded of again; None where it may be now.

    A reminder from a time to come was given while the machine's clock was wrong, and holds nobody up.
    """
    if last is None or not last <= now < last + PAUSE:
        return None
    return last + PAUSE
