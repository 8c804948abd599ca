"""People, what they may do in which SOP, and their open sessions."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kanban.domain.moves import Acting
from kanban.extensions import Base
from kanban.models.columns import Key, Moment, one_of

LANGUAGES = ("id", "en")
ARRANGEMENTS = ("staircase", "strict")


class Account(Base):
    """A person who can log in. ``username`` is kept in lower case."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("username = lower(username) AND username <> ''", name="username"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint(one_of("language", LANGUAGES), name="language"),
        CheckConstraint(one_of("arrangement", ARRANGEMENTS), name="arrangement"),
    )

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    administrator: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="id")
    arrangement: Mapped[str] = mapped_column(String(16), default="staircase")
    shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether single letters act while a card is read (WCAG 2.1.4 asks for a way to turn them off)."""
    created_at: Mapped[Moment]
    disabled_at: Mapped[Moment | None]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="account", lazy="raise")


class Membership(Base):
    """What an account is in an SOP: with lanes, as supervisor, or with neither as a guest who looks."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("account_id", "sop_id"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sop_id: Mapped[int] = mapped_column(ForeignKey("sops.id"), index=True)
    supervisor: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account] = relationship(back_populates="memberships", lazy="raise")
    lanes: Mapped[list["MembershipLane"]] = relationship(
        cascade="all, delete-orphan", lazy="raise", order_by="MembershipLane.lane"
    )


class MembershipLane(Base):
    """A lane that a member holds, or deputises in (Wakil)."""

    __tablename__ = "membership_lanes"

    membership_id: Mapped[int] = mapped_column(
        ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True
    )
    lane: Mapped[str] = mapped_column(String(16), primary_key=True)
    deputy: Mapped[bool] = mapped_column(default=False)


class ActingSpan(Base):
    """A lane that a member holds for stated days as acting officer (Plh./Plt.), by a supervisor's order.

    ``from_at`` and ``until_at`` are the days' midnights in the office's zone, the latter the one after
    the ``last`` day.
    """

    __tablename__ = "acting_spans"
    __table_args__ = (
        CheckConstraint(one_of("kind", Acting), name="kind"),
        CheckConstraint("first <= last AND from_at < until_at", name="order"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    )

    id: Mapped[Key]
    sop_id: Mapped[int] = mapped_column(ForeignKey("sops.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    lane: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(8))
    first: Mapped[date]
    last: Mapped[date]
    from_at: Mapped[Moment]
    until_at: Mapped[Moment]
    authority: Mapped[str] = mapped_column(String(200))
    """The letter that orders it."""
    assigned_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    assigned_at: Mapped[Moment]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[Moment | None]


class LoginSession(Base):
    """One logged-in browser. Only the token's hash is kept; a row that ended lets nobody in."""

    __tablename__ = "sessions"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200))


class LoginFailure(Base):
    """How often a login failed lately for one bucket: an address, an account from strange browsers, a device."""

    __tablename__ = "login_failures"
    __table_args__ = (CheckConstraint("failures > 0", name="failures"),)

    bucket: Mapped[str] = mapped_column(String(160), primary_key=True)
    failures: Mapped[int]
    since: Mapped[Moment]


class SetupLink(Base):
    """The one-time link that makes the first administrator of an empty instance."""

    __tablename__ = "setup_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[Moment]
