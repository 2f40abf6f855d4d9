"""What changes in monitoring: who stands under which indicator, and the sums by place.

`settle` is called after records of a few persons came in; a rebuild of everybody (`siklus.bulk`) writes the same rows.
Nothing is added to a sum or taken from it: the sums of the villages concerned are counted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from siklus.care import actions as care
from siklus.care import queries as care_queries
from siklus.care.queries import Family
from siklus.kernel import periods
from siklus.kernel.dates import year_of
from siklus.kernel.periods import Period
from siklus.library.loading import book_in_force, holding, load_book
from siklus.monitoring.counting import (
    CountedUnit,
    Place,
    Standing,
    Sums,
    add_up,
    count_unit,
    write_components,
    write_words,
)
from siklus.monitoring.figures import NewFigure, models_of
from siklus.monitoring.models import Coverage, CoverageUnit, Figure, FigureRun, RebuildRun
from siklus.records.drafts import Outcome
from siklus.register import asking
from siklus.register import queries as register
from siklus.register.appending import Row, replace_rows
from siklus.register.queries import PersonBrief
from siklus.rules.life import Life
from siklus.rules.vocabulary import HOUSEHOLD

_CHUNK = 400
_FIGURES_AT_ONCE = 2000
_PLACE = ("desa_code", "posyandu_code", "puskesmas_code")
_UNIT = (
    "period", "indicator", "unit", "unit_id", "person_id", *_PLACE, "counted", "reached", "complete", "lacking",
    "unknown",
)  # fmt: skip
_KEY = ("period", "indicator", "unit_id")
_PERIOD, _DESA = _UNIT.index("period"), _UNIT.index("desa_code")
_ALIKE = ("indicator", *_PLACE, "counted", "reached", "complete", "lacking", "unknown")


@transaction.atomic
def settle(person_ids: Iterable[int], today: int, household_ids: Iterable[int] = ()) -> None:
    """Fold these persons again and count them again, with whoever was merged into them or they into.

    Their families too, and these others.
    """
    _wait_for_turn()
    persons, households = _with_merged(person_ids), sorted(household_ids)
    while True:
        with holding(book_in_force()) as book:
            _settle(persons, households, today)
        if book_in_force() is book:
            return
        # A rebuild let another book take over while this waited for its tables: so it is done again, by that one.


def _settle(persons: Sequence[int], households: Sequence[int], today: int) -> None:
    held = periods_held(today)
    changed: set[Row] = set()

    def count(ids: Sequence[int], lives: Mapping[int, Life]) -> None:
        changed.update(_replace_units(ids, lives, held, today))

    def count_families(ids: Sequence[int], families: Mapping[int, Family]) -> None:
        changed.update(_replace_families(ids, families, held, today))

    care.refresh_persons(persons, today, count, households, count_families)
    for period in held:
        desas = {row[_DESA] for row in changed if row[_PERIOD] == period.name}
        for some in register.chunks(sorted(desas), _CHUNK):
            _recount(period, some, period.cut_off(today))


@transaction.atomic
def settle_since(seq: int, today: int) -> int:
    """The same for everybody of whom a record came in after this number; how many. Who settles now is waited for."""
    _wait_for_turn()
    late = care_queries.touched_after(seq)
    settle(late, today, care_queries.families_touched_after(seq))
    return len(late)


def settle_outcomes(outcomes: Iterable[Outcome], today: int) -> None:
    """The same for everybody these outcomes of `append_records` concern, also by a family's move or a merge."""
    done = list(outcomes)
    settle(care_queries.touched_by(done), today, care_queries.families_touched_by(done))


def note_rebuild(
    *, on_day: int, year: int, rulebook: str, last_seq: int, persons: int, records: int, seconds: float
) -> None:
    """Remember that everything was made again."""
    RebuildRun.objects.create(
        finished_at=timezone.now(), on_day=on_day, year=year, rulebook=rulebook, last_seq=last_seq,
        persons=persons, records=records, seconds=round(seconds, 1),
    )  # fmt: skip


@transaction.atomic
def replace_figures(
    counted: Mapping[str, Iterable[NewFigure]], as_of: Mapping[str, int], rulebook: str, last_seq: int
) -> None:
    """The figures of these periods, in the place of what was kept of them."""
    _wait_for_turn()
    for period, rows in counted.items():
        Figure.objects.filter(period=period).delete()
        Figure.objects.bulk_create(models_of(period, rows, as_of[period]), batch_size=_FIGURES_AT_ONCE)
        FigureRun.objects.update_or_create(
            period=period,
            defaults={
                "finished_at": timezone.now(), "as_of": as_of[period], "rulebook": rulebook, "last_seq": last_seq,
            },
        )  # fmt: skip


