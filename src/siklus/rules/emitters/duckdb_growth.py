"""Derived fields in SQL: a table of the records of a kind with what is worked out from each, and the rows of growth.

The operations are those of `rules.growth`, in its order; each layer is a SELECT over the one before, so that nothing is
worked out twice. A constant is always written as a double: DuckDB would else reckon in decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from siklus.rules.derived import GRAMS, HUNDREDTHS_OF_ONE, MILLIMETRES, limits_of
from siklus.rules.derived_spec import BMI
from siklus.rules.emitters.duckdb_expressions import literal, quoted
from siklus.rules.fields import Derived, Field
from siklus.rules.growth import (
    BEYOND,
    BY_LENGTH,
    BY_MONTH,
    HALF,
    HUNDREDTHS,
    NUDGE,
    STANDING,
    STEP,
    STEPS,
    Growth,
    Index,
    Rows,
    Table,
)
from siklus.rules.vocabulary import Kind, Vocabulary

LMS = "growth_lms"
_ROW = ("l", "m", "s")
_NOWHERE = -1
"""The key of a row of nothing, for whoever has no row: so the join is an inner one, which DuckDB does by place."""
_WRITTEN = {"weight": "g_weight", "length": "g_length_written", "head": "g_head", "arm": "g_arm"}
_OF = {**_WRITTEN, "length": "g_length", "bmi": "g_bmi"}


def derived_table(kind: str) -> str:
    """Name of the table that holds the records of a kind with their derived fields."""
    return quoted(f"d_{kind}")


def write_derived(vocabulary: Vocabulary, kind: str, names: Sequence[str]) -> list[str]:
    """The statements that make the table of a kind with these derived fields."""
    known = vocabulary.kinds[kind]
    scored = [known.derived[name] for name in names if known.derived[name].function != BMI]
    statements, query, columns = [], f"select * from {quoted(f'r_{kind}')}", []
    if scored:
        assert vocabulary.growth is not None
        scores = Scores(vocabulary.growth, [each.args[0] for each in scored])
        statements.append(scores.table())
        query = scores.over(_measured(vocabulary.growth, known))
        columns = scores.sure(each.name for each in scored)
    for name in names:
        if known.derived[name].function == BMI:
            columns.append(f"{_bmi(known, known.derived[name])} as {quoted(name)}")
    statements.append(
        f"create or replace temp table {derived_table(kind)} as "
        f"select columns(lambda c: not starts_with(c, 'g_')), {', '.join(columns)} from ({query})"
    )
    return statements


def _double(value: float) -> str:
    return f"{float(value)!r}::double"


def _possible(field: Field, column: str) -> str:
    low, high = limits_of(field)
    return f"{column} between {max(low, 1)} and {high}"


def _bmi(kind: Kind, derived: Derived) -> str:
    weight, length = (kind.fields[name] for name in derived.args)
    grams = f"{quoted(weight.name)}::bigint * {10 ** (GRAMS - weight.places)}"
    square = "*".join([f"({quoted(length.name)}::bigint * {10 ** (MILLIMETRES - length.places)})"] * 2)
    both = f"{_possible(weight, quoted(weight.name))} and {_possible(length, quoted(length.name))}"
    hundredths = f"((2 * {grams} * {HUNDREDTHS_OF_ONE} + {square}) // (2 * {square}))::integer"
    return f"case when {both} then {hundredths} end"


class _Places:
    """Where each row of each table and sex lies in the one table of all rows, by a key that tells them apart."""

    def __init__(self, growth: Growth) -> None:
        self.growth = growth
        files = dict.fromkeys(table.file for index in growth.indexes.values() for table in index.tables)
        self.parts: dict[tuple[str, int], Rows] = {
            (file, sex): rows for file in files for sex, rows in enumerate(growth.rows(file))
        }
        starts = accumulate((len(rows.l) for rows in self.parts.values()), initial=0)
        self.starts = dict(zip(self.parts, starts, strict=False))

    def table(self) -> str:
        """All rows, each beside the next of its table; one long word is read faster than as many numbers."""
        columns = []
        for column in _ROW:
            numbers = (number for rows in self.parts.values() for number in getattr(rows, column))
            columns.append(f"unnest(string_split('{' '.join(map(repr, numbers))}', ' '))::double as {column}")
        lasts = ", ".join(str(start + len(self.parts[part].l) - 1) for part, start in self.starts.items())
        following = ", ".join(
            f"case when key not in ({lasts}) then lead({column}) over (order by key) end as {column}_next"
            for column in _ROW
        )
        nothing = ", ".join("null::double" for _ in _ROW * 2)
        return (
            f"create temp table if not exists {LMS} as select *, {following} from "
            f"(select (row_number() over () - 1)::integer as key, * from (select {', '.join(columns)})) "
            f"union all select {_NOWHERE}, {nothing}"
        )

    def key(self, table: Table, place: str) -> str:
        """The key of a place in a table for the sex of the child; null outside it."""
        cases = ""
        for (file, sex), rows in self.parts.items():
            if file == table.file:
                last = rows.first + len(rows.l) - 1
                move = self.starts[file, sex] - rows.first
                inside = f"{place} between {rows.first} and {last}"
                cases += f" when g_sex = {sex} and {inside} then {place}::integer + {move}"
        return f"case{cases} end"


def _measured(growth: Growth, kind: Kind) -> str:
    """The records of a kind with age, sex and sizes of the child, as `Scores` takes them."""
    measures = kind.measures
    sexes = " ".join(f"when {literal(word)} then {sex}" for word, sex in growth.sexes.items())
    day = 'case when r."date" >= u.birth then r."date" - u.birth end'
    columns = [
        f"{day} as g_day",
        f"({day})::double / {_double(growth.days_in_month)} as g_month",
        f"case u.sex {sexes} end as g_sex",
    ]
    for role, column in _WRITTEN.items():
        size = "null::double"
        if role in measures:
            field = kind.fields[measures[role]]
            written = f"r.{quoted(field.name)}"
            size = f"case when {_possible(field, written)} then {written}::double / {_double(10**field.places)} end"
        columns.append(f"{size} as {column}")
    stood = "null::boolean"
    if "position" in measures:
        words = " ".join(
            f"when {literal(word)} then {literal(position == STANDING)}"
            for word, position in growth.positions.items()
        )
        stood = f"case r.{quoted(measures['position'])} {words} end"
    oedema = f"coalesce(r.{quoted(measures['oedema'])}, false)" if "oedema" in measures else "false"
    source = f"{quoted(f'r_{kind.name}')} r left join u_person u on u.id = r.person"
    return f"select r.*, {', '.join(columns)}, {stood} as g_stood, {oedema} as g_oedema from {source}"


class Scores:
    """The z-scores of some indexes over a query of children."""

    def __init__(self, growth: Growth, indexes: Sequence[str]) -> None:
        self.growth, self.indexes = growth, [growth.indexes[name] for name in indexes]
        self.places = _Places(growth)

    def table(self) -> str:
        """The statement that makes the table of all rows, which `over` reads."""
        return self.places.table()

    def over(self, text: str) -> str:
        """The same query with `g_h0`, `g_h1` ...: the hundredths of each index, also where they are implausible.

        It has `g_day` and `g_month` (whole days and exact months of age), `g_sex` (as BOYS or GIRLS), `g_weight`,
        `g_length_written`, `g_head` and `g_arm` as doubles, `g_stood` and `g_oedema`.
        """
        for layer in self._layers():
            text = f"select *, {layer} from ({text})"
        text = self._with_rows(text)
        for step in (_z, _beyond, _hundredths):
            columns = ", ".join(step(n, index) for n, index in enumerate(self.indexes))
            text = f"select *, {columns} from ({text})"
        return text

    def sure(self, names: Iterable[str]) -> list[str]:
        """A column by each name: what is implausible is unknown."""
        return [
            f"case when g_h{n} between {index.low} and {index.high} then g_h{n}::integer end as {quoted(name)}"
            for n, (index, name) in enumerate(zip(self.indexes, names, strict=True))
        ]

    def _layers(self) -> Iterator[str]:
        growth, day = self.growth, self.growth.standing_from_day
        odd = f"g_stood and g_month < {_double(growth.standing_odd_before_month)}"
        yield f"case when {odd} then null else g_stood end as g_standing"
        longer = f"g_length_written + {_double(growth.difference)}"
        shorter = f"g_length_written - {_double(growth.difference)}"
        yield (
            f"case when g_day < {day} and g_standing then {longer} "
            f"when g_day >= {day} and not g_standing then {shorter} else g_length_written end as g_length"
        )
        yield (
            f"g_length / {_double(HUNDREDTHS)} as g_metre, floor(g_length * {_double(STEPS)}) as g_step, "
            f"floor(g_month) as g_whole, case when g_day is not null then g_day >= {day} when g_standing is not null "
            f"then g_standing else g_length >= {_double(growth.standing_from_cm)} end as g_judged"
        )
        yield (
            f"g_weight / (g_metre * g_metre) as g_bmi, g_month - g_whole as g_part, "
            f"(g_length - g_step / {_double(STEPS)}) / {_double(STEP)} as g_between"
        )
        yield ", ".join(self._key(n, index) for n, index in enumerate(self.indexes))

    def _key(self, n: int, index: Index) -> str:
        """Where the row for an index lies, and how far on the way to the next row the child is."""
        keys = shares = ""
        for table in index.tables:
            here = f"g_month >= {_double(table.since)} and g_month < {_double(table.until)}"
            place, share = "g_day", ""
            if table.by == BY_LENGTH:
                side = "g_judged" if table.position == STANDING else "not g_judged"
                span = f"g_length between {_double(table.least)} and {_double(table.most)}"
                here = f"(g_month is null or {here}) and {side} and {span}"
                place, share = "g_step", "g_between"
            elif table.by == BY_MONTH:
                place, share = "g_whole", "g_part"
            keys += f" when {here} then {self.places.key(table, place)}"
            shares += f" when {here} then {share}" if share else ""
        asked = f"{_OF[index.of]} is not null" + ("" if index.with_oedema else " and not g_oedema")
        share = f"case{shares} end" if shares else "null::double"
        key = f"coalesce(case when {asked} then case{keys} end end, {_NOWHERE})"
        return f"{key} as g_key{n}, {share} as g_share{n}"

    def _with_rows(self, text: str) -> str:
        joins, columns = "", ["g.*"]
        for n in range(len(self.indexes)):
            joins += f" join {LMS} t{n} on t{n}.key = g.g_key{n}"
            for row in _ROW:
                between = f"t{n}.{row} + g.g_share{n} * (t{n}.{row}_next - t{n}.{row})"
                columns.append(f"case when g.g_share{n} > 0 then {between} else t{n}.{row} end as g_{row}{n}")
        return f"select {', '.join(columns)} from ({text}) g{joins}"


def _z(n: int, index: Index) -> str:
    y = _OF[index.of]
    return f"(pow({y} / g_m{n}, g_l{n}) - {_double(1)}) / (g_s{n} * g_l{n}) as g_z{n}"


def _beyond(n: int, index: Index) -> str:
    if not index.extended:
        return f"g_z{n} as g_e{n}"

    def at(k: int) -> str:
        inner = f"{_double(1)} + g_l{n} * g_s{n} * {_double(k)}"
        return f"g_m{n} * pow({inner}, {_double(1)} / g_l{n})"

    y, k = _OF[index.of], BEYOND
    above = f"{_double(k)} + ({y} - {at(k)}) / ({at(k)} - {at(k - 1)})"
    below = f"{_double(-k)} + ({y} - {at(-k)}) / ({at(1 - k)} - {at(-k)})"
    tall, low = f"g_z{n} > {_double(k)}", f"g_z{n} < {_double(-k)}"
    return f"case when {tall} then {above} when {low} then {below} else g_z{n} end as g_e{n}"


def _hundredths(n: int, _index: Index) -> str:
    size = f"floor(abs(g_e{n}) * {_double(HUNDREDTHS)} + {_double(HALF)} + {_double(NUDGE)})"
    return f"case when g_e{n} < 0 then -{size} else {size} end as g_h{n}"
