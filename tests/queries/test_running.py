"""The running cards of a board as everybody counts them: read once for all, and never what was before."""

from datetime import timedelta

from kanban.bench.figures import counted
from kanban.extensions import db
from kanban.now import now
from kanban.operations.assign_holder import assign_holder
from kanban.operations.disable_account import disable_account
from kanban.queries.access import visible_boards
from kanban.queries.bar import BoardLine, board_lines
from kanban.queries.calendar import office_calendar
from kanban.queries.running import running_cards
from tests.office import Office


def lines_of(office: Office, username: str) -> dict[str, BoardLine]:
    db.session.rollback()
    boards = visible_boards(office.id_of(username), now())
    return {line.slug: line for line in board_lines(boards, office_calendar(), now())}


def holder_of(office: Office, card_id: int) -> int | None:
    """Who keeps the card in time, as all who are warned of it are told."""
    db.session.rollback()
    boards = visible_boards(office.id_of("admin"), now())
    access = next(board for board in boards if board.slug == "m1")
    cards = running_cards(access, office_calendar(), now()).cards
    return next(card.holder_id for card in cards if card.id == card_id)


def test_what_one_has_asked_for_is_read_for_the_others(office: Office) -> None:
    office.start("m1")
    office.advance(office.start("m1"), to=2)
    assert lines_of(office, "pr")["m1"].waiting == 1
    boards = visible_boards(office.id_of("pp"), now())
    calendar = office_calendar()
    with counted(db.engine) as statements:
        (m1,) = (line for line in board_lines(boards, calendar, now()) if line.slug == "m1")
    assert (m1.running, m1.waiting, statements) == (2, 1, [])


def test_a_change_is_counted_at_once(office: Office) -> None:
    card = office.start("m1")
    assert lines_of(office, "pp")["m1"].waiting == 0
    office.advance(card, to=2)
    assert lines_of(office, "pp")["m1"].waiting == 1
    assert lines_of(office, "pr")["m1"].waiting == 0


def test_a_card_is_late_from_the_moment_it_is_due(office: Office) -> None:
    due = office.visit(office.start("m1")).due_at
    office.at(due - timedelta(seconds=2))
    assert lines_of(office, "pr")["m1"].overdue == 0
    office.at(due + timedelta(seconds=2))
    assert lines_of(office, "pr")["m1"].overdue == 1


def test_who_holds_a_card_counts_while_able_to_act_in_its_lane(office: Office) -> None:
    card, deputy = office.start("m1"), office.id_of("wakil")
    office.advance(card, to=2)
    assert holder_of(office, card) is None
    assign_holder(card, office.id_of("admin"), office.card(card).version, deputy, now())
    assert holder_of(office, card) == deputy
    disable_account(deputy, office.id_of("admin"), now())
    assert holder_of(office, card) is None
