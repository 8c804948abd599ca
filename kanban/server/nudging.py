"""Telling open screens that something changed: who has a stream open, and the one thread that tells them all.

A stream holds a thread of the server and nothing else, above all no connection to the database. Every read is
made by the thread of the hub, which lives while there are streams: as soon as it is told of a change, a few
times a second for what other processes change, and with every beat to find out who may still see what.
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

STREAMS = 100
"""How many are held at once; whoever gets none polls as before."""
OF_ONE = 10
"""How many of them one account or one display's link may hold, so that the others are left theirs."""
BEAT = 5.0
"""Seconds after which a silent stream says something. Only a write finds out that a screen is gone."""
GLANCE = 0.2
"""Seconds between two looks for what other processes changed."""
APART = 0.1
"""Seconds that pass after a change was told, so that the rest of a burst is told as one."""
PATIENCE = 5.0
"""Seconds that a look at the database may take when the server stops."""

State = Mapping[str, int]
"""The versions of what somebody sees, by their names: ``{"m1": 419}``."""


SESSION, DISPLAY = "session", "display"
"""What kinds of viewers there are."""


class Viewer(NamedTuple):
    """Who looks: ``kind`` is SESSION or DISPLAY, ``number`` that of the login or of the display's link,
    ``owner`` that of the login's account or the link's again."""

    kind: str
    number: int
    owner: int


@dataclass(eq=False)
class Stream:
    """An open stream. ``drift`` is how far the screen's clock is ahead of this machine's, where it said so."""

    viewer: Viewer
    name: str
    since: datetime
    drift: timedelta | None
    sees: Collection[str]
    ended_for_good: bool = field(default=False, init=False)
    """Whether the screen is not to come back at once."""
    _state: State | None = field(default=None, init=False)
    _ended: bool = field(default=False, init=False)
    _fresh: bool = field(default=False, init=False)
    _turn: threading.Condition = field(default_factory=threading.Condition, init=False, repr=False)

    @property
    def kind(self) -> str:
        """What kind of viewer it is."""
        return self.viewer.kind

    def show(self, state: State) -> bool:
        """Let the screen know ``state``, instead of one that nobody fetched yet; says whether that is news."""
        with self._turn:
            if state == self._state:
                return False
            self._state, self._fresh = state, True
            self._turn.notify()
            return True

    def end(self, for_good: bool) -> None:
        """Let nothing more be told."""
        with self._turn:
            self._ended, self.ended_for_good = True, for_good
            self._turn.notify()

    def wait(self, seconds: float) -> State | None:
        """What is true now, as soon as it changes and after ``seconds`` at the latest; None once it ended."""
        with self._turn:
            self._turn.wait_for(lambda: self._fresh or self._ended, seconds)
            self._fresh = False
            return None if self._ended else self._state


@dataclass(frozen=True)
class Sight:
    """How the hub sees, both by a read of their own: ``admitted`` says what each of these viewers may see,
    without those who may not come in any more; ``versions`` those of everything that anybody sees."""

    admitted: Callable[[Collection[Viewer]], Mapping[Viewer, frozenset[str]]]
    versions: Callable[[], State]


class Hub:
    """The open streams of a process."""

    def __init__(self, sight: Sight, on_fault: Callable[[Exception], None]) -> None:
        """``on_fault`` is told what keeps the hub from seeing, once until it sees again."""
        self._sight = sight
        self._on_fault = on_fault
        self._open: list[Stream] = []
        self._turn = threading.Lock()
        self._woken = threading.Event()
        self._watcher: threading.Thread | None = None
        self._is_blind = False

    def open(
        self, viewer: Viewer, name: str, since: datetime, drift: timedelta | None
    ) -> Stream | None:
        """A stream for ``viewer``; None where it may see nothing, or where there are STREAMS already.

        A browser has one: an earlier one of the same login ends, so that going from page to page leaves none
        behind. An account may be open in several browsers and a display's link on several walls: beyond
        OF_ONE the oldest ends.
        """
        sees = self._sight.admitted([viewer]).get(viewer)
        if sees is None:
            return None
        stream = Stream(viewer, name, since, drift, sees)
        stream.show(_seen(stream, self._sight.versions()))
        with self._turn:
            for earlier in self._giving_way(viewer):
                self._open.remove(earlier)
                earlier.end(for_good=True)
            if len(self._open) >= STREAMS:
                return None
            self._open.append(stream)
            self._woken.set()  # a change that was made since the versions were read
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="nudging", daemon=True)
                self._watcher.start()
        return stream

    def _giving_way(self, viewer: Viewer) -> list[Stream]:
        """What is open and ends for a further one of ``viewer``."""
        whose = viewer.kind, viewer.owner
        owned = [one for one in self._open if (one.kind, one.viewer.owner) == whose]
        if viewer.kind == SESSION and (same := [one for one in owned if one.viewer == viewer]):
            return same
        return owned[: max(0, len(owned) + 1 - OF_ONE)]

    def leave(self, stream: Stream) -> None:
        """Forget ``stream``: its screen is gone."""
        with self._turn:
            if stream in self._open:
                self._open.remove(stream)
        stream.end(for_good=False)

    def streams(self) -> tuple[Stream, ...]:
        """Those that are open now."""
        with self._turn:
            return tuple(self._open)

    def tell(self) -> None:
        """Let the hub look at once: something may have changed. Costs nothing where nobody looks."""
        if self._open:
            self._woken.set()

    def close(self) -> None:
        """End all streams at once: the server stops. Screens come back to the next one by themselves."""
        with self._turn:
            ended, self._open = self._open, []
            watcher = self._watcher
        for stream in ended:
            stream.end(for_good=False)
        self._woken.set()
        if watcher is not None:
            watcher.join(PATIENCE)

    def _watch(self) -> None:
        checked = time.monotonic()
        while True:
            self._woken.wait(GLANCE)
            self._woken.clear()
            with self._turn:
                if not self._open:
                    self._watcher = None
                    return
                streams = tuple(self._open)
            is_time = time.monotonic() - checked >= BEAT
            if is_time:
                checked = time.monotonic()
            if self._look(streams, is_time):
                time.sleep(APART)

    def _look(self, streams: tuple[Stream, ...], anew: bool) -> bool:
        """Tell ``streams`` what changed; ``anew``: find out before that what each of them may see. Says whether
        there was anything to tell."""
        try:
            admitted = self._sight.admitted({one.viewer for one in streams}) if anew else None
            versions = self._sight.versions()
        except Exception as fault:  # noqa: BLE001 - whatever it is, the screens must not wait for ever
            if not self._is_blind:
                self._on_fault(fault)
            self._is_blind = True
            return False
        self._is_blind = False
        has_told = False
        for stream in streams:
            if admitted is not None:
                sees = admitted.get(stream.viewer)
                if sees is None:
                    stream.end(for_good=True)
                    continue
                stream.sees = sees
            has_told |= stream.show(_seen(stream, versions))
        return has_told


def _seen(stream: Stream, versions: State) -> State:
    return {name: versions[name] for name in sorted(stream.sees) if name in versions}


def end_streams_first(server: Any, hub: Hub) -> None:
    """Let the waitress ``server`` end all streams before it waits for its threads, whatever stops it."""
    dispatcher = server.task_dispatcher
    shut_down: Callable[..., bool] = dispatcher.shutdown

    def end(*how: Any, **named: Any) -> bool:
        hub.close()
        return shut_down(*how, **named)

    dispatcher.shutdown = end
