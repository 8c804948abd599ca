"""What a drill found, and why one cannot be held on some machine."""

from dataclasses import dataclass, field


class NotHere(Exception):
    """This machine does not let the drill be held; the reason in words."""


@dataclass
class Finding:
    """What was seen, in words, and what should have been otherwise."""

    seen: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def expect(self, true: bool, words: str) -> None:
        """Note ``words`` as what was seen where they are true, else as a fault."""
        (self.seen if true else self.faults).append(words)
