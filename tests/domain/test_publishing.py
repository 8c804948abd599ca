"""What follows from publishing, for every procedure that ships."""

import pytest

from kanban.catalogue.schema import catalogue
from kanban.domain.moves import Actor, Capacity
from kanban.domain.publishing import correctable_by, notice_of, passing_on
from kanban.domain.sop import Procedure

PROCEDURES = {procedure.code: procedure for sop in catalogue() for procedure in sop.procedures}


def person(*lanes: str, supervisor: bool = False) -> Actor:
    return Actor(1, "Seseorang", tuple(Capacity(lane) for lane in lanes), supervisor)


def keys(procedure: Procedure) -> set[str]:
    return {material.key for material in procedure.materials}


@pytest.mark.parametrize("code", ["M1", "M2", "M3", "M4", "K1"])
def test_content_is_published_where_the_last_step_gives_a_link(code: str) -> None:
    assert PROCEDURES[code].publishes == "tautan"


def test_an_order_to_remove_publishes_nothing_and_nobody_corrects_it() -> None:
    procedure = PROCEDURES["M5"]
    assert (procedure.publishes, procedure.removes) == (None, "konten")
    assert correctable_by(procedure, person("PP", "AM", supervisor=True)) == frozenset()


@pytest.mark.parametrize(
    ("code", "approving", "publishing", "other"),
    [
        ("M1", "PP", "AM", "PR"),
        ("M2", "PP", "AM", "PR"),
        ("M3", "PP", "AM", "AS"),
        ("M4", "PP", "AM", "PR"),
        ("K1", "KS", "PJ", "ST"),
    ],
)
def test_who_approved_last_corrects_all_and_who_published_the_link(
    code: str, approving: str, publishing: str, other: str
) -> None:
    procedure = PROCEDURES[code]
    assert correctable_by(procedure, person(approving)) == keys(procedure)
    assert correctable_by(procedure, person(supervisor=True)) == keys(procedure)
    assert correctable_by(procedure, person(publishing)) == {"tautan"}
    assert correctable_by(procedure, person(other)) == frozenset()
    assert correctable_by(procedure, person()) == frozenset()


def test_only_one_procedure_has_a_notice_of_its_own() -> None:
    assert {code: notice_of(p) for code, p in PROCEDURES.items() if notice_of(p)} == {
        "K1": "pemberitahuan"
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("M1", "tautan disampaikan kepada pimpinan"),
        ("M2", "tautan disampaikan kepada pimpinan"),
        ("M3", "tautan disampaikan kepada pimpinan"),
        ("M4", None),
        ("M5", None),
        ("K1", "tautan dibagikan ke grup"),
    ],
)
def test_the_item_that_the_link_was_passed_on_is_known(code: str, name: str | None) -> None:
    step = PROCEDURES[code].finishing
    assert step is not None
    no = passing_on(step)
    assert (step.items[no - 1].name.id if no else None) == name
