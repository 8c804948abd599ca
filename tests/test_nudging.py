"""The hub of open streams: who has one, what each is told, and that nothing is left behind."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kanban.server import nudging
from kanban.server.nudging import Hub, Sight, Stream, Viewer

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
SOON = 5.0
"""Seconds within which the hub's thread has surely looked, on a busy machine, too."""
ANNA, WALL = Viewer("session", 1, owner=1), Viewer("display", 1, owner=1)


class Office:
    """What the hub sees: boards with versions, and who may see which."""

    def __init__(self) -> None:
        self.versions = {"m1": 1, "k1": 1}
        self.admitted = {ANNA: frozenset({"m1"}), WALL: frozenset({"m1", "k1"})}
        self.faults: list[Exception] = []
        self.is_away = False
        self.hub = Hub(Sight(lambda _viewers: self.admitted, self.look), self.faults.append)

    def look(self) -> dict[str, int]:
        if self.is_away:
            raise OSError("the database is away")
        return dict(self.versions)

    def open(self, viewer: Viewer) -> Stream:
        stream = self.hub.open(viewer, "Anna", NOON, None)
        assert stream is not None
        assert stream.wait(0) is not None
        return stream

    def change(self, board: str) -> None:
        self.versions[board] += 1
        self.hub.tell()


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office in which nothing happens by itself: the hub looks when it is told, or after an hour."""
    monkeypatch.setattr(nudging, "GLANCE", 3600)
    office = Office()
    yield office
    office.hub.close()
    assert office.hub._watcher is None


def test_a_stream_begins_with_what_is_true(office: Office) -> None:
    stream = office.hub.open(WALL, "Lobi", NOON, None)
    assert stream is not None
    assert stream.wait(SOON) == {"k1": 1, "m1": 1}


def test_each_is_told_of_what_it_sees_and_of_nothing_else(office: Office) -> None:
    person, wall = office.open(ANNA), office.open(WALL)
    office.change("k1")
    assert wall.wait(SOON) == {"k1": 2, "m1": 1}
    assert not person._fresh
    office.change("m1")
    assert person.wait(SOON) == {"m1": 2}


def test_a_burst_is_told_once(office: Office) -> None:
    stream = office.open(WALL)
    for version in range(2, 50):
        stream.show({"m1": version})
    assert stream.wait(0) == {"m1": 49}
    assert not stream._fresh


def test_what_another_process_changed_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudging, "GLANCE", 0.01)
    stream = office.open(WALL)
    office.versions["k1"] = 7
    assert stream.wait(SOON) == {"k1": 7, "m1": 1}


def test_a_silent_stream_says_what_it_said_before(office: Office) -> None:
    assert office.open(ANNA).wait(0) == {"m1": 1}


def test_whoever_may_not_come_in_any_more_is_put_out_with_the_beat(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudging, "BEAT", 0)
    person, wall = office.open(ANNA), office.open(WALL)
    office.admitted = {WALL: frozenset({"k1"})}
    office.change("k1")
    assert wall.wait(SOON) == {"k1": 2}
    assert person.wait(SOON) is None
    assert person.ended_for_good


def test_who_may_see_nothing_gets_no_stream(office: Office) -> None:
    assert office.hub.open(Viewer("session", 2, owner=2), "Budi", NOON, None) is None
    assert office.hub.streams() == ()


def test_a_browser_has_one_and_a_link_as_many_as_there_are_walls(office: Office) -> None:
    first, second = office.open(ANNA), office.open(ANNA)
    one, other = office.open(WALL), office.open(WALL)
    assert first.wait(0) is None
    assert office.hub.streams() == (second, one, other)
    office.hub.leave(first)
    assert second.wait(0) == {"m1": 1}


def test_beyond_the_most_there_is_none_until_one_leaves(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudging, "STREAMS", 2)
    first = office.open(WALL)
    office.open(ANNA)
    assert office.hub.open(WALL, "Lobi", NOON, None) is None
    office.open(ANNA)  # in the place of the browser's earlier one
    office.hub.leave(first)
    office.open(WALL)


def test_one_link_leaves_the_others_theirs_and_gives_up_its_oldest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudging, "STREAMS", 4)
    monkeypatch.setattr(nudging, "OF_ONE", 2)
    other = Viewer("display", 2, owner=2)
    office.admitted |= {other: frozenset({"m1"})}
    person, hung = office.open(ANNA), office.open(other)  # owners of one number are not one owner
    walls = [office.open(WALL) for _ in range(4)]
    assert office.hub.streams() == (person, hung, *walls[2:])
    assert walls[0].wait(0) is None
    assert walls[0].ended_for_good


def test_one_account_in_many_browsers_leaves_the_others_theirs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudging, "OF_ONE", 2)
    logins = [Viewer("session", number, owner=1) for number in (11, 12, 13)]
    office.admitted |= {login: frozenset({"m1"}) for login in logins}
    first, second = office.open(logins[0]), office.open(logins[1])
    again = office.open(logins[0])  # ends its own earlier one and no other browser's
    assert office.hub.streams() == (second, again)
    third = office.open(logins[2])
    assert office.hub.streams() == (again, third)
    assert (first.wait(0), second.wait(0)) == (None, None)


def test_one_that_cannot_see_says_so_once_and_sees_again(office: Office) -> None:
    stream = office.open(ANNA)
    office.is_away = True
    office.hub._look((stream,), anew=False)
    office.hub._look((stream,), anew=False)
    assert len(office.faults) == 1
    office.is_away = False
    office.change("m1")
    assert stream.wait(SOON) == {"m1": 2}


def test_when_the_server_stops_all_end_at_once_and_may_come_back(office: Office) -> None:
    stream = office.open(WALL)
    office.hub.close()
    assert stream.wait(0) is None
    assert not stream.ended_for_good
    assert office.hub._watcher is None
    again = office.open(WALL)
    office.change("m1")
    assert again.wait(SOON) == {"k1": 1, "m1": 2}
