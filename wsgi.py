"""The application for any WSGI server: ``wsgi:app``."""

from kanban import create_app

app = create_app()
