"""What a page lets people read or hear: its texts and labels, without the marks around them."""

from html.parser import HTMLParser

SPOKEN = ("alt", "aria-label", "data-label", "placeholder", "title")
SILENT = ("script", "style", "svg")
VOID = ("br", "hr", "img", "input", "link", "meta", "use")


class Reader(HTMLParser):
    """Collects the words of a page in ``texts``; what a ``lang`` of its own marks as foreign is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._left_out or tag in SILENT or (tag != "html" and "lang" in given):
            if tag not in VOID:
                self._left_out.append(tag)
            return
        for name, value in attrs:
            if name in SPOKEN or (name.startswith("data-") and given.get("id") == "page-words"):
                self._hear(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing of the sort has words."""

    def handle_endtag(self, tag: str) -> None:
        if self._left_out and tag == self._left_out[-1]:
            self._left_out.pop()

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self._hear(data)

    def _hear(self, words: str) -> None:
        if words.strip():
            self.texts.append(" ".join(words.split()))


def read(page: str) -> list[str]:
    """The texts of ``page`` in order, each as it stands in its element or label."""
    reader = Reader()
    reader.feed(page)
    return reader.texts
