"""Eight people who move cards of one board at once, from a process of their own, as fast as they are answered."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing

from kanban.bench.boards import move
from kanban.bench.client import Client

PEOPLE = 8


def all_at_once(
    port: int, cookies: dict[str, str], token: str, cards: list[tuple[str, int]], rounds: int
) -> list[float]:
    """The milliseconds of each move; ``cards`` are numbers and versions, dealt to the people in turn. Each card is
    moved and taken back ``rounds`` times.

    Raises RuntimeError where any move is refused.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as apart:
        return apart.submit(_crowd, port, cookies, token, cards, rounds).result()


def _crowd(
    port: int, cookies: dict[str, str], token: str, cards: list[tuple[str, int]], rounds: int
) -> list[float]:
    def work(person: int) -> list[float]:
        hand = cards[person::PEOPLE]
        deeds = [
            (card, version + turn, turn) for turn in range(2 * rounds) for card, version in hand
        ]
        with closing(Client(port, dict(cookies), token)) as client:
            return client.timed(len(deeds), lambda place: move(client, *deeds[place]))

    with ThreadPoolExecutor(PEOPLE) as people:
        return [taken for one in people.map(work, range(PEOPLE)) for taken in one]
