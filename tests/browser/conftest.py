"""A real server and a real browser: the furnished office on loopback, people in browsers of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.services import browser as chromium
from tests.services.serving import serving

DESKTOP = {"width": 1366, "height": 768}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}

expect.set_options(timeout=20_000)  # milliseconds, of which a machine with other work needs more


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives the browser."""
    for item in items:
        if item.path.is_relative_to(__file__.removesuffix("conftest.py")):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How the installed Chromium is started."""
    return chromium.launch_options()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The furnished office, served by waitress on a free port; the address without a slash at its end."""
    with serving(app, threads=12) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def whole_browser(browser_type: BrowserType) -> Iterator[Browser]:
    """A browser with all that people's browsers have, where the quick one lacks something."""
    browser = browser_type.launch(**chromium.whole_launch_options())
    yield browser
    browser.close()


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, address: str, login: Callable[[str], FlaskClient]
) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own as the named person; options go to the browser's context.

    A test marked ``whole_browser`` gets that one.
    """
    whole = request.node.get_closest_marker("whole_browser")
    browser: Browser = request.getfixturevalue("whole_browser" if whole else "browser")
    contexts: list[BrowserContext] = []

    def enter(username: str | None = None, path: str = "/", **options: Any) -> Page:
        if "viewport" not in options:
            options["viewport"] = DESKTOP
        context = browser.new_context(base_url=address, locale="id-ID", **options)
        contexts.append(context)
        if username is not None:  # the login form has tests of its own
            context.add_cookies(cookies_of(login(username), address))
        page = context.new_page()
        page.goto(path)
        return page

    yield enter
    for context in contexts:
        context.close()


def cookies_of(client: FlaskClient, address: str) -> list[Any]:
    """What a client without a screen was given, for a browser that goes on where it stands."""
    return [
        {"name": cookie.key, "value": cookie.value, "url": address, "httpOnly": cookie.http_only}
        for cookie in client._cookies.values()
    ]
