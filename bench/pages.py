"""The desk's pages through Django's test client: home, SPM, the names behind a number, needs list, search, person, family.

The client stands in for the browser: middleware, session, view, queries and template are all there, the network is not.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.figure import Figure, Goal, Values
from bench.measuring import percentile
from bench.populations import ON, use_population
from siklus.kernel.dates import year_of
from siklus.kernel.ids import format_record_id
from siklus.kernel.periods import yearly

GOAL_MILLISECONDS = 300
_ROUNDS = {True: 7, False: 21}
_REGISTERED = """SELECT count(*) FROM monitoring_coverageunit
  WHERE indicator = %s AND period IN (%s, %s) AND counted"""
_LARGEST = """SELECT indicator, count(*) FROM monitoring_coverageunit WHERE counted GROUP BY indicator
  ORDER BY count(*) DESC LIMIT 1"""
_BUSY_CHILD = (
    """SELECT person_id FROM care_need GROUP BY person_id ORDER BY count(*) DESC, person_id LIMIT 1"""
)
_HOUSEHOLD = "SELECT household_id, name FROM register_person WHERE id = %s"
_POSYANDU = "SELECT posyandu_code FROM register_person WHERE id = %s"


def measure(quick: bool) -> Figure:
    """Milliseconds of each page for each role that opens it."""
    planted = use_population("puskesmas" if quick else "district")
    from django.test import Client

    from siklus.access.queries import user_named
    from siklus.desk.figures import PAGE
    from siklus.desk.pages.spm import ALL
    from siklus.desk.views.common import PLACE
    from siklus.desk.views.spm import LOOK
    from siklus.monitoring.queries import PAGE_SIZE

    person, household, name, posyandu = _somebody()
    largest, units = _one(_LARGEST)
    pages = {
        "SPM, whole area": ("dinkes", "/spm/"),
        "SPM, one puskesmas": ("puskesmas", "/spm/"),
        "SPM-4, names behind the number": ("dinkes", "/spm/spm04/"),
        f"{largest}, last page of {units} names": (
            "dinkes",
            f"/spm/{largest}/?{LOOK}={ALL}&{PAGE}={-(-units // PAGE_SIZE)}",
        ),
        "home of the district": ("dinkes", "/"),
        "home of a puskesmas": ("puskesmas", "/"),
        "home of a kader": ("kader", "/"),
        "needs list, district (sums)": ("dinkes", "/kebutuhan/"),
        "needs list, puskesmas": ("puskesmas", "/kebutuhan/"),
        "needs list, posyandu": ("dinkes", f"/kebutuhan/?{PLACE}={posyandu}"),
        "person with the most needs": ("dinkes", f"/orang/{format_record_id(person)}/"),
        "history of imports": ("puskesmas", "/impor/"),
        "search by name": ("dinkes", f"/cari/?q={name.split()[0]}"),
    }
    if household is not None:
        pages["family"] = ("dinkes", f"/keluarga/{format_record_id(household)}/")
    clients = {}
    for role in {role for role, _ in pages.values()}:
        clients[role] = Client(HTTP_HOST="127.0.0.1")
        user = user_named(role)
        assert user is not None
        clients[role].force_login(user)
    figure = Figure("spm", f"Pages of the desk, {planted.scale} population")
    figure.heading = ("page", "wall p50, ms", "wall p95, ms", "CPU p50, ms", "kB", "queries")
    for title, (role, address) in pages.items():
        found = _times(clients[role], address, _ROUNDS[quick])
        figure.values[title] = found
        keys = ("wall_p50_ms", "wall_p95_ms", "cpu_p50_ms", "kb", "queries")
        figure.rows.append((title, *(str(found[key]) for key in keys)))
        figure.goals.append(Goal(f"{title}, CPU p50", GOAL_MILLISECONDS, found["cpu_p50_ms"], "ms"))
        figure.checks[f"{title} answers 200"] = found["status"] == 200
    figure.checks["SPM figures are those of the units behind them"] = _spm_is_right()
    figure.notes.append(
        f"{planted.persons} persons; SQLite, warm (each page opened once before); {_ROUNDS[quick]} rounds, the pages in turns "
        "of their own; through Django's test client, without network and browser."
    )
    return figure


def _times(client: Any, address: str, rounds: int) -> Values:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        asked = len(queries)
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        response = client.get(address)
        cpus.append((time.process_time() - cpu) * 1e3)
        walls.append((time.perf_counter() - wall) * 1e3)
    return {
        "wall_p50_ms": round(percentile(walls, 0.5), 1),
        "wall_p95_ms": round(percentile(walls, 0.95), 1),
        "cpu_p50_ms": round(percentile(cpus, 0.5), 1),
        "kb": round(len(response.content) / 1024, 1),
        "queries": asked,
        "status": response.status_code,
    }


def _somebody() -> tuple[int, int | None, str, str]:
    """The person with most needs, their family, name and posyandu."""
    person = _one(_BUSY_CHILD)[0]
    household, name = _one(_HOUSEHOLD, [person])
    return person, household, name, _one(_POSYANDU, [person])[0]


def _spm_is_right() -> bool:
    """Every `registered` of the page's query is the count of the units that open behind it."""
    from siklus.access.queries import user_named
    from siklus.monitoring.queries import spm_page

    user = user_named("dinkes")
    assert user is not None
    page = spm_page(user, year_of(ON), user.scope_code)
    kept = [period.name for period in yearly(year_of(ON), ON)]  # an indicator is judged by one of the two
    figures: Mapping[str, int] = {row.indicator: row.registered for row in page.rows}
    return bool(figures) and all(
        _one(_REGISTERED, [indicator, *kept])[0] == registered for indicator, registered in figures.items()
    )


def _one(query: str, values: Sequence[int | str] = ()) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return cursor.fetchone()
