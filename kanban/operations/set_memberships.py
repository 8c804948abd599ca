"""Setting what an account is in which SOP. It counts from the next request of the person."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete

from kanban.domain.words import N_, Sentence
from kanban.extensions import db
from kanban.models import Membership, MembershipLane
from kanban.models.transactions import writing
from kanban.operations.accounts import record, require_administrator, take_account
from kanban.operations.boards import bump_boards
from kanban.operations.end_acting import end_actings_of
from kanban.operations.errors import Invalid, Stale
from kanban.queries.accounts import Rights, adopted_sops, rights_of


def set_memberships(
    account_id: int,
    rights: Mapping[int, Rights],
    seen: str,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Let ``rights``, by the SOP's id, be all that the account is.

    ``seen`` is the ``mark_of`` the rights that the change was made on; raises Stale where they
    changed since, so that nobody brings back what another administrator has just taken away. Raises
    NotVisible unless an administrator asks, and Invalid where there is no such SOP or lane.
    """
    with writing():
        require_administrator(actor_id)
        take_account(account_id)
        if mark_of(rights_of(account_id)) != seen:
            raise Stale
        require_known(rights)
        write_memberships(account_id, rights, actor_id, now)


def require_known(rights: Mapping[int, Rights]) -> None:
    """Raises Invalid where ``rights`` name an SOP or a lane that this instance does not have."""
    sops = adopted_sops()
    for sop_id, right in rights.items():
        known = {lane.key for lane in sops[sop_id].lanes} if sop_id in sops else set()
        held = [capacity.lane for capacity in right.lanes]
        if sop_id not in sops or not known.issuperset(held) or len(set(held)) < len(held):
            raise Invalid({"rights": Sentence.of(N_("Lajur atau SOP ini tidak dikenal."))})


def mark_of(rights: Mapping[int, Rights]) -> str:
    """A short mark that differs where the rights do."""
    written = json.dumps([(sop_id, _written(rights[sop_id])) for sop_id in sorted(rights)])
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def write_memberships(
    account_id: int, rights: Mapping[int, Rights], actor_id: int | None, now: datetime
) -> None:
    """Write the rights within the caller's transaction, an event for each SOP that changes."""
    before = rights_of(account_id)
    for sop_id in sorted(before.keys() | rights.keys()):
        if before.get(sop_id) == rights.get(sop_id):
            continue
        _end_membership(account_id, sop_id)
        if sop_id in rights:
            _begin_membership(account_id, sop_id, rights[sop_id])
        elif actor_id is not None:  # a command makes accounts and takes nothing away
            end_actings_of(account_id, sop_id, actor_id, now)
        record(
            "memberships_set",
            now,
            actor_id,
            account_id,
            sop_id,
            before=_written(before.get(sop_id)),
            after=_written(rights.get(sop_id)),
        )
        bump_boards(sop_id)


def _end_membership(account_id: int, sop_id: int) -> None:
    """The lanes go with it (ON DELETE CASCADE)."""
    db.session.execute(
        delete(Membership).where(Membership.account_id == account_id, Membership.sop_id == sop_id)
    )


def _begin_membership(account_id: int, sop_id: int, right: Rights) -> None:
    db.session.add(
        Membership(
            account_id=account_id,
            sop_id=sop_id,
            supervisor=right.supervisor,
            lanes=[
                MembershipLane(lane=capacity.lane, deputy=capacity.deputy)
                for capacity in right.lanes
            ],
        )
    )


def _written(right: Rights | None) -> dict[str, object] | None:
    """What a member is, as the history keeps it; None: no member."""
    if right is None:
        return None
    return {
        "lanes": sorted(capacity.lane for capacity in right.lanes if not capacity.deputy),
        "deputy": sorted(capacity.lane for capacity in right.lanes if capacity.deputy),
        "supervisor": right.supervisor,
    }
