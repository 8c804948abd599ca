"""Eight people who move cards of one board, from a process of their own: all let go at the same moment time and
again, or each as fast as answered."""

import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing

from kanban.bench.boards import move
from kanban.bench.client import Client

PEOPLE = 8
PATIENCE = 60
"""Seconds that those who are ready wait for the others."""


def people_move(
    port: int,
    cookies: dict[str, str],
    token: str,
    cards: list[tuple[str, int]],
    rounds: int,
    in_step: bool,
) -> list[float]:
    """The milliseconds of each move; ``cards`` are numbers and versions, dealt to the people in turn, as many to
    each. Each card is moved and taken back ``rounds`` times, and once before that counts (so many connections to
    the database have to be opened first); ``in_step`` they wait for each other before every move, as people who
    press at one moment, else nobody pauses.

    Raises RuntimeError where any move is refused.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as apart:
        return apart.submit(_crowd, port, cookies, token, cards, rounds, in_step).result()


def _crowd(
    port: int,
    cookies: dict[str, str],
    token: str,
    cards: list[tuple[str, int]],
    rounds: int,
    in_step: bool,
) -> list[float]:
    gate = threading.Barrier(PEOPLE if in_step else 1, timeout=PATIENCE)
    of_each = len(cards) // PEOPLE

    def work(person: int) -> list[float]:
        hand = cards[person * of_each : (person + 1) * of_each]
        deeds = [
            (card, version + turn, turn) for turn in range(2 + 2 * rounds) for card, version in hand
        ]
        taken = list[float]()
        with closing(Client(port, dict(cookies), token)) as client:
            for deed in deeds:
                gate.wait()
                begun = time.perf_counter()
                move(client, *deed)
                taken.append((time.perf_counter() - begun) * 1000)
        return taken[2 * of_each :]

    def work_or_stop(person: int) -> list[float]:
        try:
            return work(person)
        except BaseException:
            gate.abort()
            raise

    with ThreadPoolExecutor(PEOPLE) as people:
        return [taken for one in people.map(work_or_stop, range(PEOPLE)) for taken in one]
