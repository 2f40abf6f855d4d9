"""Reading the record log: rows as values, by person, by family, by kind. Effective records are made of these."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import F, Q, QuerySet

from siklus.care.models import Record
from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.records.persons import HOUSEHOLD_KINDS, MERGE, PERSON_KINDS, person_named, survivors
from siklus.register import asking
from siklus.register.queries import chunks

_REPLACING = Record.objects.exclude(root=F("id"))
_COLUMNS = (
    "id", "seq", "kind", "person_id", "household_id", "on", "root", "is_void", "data", "by_role", "place_kind",
    "facility_code",
)  # fmt: skip
_SAID = (
    "SELECT id, seq, kind, person_id, household_id, on_day, root, is_void, data, by_role, place_kind, facility_code"
    " FROM care_record WHERE"
)
_VERSIONS = (f"{_SAID} id {asking.AMONG}", f"{_SAID} root {asking.AMONG} AND NOT (root = id)")
"""The first rows of some roots, then those that replace them, in the words of the index `record_replacing`."""
_OF_HOUSEHOLDS = f"{_SAID} household_id {asking.AMONG}"
_REGISTERING = "SELECT data FROM care_record WHERE person_id {among} AND kind {among}"

Versions = dict[int, list[StoredRecord]]
"""All rows of some roots, each with its rows oldest first."""
_FAMILY = "keluarga"
_READ = json.JSONDecoder().raw_decode  # the column holds nothing but what `write_data` wrote
_WRITE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def stored(rows: QuerySet[Record]) -> Iterator[StoredRecord]:
    """Rows of a query as values."""
    return map(_stored, rows.values_list(*_COLUMNS).iterator(chunk_size=5000))


def _stored(row: tuple[Any, ...]) -> StoredRecord:
    key, seq, kind, person, household, on, root, void, data, role, place, facility = row
    return StoredRecord(
        id=key, seq=seq, kind=kind, person=person, household=household, on=on, root=root, is_void=bool(void),
        data=read_data(data), by_role=role, place_kind=place, facility_code=facility,
    )  # fmt: skip


def read_data(text: str) -> Mapping[str, Any]:
    """The values of a record from its column."""
    return _READ(text)[0] if text != "{}" else {}


def write_data(data: Mapping[str, Any]) -> str:
    """The column of a record's values; the same values give the same text."""
    return _WRITE(data) if data else "{}"


def effective_by_person(
    person_ids: Iterable[int],
    kinds: Sequence[str] | None = None,
    days: tuple[int, int] | None = None,
) -> dict[int, list[StoredRecord]]:
    """Effective records of each of these persons (none: an empty list), sorted; of some kinds only, when named.

    `days` are the first and last day that matter. What replaces another record is read whatever its day: it may have
    moved it into these days, or out of them.
    """
    by_person: dict[int, list[StoredRecord]] = {person: [] for person in person_ids}
    # In their order: records of persons with near numbers lie near each other.
    for ids in chunks(sorted(by_person)):
        for row in _of_persons(ids, kinds, days):
            by_person[row.person or 0].append(row)
    counted = {person: effective(rows) if rows else rows for person, rows in by_person.items()}
    if days is None:
        return counted
    first, last = days
    return {person: [row for row in rows if first <= row.on <= last] for person, rows in counted.items()}


def _of_persons(
    ids: Sequence[int], kinds: Sequence[str] | None, days: tuple[int, int] | None
) -> Iterable[StoredRecord]:
    if days is None:
        named = () if kinds is None else (asking.keys(kinds),)
        text = f"{_SAID} person_id {asking.AMONG}" + (" AND kind {among}" if named else "")
        return map(_stored, asking.rows(text, asking.keys(ids), *named))
    rows = Record.objects.filter(person_id__in=ids)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    return stored(rows.filter(Q(on__range=days) | ~Q(root=F("id"))))


def register_records_of_persons(person_ids: Iterable[int]) -> dict[int, list[StoredRecord]]:
    """What the register is told of these persons."""
    return effective_by_person(person_ids, PERSON_KINDS)


