"""Versions of a form: how answers given on an older one read on a newer one. The older one stays as it was.

A newer version says what became of every question of the one before: kept (same id, same type), `renamed`, its words
changed (`values`), `split` (a code that became a yes/no of its own), or `dropped`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from siklus.library.forms.model import Form, Item, Mapped
from siklus.rules.source import Faults, did_you_mean

Answers = Mapping[str, Any]


def carried(versions: Sequence[Form], answers: Answers, made_with: int) -> dict[str, Any]:
    """Answers given on version `made_with` as answers of the last of `versions`, which rise without gaps.

    What the newer form no longer asks is left out; the record itself keeps it for ever.
    """
    found = dict(answers)
    for form in versions:
        if form.version > made_with:
            assert form.mapped is not None
            found = _carried(form.mapped, found)
    return found


def _carried(mapped: Mapped, answers: Answers) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in answers.items():
        if name in mapped.dropped:
            continue
        if name in mapped.split:
            target = mapped.split[name].get(str(value))
            if target is not None:
                found[target] = True
            continue
        words = mapped.values.get(name, {})
        found[mapped.renamed.get(name, name)] = words.get(_word(value), value)
    return found


def _word(value: Any) -> str:
    return {True: "ya", False: "tidak"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def check_versions(versions: Sequence[Form], faults: Faults) -> None:
    """Every version after the first says what became of each question of the one before."""
    for place, form in enumerate(versions):
        if form.version != place + 1:
            faults.add(
                "F12", form.mark, f"'{form.name}' has version {form.version}, but no version {place + 1}"
            )
            return
        if place == 0:
            if form.mapped is not None:
                faults.add("F12", form.mapped.mark, "the first version maps nothing")
            continue
        if form.mapped is None or form.mapped.before != form.version - 1:
            at = form.mapped.mark if form.mapped else form.mark
            faults.add("F12", at, f"version {form.version} has 'maps' with 'from: {form.version - 1}'")
            continue
        if form.since < versions[place - 1].since:
            faults.add("F12", form.mark, f"version {form.version} stands before the one it follows")
        for found, hint in _lost(versions[place - 1], form, form.mapped):
            faults.add("F12", form.mapped.mark, found, hint)


def _lost(older: Form, newer: Form, mapped: Mapped) -> Iterator[tuple[str, str]]:
    now = {item.id: item for item in newer.questions}
    before = {item.id: item for item in older.questions}
    for name in (*mapped.renamed, *mapped.values, *mapped.split, *mapped.dropped):
        if name not in before:
            yield f"'{name}' was no question of version {older.version}.", did_you_mean(name, before)
    for name, item in before.items():
        if name in mapped.dropped:
            continue
        targets = (
            list(mapped.split[name].values()) if name in mapped.split else [mapped.renamed.get(name, name)]
        )
        for target in targets:
            if target not in now:
                yield f"'{name}' of version {older.version} is lost;", "say renamed, split or dropped"
            elif name not in mapped.values and name not in mapped.split and not _is_same(item, now[target]):
                yield f"'{name}' is another thing in version {newer.version};", "say how its values read now"


def _is_same(older: Item, newer: Item) -> bool:
    return older.field.type == newer.field.type
