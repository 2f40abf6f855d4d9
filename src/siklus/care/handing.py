"""What of the log stands in a user's area, for who keeps a copy: the tail, who came and went, whole histories.

Every question is bounded by a place in the log that is committed already, so rows that are written meanwhile change
no answer: they have a higher place, and whom they move is told of by a `Stay`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from siklus.access.scope import Visitor, access_facilities, access_persons, scope_filter
from siklus.care import log
from siklus.care.models import Counter, Record, Stay
from siklus.care.stays import HOUSEHOLD, PERSON, PLACES
from siklus.records.drafts import StoredRecord
from siklus.register import asking, guests
from siklus.register import queries as register

_COLUMNS = (
    "id", "seq", "kind", "person_id", "household_id", "on", "root", "is_void", "data", "by_role", "place_kind",
    "facility_code", "why", "author_id",
)  # fmt: skip
_KEYS = "SELECT id FROM care_record WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s"
_KEYS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Handed:
    """A row of the log with what only its readers outside want: why it was written, and by whom."""

    row: StoredRecord
    why: str
    author: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody who stood elsewhere until this place in the log."""

    seq: int
    unit: str
    unit_id: int


def tail(user: Visitor, after: int, upto: int, limit: int) -> list[Handed]:
    """The first rows after a place, up to another, of everybody who is in the user's area now."""
    rows = Record.objects.filter(seq__gt=after, seq__lte=upto).filter(_theirs(user))
    return list(_handed(rows.order_by("seq")[:limit]))


def moves(user: Visitor, after: int, upto: int, limit: int) -> list[Moved]:
    """The first moves after a place, up to another, of who stood in the user's area or is in it now."""
    now = Q(unit=PERSON, unit_id__in=_persons(user)) | Q(unit=HOUSEHOLD, unit_id__in=_households(user))
    rows = Stay.objects.filter(seq__gt=after, seq__lte=upto).filter(scope_filter(user) | now)
    return [Moved(*row) for row in rows.order_by("seq", "id").values_list("seq", "unit", "unit_id")[:limit]]


def stood_here(
    user: Visitor, persons: Collection[int], households: Collection[int], since: int
) -> set[tuple[str, int]]:
    """Those who stood in the user's area at this place in the log or later, and do so no more or again."""
    found: set[tuple[str, int]] = set()
    for unit, ids in ((PERSON, persons), (HOUSEHOLD, households)):
        for some in register.chunks(ids):
            rows = Stay.objects.filter(scope_filter(user), seq__gt=since, unit=unit, unit_id__in=some)
            found |= {(unit, key) for key in rows.values_list("unit_id", flat=True)}
    return found


def turned(user: Visitor, after: int, upto: int) -> set[tuple[str, int]]:
    """Who became or ceased to be a guest of the area by themselves, on a day after one, up to another."""
    rows = guests.turned(after, upto).filter(scope_filter(user))
    return {(PERSON, key) for key in _with_absorbed(set(rows.values_list("person_id", flat=True)))}


def last_days_as_guest(user: Visitor, today: int) -> dict[int, int]:
    """The last day of everybody who is or ever was a guest of the area, by the records as they stand now."""
    rows = guests.begun_by(today).filter(scope_filter(user)).order_by("last")
    days = dict(rows.values_list("person_id", "last"))
    into = register.merged() if days else {}
    return days | {absorbed: days[survivor] for absorbed, survivor in into.items() if survivor in days}


def within(user: Visitor, persons: Collection[int], households: Collection[int]) -> set[tuple[str, int]]:
    """Those of these who are in the user's area now."""
    found: set[tuple[str, int]] = set()
    for some in register.chunks(persons):
        found |= {
            (PERSON, key) for key in access_persons(user).filter(id__in=some).values_list("id", flat=True)
        }
    if len(found) < len(set(persons)):
        found |= {(PERSON, key) for key in _absorbed(user).intersection(persons)}
    for some in register.chunks(households):
        rows = register.households().filter(scope_filter(user), id__in=some)
        found |= {(HOUSEHOLD, key) for key in rows.values_list("id", flat=True)}
    return found


