"""Out of the database into Parquet: what rules read of persons and records, by kabupaten, sorted by person.

The folder is made beside the place it goes to and takes it over when it is whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from siklus.bulk.columns import quoted
from siklus.bulk.database import reach_site_database
from siklus.bulk.extract import extract as read_tables
from siklus.bulk.folders import (
    MANIFEST,
    NOWHERE,
    Extract,
    Size,
    household_file,
    no_extract,
    person_file,
    read_extract,
    records_file,
)
from siklus.bulk.tables import bucket_of
from siklus.bulk.workspace import copy_to, workspace
from siklus.care.wishes import objecting
from siklus.kernel.problems import ProblemError
from siklus.library.loading import Book
from siklus.rules.reading import fields_read
from siklus.rules.vocabulary import HOUSEHOLD

_KABUPATEN = f"""CASE WHEN regexp_full_match(desa_code, '[0-9]{{2}}[.][0-9]{{2}}([.].*)?') THEN desa_code[1:5]
  ELSE '{NOWHERE}' END AS kabupaten"""
_IN_FAMILIES = "LEFT JOIN u_person ON u_person.id = places.person"
_HOUSEHOLDS = """SELECT home.bucket, u_household.*, spokesman, desa_code, posyandu_code, puskesmas_code
  FROM u_household JOIN home ON home.person = u_household.id JOIN places ON places.person = u_household.id
  WHERE kabupaten = '{kabupaten}' ORDER BY bucket, id"""
_PERSONS = """SELECT home.bucket, u_person.*, left_day, gone_day, desa_code, posyandu_code, puskesmas_code
  FROM u_person JOIN home ON home.person = u_person.id JOIN places ON places.person = u_person.id
  WHERE kabupaten = '{kabupaten}' ORDER BY bucket, id"""
_RECORDS = """SELECT bucket, record.* EXCLUDE (unit) FROM {table} AS record JOIN home USING (person)
  WHERE kabupaten = '{kabupaten}' ORDER BY bucket, person, "date", record.id"""
_UNTIL = (
    "UPDATE u_person SET died = NULL WHERE died > {on}",
    "UPDATE places SET left_day = NULL WHERE left_day > {on}",
    "UPDATE places SET gone_day = NULL WHERE gone_day > {on}",
)


def write_extract(
    book: Book, folder: Path, on: int | None, memory: int, progress: Callable[[str], None], purpose: str = ""
) -> Extract:
    """Extract of everybody; with `on`, as it was recorded up to that day. Replaces an older extract in the folder.

    With a `purpose` (`care.wishes`), of everybody but those who object to it.
    """
    _may_be_replaced(folder)
    database = reach_site_database()
    fresh = folder.parent / f".{folder.name}.baru"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        with workspace(memory) as duck:
            progress("Membaca catatan ...")
            read = read_tables(duck, database, book.rules)
            kinds = fields_read(book.rules)
            if on is not None:
                later = (f'DELETE FROM {quoted(f"r_{kind}")} WHERE "date" > {on}' for kind in kinds)
                for statement in (*(each.format(on=on) for each in _UNTIL), *later):
                    duck.execute(statement)
            if purpose and (left_out := objecting(purpose, on)):
                duck.execute(f"DELETE FROM places WHERE person IN ({', '.join(map(str, sorted(left_out)))})")
            has_families = HOUSEHOLD in book.rules.units()
            duck.execute(_home(has_families))
            columns = {kind: _columns(duck, quoted(f"r_{kind}")) for kind in kinds}
            if has_families:
                columns[HOUSEHOLD] = _columns(duck, "u_household")
            sizes = {}
            for (kabupaten,) in duck.execute("SELECT DISTINCT kabupaten FROM home ORDER BY 1").fetchall():
                progress(f"Menulis kabupaten {kabupaten} ...")
                sizes[kabupaten] = _write_kabupaten(duck, fresh, kabupaten, kinds)
                if has_families:
                    _copy(duck, _HOUSEHOLDS.format(kabupaten=kabupaten), household_file(fresh, kabupaten))
        Extract(fresh, read.last_seq, on, sizes, columns).write()
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return read_extract(folder)


def _home(has_families: bool) -> str:
    """Makes `home`. A family and all who live in it have one bucket, so that no rule about them looks further."""
    bucket = bucket_of("coalesce(u_person.household, person)" if has_families else "person")
    joined = f"places {_IN_FAMILIES}" if has_families else "places"
    return f"CREATE TABLE home AS SELECT person, {bucket} AS bucket, {_KABUPATEN} FROM {joined}"


def _write_kabupaten(duck: Any, folder: Path, kabupaten: str, kinds: Mapping[str, object]) -> Size:
    persons = _copy(duck, _PERSONS.format(kabupaten=kabupaten), person_file(folder, kabupaten))
    records = 0
    for kind in kinds:
        query = _RECORDS.format(table=quoted(f"r_{kind}"), kabupaten=kabupaten)
        records += _copy(duck, query, records_file(folder, kind, kabupaten))
    return Size(persons, records)


def _copy(duck: Any, query: str, path: Path) -> int:
    rows = copy_to(duck, query, path)
    if not rows:
        shutil.rmtree(path.parent)
    return rows


def _columns(duck: Any, table: str) -> dict[str, str]:
    described = duck.execute(f"DESCRIBE {table}").fetchall()
    return {name: kind for name, kind, *_ in described if name != "unit"}


def _may_be_replaced(folder: Path) -> None:
    if folder.exists() and not (folder / MANIFEST).is_file() and any(folder.iterdir()):
        raise ProblemError([no_extract(folder)])
