"""Marking of texts that people read. The Indonesian text is its own key; the web layer translates it."""

from dataclasses import dataclass


def N_(text: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark ``text`` for translation without translating it."""
    return text


@dataclass(frozen=True)
class Text:
    """A word or sentence of an SOP: Indonesian, and English where the SOP gives it."""

    id: str
    en: str = ""

    def in_language(self, language: str) -> str:
        """The text in ``language`` ("id" or "en"), Indonesian where the other is missing."""
        return self.en if language == "en" and self.en else self.id


@dataclass(frozen=True)
class Sentence:
    """A marked message with what is to be put into it; a value may itself be a ``Text``."""

    text: str
    values: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, text: str, **values: object) -> "Sentence":
        """A sentence from a marked message and the values of its ``%(name)s`` places."""
        return cls(text, tuple(sorted(values.items())))

    def in_indonesian(self) -> str:
        """The sentence as written, for places without a request (commands, logs)."""
        return self.text % {
            name: value.id if isinstance(value, Text) else value for name, value in self.values
        }
