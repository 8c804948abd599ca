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
from kanban.models.cards import Card, MissReason, Removal, Return, Suspension, Tick, Visit
from kanban.models.displays import Display, DisplayBoard, DisplayLink, Pairing, TextSize, Theme
from kanban.models.history import Event
from kanban.models.materials import (
    Material,
    MaterialDraft,
    MaterialFile,
    MaterialVersion,
    StoredFile,
)
from kanban.models.office import (
    DutySpan,
    Holiday,
    HoursPeriod,
    JointLeaveYear,
    Office,
    WorkWeek,
)
from kanban.models.reasons import OfficeReason, Purpose
from kanban.models.reports import ReportMonth
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
    "Display",
    "DisplayBoard",
    "DisplayLink",
    "DutySpan",
    "Event",
    "Holiday",
    "HoursPeriod",
    "JointLeaveYear",
    "LoginFailure",
    "LoginSession",
    "Material",
    "MaterialDraft",
    "MaterialFile",
    "MaterialVersion",
    "Membership",
    "MembershipLane",
    "MissReason",
    "MutedNotice",
    "Notice",
    "Office",
    "OfficeReason",
    "Pairing",
    "Purpose",
    "ReadWarning",
    "Removal",
    "ReportMonth",
    "Return",
    "Revision",
    "SetupLink",
    "StoredFile",
    "Suspension",
    "TextSize",
    "Theme",
    "Tick",
    "Visit",
    "WorkWeek",
]
