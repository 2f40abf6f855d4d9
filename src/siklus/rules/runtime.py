"""What generated Python leans on: month arithmetic from tables and small three-valued pieces.

The tables hold what `kernel.dates` computes; outside them the formula itself is used, so the answers are the same.
"""

from __future__ import annotations

from array import array

from siklus.kernel import dates

_FIRST_MONTH = dates.month_index(dates.parse_day("1880-01-01"))
_MONTHS = 12 * 260
_SHORTEST_MONTH = 28
_REMEMBERED = 20_000
FIRST = [dates.first_day_of(_FIRST_MONTH + n) for n in range(_MONTHS + 1)]
LOW, HIGH = FIRST[0], FIRST[_MONTHS]
MONTH = array("h")
for _number in range(_MONTHS):
    MONTH.extend([_number] * (FIRST[_number + 1] - FIRST[_number]))


def add_months(day: int, months: int) -> int:
    """`kernel.dates.add_months`, from the tables."""
    if LOW <= day < HIGH:
        here = MONTH[day - LOW]
        there = here + months
        if 0 <= there < _MONTHS:
            moved = FIRST[there] + day - FIRST[here]
            stop = FIRST[there + 1]
            return moved if moved < stop else stop - 1
    return dates.add_months(day, months)


class Later(dict[int | None, int | None]):
    """`add_months(day, months)` by day, remembered; unknown stays unknown. A look-up costs a fifth of a call."""

    def __init__(self, months: int) -> None:
        super().__init__({None: None})
        self.months = months

    def __missing__(self, day: int | None) -> int | None:
        assert day is not None
        moved = add_months(day, self.months)
        if len(self) < _REMEMBERED:
            self[day] = moved
        return moved


def shifted(day: int | None, counts: tuple[int, ...]) -> list[int | None]:
    """A day moved by each of these numbers of months; all unknown when the day is."""
    if day is None:
        return [None] * len(counts)
    here = MONTH[day - LOW] if LOW <= day < HIGH else -1
    if not (here + counts[0] >= 0 and here + counts[-1] < _MONTHS and here >= 0):
        return [dates.add_months(day, count) for count in counts]
    offset = day - FIRST[here]
    if offset < _SHORTEST_MONTH:
        return [FIRST[here + count] + offset for count in counts]
    return [min(FIRST[here + count] + offset, FIRST[here + count + 1] - 1) for count in counts]


def months_from(day: int, longest: int) -> tuple[list[int], int]:
    """(firsts, offset): `firsts[n] + offset` is the day moved by n months, for every n from 0 to `longest`."""
    here = MONTH[day - LOW] if LOW <= day < HIGH else _MONTHS
    if here + longest + 1 >= _MONTHS:
        return [dates.add_months(day, n) for n in range(longest + 1)], 0
    offset = day - FIRST[here]
    if offset < _SHORTEST_MONTH:
        return FIRST[here : here + longest + 1], offset
    return [min(FIRST[n], FIRST[n + 1] - 1 - offset) for n in range(here, here + longest + 1)], offset


def months_between(start: int, end: int) -> int:
    """`kernel.dates.months_between`, from the tables."""
    if LOW <= start < HIGH and LOW <= end < HIGH:
        a, b = MONTH[start - LOW], MONTH[end - LOW]
        stop = FIRST[b + 1]
        moved = FIRST[b] + start - FIRST[a]
        if moved >= stop:
            moved = stop - 1
        return b - a if moved <= end else b - a - 1
    return dates.months_between(start, end)


def age_years(birth: int, on: int) -> int:
    """Completed years of life."""
    return months_between(birth, on) // dates.MONTHS_PER_YEAR


def start_of_month(day: int) -> int:
    """`kernel.dates.start_of_month`, from the tables."""
    return FIRST[MONTH[day - LOW]] if LOW <= day < HIGH else dates.start_of_month(day)


def month_number(day: int) -> int:
    """A number that is the same for two days of one calendar month, and only then."""
    return MONTH[day - LOW] + _FIRST_MONTH if LOW <= day < HIGH else dates.month_index(day)


def asked(*pairs: tuple[str, object]) -> tuple[str, ...]:
    """The labels whose value is unknown, without repeats."""
    return tuple(dict.fromkeys([label for label, value in pairs if value is None]))
