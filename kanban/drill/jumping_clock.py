"""The machine's clock jumps while people work: back an hour, to 1970, ten years ahead, and home again."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from kanban.bench.client import Client
from kanban.bench.seed import PASSWORD, USERNAME
from kanban.drill.clocked import JUMPED
from kanban.drill.desk import Desk
from kanban.drill.finding import Finding
from kanban.drill.hands import Hand
from kanban.drill.looking import lost, running_cards, unsound
from kanban.drill.office import BOARD, CreateApp, found, procedure
from kanban.drill.server import Victim

ERA = datetime(1970, 1, 1, tzinfo=UTC)
TURNS = 6
"""Cards that are carried a step on under each clock."""
PAGES = ("/", f"/boards/{BOARD}", "/cards", "/overdue", "/reports", "/settings/backups")


def drill_jumping_clock(create_app: CreateApp, folder: Path) -> Finding:
    """No page breaks, no change is lost, and each card's visits and history stay in order."""
    finding = Finding()
    found(create_app, folder, cards=8)
    victim = Victim(folder, module="kanban.drill.clocked", told=True)
    try:
        victim.start()
        hand = Hand(0, Desk.at(victim.port).client, procedure(), Random(0))  # noqa: S311 - no secret
        for words, offset in _jumps():
            victim.tell(f"{offset.total_seconds()}\n", JUMPED)
            _stay_in(hand.client)
            hand.answers.clear()
            hand.cards = running_cards(folder, BOARD)
            for _turn in range(TURNS):
                hand.turn(threading.Event())
            finding.expect(not _broken(hand.answers), f"{words}: {_counted(hand.answers)}")
            for path in PAGES:
                status = hand.client.get(path)[0]
                if status != 200:
                    finding.faults.append(f"{words}: {path} dijawab {status}")
        hand.client.close()
    finally:
        victim.kill()
    finding.faults += lost(folder, hand.acknowledged)
    finding.faults += unsound(folder)
    finding.expect(bool(hand.acknowledged), f"{len(hand.acknowledged)} perubahan tetap ada")
    return finding


def _stay_in(client: Client) -> None:
    """Log in again where the clock says that nobody was seen for long: so does a real person."""
    if client.get("/")[0] != 200:
        client.cookies.clear()
        client.log_in(USERNAME, PASSWORD)
        client.get(f"/boards/{BOARD}")


def _jumps() -> tuple[tuple[str, timedelta], ...]:
    now = datetime.fromtimestamp(time.time(), UTC)
    return (
        ("jam benar", timedelta()),
        ("mundur satu jam", timedelta(hours=-1)),
        ("tahun 1970", ERA - now),
        ("maju sepuluh tahun", timedelta(days=3653)),
        ("jam benar lagi", timedelta()),
    )


def _broken(answers: Counter[int]) -> bool:
    return any(status >= 500 for status in answers)


def _counted(answers: Counter[int]) -> str:
    return ", ".join(f"{number} x {status}" for status, number in sorted(answers.items()))