def histories(persons: Collection[int], households: Collection[int], upto: int) -> Iterator[Handed]:
    """Every row of these, also what was replaced or taken back, up to a place in the log."""
    for some in register.chunks(sorted(persons)):
        rows = Record.objects.filter(person_id__in=some, seq__lte=upto)
        yield from _handed(rows.order_by("person_id", "seq"))
    for some in register.chunks(sorted(households)):
        rows = Record.objects.filter(household_id__in=some, person_id__isnull=True, seq__lte=upto)
        yield from _handed(rows.order_by("household_id", "seq"))


def everything(user: Visitor, upto: int) -> Iterator[Handed]:
    """All rows of everybody in the user's area, by person and family, up to a place in the log."""
    yield from histories({*_persons(user), *_absorbed(user)}, set(_households(user)), upto)
    yield from _handed(Record.objects.filter(_unowned(user), seq__lte=upto).order_by("seq"))


def subjects_of(keys: Collection[int]) -> dict[int, tuple[int | None, int | None]]:
    """(person, family) of these records; absent ones are left out."""
    found: dict[int, tuple[int | None, int | None]] = {}
    for some in register.chunks(keys):
        rows = Record.objects.filter(id__in=some)
        found.update(
            (key, (person, home)) for key, person, home in rows.values_list("id", "person_id", "household_id")
        )
    return found


def seqs_of(keys: Collection[int]) -> dict[int, int]:
    """The places in the log of these records; absent ones are left out."""
    found: dict[int, int] = {}
    for some in register.chunks(keys):
        found.update(Record.objects.filter(id__in=some).values_list("id", "seq"))
    return found


def keys_between(first: int, last: int) -> Iterator[int]:
    """The ids of the records in a run of ids, in order."""
    while True:
        found = asking.rows(_KEYS, first, last, _KEYS_AT_ONCE)
        yield from (key for (key,) in found)
        if len(found) < _KEYS_AT_ONCE:
            return
        first = found[-1][0] + 1


def placing_number() -> int:
    """Another number each time everybody was placed anew, without a `Stay` for who moved by it."""
    return Counter.objects.filter(name=PLACES).values_list("value", flat=True).first() or 0


def rows_where(limit: int | None = None, **found: object) -> Iterator[Handed]:
    """Rows by a condition on their columns, in the order of the log."""
    return _handed(Record.objects.filter(**found).order_by("seq")[:limit])


def _theirs(user: Visitor) -> Q:
    persons = Q(person_id__in=_persons(user)) | Q(person_id__in=_absorbed(user))
    return persons | Q(person_id__isnull=True, household_id__in=_households(user)) | _unowned(user)


def _unowned(user: Visitor) -> Q:
    """What speaks of nobody (a newer app wrote it) belongs to the place that wrote it, and to the one above."""
    own = getattr(user, "scope_code", "")
    places = {own, *(each.code for each in access_facilities(user))} - {""}
    return Q(person_id__isnull=True, household_id__isnull=True, facility_code__in=places)


def _persons(user: Visitor) -> QuerySet[register.Person, int]:
    return access_persons(user).order_by().values_list("id", flat=True)


def _absorbed(user: Visitor) -> set[int]:
    """Who was merged into somebody of the area: their records are that one's history."""
    into = register.merged()
    here = set()
    for some in register.chunks(set(into.values())):
        here |= set(access_persons(user).filter(id__in=some).values_list("id", flat=True))
    return {absorbed for absorbed, survivor in into.items() if survivor in here}


def _with_absorbed(persons: set[int]) -> set[int]:
    found = register.absorbed_into(persons) if persons else {}
    return persons | {key for absorbed in found.values() for key in absorbed}


def _households(user: Visitor) -> QuerySet[register.Household, int]:
    return register.households().filter(scope_filter(user)).order_by().values_list("id", flat=True)


def _handed(rows: QuerySet[Record]) -> Iterator[Handed]:
    for (
        key,
        seq,
        kind,
        person,
        household,
        on,
        root,
        void,
        data,
        role,
        place,
        facility,
        why,
        author,
    ) in rows.values_list(*_COLUMNS).iterator(chunk_size=2000):
        row = StoredRecord(
            id=key, seq=seq, kind=kind, person=person, household=household, on=on, root=root, is_void=void,
            data=log.read_data(data), by_role=role, place_kind=place, facility_code=facility,
        )  # fmt: skip
        yield Handed(row, why, author)
