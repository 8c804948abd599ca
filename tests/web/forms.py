"""Small helpers of the tests that speak HTTP."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HTMX = {"HX-Request": "true"}


def token(client: FlaskClient) -> str:
    """A form token of this browser's session."""
    page = client.get("/account").text
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def send(client: FlaskClient, path: str, htmx: str | None = None, **form: object) -> TestResponse:
    """POST a form with its token; ``htmx`` names the target of a request by script."""
    headers = {**HTMX, "HX-Target": htmx} if htmx else {}
    return client.post(path, data={"csrf_token": token(client), **form}, headers=headers)
