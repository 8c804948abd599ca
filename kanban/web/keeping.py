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
        kept = self.found(place, made_of)
        return self.keep(place, made_of, make()) if kept is None else kept

    def found(self, place: Hashable, made_of: object) -> T | None:
        """What is kept at ``place``; None where nothing is, or where it was made of something else."""
        with self._turn:
            kept = self._things.get(place)
            if kept is None or kept[0] != made_of:
                return None
            self._things.move_to_end(place)
            return kept[1]

    def keep(self, place: Hashable, made_of: object, made: T) -> T:
        """Keep what was ``made`` at ``place``, in the place of what is there."""
        with self._turn:
            self._things[place] = made_of, made
            self._things.move_to_end(place)
            while len(self._things) > self.most:
                self._things.popitem(last=False)
        return made