def register_records_of_households(household_ids: Iterable[int]) -> dict[int, list[StoredRecord]]:
    """What the register is told of these families."""
    by_household: dict[int, list[StoredRecord]] = {household: [] for household in household_ids}
    for ids in chunks(list(by_household)):
        for row in stored(Record.objects.filter(household_id__in=ids, kind__in=HOUSEHOLD_KINDS)):
            by_household[row.household or 0].append(row)
    return {household: effective(rows) for household, rows in by_household.items()}


def effective_by_household(household_ids: Iterable[int]) -> dict[int, list[StoredRecord]]:
    """Effective records of each of these families, of every kind; none: an empty list."""
    by_household: dict[int, list[StoredRecord]] = {household: [] for household in household_ids}
    if by_household:
        for row in map(_stored, asking.rows(_OF_HOUSEHOLDS, asking.keys(sorted(by_household)))):
            by_household[row.household or 0].append(row)
    return {household: effective(rows) for household, rows in by_household.items()}


def households_named_by(person_ids: Iterable[int]) -> set[int]:
    """The families into which any record of these persons ever put them, also one that counts no more."""
    rows = asking.rows(_REGISTERING, asking.keys(sorted(person_ids)), asking.keys(PERSON_KINDS))
    found = {person_named(read_data(data), _FAMILY) for (data,) in rows if _FAMILY in data}
    return {household for household in found if household is not None}


def survivors_now() -> dict[int, int]:
    """{absorbed: final survivor} from all effective merge records."""
    return survivors(merges())


def versions_of(roots: Iterable[int]) -> Versions:
    """All rows of each root, oldest first: the original, its corrections and voids."""
    wanted = set(roots)
    if not wanted:
        return {}
    keys = asking.keys(wanted)
    return _by_root(row for statement in _VERSIONS for row in map(_stored, asking.rows(statement, keys)))


def versions_touched(batch: int) -> tuple[Versions, frozenset[int]]:
    """All rows of each root that a batch wrote of, and the ids of the rows that are its own."""
    own = Record.objects.filter(batch_id=batch)
    roots = own.order_by().values("root")
    rows = (Record.objects.filter(id__in=roots), _REPLACING.filter(root__in=roots))
    versions = _by_root(row for some in rows for row in stored(some))
    return versions, frozenset(own.values_list("id", flat=True))


def _by_root(rows: Iterable[StoredRecord]) -> Versions:
    found: Versions = {}
    for row in rows:
        found.setdefault(row.root, []).append(row)
    for versions in found.values():
        if len(versions) > 1:
            versions.sort(key=attrgetter("seq"))
    return found


def roots_by_person(person_ids: Iterable[int]) -> dict[int, set[int]]:
    """The roots of the effective records of each of these persons, without reading what they say."""
    newest: dict[int, tuple[int, int, bool]] = {}
    found: dict[int, set[int]] = {person: set() for person in person_ids}
    for ids in chunks(list(found)):
        rows = Record.objects.filter(person_id__in=ids).values_list("root", "seq", "person_id", "is_void")
        for root, seq, person, is_void in rows.iterator(chunk_size=5000):
            if root not in newest or seq > newest[root][0]:
                newest[root] = seq, person or 0, is_void
    for root, (_, person, is_void) in newest.items():
        if not is_void:
            found[person].add(root)
    return found


def persons_having(person_ids: Iterable[int], kinds: Iterable[str]) -> set[int]:
    """Those of these persons of whom any record of these kinds was ever written."""
    named = sorted(kinds)
    found: set[int] = set()
    for ids in chunks(list(person_ids)):
        rows = Record.objects.filter(person_id__in=ids, kind__in=named).order_by()
        found.update(person for person in rows.values_list("person_id", flat=True).distinct() if person)
    return found


def merges() -> list[StoredRecord]:
    """All effective merge records."""
    return effective(stored(Record.objects.filter(kind=MERGE)))


def newest_version(key: int) -> StoredRecord | None:
    """What a record says now, whichever of its versions is named; None when there is no such record."""
    root = Record.objects.filter(id=key).values_list("root", flat=True).first()
    return None if root is None else versions_of([root])[root][-1]


def subjects(column: str) -> list[int]:
    """Every person (`person_id`) or family (`household_id`) that any record speaks of, in order."""
    rows = Record.objects.filter(**{f"{column}__isnull": False}).order_by(column)
    return list(rows.values_list(column, flat=True).distinct())
