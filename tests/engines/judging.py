"""What is wrong with the answers an engine gave to a conformance case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tests.engines.cases import Case, days_in


def faults(case: Case, answers: Sequence[Any]) -> list[str]:
    """Everything that is not as the case says; `answers` are those of the case's own life."""
    mine = [answer for answer in answers if answer[0] == case.rule]
    if case.kind == "expression":
        found = _of_expression(case, mine)
    elif case.kind in ("need", "series"):
        expected = {case.rule: case.expect} if case.kind == "need" else case.expect
        found = [fault for name, expect in expected.items() for fault in _of_need(name, expect, answers)]
    elif case.kind == "indicator":
        found = _of_indicator(case, mine)
    else:
        got = {"value": mine[0].value, "do": mine[0].do} if mine else None
        found = [] if got == case.expect else [f"{got}, expected {case.expect}"]
    return [f"{case.where}: {fault}" for fault in found]


def _of_expression(case: Case, mine: Sequence[Any]) -> list[str]:
    if len(mine) != 1:
        return [f"{len(mine)} units"]
    same, is_unknown = mine[0].components["sama"], mine[0].components["kosong"]
    wanted = case.expect if case.of_type == "bool" else None if case.expect is None else True
    if is_unknown is not (case.expect is None) or same is not wanted:
        return [f"is the same {same}, is unknown {is_unknown}"]
    return []


def _of_need(name: str, expect: Any, answers: Iterable[Any]) -> list[str]:
    mine = [answer for answer in answers if answer.need == name]
    wanted = {"status": expect} if isinstance(expect, str) else dict(days_in(expect))
    if not mine:
        return [] if wanted["status"] == "not_applicable" else [f"{name} has no answer"]
    if len(mine) > 1:
        return [f"{name} has several answers"]
    return [
        f"{name} {field} {got}, expected {value}"
        for field, value in wanted.items()
        if (got := _plain(getattr(mine[0], field))) != value
    ]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _of_indicator(case: Case, mine: Sequence[Any]) -> list[str]:
    if not mine:
        return [] if case.expect["counted"] is False else ["no answer"]
    got = mine[0]._asdict()
    found = []
    for name, value in case.expect.items():
        answer = {key: got["components"][key] for key in value} if name == "components" else got[name]
        if answer != value:
            found.append(f"{name} {answer}, expected {value}")
    return found
