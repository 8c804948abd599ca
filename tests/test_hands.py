"""The server's threads: as many as have work at once, and no more than allowed."""

import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from waitress.task import ThreadedTaskDispatcher

from kanban.server.hands import hire_as_needed

PATIENCE = 10


@pytest.fixture
def dispatcher() -> Iterator[ThreadedTaskDispatcher]:
    """Waitress's own, with one thread and at most three."""
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(1)
    hire_as_needed(SimpleNamespace(task_dispatcher=dispatcher), 3)
    yield dispatcher
    dispatcher.shutdown()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for a moment that nobody tells of."""
    for _ in range(PATIENCE * 1000):
        if is_so():
            return
        time.sleep(0.001)
    raise AssertionError("it never came")


def task(deed: Callable[[], object]) -> SimpleNamespace:
    return SimpleNamespace(service=deed, cancel=lambda: None)


def test_whoever_finds_nobody_free_is_served_all_the_same(
    dispatcher: ThreadedTaskDispatcher,
) -> None:
    meeting = threading.Barrier(4, timeout=PATIENCE)
    for _ in range(3):
        dispatcher.add_task(task(meeting.wait))
    meeting.wait()  # each of the three has come to a thread of its own


def test_beyond_the_most_they_wait_their_turn(dispatcher: ThreadedTaskDispatcher) -> None:
    opened, done = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        opened.wait(PATIENCE)
        done.release()

    for _ in range(5):
        dispatcher.add_task(task(hold))
    assert len(dispatcher.threads) == 3
    opened.set()
    assert all(done.acquire(timeout=PATIENCE) for _ in range(5))


def test_one_after_the_other_needs_no_second(dispatcher: ThreadedTaskDispatcher) -> None:
    for _ in range(3):
        until(lambda: not dispatcher.active_count)
        done = threading.Event()
        dispatcher.add_task(task(done.set))
        assert done.wait(PATIENCE)
    assert len(dispatcher.threads) == 1
