"""An office's own limit for uploads"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let every office begin with the limit that held for all."""
    op.add_column(
        "office", sa.Column("uploads_most", sa.Integer(), server_default="200", nullable=False)
    )
