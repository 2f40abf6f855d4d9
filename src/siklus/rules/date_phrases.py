"""Dates of the rule language as Indonesian phrases that follow `mulai`, `sebelum` or `sejak`: `umur 9 bulan`.

A limit that is itself not included (`until`) is told by its last day: `sampai dan termasuk umur 7 hari`.
"""

from __future__ import annotations

from collections.abc import Callable

from siklus.kernel.dates import MONTHS_PER_YEAR, NEVER
from siklus.rules import tree as t
from siklus.rules.shown import MONTHS, length

Say = Callable[[t.Node], str]
_STARTS = {
    "start_of_month": ("bulan", 1),
    "start_of_year": ("tahun", MONTHS_PER_YEAR),
    "start_of_school_year": ("tahun ajaran", MONTHS_PER_YEAR),
    "start_of_week": ("minggu", 0),
}
_WHICH = {-1: "lalu", 0: "ini", 1: "depan"}


def shifted(node: t.Shift, say: Say) -> str:
    """A date moved by a length of time."""
    if not isinstance(node.count, t.Literal):
        return _by_a_number(node, say)
    base, steps = peeled(node)
    bound = occurrence_bound(base)
    if bound and bound.startswith("awal bulan") and steps == [(1, True), (-1, False)]:
        return f"akhir{bound.removeprefix('awal')}"
    if steps[-1] == (-1, False) and len(steps) > 1:
        return f"sehari sebelum {say(node.date)}"
    if isinstance(base, t.Call) and base.function in _STARTS:
        found = _of_calendar(base, steps)
        if found:
            return found
    of_birth = isinstance(base, t.Fact) and base.name == t.BIRTH.name
    if steps == [(1, False)] and not of_birth:
        return f"sehari sesudah {say(base)}"
    if all(count >= 0 for count, _ in steps):
        spans = " ".join(length(count, in_months, not of_birth) for count, in_months in steps)
        if of_birth:
            return f"umur {spans}"
        since = "sejak" if isinstance(base, t.Fact) else "sesudah"
        return f"{spans} {since} {say(base)}"
    count, in_months = steps[-1]
    if count == -1 and not in_months:
        return f"sehari sebelum {say(node.date)}"
    word = "sebelum" if count < 0 else "sesudah"
    return f"{length(abs(count), in_months)} {word} {say(node.date)}"


def last_day(limit: t.Node, say: Say) -> str:
    """The last day that still counts before an exclusive limit."""
    if isinstance(limit, t.Literal) and limit.value is not None and limit.value >= NEVER:
        return "tanpa batas waktu"
    if isinstance(limit, t.Shift) and isinstance(limit.count, t.Literal) and not limit.in_months:
        count = limit.count.value
        if count == 1:
            return f"sampai dan termasuk {say(limit.date)}"
        if count > 1:
            return f"sampai dan termasuk {say(t.Shift(limit.date, t.Literal(count - 1, 'int'), False))}"
    return f"sampai sehari sebelum {say(limit)}"


def start_of(node: t.Call, say: Say) -> str:
    """`awal bulan ini`, or of the month of another day."""
    name, _ = _STARTS[node.function]
    if isinstance(node.args[0], t.Today):
        return f"awal {name} ini"
    return f"awal {name} dari {say(node.args[0])}"


def peeled(node: t.Node) -> tuple[t.Node, list[tuple[int, bool]]]:
    """A date without the lengths of time added to it, and those lengths in the order of writing."""
    steps: list[tuple[int, bool]] = []
    while isinstance(node, t.Shift) and isinstance(node.count, t.Literal):
        steps.insert(0, (node.count.value, node.in_months))
        node = node.date
    return node, steps


def occurrence_bound(node: t.Node) -> str | None:
    """The start or the end of a campaign or of an age group; None for anything else."""
    if isinstance(node, t.Shift) and isinstance(node.count, t.Choice):
        reached = node.count.then
        is_start = isinstance(reached, t.Literal) and reached.value == _condition_number(node.count)
        return "awal kelompok umur ini" if is_start else "awal kelompok umur berikutnya"
    if isinstance(node, t.Choice) and isinstance(node.then, t.Shift) and _condition_number(node) is not None:
        if not isinstance(node.then.count, t.Literal):
            return None
        months = _campaign_months(node)
        if node.then.count.value + 1 == _condition_number(node):
            return f"awal bulan kegiatan ini ({months})"
        return f"awal bulan kegiatan berikutnya ({months})"
    return None


def _by_a_number(node: t.Shift, say: Say) -> str:
    bound = occurrence_bound(node)
    return bound or f"{say(node.date)} ditambah {say(node.count)}"


def _of_calendar(base: t.Call, steps: list[tuple[int, bool]]) -> str | None:
    """`awal bulan depan`, `14 hari sesudah 1 Agu tahun ini`; None where it is better told as lengths of time."""
    months = [count for count, in_months in steps if in_months]
    days = [count for count, in_months in steps if not in_months]
    is_mixed = any(not in_months for _, in_months in steps[: len(months)])
    if not isinstance(base.args[0], t.Today) or len(days) > 1 or is_mixed:
        return None
    start = _first_of(base.function, sum(months))
    if start is None or not days:
        return start
    return f"{length(abs(days[0]), False)} {'sebelum' if days[0] < 0 else 'sesudah'} {start}"


def _first_of(function: str, months: int) -> str | None:
    name, width = _STARTS[function]
    if not width:
        return None
    if months % width == 0 and months // width in _WHICH:
        return f"awal {name} {_WHICH[months // width]}"
    years, month = divmod(months, MONTHS_PER_YEAR)
    if function == "start_of_year" and years in _WHICH:
        return f"1 {MONTHS[month]} tahun {_WHICH[years]}"
    return None


def _condition_number(node: t.Choice) -> int | None:
    condition = node.condition
    if (
        isinstance(condition, t.Compare)
        and isinstance(condition.left, t.Call)
        and isinstance(condition.right, t.Literal)
        and condition.left.function in ("month", "age_months")
    ):
        return int(condition.right.value)
    return None


def _campaign_months(node: t.Node) -> str:
    """The listed months, latest condition outermost."""
    found: list[str] = []
    while isinstance(node, t.Choice):
        number = _condition_number(node)
        if number is not None:
            found.insert(0, MONTHS[number - 1])
        node = node.other
    return ", ".join(found)
