"""The rows. CHECK constraints, keys and triggers carry the invariants; nothing here knows a request."""

from kanban.models.accounts import (
    Account,
    ActingSpan,
    LoginFailure,
    LoginSession,
    Membership,
    MembershipLane,
    SetupLink,
)
from kanban.models.cards import Card, Removal, Return, ReturnReason, Tick, Visit
from kanban.models.history import Event
from kanban.models.materials import (
    Material,
    MaterialDraft,
    MaterialFile,
    MaterialVersion,
    StoredFile,
)
from kanban.models.office import DutySpan, Holiday, HoursPeriod, Office
from kanban.models.sops import AdoptedSop, Board, Revision
from kanban.models.talk import Comment, CommentWording, MutedNotice, Notice, ReadWarning

__all__ = [
    "Account",
    "ActingSpan",
    "AdoptedSop",
    "Board",
    "Card",
    "Comment",
    "CommentWording",
    "DutySpan",
    "Event",
    "Holiday",
    "HoursPeriod",
    "LoginFailure",
    "LoginSession",
    "Material",
    "MaterialDraft",
    "MaterialFile",
    "MaterialVersion",
    "Membership",
    "MembershipLane",
    "MutedNotice",
    "Notice",
    "Office",
    "ReadWarning",
    "Removal",
    "Return",
    "ReturnReason",
    "Revision",
    "SetupLink",
    "StoredFile",
    "Tick",
    "Visit",
]
