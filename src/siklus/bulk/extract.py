"""Out of the database into DuckDB: persons (`u_person`, `places`) and effective records, a typed table each kind.

Families come too where a rule is about them (`u_household`): their records belong to them as others do to persons, and
they have a place as long as somebody lives there.

The record log is read once, in two halves at the same time. Only effective records remain (of all rows naming one root
the newest by sequence, none when that is a void) under the root's id; those of a merged person belong to the one who
stands for them. Only what some rule reads is taken: these kinds, and of their fields these. A kind nobody recorded has
its empty table, so that every generated query finds what it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from siklus.bulk.columns import column_type, quoted, read_json, spoken
from siklus.bulk.database import Database
from siklus.rules.book import Rules
from siklus.rules.reading import fields_read
from siklus.rules.vocabulary import HOUSEHOLD, Field

_PERSONS = """SELECT id, household_id AS household, birth, sex, died, "left" AS left_day, facts AS data, merged_into,
  desa_code, posyandu_code, puskesmas_code FROM register_person"""
_HOUSEHOLDS = """SELECT id, head_id AS head, facts AS data, desa_code, posyandu_code, puskesmas_code
  FROM register_household"""
# ADBC takes the type of a SQLite column from its first rows, so no column of words is ever null here. "+seq" and no
# test of the kind: SQLite would else jump through an index for every row, or compare words millions of times.
_ORIGINALS = """SELECT id, kind, coalesce(person_id, household_id, 0) AS person, on_day, data, by_role, place_kind
  FROM care_record
  WHERE root = id AND +seq <= {last_seq}"""
_REPLACING = """SELECT root, seq, kind, coalesce(person_id, household_id, 0) AS person, on_day, is_void, data, by_role,
  place_kind FROM care_record WHERE NOT (root = id) AND +seq <= {last_seq}"""
# The kind as a number, for it is looked for again for every kind; a kind that no rule reads has none.
_TABLES = """
CREATE TYPE kind_read AS ENUM ({kinds});
CREATE TABLE originals (id BIGINT, kind kind_read, person BIGINT, on_day INTEGER, data VARCHAR, by_role VARCHAR,
  place_kind VARCHAR);
CREATE TABLE replacing (root BIGINT, seq BIGINT, kind kind_read, person BIGINT, on_day INTEGER, is_void BOOLEAN,
  data VARCHAR, by_role VARCHAR, place_kind VARCHAR);
"""
# Few records are ever replaced and few persons merged or unregistered: the many others pass as they are.
_NEWEST = """
CREATE TABLE newest AS SELECT root AS id, * EXCLUDE (root) FROM replacing
  QUALIFY row_number() OVER (PARTITION BY root ORDER BY seq DESC) = 1;
CREATE TABLE moved AS SELECT id, survivor FROM standing WHERE id <> survivor
  UNION ALL SELECT person, NULL FROM (SELECT DISTINCT person FROM originals) ANTI JOIN standing ON standing.id = person;
"""
_OF_KIND = """SELECT coalesce(moved.survivor, record.person) AS person, record.id, record.on_day AS "date",
    nullif(record.by_role, '') AS oleh, nullif(record.place_kind, '') AS tempat, NULL::BIGINT AS unit, record.data
  FROM (SELECT {columns} FROM originals ANTI JOIN newest USING (id) WHERE kind = '{kind}'
        UNION ALL SELECT {columns} FROM newest WHERE kind = '{kind}' AND NOT is_void) AS record
  LEFT JOIN moved ON moved.id = record.person WHERE moved.id IS NULL OR moved.survivor IS NOT NULL"""
_COLUMNS = "id, person, on_day, by_role, place_kind, data"
# `place` numbers the places of residence in the order in which lists are read.
_PLACES = """
CREATE TABLE living_in AS SELECT id AS person, household, died FROM person_row
  WHERE merged_into IS NULL AND left_day IS NULL AND household IS NOT NULL AND {asks_families};
CREATE TABLE places AS
  SELECT person, spokesman, left_day::INTEGER AS left_day, least(left_day, died)::INTEGER AS gone_day,
    desa_code, posyandu_code, puskesmas_code,
    dense_rank() OVER (ORDER BY puskesmas_code, desa_code, posyandu_code)::INTEGER AS place
  FROM (SELECT id AS person, id AS spokesman, left_day, died, desa_code, posyandu_code, puskesmas_code
    FROM person_row WHERE merged_into IS NULL
  UNION ALL SELECT household_row.id, arg_min(person, (person <> coalesce(head, 0), person)), NULL, NULL,
      any_value(desa_code), any_value(posyandu_code), any_value(puskesmas_code)
    FROM household_row JOIN living_in ON living_in.household = household_row.id
    WHERE living_in.died IS NULL GROUP BY household_row.id);
CREATE TABLE place_codes AS SELECT DISTINCT place, desa_code, posyandu_code, puskesmas_code FROM places;
CREATE TABLE standing AS SELECT id, coalesce(merged_into, id)::BIGINT AS survivor FROM person_row
  UNION ALL SELECT id, id FROM household_row;
