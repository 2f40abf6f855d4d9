"""The cases of conformance/records, which the phone's checks answer too (web/tests)."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytest

from siklus.kernel.dates import parse_day
from siklus.library.phone import vocabulary_words
from siklus.records import measures
from siklus.records.checks import Surroundings, check_record
from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.records.naming import OwnRecord
from siklus.records.values import Reader, to_engine, to_wire
from siklus.records.words import as_written, number, shown_day
from siklus.rules.fields import Field
from siklus.rules.vocabulary import Vocabulary, build_vocabulary

FOLDER = Path(__file__).resolve().parents[3] / "conformance" / "records"


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def words() -> Vocabulary:
    return build_vocabulary([("vocabulary.json", read("vocabulary.json"))])


@pytest.mark.parametrize("case", read("checks.json")["cases"], ids=lambda case: case["say"])
def test_a_record_at_the_door(case: dict[str, Any]) -> None:
    told = case.get("around", {})
    days = {name: parse_day(told[name]) for name in ("today", "birth", "died") if name in told}
    records = told.get("records")
    around = Surroundings(
        **{"today": parse_day("2026-11-21"), **days},
        needs=told.get("needs"),
        records=records and {name: OwnRecord(**each) for name, each in records.items()},
    )
    written = {name: case[name] for name in ("kind", "data", "by_role", "place_kind") if name in case}
    found = check_record(**written, on=parse_day(case["on"]), vocabulary=words(), around=around)
    assert {
        "data": dict(found.data),
        "by_role": found.by_role,
        "place_kind": found.place_kind,
        "problems": [str(problem) for problem in found.problems],
        "odd": [str(problem) for problem in found.odd],
    } == case["expect"]


def test_the_cases_meet_every_kind_of_problem() -> None:
    told = {text[:3] for case in read("checks.json")["cases"] for text in case["expect"]["problems"]}
    odd = {text[:3] for case in read("checks.json")["cases"] for text in case["expect"]["odd"]}
    assert told | odd == {f"K{number:02}" for number in range(1, 16)}


def test_other_languages_read_the_same_vocabulary() -> None:
    assert vocabulary_words(words()) == read("exported.json")


def test_values_are_read_for_engines_and_written_back_alike() -> None:
    cases, vocabulary = read("values.json"), words()
    for path, wire, value in cases["to_engine"]:
        got = to_engine(_field(vocabulary, path), wire)
        assert (got, type(got)) == (value, type(value)), (path, wire)
    for path, value, wire in cases["to_wire"]:
        assert to_wire(_field(vocabulary, path), value) == wire
    for facts, expected in cases["facts"]:
        assert Reader(vocabulary).facts(facts) == expected


def _field(vocabulary: Vocabulary, path: str) -> Field:
    kind, name = path.split(".")
    return vocabulary.kinds[kind].fields[name]


@pytest.mark.parametrize("case", read("values.json")["logs"], ids=lambda case: case["say"])
def test_a_log(case: dict[str, Any]) -> None:
    counted = effective(StoredRecord(person=None, household=None, **row) for row in case["rows"])
    assert [row.id for row in counted] == case["effective"]
    assert [Reader(words()).record(row) for row in counted] == case["read"]


def test_values_are_written_and_words_are_guessed_alike() -> None:
    cases = read("writing.json")
    assert [number(value) for value, _ in cases["numbers"]] == [text for _, text in cases["numbers"]]
    assert [shown_day(parse_day(day)) for day, _ in cases["days"]] == [text for _, text in cases["days"]]
    assert [as_written(value) for value, _ in cases["as_written"]] == [
        text for _, text in cases["as_written"]
    ]
    assert [round(value, places) for value, places, _ in cases["rounded"]] == [
        x for *_, x in cases["rounded"]
    ]
    assert [measures.places_of(value) for value, _ in cases["places"]] == [x for _, x in cases["places"]]
    for word, known, at_least, nearest in cases["nearest"]:
        assert (get_close_matches(word, known, n=1, cutoff=at_least) or [None]) == [nearest]
