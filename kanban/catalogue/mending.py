"""A faulty SOP file made readable, so that its other faults can be told in the same breath."""

from typing import Any

from pydantic import ValidationError

from kanban.catalogue.forms import FORMAT

Table = dict[str, Any]
Place = tuple[int | str, ...]

ARROWS = {"next", "back", "end", "decision"}
TIMES = {"days", "minutes"}


def mended(data: object, error: ValidationError) -> Table:
    """``data`` with something harmless in place of everything that ``error`` complains about.

    What is then wrong with a single step is really wrong with it; of a whole procedure or SOP, of
    which a part could not be read, nothing can be said.
    """
    return _Mender(data, error).sop()


class _Mender:
    def __init__(self, data: object, error: ValidationError) -> None:
        self.document = data if isinstance(data, dict) else {}
        self.touched = {
            fault["loc"][:depth]
            for fault in error.errors()
            for depth in range(1, len(fault["loc"]) + 1)
        }
        self.lanes = self._readable(self.document, "lane", ())
        self.lanes_known = len(self.lanes) == len(_members(self.document, "lane")) > 0
        if not self.lanes:
            self.lanes = [{"key": "X", "name": "x"}]

    def sop(self) -> Table:
        return {
            "slug": "x",
            "number": "x",
            "office": "x",
            "signed": "2000-01-01",
            **self._sound(self.document, ()),
            "format": FORMAT,
            "identity": {"name": "x", "place": "x", "signer": "x"},
            "lane": self.lanes,
            "procedure": [
                self._procedure(table, ("procedure", place))
                for place, table in enumerate(_members(self.document, "procedure"))
            ],
        }

    def _procedure(self, table: object, at: Place) -> Table:
        materials = self._readable(table, "materials", at)
        written = table.get("materials", []) if isinstance(table, dict) else []
        known = isinstance(written, list) and len(materials) == len(written)
        steps = _members(table, "step")
        return {
            "code": f"P{at[-1]}",
            "title": "x",
            "short": "x",
            **self._sound(table, at),
            "materials": materials,
            "step": [
                self._step(
                    step, (*at, "step", place), last=step is steps[-1], materials_known=known
                )
                for place, step in enumerate(steps)
            ],
        }

    def _step(self, table: object, at: Place, *, last: bool, materials_known: bool) -> Table:
        step = self._sound(table, at)
        lost = set(table) - set(step) if isinstance(table, dict) else ARROWS | TIMES
        if not materials_known:
            _drop(step, {"items", "output"})
        if not self.lanes_known:
            _drop(step, {"lane"})
        step = {"no": int(at[-1]) + 1, "title": "x", "lane": self.lanes[0]["key"], **step}
        if lost & TIMES:
            step["minutes"] = 1
        if lost & ARROWS:
            _drop(step, ARROWS)
            step |= {"end": True} if last else {"next": step["no"] + 1}
        return step

    def _sound(self, table: object, at: Place) -> Table:
        """The entries of the table at that place that nothing is wrong with, however deep."""
        entries = table.items() if isinstance(table, dict) else ()
        return {key: value for key, value in entries if (*at, key) not in self.touched}

    def _readable(self, table: object, name: str, at: Place) -> list[Table]:
        """The lanes or materials whose key can be read."""
        members = (
            {"name": "x", **self._sound(member, (*at, name, place))}
            for place, member in enumerate(_members(table, name))
        )
        return [member for member in members if "key" in member]


def _members(table: object, name: str) -> list[object]:
    members = table.get(name) if isinstance(table, dict) else None
    return members if isinstance(members, list) else []


def _drop(table: Table, keys: set[str]) -> None:
    for key in keys & set(table):
        del table[key]
