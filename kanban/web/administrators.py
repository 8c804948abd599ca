"""The guard before the pages of the settings."""

from flask_login import current_user
from werkzeug.wrappers import Response

from kanban.extensions import login_manager
from kanban.operations.errors import NotVisible
from kanban.web.people import person


def for_administrators() -> Response | tuple[str, int, dict[str, str]] | None:
    """Whoever is not logged in is asked to; whoever is no administrator finds nothing."""
    if not current_user.is_authenticated:
        return login_manager.unauthorized()
    if not person().administrator:
        raise NotVisible
    return None
