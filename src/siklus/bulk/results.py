"""What is written back, as DuckDB queries over the tables the rules' SQL filled: the rows of one person's fold.

Columns are named and typed as in the tables of `care` and `monitoring`; a test holds that both ways give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from siklus.bulk.columns import quoted
from siklus.kernel.dates import NEVER
from siklus.monitoring.counting import Place, Standing
from siklus.rules.book import Indicator, Package
from siklus.rules.emitters.duckdb_lasting import LASTS
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

STATE, NEED, TALLY = "care_state", "care_need", "care_needtally"
UNITS, COVERAGE = "monitoring_coverageunit", "monitoring_coverage"
COMPLETE = "len(lacking) = 0 AND len(unknown) = 0"
_PLACE = "places.desa_code, places.posyandu_code, places.puskesmas_code"
STANDINGS = """SELECT indicator, desa_code, posyandu_code, puskesmas_code, counted, reached, complete, lacking, unknown,
  count(*) FROM counted_units GROUP BY ALL"""


def runs_of_units(unit: str, length: int) -> str:
    """(first, last) ids of the units in order, so many in each run."""
    return f"""SELECT min(id), max(id) FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) // {length} AS run
      FROM {quoted(f"u_{unit}")}) GROUP BY run ORDER BY run"""


def state_rows(unit: str, state: str, rulebook: str, today: int, run: tuple[int, int]) -> str:
    """The units of a run with their accumulators; `state` is the rules' query (unit_id, body)."""
    first, last = run
    person = "unit.id" if unit in (PERSON, HOUSEHOLD) else "unit.person"
    lasts, until = "NULL::INTEGER", ""
    if unit in (PERSON, HOUSEHOLD):
        owners = f"(SELECT id AS person FROM {quoted(f'u_{unit}')})"
        lasts, until = (
            "until.lasts",
            f"JOIN ({lasting_persons(today, owners)}) AS until ON until.person = unit.id",
        )
    return f"""SELECT '{unit}' AS unit, unit.id AS unit_id, {person} AS person_id, '{rulebook}' AS plan,
      coalesce(state.body, '{{}}') AS body, {lasts} AS lasts
      FROM {quoted(f"u_{unit}")} AS unit {until}
      LEFT JOIN (SELECT * FROM ({state}) WHERE unit_id BETWEEN {first} AND {last}) AS state ON state.unit_id = unit.id
      WHERE unit.id BETWEEN {first} AND {last} ORDER BY unit.id"""


def lasting_persons(today: int, owners: str = "places") -> str:
    """(person, lasts) of all these: the least of what was put into `lasting`, or the day of leaving if sooner."""
    return f"""SELECT owner.person, least({leaving(today)}, coalesce(found.lasts, {NEVER}))::INTEGER AS lasts
      FROM {owners} AS owner LEFT JOIN places ON places.person = owner.person
      LEFT JOIN (SELECT person, min(lasts) AS lasts FROM lasting GROUP BY person) AS found
        ON found.person = owner.person"""


def leaving(today: int) -> str:
    """The day on which somebody in `places` will leave; never, if that is not known or over."""
    return f"CASE WHEN places.left_day > {today} THEN places.left_day ELSE {NEVER} END"


def klaster_table(packages: Iterable[Package]) -> str:
    """The klaster of each package, for the rows of needs."""
    rows = ", ".join(f"({_text(package.name)}, {_text(package.klaster)})" for package in packages)
    return f"CREATE TABLE klasters AS SELECT * FROM (VALUES {rows}) AS each(package, klaster)"


def answered(today: int) -> str:
    """FROM the answers, with klaster and place; nothing of those who moved out of the district."""
    return f"""FROM answers JOIN klasters USING (package) JOIN places ON places.person = answers.person
      WHERE status <> '{LASTS}' AND (places.left_day IS NULL OR places.left_day > {today})"""


def need_rows(today: int) -> str:
    """The answers that ask for hands, with the place of the person; none of those who moved out of the district.

    What is owed to a family stands under the person who stands for it.

    In the order of the indexes by place: these are then made in half the time, and a list reads rows side by side.
    """
    known = ", ".join(
        f"CASE WHEN {day} < {NEVER} THEN {day} END AS {day}" for day in ("opens", "due", "overdue", "until")
    )
    return f"""SELECT places.spokesman AS person_id, unit, unit_id, need, occurrence, status, {known},
      CASE WHEN len(asks) = 0 THEN '[]' ELSE '["' || array_to_string(asks, '", "') || '"]' END AS asks,
      package, klaster, {_PLACE}, {today}::INTEGER AS as_of
      {answered(today)} ORDER BY places.place, status, need, answers.person"""


def component_table(indicators: Iterable[Indicator]) -> str:
    """The names of the components of each indicator, in the order of the answers."""
    rows = ", ".join(
        f"({_text(each.name)}, [{', '.join(_text(name) for name in each.components)}])" for each in indicators
    )
    return (
        f"CREATE OR REPLACE TABLE component_names AS SELECT * FROM (VALUES {rows}) AS each(indicator, names)"
    )


def judged_units(cut_off: int) -> str:
    """Residents who are or may be counted, from the answers of the indicators; components in lists."""
    named = "list_transform(list_filter(range(1, len(names) + 1), lambda i: {test}), lambda i: names[i])"
    lacking = named.format(test="coalesce(NOT components[i], false)")
    unknown = named.format(test="components[i] IS NULL")
    return f"""SELECT answer.indicator, unit, unit_id, places.spokesman AS person, {_PLACE}, counted,
        coalesce(reached, false) AS reached, {lacking} AS lacking, {unknown} AS unknown
      FROM indicator_answers AS answer JOIN component_names USING (indicator)
      JOIN places ON places.person = answer.person
      WHERE places.gone_day IS NULL OR places.gone_day > {cut_off}"""


def counted_units(cut_off: int) -> str:
    """Makes `counted_units`: the same with the components as JSON text."""
    return f"""CREATE OR REPLACE TABLE counted_units AS
      SELECT indicator, unit, unit_id, person AS person_id, desa_code, posyandu_code, puskesmas_code, counted, reached,
        {COMPLETE} AS complete, {_words("lacking")}, {_words("unknown")}
      FROM ({judged_units(cut_off)})"""


def unit_rows(period: str, is_sqlite: bool) -> str:
    """`counted_units` as the table has them; SQLite keeps a yes/no as 1 and 0."""
    whole = "::INTEGER" if is_sqlite else ""
    return f"""SELECT '{period}' AS period, indicator, unit, unit_id, person_id,
      desa_code, posyandu_code, puskesmas_code, counted{whole} AS counted, reached{whole} AS reached,
      complete{whole} AS complete, lacking, unknown
      FROM counted_units ORDER BY indicator, unit_id"""


def standing_of(row: tuple[object, ...]) -> tuple[Standing, int]:
    """A row of STANDINGS as values."""
    indicator, desa, posyandu, puskesmas, counted, reached, complete, lacking, unknown, units = row
    place = Place(str(desa), str(posyandu), str(puskesmas))
    assert counted is None or isinstance(counted, bool)
    assert isinstance(units, int)
    standing = Standing(
        str(indicator), place, counted, bool(reached), bool(complete), str(lacking), str(unknown)
    )
    return standing, units


def _words(column: str) -> str:
    return f"to_json({column})::VARCHAR AS {column}"


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
