"""Whether the program and its database answer, for whoever watches over the office's computer."""

from flask import Blueprint, jsonify
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from kanban.extensions import db
from kanban.models import Office

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show() -> tuple[Response, int]:
    """200 where the database answers, else 503; no login, and nothing about the office."""
    try:
        db.session.execute(select(Office.id)).first()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(ok=False, database="unreachable"), 503
    return jsonify(ok=True, database="ok"), 200
