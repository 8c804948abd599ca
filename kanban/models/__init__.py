"""The rows. CHECK constraints, keys and triggers carry the invariants; nothing here knows a request."""

from kanban.models.accounts import (
    Account,
    LoginFailure,
    LoginSession,
    Membership,
    MembershipLane,
    SetupLink,
)
from kanban.models.cards import Card, Tick, Visit
from kanban.models.history import Event
from kanban.models.materials import Material, MaterialFile, MaterialVersion, StoredFile
from kanban.models.office import DutySpan, Holiday, HoursPeriod, Office
from kanban.models.sops import AdoptedSop, Board, Revision

__all__ = [
    "Account",
    "AdoptedSop",
    "Board",
    "Card",
    "DutySpan",
    "Event",
    "Holiday",
    "HoursPeriod",
    "LoginFailure",
    "LoginSession",
    "Material",
    "MaterialFile",
    "MaterialVersion",
    "Membership",
    "MembershipLane",
    "Office",
    "Revision",
    "SetupLink",
    "StoredFile",
    "Tick",
    "Visit",
]
