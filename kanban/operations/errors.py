"""Why an operation did not happen. Whoever raises one of these has written nothing."""

from typing import Self

from kanban.domain.moves import Because, Reason, Refusal
from kanban.domain.words import Sentence, Text


class NotDone(Exception):
    """The common base: nothing was written."""


class NotVisible(NotDone):
    """There is no such thing for this person."""


class Stale(NotDone):
    """The card has changed since the person saw it."""


class Refused(NotDone):
    """The rule of moves says no, with every reason."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal

    @classmethod
    def of(cls, because: Because, text: str, about: Text | None = None, **values: object) -> Self:
        """A refusal for one reason: ``text`` with its ``values``; ``about`` names what is missing."""
        return cls(Refusal((Reason(because, Sentence.of(text, **values), about),)))


class Invalid(NotDone):
    """What was given cannot be taken; ``faults`` says why, field by field."""

    def __init__(self, faults: dict[str, Sentence]) -> None:
        super().__init__(faults)
        self.faults = faults
