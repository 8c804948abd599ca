"""Keeping what was made, for as long as everything that it was made of is the same."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """One thing for each place, the last asked for at the end; beyond ``most`` the first go."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._things: OrderedDict[Hashable, tuple[object, T]] = OrderedDict()
        self._turn = threading.Lock()

    def __len__(self) -> int:
        return len(self._things)

    def get(self, place: Hashable, made_of: object, make: Callable[[], T]) -> T:
        """What is kept at ``place`` if it was made of the same (by value), else what ``make`` gives."""
        with self._turn:
            kept = self._things.get(place)
            if kept is not None and kept[0] == made_of:
                self._things.move_to_end(place)
                return kept[1]
        made = make()
        with self._turn:
            self._things[place] = made_of, made
            self._things.move_to_end(place)
            while len(self._things) > self.most:
                self._things.popitem(last=False)
        return made
