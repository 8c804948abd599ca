"""A browser without scripts, as far as forms go."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import token_in


def post(
    client: FlaskClient, address: str, page: str, *, at: str = "127.0.0.1", **fields: Any
) -> TestResponse:
    """Open ``page`` and send a form with its token to ``address``, both from the network address ``at``."""
    here = {"REMOTE_ADDR": at}
    opened = client.get(page, environ_base=here, follow_redirects=True)
    data = {"csrf_token": token_in(opened.text), **fields}
    return client.post(address, data=data, environ_base=here)


def try_login(
    client: FlaskClient, username: str, password: str, *, at: str = "127.0.0.1"
) -> TestResponse:
    """Fill the login form in from the network address ``at``."""
    return post(client, "/login", "/login", at=at, username=username, password=password)
