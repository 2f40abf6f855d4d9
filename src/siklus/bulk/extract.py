"""Out of the database into DuckDB: persons (`u_person`, `places`) and effective records, a typed table each kind.

The record log is read once, in two halves at the same time. Only effective records remain (of all rows naming one root
the newest by sequence, none when that is a void) under the root's id; those of a merged person belong to the one who
stands for them. A kind nobody recorded still has its empty table, so that every generated query finds what it names.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from siklus.bulk.columns import column_type, quoted, read_json, spoken
from siklus.bulk.database import Database
from siklus.rules.vocabulary import PERSON, Kind, Vocabulary

# Read under names that are no words of SQL. ADBC takes the type of a SQLite column from its first rows: no column of
# words may start empty, so none is ever null here.
_LOG = """SELECT id, seq, kind, coalesce(person_id, 0) AS person, on_day, root, is_void,
  data, by_role, place_kind FROM care_record"""
_LOG_TABLE = """CREATE TABLE log (id BIGINT, seq BIGINT, kind VARCHAR, person BIGINT, on_day INTEGER, root BIGINT,
  is_void INTEGER, data VARCHAR, by_role VARCHAR, place_kind VARCHAR)"""
_PERSONS = """SELECT id, birth, sex, died, "left" AS left_day, facts AS data, merged_into, desa_code, posyandu_code,
  puskesmas_code FROM register_person"""
# Few records are ever replaced: only those few are ranked, the many others pass as they are.
_REPLACED = """
CREATE TABLE replaced AS SELECT DISTINCT root FROM log WHERE id <> root OR is_void <> 0;
CREATE TABLE settled AS SELECT * FROM (
  SELECT log.* FROM log SEMI JOIN replaced USING (root)
  QUALIFY row_number() OVER (PARTITION BY root ORDER BY seq DESC) = 1
) WHERE is_void = 0;
"""
_OF_KIND = """SELECT standing.survivor AS person, record.root AS id, record.on_day AS "date",
    nullif(record.by_role, '') AS oleh, nullif(record.place_kind, '') AS tempat, NULL::BIGINT AS unit,
    record.data
  FROM (SELECT * FROM log ANTI JOIN replaced USING (root) WHERE kind = '{kind}'
        UNION ALL BY NAME SELECT * FROM settled WHERE kind = '{kind}') AS record
  JOIN standing ON standing.id = record.person"""
# `place` numbers the places of residence in the order in which lists are read.
_PLACES = """
CREATE TABLE places AS
  SELECT id AS person, left_day::INTEGER AS left_day, least(left_day, died)::INTEGER AS gone_day,
    desa_code, posyandu_code, puskesmas_code,
    dense_rank() OVER (ORDER BY puskesmas_code, desa_code, posyandu_code)::INTEGER AS place
  FROM person_row WHERE merged_into IS NULL;
CREATE TABLE place_codes AS SELECT DISTINCT place, desa_code, posyandu_code, puskesmas_code FROM places;
CREATE TABLE standing AS SELECT id, coalesce(merged_into, id)::BIGINT AS survivor FROM person_row;
DROP TABLE person_row;
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


def extract(duck: Any, database: Database, vocabulary: Vocabulary) -> Extracted:
    """Fill an empty DuckDB connection; the person and the record tables are then all a generated query needs."""
    last_seq = database.number("SELECT max(seq) FROM care_record")
    _read_persons(duck, database, vocabulary)
    _read_log(duck, database, vocabulary, last_seq)
    duck.execute(_REPLACED)
    recorded = {name for (name,) in duck.execute("SELECT DISTINCT kind FROM log").fetchall()}
    records = 0
    for kind in vocabulary.kinds.values():
        if is_folded(kind):
            records += _read_kind(duck, kind, kind.name in recorded)
    duck.execute("DROP TABLE log; DROP TABLE settled; DROP TABLE replaced")
    persons = duck.execute("SELECT count(*) FROM u_person").fetchone()[0]
    return Extracted(persons, records, last_seq)


def is_folded(kind: Kind) -> bool:
    """True for the kinds rules fold: about a person, and not of the register."""
    return kind.of == PERSON and not kind.register


def _read_persons(duck: Any, database: Database, vocabulary: Vocabulary) -> None:
    with database.read(_PERSONS) as arrow:
        duck.register("arrow_persons", arrow)
        duck.execute("CREATE TABLE person_row AS SELECT * FROM arrow_persons")
        duck.unregister("arrow_persons")
    facts = list(spoken(vocabulary.person.values(), without=_ENGINE_PERSON))
    kept = "id, birth::INTEGER AS birth, nullif(sex, '') AS sex, died::INTEGER AS died"
    source = "SELECT id, birth, sex, died, data FROM person_row WHERE merged_into IS NULL"
    typed = read_json(f"SELECT {kept}, data FROM ({source})", facts, "id, birth, sex, died")
    duck.execute(f"CREATE TABLE u_person AS {typed}")
    duck.execute(_PLACES)


def _read_log(duck: Any, database: Database, vocabulary: Vocabulary, last_seq: int) -> None:
    duck.execute(_LOG_TABLE)
    not_folded = ", ".join(f"'{kind.name}'" for kind in vocabulary.kinds.values() if not is_folded(kind))
    # "+seq": a plain comparison would tempt SQLite into its index and a jump for every row.
    wanted = f"{_LOG} WHERE +seq <= {last_seq}" + (f" AND kind NOT IN ({not_folded})" if not_folded else "")
    # Ids and sequence rise together but for many devices; a split in the middle of either only shares the work.
    middle = database.number(f"SELECT id FROM care_record WHERE seq >= {last_seq // 2} ORDER BY seq LIMIT 1")
    halves = [f"{wanted} AND id < {middle}", f"{wanted} AND id >= {middle}"]
    with ThreadPoolExecutor(len(halves)) as pool:
        list(pool.map(lambda query: _append_log(duck.cursor(), database, query), halves))


def _append_log(duck: Any, database: Database, query: str) -> None:
    with database.read(query) as arrow:
        duck.register("arrow_log", arrow)
        duck.execute("INSERT INTO log SELECT * FROM arrow_log")
        duck.unregister("arrow_log")
    duck.close()


def _read_kind(duck: Any, kind: Kind, is_recorded: bool) -> int:
    fields = list(spoken(kind.fields.values(), without=_IMPLIED))
    table = quoted(f"r_{kind.name}")
    if not is_recorded:
        columns = "".join(f", {quoted(field.name)} {column_type(field)}" for field in fields)
        duck.execute(f"CREATE TABLE {table} ({_KEPT_TYPES}{columns})")
        return 0
    duck.execute(f"CREATE TABLE {table} AS {read_json(_OF_KIND.format(kind=kind.name), fields, _KEPT)}")
    return int(duck.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
