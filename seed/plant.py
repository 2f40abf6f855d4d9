"""Plants a fictional district into an empty database: places, facilities, people, records, targets, logins.

Afterwards state, needs and coverage are rebuilt by the engines, which know nothing of the account returned here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from seed.account import KnownAnswers, merge
from seed.assumptions import Assumptions, read_assumptions
from seed.days import date_of, month_later
from seed.geography import SAMPLE, Geography, draw_map, limit_people
from seed.growing import Plot, grow_all
from seed.logins import LOGINS_FILE, Login, invent_logins, write_logins
from seed.targets import SOURCE, project_targets
from siklus.access import actions as access
from siklus.access.seeding import keep_devices
from siklus.bulk.rebuild import rebuild
from siklus.care.bulk_load import bulk_load, log_without_indexes
from siklus.kernel.problems import Problem, ProblemError
from siklus.register import actions as register
from siklus.register import queries as register_queries
from siklus.register.bulk_load import load_rows, register_without_indexes
from siklus.register.identity import keyring

ANSWERS_FILE = "known-answers.json.gz"
WORKERS = 2
PROGRESS_LINES = 20
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Planted:
    """What was planted: the known answers, one login for each role, and how long it took."""

    answers: KnownAnswers
    logins: tuple[Login, ...]
    seconds: float


def plant(
    scale: str,
    seed: int,
    on: int,
    *,
    people: int | None = None,
    processes: int | None = None,
    folder: Path | None = None,
    say: Say = lambda _line: None,
    with_rebuild: bool = True,
) -> Planted:
    """Fills the empty database, all or nothing. `people` limits each posyandu; `folder` keeps answers and logins."""
    began = time.monotonic()
    if not register_queries.is_empty():
        raise ProblemError([_not_empty()])
    keyring()  # there before others work beside: they touch no database, and so make no keys
    assumptions = read_assumptions()
    geography = draw_map(scale, assumptions)
    if people is not None:
        geography = limit_people(geography, people)
    spots = geography.neighbourhoods
    people = _number(geography.people)
    say(
        f"Data contoh ({scale}, benih {seed}): {len(spots)} posyandu, {people} orang rekaan yang tinggal di sini"
    )
    if processes is None:
        processes = WORKERS if len(spots) > WORKERS else 0
    answers = KnownAnswers(scale, seed, on, date_of(on).year)
    with _quick_writes(), transaction.atomic():
        _plant_places(geography, month_later(on, -assumptions.story.months))
        _plant_people(Plot(spots, seed, on, register_queries.placing()), answers, processes, say)
        _plant_targets(geography, assumptions, answers.year)
        logins = invent_logins(geography, assumptions.district.code)
        for login in logins:
            name = f"{login.role.capitalize()} {SAMPLE}"
            access.add_user(
                username=login.username,
                password=login.password,
                role=login.role,
                scope_code=login.scope_code,
                name=name,
            )
        register.mark_sample()
    say(f"   {_number(answers.records)} catatan tersimpan dalam {time.monotonic() - began:.0f} detik")
    if folder is not None:
        answers.save(folder / ANSWERS_FILE)
        write_logins(folder / LOGINS_FILE, logins)
    if with_rebuild:
        rebuild(on, answers.year, say)
    return Planted(answers, tuple(logins), time.monotonic() - began)


def _plant_places(geography: Geography, since: int) -> None:
    for place in geography.places:
        register.save_place(
            code=place.code, level=place.level, name=place.name, parent_code=place.parent_code or ""
        )
    for facility in geography.facilities:
        register.save_facility(
            code=facility.code,
            kind=facility.kind,
            name=facility.name,
            parent=facility.parent_code,
            desa_code=facility.desa_code,
            klass=facility.klass,
            confidence=facility.confidence,
            note=facility.note,
        )
    for service in geography.services:
        register.serve_village(
            facility=service.facility_code,
            desa_code=service.desa_code,
            since=since,
            confidence=service.confidence,
            note=service.note,
        )


def _plant_people(plot: Plot, answers: KnownAnswers, processes: int, say: Say) -> None:
    began, told = time.monotonic(), 0
    devices = []
    with log_without_indexes(), register_without_indexes():
        for done, grown in enumerate(grow_all(plot, processes), 1):
            bulk_load(grown.records)
            load_rows(grown.register)
            devices.append((grown.device, grown.spot.posyandu_code, len(grown.records)))
            merge([grown.answers], answers)
            if done * PROGRESS_LINES // len(plot.spots) > told:
                told = done * PROGRESS_LINES // len(plot.spots)
                seconds = time.monotonic() - began
                written = _number(answers.records)
                say(f"   {done} dari {len(plot.spots)} posyandu, {written} catatan, {seconds:.0f} detik")
        say("   membuat indeks ...")
    keep_devices(devices)


def _plant_targets(geography: Geography, assumptions: Assumptions, year: int) -> None:
    for indicator, code, value in project_targets(geography, assumptions):
        register.set_target(
            indicator=indicator, place_code=code, year=year, value=value, source=SOURCE, confidence="ours"
        )


@contextmanager
def _quick_writes() -> Iterator[None]:
    """SQLite need not wait for the disk while an empty database is filled: a crash only means starting over."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA synchronous").fetchone()[0]
        cursor.execute("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous = {before}")


def _not_empty() -> Problem:
    return Problem(
        "S01",
        "basis data",
        "sudah ada orang terdaftar di sini",
        "basis data kosong",
        "Data contoh tidak dicampur dengan data lain: pakailah SIKLUS_DATABASE_URL ke basis data baru.",
    )


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
