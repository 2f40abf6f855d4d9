"""The list of one posyandu: who waits for what, by family, as the desk asks for it; over every posyandu of the population."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench.figure import Figure, Goal, Values
from bench.measuring import percentile
from bench.populations import ON, use_population

GOAL_MILLISECONDS = 300
_ROUNDS = {True: 3, False: 5}
_MOST = 60
_WAITING = """SELECT count(DISTINCT person_id), count(*) FROM care_need
  WHERE posyandu_code = %s AND status IN ('overdue', 'due', 'unknown', 'refused')
  AND need NOT IN (SELECT value FROM json_each(%s))"""


def measure(quick: bool) -> Figure:
    """Milliseconds of the query for one page of names, for all names, and of the whole page through Django."""
    planted = use_population("puskesmas" if quick else "district")
    from django.db import connection
    from django.test import Client

    from siklus.access.may import absent_needs
    from siklus.access.queries import user_named
    from siklus.care.queries import NeedFilter, needs_list
    from siklus.desk.statuses import OPEN
    from siklus.desk.views.common import PLACE
    from siklus.desk.views.needs import FAMILIES_A_PAGE
    from siklus.register.areas import areas_under

    user = user_named("dinkes")
    assert user is not None
    every = [area.code for area in areas_under(user.scope_code, "posyandu")]
    codes = every[:: max(1, len(every) // _MOST)]
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)

    def ask(code: str, size: int) -> Any:
        return needs_list(user, NeedFilter(posyandu=code, statuses=OPEN), ON, size=size)

    def open_page(code: str) -> Any:
        response = client.get("/kebutuhan/", {PLACE: code})
        assert response.status_code == 200, response.status_code
        return response

    figure = Figure("posyandu", f"The list of one posyandu, {planted.scale} population")
    figure.heading = ("what", "wall p50, ms", "wall p95, ms", "CPU p50, ms", "asked")
    tasks: dict[str, Callable[[str], Any]] = {
        f"query, {FAMILIES_A_PAGE} families": lambda code: ask(code, FAMILIES_A_PAGE),
        "query, all families (print, xlsx)": lambda code: ask(code, 0),
        "page in the browser's place": open_page,
    }
    for name, task in tasks.items():
        found = _times(task, codes, _ROUNDS[quick])
        figure.values[name] = found
        figure.rows.append(
            (name, *(str(found[key]) for key in ("wall_p50_ms", "wall_p95_ms", "cpu_p50_ms", "asked")))
        )
        figure.goals.append(Goal(f"{name}, CPU p50", GOAL_MILLISECONDS, found["cpu_p50_ms"], "ms"))
    right, absent = True, json.dumps(sorted(absent_needs(user)))
    for code in codes:
        page = ask(code, 0)
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, [code, absent])
            persons, needs = cursor.fetchone()
        right = right and (page.total_persons, page.total_needs, len(page.lines)) == (persons, needs, needs)
    figure.checks[
        "each list holds what stands in the table for that posyandu and is not closed to this user"
    ] = right
    figure.notes.append(
        f"{planted.persons} persons, {len(every)} posyandu, {len(codes)} of them asked; SQLite, warm; asked by a user who "
        "sees the whole district, without the classes of secrets that are closed to dinkes."
    )
    return figure


def _times(task: Callable[[str], Any], codes: Sequence[str], rounds: int) -> Values:
    walls, cpus = [], []
    for code in codes:
        task(code)
    for _ in range(rounds):
        for code in codes:
            wall, cpu = time.perf_counter(), time.process_time()
            task(code)
            cpus.append((time.process_time() - cpu) * 1e3)
            walls.append((time.perf_counter() - wall) * 1e3)
    return {
        "wall_p50_ms": round(percentile(walls, 0.5), 1),
        "wall_p95_ms": round(percentile(walls, 0.95), 1),
        "cpu_p50_ms": round(percentile(cpus, 0.5), 1),
        "cpu_p95_ms": round(percentile(cpus, 0.95), 1),
        "asked": len(walls),
    }
