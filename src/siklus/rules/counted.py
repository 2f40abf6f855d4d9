"""Which records settle a need, and which only look so: too early, too late, by another hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need
from siklus.rules.clauses import denied
from siklus.rules.deciding import rests_on
from siklus.rules.known import Known
from siklus.rules.plan import conjuncts
from siklus.rules.reason_words import fill
from siklus.rules.sentences import Words
from siklus.rules.shown import shown_day
from siklus.rules.vocabulary import MEMBER


def step_of(need: Need) -> tuple[str, t.EarliestWithin] | None:
    """Of a step of a series, the name and the expression of the day that settles it."""
    return next(
        ((name, node) for name, node in need.steps if isinstance(node, t.EarliestWithin)),
        None,
    )


def settling(need: Need) -> list[t.Aggregate]:
    """The records that settle a need: of an `exists` the first of them does, of a `last` the last."""
    return [
        node
        for node in rests_on(need.done)
        if isinstance(node, t.Aggregate)
        and node.function in ("exists", "last")
        and node.kind != MEMBER
        and node.field in (None, "date")
    ]


def window_of(need: Need) -> t.Aggregate | None:
    """The records of a need with one window, where the window does not itself rest on them."""
    done = need.done
    if need.repeats is not None or not isinstance(done, t.Aggregate) or done.function != "exists":
        return None
    if done.kind == MEMBER:
        return None
    found = rests_on(need.opens)
    rests_on_them = any(isinstance(part, t.Aggregate) and part.kind == done.kind for part in found)
    return None if rests_on_them else done


def counted_days(known: Known, need: Need) -> list[int]:
    """The days that settle a need that is done; empty where it is settled by something else than a record."""
    step = step_of(need)
    if step is not None:
        day = known.step_value(step[0])
        return [] if day is None else [day]
    found: set[int] = set()
    for node in settling(need):
        days = [record["date"] for record, holds in known.judged(node) if holds is True]
        if days:
            found.add(days[0] if node.function == "exists" else days[-1])
    return sorted(found)


def not_counted(
    known: Known, need: Need, before: Sequence[str], answer: NeedAnswer, words: Words
) -> list[tuple[int, str]]:
    """(day, why) of records of the right kind that settle nothing, in order. `before` are the steps before this one."""
    step = step_of(need)
    if step is not None:
        taken = {known.step_value(f"{name}.on") for name in (*before, need.name)}
        return _of_series(known, step[1], taken, answer)
    window = window_of(need)
    return [] if window is None else _of_window(known, window, answer, words)


def _of_series(
    known: Known, node: t.EarliestWithin, taken: Collection[int | None], answer: NeedAnswer
) -> list[tuple[int, str]]:
    days = [day for day in dict.fromkeys(known.value(node.dates)) if day not in taken]
    return [(day, why) for day in days if (why := _outside(day, answer))]


def _of_window(known: Known, done: t.Aggregate, answer: NeedAnswer, words: Words) -> list[tuple[int, str]]:
    parts = conjuncts(done.where)
    told = []
    for record, holds in known.judged(done):
        failing = [part for part in parts if known.value(part, record) is False]
        if holds is not False or any(chooses(part, words, done.kind) for part in failing):
            continue
        day = record["date"]
        other = [part for part in failing if not speaks_of_date(part)]
        inside = words.of_kind(done.kind)
        why = _outside(day, answer) or (denied(inside, other[0]) if other else "")
        if why:
            told.append((day, why))
    return told


def _outside(day: int, answer: NeedAnswer) -> str:
    if answer.opens is not None and day < answer.opens:
        return fill("too_early", day=shown_day(answer.opens))
    if answer.until is not None and day >= answer.until:
        return fill("too_late", day=shown_day(answer.until - 1))
    return ""


def chooses(part: t.Node, words: Words, kind: str) -> bool:
    """True where a condition says which records are meant at all (this vaccine, this capsule)."""
    fields = words.vocabulary.fields_of(kind)
    named = (node.name for node in t.walk(part) if isinstance(node, t.RecordField))
    return any(name != "date" and name in fields and not fields[name].nullable for name in named)


def speaks_of_date(part: t.Node) -> bool:
    """True where a condition is about the day of the record."""
    return any(isinstance(node, t.RecordField) and node.name == "date" for node in t.walk(part))
