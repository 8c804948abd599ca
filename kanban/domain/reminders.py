"""How often those who can act on a card may be reminded of it."""

from datetime import datetime, timedelta

PAUSE = timedelta(hours=1)
"""Between two reminders of one card, by whatever clock hangs on the wall."""


def wait_until(last: datetime | None, now: datetime) -> datetime | None:
    """When the card may be reminded of again; None where it may be now.

    One from a time to come was given before the machine's clock was set back: from near ahead it counts as
    from near behind, from farther ahead the clock was wrong then, and it holds nobody up.
    """
    if last is None or abs(now - last) >= PAUSE:
        return None
    return last + PAUSE
