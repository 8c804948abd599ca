"""Small helpers of the tests that speak HTTP."""

import secrets

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

HTMX = {"HX-Request": "true"}


def token(client: FlaskClient) -> str:
    """A form token of this browser's session, as its pages carry one; no page is opened for it."""
    with client.session_transaction() as session:
        secret = session.setdefault("csrf_token", secrets.token_hex(20))
    return URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps(
        secret
    )


def send(client: FlaskClient, path: str, htmx: str | None = None, **form: object) -> TestResponse:
    """POST a form with its token; ``htmx`` names the target of a request by script."""
    headers = {**HTMX, "HX-Target": htmx} if htmx else {}
    return client.post(path, data={"csrf_token": token(client), **form}, headers=headers)
