"""The start file on a television's own disk: it waits where the office's machine is later, and then goes there."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from tests.browser.test_board_live import served
from tests.services.ports import free_port
from tests.web.test_start_files import file_for


def test_a_television_that_is_first_waits_and_comes_by_itself(
    app: Flask, browser: Browser, login: Callable[[str], FlaskClient], tmp_path: Path
) -> None:
    port = free_port()
    file = tmp_path / "layar.html"
    file.write_bytes(file_for(login("admin"), f"127.0.0.1:{port}").data)
    context = browser.new_context(locale="id-ID")
    page = context.new_page()
    with page.expect_event("requestfailed"):
        page.goto(file.as_uri())
    expect(page.locator("h1")).to_have_text("Menunggu komputer kantor …")
    with served(app, port):
        page.wait_for_url(f"http://127.0.0.1:{port}/tv")
        expect(page.locator("#code")).to_be_visible()
        page.goto("about:blank")
    context.close()
