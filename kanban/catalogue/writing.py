"""An SOP written out in the form that ``forms`` reads; what has its default value is left out."""

from dataclasses import asdict
from typing import Any

from kanban.catalogue.forms import FORMAT
from kanban.domain.sop import (
    Item,
    Lane,
    Material,
    Output,
    Procedure,
    SameDay,
    Sop,
    Standard,
    Step,
    written_kind,
)
from kanban.domain.words import Text

Table = dict[str, Any]


def written(sop: Sop) -> Table:
    """``sop`` as a JSON-able dictionary in the form of an SOP file.

    The form knows one forward exit and one return a step: for an SOP without ``problems``.
    """
    return {
        "format": FORMAT,
        "slug": sop.slug,
        "number": sop.number,
        "office": sop.office,
        "signed": sop.signed.isoformat(),
        "identity": _short({name: _listed(value) for name, value in asdict(sop.identity).items()}),
        "lane": [_lane(lane) for lane in sop.lanes],
        "procedure": [_procedure(procedure) for procedure in sop.procedures],
    }


def _procedure(procedure: Procedure) -> Table:
    return _short(
        {
            "code": procedure.code,
            **_text("title", procedure.title),
            **_text("short", procedure.short),
            "total": procedure.stated_total and _standard(procedure.stated_total),
            "same_day": procedure.same_day and _same_day(procedure.same_day),
            "materials": [_material(material) for material in procedure.materials],
            "removes": procedure.removes,
            "step": [_step(step) for step in procedure.steps],
        }
    )


def _lane(lane: Lane) -> Table:
    return _short({**_keyed(lane), **_text("short", lane.short)})


def _material(material: Material) -> Table:
    return _short({**_keyed(material), "extra": [kind.value for kind in material.extra]})


def _same_day(rule: SameDay) -> Table:
    return _short({**_text("event", rule.event), "left_step": rule.left_step})


def _step(step: Step) -> Table:
    return _short(
        {
            "no": step.no,
            **_text("title", step.title),
            "lane": step.lane,
            **_standard(step.standard),
            "items": [_item(item) for item in step.items],
            "output": step.output and _output(step.output),
            "decision": step.decision,
            "approval": step.approval,
            "next": step.forward and step.forward.to,
            "back": step.back and step.back.to,
            "end": step.forward is not None and step.forward.to is None,
            "inferred": step.inferred,
            **_text("description", step.description),
        }
    )


def _item(item: Item) -> Table:
    return _short({**_text("name", item.name), "kind": item.kind, "material": _materials(item)})


def _output(output: Output) -> Table:
    return _short(
        {
            **_text("name", output.name),
            "kind": written_kind(output.needs),
            "material": _materials(output),
            "same_day": output.same_day,
        }
    )


def _materials(needing: Item | Output) -> str:
    materials = [need.material for need in needing.needs]
    return "+".join(materials if len(set(materials)) > 1 else materials[:1])


def _standard(standard: Standard) -> Table:
    return _short({"days": standard.days, "minutes": standard.minutes})


def _keyed(named: Lane | Material) -> Table:
    return _short({"key": named.key, **_text("name", named.name)})


def _text(key: str, text: Text) -> Table:
    return {key: text.id, f"{key}_en": text.en}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _short(table: Table) -> Table:
    """``table`` without what says nothing: None, False, zero and what is empty."""
    return {key: value for key, value in table.items() if value}
