"""The cases of conformance/sync, which the phone's replica answers too (web/tests)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from siklus.sync import protocol, wire
from siklus.sync.replica import Replica

FOLDER = Path(__file__).resolve().parents[3] / "conformance" / "sync"


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


ITEMS, ANSWERS = read("items.json"), read("answers.json")


def say(case: dict[str, Any]) -> str:
    return str(case["say"])


@pytest.mark.parametrize("case", read("replica.json")["cases"], ids=say)
def test_a_replica_keeps_what_the_steps_say(case: dict[str, Any]) -> None:
    phone = Replica(7)
    for step in case["steps"]:
        given = go(phone, step)
        assert given == step.get("gives", given)
        for name, expected in step.get("expect", {}).items():
            assert kept(phone)[name] == expected, name
        assert phone.store == step.get("holds", phone.store)
        assert list(phone.outbox.values()) == step.get("sends", list(phone.outbox.values()))


def go(phone: Replica, step: dict[str, Any]) -> Any:
    given = None
    if "write" in step:
        given = phone.write(**step["write"])
    elif "batch" in step:
        given = [item["id"] for item in phone.batch(step["batch"])]
    elif "begin" in step:
        phone.begin(**step["begin"])
    else:
        (name,) = step.keys() & {"hear", "learn", "take", "resend"}
        getattr(phone, name)(step[name])
    return given


def kept(phone: Replica) -> dict[str, Any]:
    return {
        "number": phone.number, "cursor": phone.cursor, "upto": phone.upto, "heard": phone.heard,
        "outbox": list(phone.outbox), "refused": list(phone.refused), "closed": phone.closed,
        "sent": {key: seq for key, (seq, _) in phone.sent.items()},
        "store": {key: record["seq"] for key, record in phone.store.items()},
    }  # fmt: skip


def filled(item: dict[str, Any], size: int) -> dict[str, Any]:
    """The item with a text in its data, so long that its content is of this size."""
    empty = wire.text_of({**item, "data": {"catatan": ""}})
    lacking = size - len(empty.encode())
    return {**item, "data": {"catatan": "é" * (lacking // 2) + "a" * (lacking % 2)}}


@pytest.mark.parametrize("case", ITEMS["cases"], ids=say)
def test_the_shape_of_an_item_is_judged_as_the_case_says(case: dict[str, Any]) -> None:
    sent = wire.read_item(filled(case["item"], case["filled"]) if "filled" in case else case["item"])
    assert [problem.code for problem in sent.problems] == case["codes"]
    assert (sent.draft is None) == bool(case["codes"])


@pytest.mark.parametrize("case", ITEMS["digests"], ids=say)
def test_the_same_content_has_the_same_digest(case: dict[str, Any]) -> None:
    assert wire.read_item(case["item"]).digest == case["digest"]
    assert wire.text_of(json.loads(case["content"])) == case["content"]


def test_a_version_that_is_not_spoken_is_answered_in_the_words_of_the_cases() -> None:
    for asked in ANSWERS["asked"]:
        assert (protocol.chosen(asked["version"]) is not None) == asked["spoken"], asked
        if not asked["spoken"]:
            told = protocol.update_words(asked["version"])
            assert told["words"] == ANSWERS["words"]["newer" if asked["is_newer"] else "older"], asked
            assert (told["error"], told["spoken"]) == ("protocol", [1])
