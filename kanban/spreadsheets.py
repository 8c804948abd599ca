"""What spreadsheets do with a CSV that they open, and what keeps them from it."""

BOM = "\ufeff"
"""By it Excel knows that a file is UTF-8."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(words: str) -> str:
    """The words so that a spreadsheet takes them for no formula: with an apostrophe before one."""
    return f"'{words}" if words.startswith(STARTS_A_FORMULA) else words


def unguarded(words: str) -> str:
    """What ``guarded`` was given."""
    return words[1:] if words.startswith("'") and words[1:].startswith(STARTS_A_FORMULA) else words
