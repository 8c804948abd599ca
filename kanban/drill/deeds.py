"""What the server acknowledged: each deed with the statement that finds it again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Deed:
    """One acknowledged change. ``sql`` counts what it left; ``values`` are its parameters."""

    sort: str
    sql: str
    values: tuple[object, ...]
    digest: str = ""
    """Of the file that was given, where one was."""

    def __str__(self) -> str:
        return f"{self.sort} {self.values}"


def moved(card: int, seq: int, version: int) -> Deed:
    """A card left its visit ``seq``, and had ``version`` then."""
    return _event("move", "card_moved", card, seq, version)


def undone(card: int, seq: int, version: int) -> Deed:
    """A move was taken back: visit ``seq`` goes on."""
    return _event("undo", "move_undone", card, seq, version)


def ticked(card: int, seq: int, item: int) -> Deed:
    """An item was confirmed."""
    sql = "SELECT count(*) FROM ticks WHERE card_id = ? AND visit_seq = ? AND item_no = ?"
    return Deed("tick", sql, (card, seq, item))


def given_words(card: int, material: str, body: str) -> Deed:
    """A version of words or an address was saved."""
    sql = (
        "SELECT count(*) FROM material_versions v JOIN materials m ON m.id = v.material_id"
        " WHERE m.card_id = ? AND m.key = ? AND v.body = ?"
    )
    return Deed("words", sql, (card, material, body))


def uploaded(card: int, material: str, digest: str) -> Deed:
    """A version with a file was saved."""
    sql = (
        "SELECT count(*) FROM material_files f JOIN material_versions v ON v.id = f.version_id"
        " JOIN materials m ON m.id = v.material_id JOIN stored_files s ON s.digest = f.digest"
        " WHERE m.card_id = ? AND m.key = ? AND f.digest = ?"
    )
    return Deed("upload", sql, (card, material, digest), digest)


def started(title: str) -> Deed:
    """A card was started."""
    return Deed("start", "SELECT count(*) FROM cards WHERE title = ?", (title,))


def _event(sort: str, kind: str, card: int, seq: int, version: int) -> Deed:
    sql = (
        "SELECT count(*) FROM events WHERE kind = ? AND card_id = ? AND visit_seq = ?"
        " AND json_extract(details, '$.version') = ?"
    )
    return Deed(sort, sql, (kind, card, seq, version))
