"""A dashboard of a place in a month: one line a figure, and one figure by its parts, by month, by sex and age.

A share always says what it is out of. Events are added up from January; a state is that of the month. An arrow compares
with the month before, in words too, so that it is read on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, words
from siklus.kernel.dates import MONTHS_PER_YEAR
from siklus.library.dashboards import Goal, Line, Part
from siklus.library.splits import AgeGroup, FactSplit
from siklus.monitoring.figures import Counted, Found

UP, DOWN, SAME = "up", "down", "same"
_HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A line at a place in a month. Each is None when the month was not counted, or there is nothing to divide by."""

    month: int | None
    part: int | None
    whole: int | None

    @property
    def ratio(self) -> float | None:
        """Part of whole."""
        return None if self.part is None or not self.whole else self.part / self.whole


TargetOf = Callable[[str], int | None]


def value_of(line: Line, found: Found, months: Sequence[str], target_of: TargetOf) -> Value:
    """The line in the last of these months; they are those of a year from January on."""
    held = [name for name in months if _is_counted(found, name)]
    if not months or months[-1] not in held:
        return Value(month=None, part=None, whole=None)
    taken = held if line.adds else [months[-1]]
    month = _number(line.part, found, months[-1])
    if line.adds and len(held) < len(months):  # a sum with a month missing would read as a fall
        return Value(month=month, part=None, whole=None)
    part = sum(_number(line.part, found, name) for name in taken)
    return Value(month=month, part=part, whole=_whole(line, found, taken, len(months), target_of))


def _is_counted(found: Found, month: str) -> bool:
    return any(period == month for period, _name in found)


def _number(part: Part, found: Found, month: str) -> int:
    counted = found.get((month, part.indicator))
    return 0 if counted is None else counted.of(part.what)


def _whole(line: Line, found: Found, months: Sequence[str], gone: int, target_of: TargetOf) -> int | None:
    if line.target:
        target = target_of(line.target)
        return None if target is None else round(target * gone / MONTHS_PER_YEAR)
    if line.is_of_known:
        return sum(_known(found.get((name, line.part.indicator)), line.part.what) for name in months)
    if line.whole:
        return sum(_number(part, found, name) for part in line.whole for name in months)
    return None


def _known(counted: Counted | None, what: str) -> int:
    return 0 if counted is None else sum(counted.component(what)[:2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; words are ready."""

    title: str
    href: str
    month: figures.Door
    male: str
    female: str
    so_far: str
    whole: str
    share: str
    before: str
    way: str
    way_said: str
    is_good: bool | None
    goal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardPage:
    """Everything the page shows; `first` heads the first column."""

    title: str
    as_of: figures.AsOf
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    choices: tuple[figures.Choice, ...]
    hidden: tuple[tuple[str, str], ...]
    first: str
    tables: tuple[Table, ...]
    back: str
    notes: tuple[str, ...]
    empty_title: str
    empty_said: str


def row_of(
    title: str,
    line: Line,
    now: Value,
    before: Value,
    *,
    href: str = "",
    names: str = "",
    split: Mapping[str, int] | None = None,
    is_of_places: bool = False,
) -> Row:
    """The words of a line. `names` is the way to the people of this month; places have no people and no goal."""
    way = way_of(now, before)
    empty = figures.Door("" if is_of_places else words.UNKNOWN)
    return Row(
        title=title,
        href=href,
        month=figures.door(now.month, names) if now.month is not None else empty,
        male=_of_sex(split, "l"),
        female=_of_sex(split, "p"),
        so_far=words.number(now.part) if line.adds and now.part is not None else "",
        whole=words.number(now.whole) if now.whole is not None else "",
        share=words.share(now.part, now.whole) if now.whole else "",
        before=words.share(before.part, before.whole) if before.whole else "",
        way=way,
        way_said=way_words(way),
        is_good=None if way in ("", SAME) else (way == UP) is line.is_high_good,
        goal="" if is_of_places else _goal_words(line.goal, now),
    )


def way_of(now: Value, before: Value) -> str:
    """Up, down or the same as the month before; empty when one of them is not known."""
    if now.ratio is None or before.ratio is None:
        return ""
    return SAME if now.ratio == before.ratio else UP if now.ratio > before.ratio else DOWN


def way_words(way: str) -> str:
    """The arrow in words."""
    return {UP: _("naik"), DOWN: _("turun"), SAME: _("tetap")}.get(way, "")


def keeps(goal: Goal, value: Value) -> bool | None:
    """Whether a place keeps a goal; None where there is nobody to judge by."""
    if value.ratio is None:
        return None
    percent = value.ratio * _HUNDRED
    return percent >= goal.percent if goal.is_least else percent <= goal.percent


def _goal_words(goal: Goal | None, now: Value) -> str:
    if goal is None or goal.of:
        return ""
    kept = keeps(goal, now)
    return "" if kept is None else _("tercapai") if kept else _("belum tercapai")


def _of_sex(split: Mapping[str, int] | None, sex: str) -> str:
    if split is None:
        return ""
    return words.number(sum(number for group, number in split.items() if group.partition(":")[0] == sex))


def age_rows(split: Mapping[str, int], groups: Sequence[AgeGroup]) -> list[tuple[str, int, int, int]]:
    """(age group, boys and men, girls and women, sex not known) of those groups in which there is anybody."""
    titles = [(group.key, words.titled(group.title, group.title_en)) for group in groups]
    return _rows_by_sex(split, (*titles, ("", _("Umur belum diketahui"))))


def fact_rows(split: Mapping[str, int], by: FactSplit) -> list[tuple[str, int, int, int]]:
    """The same by the answers of a fact; who was never asked is a row too."""
    return _rows_by_sex(
        split, [(group.key, words.titled(group.title, group.title_en)) for group in by.groups]
    )


def _rows_by_sex(
    split: Mapping[str, int], titles: Iterable[tuple[str, str]]
) -> list[tuple[str, int, int, int]]:
    rows = [
        (title, split.get(f"l:{key}", 0), split.get(f"p:{key}", 0), split.get(f":{key}", 0))
        for key, title in titles
    ]
    return [row for row in rows if any(row[1:])]
