"""The server's threads: as many as have work at once, up to a bound.

waitress lets all of its threads take turns, and each keeps the memory that it has once used for itself. With a
hundred and forty, which a hundred streams may need, a server without streams would hold that much for nothing.
"""

from typing import Any

AT_FIRST = 8
"""Threads with which a server begins."""


def hire_as_needed(server: Any, most: int) -> None:
    """Let the waitress ``server`` start a further thread where none is free, as long as it has less than
    ``most``."""
    dispatcher = server.task_dispatcher
    add_task = dispatcher.add_task

    def add(task: Any) -> None:
        have = len(dispatcher.threads)
        if have < most and have - dispatcher.active_count <= len(dispatcher.queue):
            dispatcher.set_thread_count(have + 1)
        add_task(task)

    dispatcher.add_task = add
