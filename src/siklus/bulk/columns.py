"""What `siklus.records.values` does to one JSON value, said in DuckDB: the same reading for a whole column.

A value that cannot be read is NULL. Decimals become whole numbers of 10^-n by the same IEEE operations as in Python.
The texts made here take a column that holds the raw JSON of a value (`8.2`, `"bcg"`, `true`, `null`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from siklus.kernel.ids import DEVICE, MAX_DEVICE, MAX_NUMBER, NUMBER
from siklus.rules.fields import RECORD
from siklus.rules.vocabulary import Field

_TYPES = {"bool": "BOOLEAN", "int": "INTEGER", "date": "INTEGER", RECORD: "BIGINT"}
_RECORD_ID = f'"({DEVICE})-({NUMBER})"'
_ISO_DATE = '"[0-9]{4}-[0-9]{2}-[0-9]{2}"'


def column_type(field: Field) -> str:
    """The DuckDB type of a field: days and numbers INTEGER, yes/no BOOLEAN, names of records BIGINT, words VARCHAR."""
    return "INTEGER" if field.places else _TYPES.get(field.type, "VARCHAR")


def spoken(fields: Iterable[Field], without: Iterable[str] = ()) -> Iterator[Field]:
    """The fields a rule may speak of: all but text."""
    left_out = set(without)
    return (field for field in fields if field.type != "text" and field.name not in left_out)


def quoted(name: str) -> str:
    """A name of a column, safe also when it is a word of SQL."""
    return '"' + name.replace('"', '""') + '"'


def read_json(source: str, fields: list[Field], kept: str) -> str:
    """A SELECT over `source` (a query with a column `data`): the columns named in `kept`, then each field typed."""
    if not fields:
        return f"SELECT {kept} FROM ({source})"
    shape = ",".join(f'"{field.name}":"JSON"' for field in fields)
    raw = ", ".join(f"json_.{quoted(field.name)}::VARCHAR AS {quoted(field.name)}" for field in fields)
    typed = ", ".join(f"{_typed(field)} AS {quoted(field.name)}" for field in fields)
    parsed = f"SELECT *, json_transform(data, '{{{shape}}}') AS json_ FROM ({source})"
    return f"SELECT {kept}, {typed} FROM (SELECT {kept}, {raw} FROM ({parsed}))"


def _typed(field: Field) -> str:
    raw = quoted(field.name)
    number = f"CASE WHEN NOT starts_with({raw}, '\"') THEN TRY_CAST({raw} AS DOUBLE) END"
    if field.type == "bool":
        return f"CASE {raw} WHEN 'true' THEN true WHEN 'false' THEN false END"
    if field.type == "int":
        return f"CASE WHEN ({number}) = floor({number}) THEN TRY_CAST(({number}) AS INTEGER) END"
    if field.type == "date":
        day = f"TRY_CAST({raw}[2:-2] AS DATE) - DATE '1970-01-01'"
        return f"CASE WHEN regexp_full_match({raw}, '{_ISO_DATE}') THEN ({day})::INTEGER END"
    if field.places:
        size = f"floor(abs({number}) * {10**field.places}::DOUBLE + 0.5::DOUBLE)"
        return f"TRY_CAST(sign({number}) * {size} AS INTEGER)"
    if field.type == RECORD:
        device, number = (
            f"TRY_CAST(regexp_extract({raw}, '{_RECORD_ID}', {part}) AS BIGINT)" for part in (1, 2)
        )
        within = f"{device} <= {MAX_DEVICE} AND {number} <= {MAX_NUMBER}"
        key = f"CASE WHEN {within} THEN {device} * {MAX_NUMBER + 1} + {number} END"
        return f"CASE WHEN regexp_full_match({raw}, '{_RECORD_ID}') THEN {key} END"
    word = f"CASE WHEN contains({raw}, '\\') THEN {raw}->>'$' ELSE {raw}[2:-2] END"
    return f"CASE WHEN starts_with({raw}, '\"') THEN nullif({word}, '') END"
