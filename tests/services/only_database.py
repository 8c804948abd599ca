"""A pytest plugin that leaves only the tests whose outcome may depend on the database.

The second run, on PostgreSQL, loads it. What touches no database would say the same again, and so
would the screen.
"""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    dependent = [item for item in items if _uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in dependent])
    items[:] = dependent


def _uses_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return "database_url" in fixtures and item.get_closest_marker("browser") is None
