"""A pytest plugin that leaves only the tests whose outcome may depend on the database.

The second run, on PostgreSQL, loads it. What touches no database would say the same again, and so
would the screen, and files of tests marked ``any_database``, which are about the answers around what is read.
"""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not _depends(item)])
    items[:] = [item for item in items if _depends(item)]


def _depends(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    is_said = any(map(item.get_closest_marker, ("any_database", "browser")))
    return "database_url" in fixtures and not is_said
