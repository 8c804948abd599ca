"""What people do with a board: lifting cards by mouse and by finger."""

from typing import Any

from playwright.sync_api import CDPSession, Locator, Page

HOLD = 350
"""Milliseconds that a finger rests on a card before it is surely lifted."""


def until(page: Page, holds: str, *values: object) -> None:
    """Wait until the function ``holds``, in JavaScript, says so of these values.

    Playwright's own waiting makes the function anew at every look, which the pages' policy forbids.
    """
    for _ in range(200):
        if page.evaluate(holds, list(values)):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never came true: {holds}")


def card_of(page: Page, card: int) -> Locator:
    """The running card on the board."""
    return page.locator(f'#board [data-card="{card}"]')


def cell(page: Page, name: str) -> Locator:
    """The cell called ``3:PP`` or ``end``."""
    return page.locator(f'[data-cell="{name}"]')


def lift(page: Page, card: int) -> None:
    """Take the card with the mouse and carry it a little, still in the hand."""
    box = _box(card_of(page, card))
    page.mouse.move(box["x"] + 40, box["y"] + 18)
    until(page, "() => 'Sortable' in self")  # what lifts it is fetched when the mouse comes near
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 34, steps=4)


def carry_over(page: Page, place: Locator) -> None:
    """Carry the card in the hand over ``place``."""
    box = _box(place)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)


def drag(page: Page, card: int, place: Locator) -> None:
    """Lift the card and let it go over ``place``."""
    lift(page, card)
    carry_over(page, place)
    page.mouse.up()


class Finger:
    """One finger on a touch screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wire: CDPSession = page.context.new_cdp_session(page)
        self.at = (0.0, 0.0)

    def touch(self, place: Locator) -> None:
        """Put the finger on ``place``."""
        box = _box(place)
        self.at = (box["x"] + 60, box["y"] + 24)
        self._send("touchStart")

    def hold(self) -> None:
        """Keep still until what is below is lifted; what lifts it is fetched with the first touch."""
        until(self.page, "() => 'Sortable' in self")
        self.page.wait_for_timeout(HOLD)

    def move_to(self, x: float, y: float, steps: int = 8) -> None:
        """Slide to a point."""
        x0, y0 = self.at
        for step in range(1, steps + 1):
            self.at = (x0 + (x - x0) * step / steps, y0 + (y - y0) * step / steps)
            self._send("touchMove")
            self.page.wait_for_timeout(16)

    def move_over(self, place: Locator) -> None:
        """Slide over ``place``."""
        box = _box(place)
        self.move_to(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def leave(self) -> None:
        """Take the finger away."""
        self.wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _send(self, kind: str) -> None:
        point: dict[str, Any] = {"x": self.at[0], "y": self.at[1]}
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})


def _box(place: Locator) -> Any:
    place.wait_for()
    box = place.bounding_box()
    assert box is not None
    return box
