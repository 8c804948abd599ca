"""Which cards of a board a person wants to see: the filter in the address, for pages without scripts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kanban.domain.countdown import TimeState
from kanban.domain.moves import Actor
from kanban.queries.boards import CardFace


@dataclass(frozen=True)
class Sieve:
    """What the filter asks for; it only hides, and says of how many cards it shows how many."""

    text: str = ""
    mine: bool = False
    lanes: bool = False
    overdue: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Sieve":
        """The filter in an address's query: ``q``, and ``mine``, ``lanes``, ``overdue`` as 1."""
        return cls(
            text=query.get("q", "").strip()[:100],
            **{name: query.get(name) == "1" for name in ("mine", "lanes", "overdue")},
        )

    @property
    def active(self) -> bool:
        """Whether it may hide anything."""
        return self != Sieve()

    def keeps(self, card: CardFace, actor: Actor) -> bool:
        """Whether ``actor`` sees ``card`` through it."""
        words = f"{card.title} {card.holder or ''}".casefold()
        return (
            all(word in words for word in self.text.casefold().split())
            and not (self.mine and card.holder_id != actor.account_id)
            and not (self.lanes and actor.capacity_in(card.step.lane) is None)
            and not (self.overdue and card.countdown.state is not TimeState.OVERDUE)
        )

    def count(self, cards: Iterable[CardFace], actor: Actor) -> int:
        """How many of ``cards`` it shows."""
        return sum(self.keeps(card, actor) for card in cards)
