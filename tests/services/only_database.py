"""A pytest plugin that leaves only the tests whose outcome may depend on the database.

The second run, on PostgreSQL, loads it. What touches no database would say the same again, and so
would the screen.
"""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not _depends(item)])
    items[:] = [item for item in items if _depends(item)]


def _depends(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser"):
        return False
    reads = "database_url" in getattr(item, "fixturenames", ())
    return reads or item.get_closest_marker("on_postgresql") is not None
