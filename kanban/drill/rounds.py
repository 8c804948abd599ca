"""Round after round: start, look at everything, let people work, kill."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kanban.backup.plan import OWN_FOLDER
from kanban.bench.client import Client
from kanban.bench.seed import PASSWORD, USERNAME
from kanban.drill.deeds import Deed
from kanban.drill.hands import Hand
from kanban.drill.looking import broken_backups, lost, running_cards, unsound
from kanban.drill.office import BOARD, CreateApp, found, procedure
from kanban.drill.server import LOOK_EVERY, RESTART_MOST, Victim

CARDS = 18
SHORTEST, LONGEST = 0.05, 1.2
"""Seconds of work before a kill, from the first change that was acknowledged."""
FIRST_MOST = 10.0
"""Seconds after which it is killed though nothing was acknowledged yet."""


@dataclass
class Round:
    """One start, what was found then, the work after it, and the kill that ended it."""

    restart: float
    faults: list[str] = field(default_factory=list)
    acknowledged: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    cut_off: int = 0
    backups: int = 0

    @property
    def slow(self) -> bool:
        """Whether people had to wait too long for it."""
        return self.restart > RESTART_MOST


def drill(
    create_app: CreateApp, folder: Path, kills: int, people: int, chance: Random
) -> Iterator[Round]:
    """``kills`` rounds on an office of its own in ``folder``; the last look comes as a round without a kill."""
    found(create_app, folder, CARDS)
    victim = Victim(folder)
    hands = [
        Hand(number, Client(victim.port), procedure(), Random(chance.random()))  # noqa: S311 - no secret
        for number in range(people)
    ]
    everything: list[Deed] = []
    try:
        for turn in range(kills + 1):
            result = Round(victim.start())
            new = [deed for hand in hands for deed in hand.acknowledged]
            everything += new
            last = turn == kills
            result.faults += lost(folder, everything if last else new)
            result.faults += unsound(folder)
            if last:
                victim.kill()
                result.backups, broken = broken_backups(folder / OWN_FOLDER, folder / "looked-at")
                result.faults += broken
            else:
                _share_out(hands, folder)
                _let_work(hands, victim, chance.uniform(SHORTEST, LONGEST))
                for hand in hands:
                    result.acknowledged.update(deed.sort for deed in hand.acknowledged)
                    result.answers += hand.answers
                    result.cut_off += hand.cut_off
            yield result
    finally:
        victim.kill()


def _share_out(hands: list[Hand], instance: Path) -> None:
    """Give each hand its cards as they stand now, and let it in where it is not yet."""
    cards = running_cards(instance, BOARD)
    for hand in hands:
        hand.acknowledged, hand.cut_off = [], 0
        hand.answers.clear()
        hand.cards = [card for card in cards if card.id % len(hands) == hand.number]
        if not hand.client.cookies:
            hand.client.log_in(USERNAME, PASSWORD)
            hand.client.get(f"/boards/{BOARD}")


def _let_work(hands: list[Hand], victim: Victim, seconds: float) -> None:
    stop = threading.Event()
    threads = [threading.Thread(target=hand.work, args=(stop,)) for hand in hands]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    while not any(hand.acknowledged for hand in hands) and time.monotonic() - begun < FIRST_MOST:
        time.sleep(LOOK_EVERY)
    time.sleep(seconds)
    victim.kill()
    stop.set()
    for thread in threads:
        thread.join()