"""
_KEPT = 'person, id, "date", oleh, tempat, unit'
_KEPT_TYPES = 'person BIGINT, id BIGINT, "date" INTEGER, oleh VARCHAR, tempat VARCHAR, unit BIGINT'
_IMPLIED = ("date", "oleh", "tempat")
_ENGINE_PERSON = ("birth", "sex")


@dataclass(frozen=True, slots=True)
class Extracted:
    """How much was read, up to which record of the log."""

    persons: int
    records: int
    last_seq: int


def extract(duck: Any, database: Database, rules: Rules) -> Extracted:
    """Fill an empty DuckDB connection; the person and the record tables are then all a generated query needs."""
    last_seq = read_log(duck, database, fields_read(rules))
    extracted = shape(duck, rules, last_seq)
    for table in ("person_row", "household_row", "originals", "replacing", "newest"):
        duck.execute(f"DROP TABLE {table}")
    return extracted


def read_log(duck: Any, database: Database, kinds: Iterable[str]) -> int:
    """Persons and records of these kinds as they are written, for one rule book or several to be shaped from.

    Gives the number of the last record that was read.
    """
    last_seq = database.number("SELECT max(seq) FROM care_record")
    for table, query in (("person_row", _PERSONS), ("household_row", _HOUSEHOLDS)):
        with database.read(query) as arrow:
            duck.register("arrow_rows", arrow)
            duck.execute(f"CREATE TABLE {table} AS SELECT * FROM arrow_rows")
            duck.unregister("arrow_rows")
    duck.execute(_TABLES.format(kinds=", ".join(f"'{kind}'" for kind in kinds)))
    _read_records(duck, database, last_seq)
    return last_seq


def shape(duck: Any, rules: Rules, last_seq: int) -> Extracted:
    """From the rows of `read_log`, in the schema this connection writes to, the tables that a rule book speaks of."""
    _shape_persons(duck, rules)
    duck.execute(_NEWEST)
    recorded = {name for (name,) in duck.execute("SELECT DISTINCT kind FROM originals").fetchall()}
    records = 0
    for name, names in fields_read(rules).items():
        fields = [field for field in rules.vocabulary.kinds[name].fields.values() if field.name in names]
        records += _read_kind(duck, name, [f for f in fields if f.name not in _IMPLIED], name in recorded)
    persons = duck.execute("SELECT count(*) FROM u_person").fetchone()[0]
    return Extracted(persons, records, last_seq)


def _shape_persons(duck: Any, rules: Rules) -> None:
    vocabulary = rules.vocabulary
    asks_families = HOUSEHOLD in rules.units()
    duck.execute(_PLACES.format(asks_families=asks_families))
    facts = list(spoken(vocabulary.person.values(), without=_ENGINE_PERSON))
    kept = "id, birth::INTEGER AS birth, nullif(sex, '') AS sex, died::INTEGER AS died"
    source = "SELECT id, birth, sex, died, data FROM person_row WHERE merged_into IS NULL"
    typed = read_json(f"SELECT {kept}, data FROM ({source})", facts, "id, birth, sex, died")
    if asks_families:
        duck.execute(
            f"CREATE TABLE u_person AS SELECT typed.*, living_in.household FROM ({typed}) AS typed"
            " LEFT JOIN living_in ON living_in.person = typed.id"
        )
        own = list(spoken(vocabulary.household.values()))
        read = read_json("SELECT id, NULL::INTEGER AS died, data FROM household_row", own, "id, died")
        duck.execute(f"CREATE TABLE u_household AS {read}")
    else:
        duck.execute(f"CREATE TABLE u_person AS {typed}")


def _read_records(duck: Any, database: Database, last_seq: int) -> None:
    # Ids and sequence rise together but for many devices; a split in the middle of either only shares the work.
    middle = database.number(f"SELECT id FROM care_record WHERE seq >= {last_seq // 2} ORDER BY seq LIMIT 1")
    originals = _ORIGINALS.format(last_seq=last_seq)
    parts = [
        ("originals", f"{originals} AND id < {middle}"),
        ("originals", f"{originals} AND id >= {middle}"),
        ("replacing", _REPLACING.format(last_seq=last_seq)),
    ]
    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(lambda part: _append(duck.cursor(), database, *part), parts))


def _append(duck: Any, database: Database, table: str, query: str) -> None:
    with database.read(query) as arrow:
        duck.register(f"arrow_{table}", arrow)
        duck.execute(
            f"INSERT INTO {table} SELECT * REPLACE (TRY_CAST(kind AS kind_read) AS kind) FROM arrow_{table}"
        )
        duck.unregister(f"arrow_{table}")
    duck.close()


def _read_kind(duck: Any, kind: str, fields: list[Field], is_recorded: bool) -> int:
    table = quoted(f"r_{kind}")
    if not is_recorded:
        columns = "".join(f", {quoted(field.name)} {column_type(field)}" for field in fields)
        duck.execute(f"CREATE TABLE {table} ({_KEPT_TYPES}{columns})")
        return 0
    source = _OF_KIND.format(kind=kind, columns=_COLUMNS)
    duck.execute(f"CREATE TABLE {table} AS {read_json(source, fields, _KEPT)}")
    return int(duck.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