def years_held(today: int) -> list[int]:
    """The years whose coverage is kept up to date: every year once rebuilt, and this one."""
    rebuilt = set(RebuildRun.objects.values_list("year", flat=True))
    return sorted(rebuilt | {year_of(today)})


def periods_held(today: int) -> list[Period]:
    """The same years as periods, each with the school year that is judged with it."""
    found = (period for number in years_held(today) for period in periods.yearly(number, today))
    return list(dict.fromkeys(found))


def _wait_for_turn() -> None:
    """One settles after the other: two that count a village at once would each miss what the other writes."""
    if connection.vendor == "postgresql":  # on SQLite a transaction is alone anyway
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('siklus.monitoring.settle'))")


def _with_merged(person_ids: Iterable[int]) -> list[int]:
    persons = set(person_ids)
    merged = register.merged()
    persons |= {merged[person] for person in persons if person in merged}
    persons |= {absorbed for absorbed, survivor in merged.items() if survivor in persons}
    return sorted(persons)


def _replace_units(ids: Sequence[int], lives: Mapping[int, Life], held: list[Period], today: int) -> set[Row]:
    """Write the rows of these persons anew; what differs, for the sums of those villages are no longer right."""
    rows: list[Row] = []
    engine = load_book().engine
    for person, home in register.residences(ids).items():
        if home.merged_into is not None or person not in lives:
            continue
        place = Place(home.desa_code, home.posyandu_code, home.puskesmas_code)
        for period in held:
            if is_gone(home, period.cut_off(today)):
                continue
            for answer in engine.indicators(lives[person], today, period):
                unit = count_unit(answer, person)
                if unit is not None:
                    rows.append(_row(period.name, unit, place))
    own = "person_id {among} AND unit <> %s"
    return replace_rows(CoverageUnit, _UNIT, _KEY, own, (asking.keys(ids), HOUSEHOLD), rows)


def _replace_families(
    ids: Sequence[int], families: Mapping[int, Family], held: list[Period], today: int
) -> set[Row]:
    """Write the rows of these families anew; what differs. A family where nobody lives is not counted."""
    rows: list[Row] = []
    engine = load_book().engine
    for family in families.values():
        home = family.home
        place = Place(home.desa_code, home.posyandu_code, home.puskesmas_code)
        if home.spokesman is None:
            continue
        for period in held:
            for answer in engine.household_indicators(family.own, family.members, today, period):
                unit = count_unit(answer, home.spokesman)
                if unit is not None:
                    rows.append(_row(period.name, unit, place))
    about = [each.name for each in load_book().indicators if each.unit == HOUSEHOLD]
    own = "period {among} AND indicator {among} AND unit_id {among}"
    values = (asking.keys(period.name for period in held), asking.keys(about), asking.keys(ids))
    return replace_rows(CoverageUnit, _UNIT, _KEY, own, values, rows)


def is_gone(home: PersonBrief, cut_off: int) -> bool:
    """True for who died or left the district by the cut-off day: not among its residents, so not counted.

    Our choice, as of SPM's "residence on the cut-off day": a list of names to visit must not hold the dead.
    """
    return any(day is not None and day <= cut_off for day in (home.died, home.left))


def _row(period: str, unit: CountedUnit, place: Place) -> Row:
    return (
        period, unit.indicator, unit.unit, unit.unit_id, unit.person_id, place.desa, place.posyandu, place.puskesmas,
        unit.counted, unit.reached, unit.complete, write_words(unit.lacking), write_words(unit.unknown),
    )  # fmt: skip


def _recount(period: Period, desas: Iterable[str], as_of: int) -> None:
    """Count these villages again from their units."""
    units = CoverageUnit.objects.filter(period=period.name, desa_code__in=desas)
    rows = units.order_by().values_list(*_ALIKE).annotate(units=Count("unit_id"))
    Coverage.objects.filter(period=period.name, desa_code__in=desas).delete()
    standings = ((Standing(row[0], Place(*row[1:4]), *row[4:9]), row[9]) for row in rows)
    _write_sums(period.name, add_up(standings, components()), as_of)


def components() -> dict[str, tuple[str, ...]]:
    """The components of each indicator of the rule book, in its order."""
    return {indicator.name: tuple(indicator.components) for indicator in load_book().indicators}


def _write_sums(period: str, sums: Mapping[tuple[str, Place], Sums], as_of: int) -> None:
    Coverage.objects.bulk_create(
        Coverage(
            period=period, indicator=indicator, desa_code=place.desa, posyandu_code=place.posyandu,
            puskesmas_code=place.puskesmas, registered=figures.registered, reached=figures.reached,
            complete=figures.complete, unclear=figures.unclear, components=write_components(figures.components),
            as_of=as_of,
        )
        for (indicator, place), figures in sorted(sums.items())
    )  # fmt: skip
