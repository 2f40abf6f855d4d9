"""Nodes keep what is worked out of them, and equal ones of a rule book are one object."""

from __future__ import annotations

import pickle

from siklus.library import load_book
from siklus.rules import tree as t
from siklus.rules.plan import expressions_of
from siklus.rules.sharing import shared

BIRTH = t.Shift(t.BIRTH, t.Literal(3, "int"), True)
WEIGHED = t.Aggregate(
    "exists", "timbang", None, t.Compare(">=", t.RecordField("date", "date", False), BIRTH), 0, False, "bool"
)
LATE = t.Or((t.Compare("<", t.Today(), BIRTH), WEIGHED))


def test_walking_goes_through_everything_in_reading_order() -> None:
    assert [part.__class__.__name__ for part in t.walk(LATE)] == (
        "Or Compare Today Shift Fact Literal Aggregate Compare RecordField Shift Fact Literal".split()
    )
    assert t.walk(LATE) is t.walk(LATE)
    assert [part.__class__.__name__ for part in t.outside_aggregates(LATE)] == (
        "Or Compare Today Shift Fact Literal Aggregate".split()
    )


def test_what_waits_for_the_day_is_known_of_every_part() -> None:
    assert t.needs_finish(LATE) and t.needs_finish(WEIGHED)
    assert not t.needs_finish(BIRTH)


def test_equal_nodes_are_equal_whatever_was_worked_out_of_them_before() -> None:
    again = t.Shift(t.BIRTH, t.Literal(3, "int"), True)
    assert BIRTH.parts[0] is BIRTH
    assert again == BIRTH and hash(again) == hash(BIRTH)
    assert t.Literal(1, "int") != t.Literal(True, "bool")
    assert t.Literal(3, "int", said="tiga") == t.Literal(3, "int")


def test_a_node_goes_through_a_pickle_without_what_was_worked_out_of_it() -> None:
    assert LATE.parts[0] is LATE and hash(LATE) and LATE.nullable
    again = pickle.loads(pickle.dumps(LATE))
    assert again == LATE
    assert set(vars(again)) <= {"args", "_hash"}


def test_equal_expressions_of_the_rule_book_are_one_object() -> None:
    parts = [part for _, node in expressions_of(load_book().rules) for part in t.walk(node)]
    assert len({id(part) for part in parts}) < 1.02 * len(set(parts))


def test_rules_that_are_shared_already_stay_the_objects_they_are() -> None:
    rules = load_book().rules
    assert all(a is b for a, b in zip(shared(rules).needs, rules.needs, strict=True))
