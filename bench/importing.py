"""30,000 rows of an e-PPGBM workbook: read, judged (the preview), saved, undone; on a copy, so that the population stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.figure import Figure, Goal
from bench.list_files import make_workbook
from bench.measuring import Series, timed
from bench.populations import ON, say, use_copy_of

GOAL_SECONDS = 20
ROWS = 30_000
_QUICK_ROWS = 5_000
_CONTENT = {
    "persons": "SELECT count(*) FROM register_person",
    "families": "SELECT count(*) FROM register_household",
    "needs": "SELECT count(*), coalesce(sum(occurrence), 0) FROM care_need",
    "states": "SELECT count(*), sum(length(body)) FROM care_state",
    "coverage": "SELECT indicator, sum(registered), sum(reached), sum(complete) FROM monitoring_coverage GROUP BY 1 ORDER BY 1",
}


def measure(quick: bool) -> Figure:
    """Seconds of each step; settling needs and coverage afterwards is the rebuild of its own figure and stands apart."""
    with use_copy_of("puskesmas" if quick else "district") as planted:
        return _measure(planted.scale, _QUICK_ROWS if quick else ROWS)


def _measure(scale: str, rows: int) -> Figure:
    from siklus.access.queries import user_named
    from siklus.exchange.excel import actions, settling
    from siklus.exchange.excel.sheets import read_sheets
    from siklus.library.loading import load_book
    from siklus.register.areas import place_or_facility

    user = user_named("dinkes")
    assert user is not None
    area = place_or_facility(user.scope_code)
    assert area is not None
    # A server has read its book long before a file comes.
    assert load_book().engine
    say(f"making a workbook of {rows} rows ...")
    content, known = make_workbook(rows, ON)
    steps: dict[str, Series] = {}

    def step(name: str, task: Callable[[], Any]) -> Any:
        say(f"{name} ...")
        series = steps.setdefault(name, Series())
        with timed(series):
            return task()

    settle = settling.settle_many
    settling.settle_many = lambda today: step(f"settle, step {len(steps)}", lambda: settle(today))
    before = _content()
    step("read", lambda: read_sheets(content))
    batch = step(
        "stage (read, judge, keep the preview)",
        lambda: actions.stage(content, file_name="bench.xlsx", area=area, author=user, today=ON),
    )
    verdicts = {
        name: batch.rows.filter(verdict=name).count()
        for name in ("new", "match", "conflict", "reject", "skip")
    }
    saved = step("save", lambda: actions.save(batch, author=user, today=ON))
    would = step("say what undoing would do", lambda: actions.try_undo(batch, today=ON))
    undone = step("undo", lambda: actions.undo(batch, author=user, today=ON, why="bench"))
    settling.settle_many = settle
    after = _content()
    figure = _figure(scale, rows, known, len(content), steps, verdicts, saved, undone, before, after)
    figure.checks["undoing does what was said before"] = (would.records, would.kept) == (
        undone.records,
        undone.kept,
    )
    return figure


def _figure(
    scale: str, rows: int, known: int, size: int, steps: dict[str, Series], verdicts: dict[str, int],
    saved: Any, undone: Any, before: Any, after: Any,
) -> Figure:  # fmt: skip
    figure = Figure("import", f"Import of {rows:,} rows e-PPGBM xlsx into the {scale} population")
    figure.heading = ("step", "wall s", "CPU s", "rows a CPU s")
    # What is settled in bulk afterwards stands inside the step that asked for it; here it is taken out again.
    own: dict[str, tuple[float, float]] = {}
    inner = [(name, series) for name, series in steps.items() if name.startswith("settle")]
    for name, series in steps.items():
        wall, cpu = series.wall[0], series.cpu[0]
        for place, asked_by in enumerate(("save", "undo")):
            if name == asked_by and place < len(inner):
                wall, cpu = wall - inner[place][1].wall[0], cpu - inner[place][1].cpu[0]
        title = (
            name
            if not name.startswith("settle")
            else f"rebuild after {('save', 'undo')[inner.index((name, series))]}"
        )
        own[title] = (wall, cpu)
    for title in sorted(own, key=lambda each: each.startswith("rebuild")):
        wall, cpu = own[title]
        figure.values[title] = {"wall_s": round(wall, 2), "cpu_s": round(cpu, 2)}
        figure.rows.append((title, f"{wall:.2f}", f"{cpu:.2f}", f"{rows / max(cpu, 0.001):,.0f}"))
    taken = [own["stage (read, judge, keep the preview)"], own["save"]]
    figure.values["rows"], figure.values["verdicts"], figure.values["known"] = rows, verdicts, known
    figure.values["records_saved"], figure.values["size_kib"] = saved.records, round(size / 1024)
    goal = GOAL_SECONDS * rows / ROWS
    figure.goals.append(Goal("stage and save, CPU", goal, round(sum(cpu for _, cpu in taken), 2), "s"))
    figure.goals.append(Goal("stage and save, wall", goal, round(sum(wall for wall, _ in taken), 2), "s"))
    figure.checks["every row has a verdict"] = sum(verdicts.values()) == rows
    figure.checks["every good row was saved"] = saved.rows == verdicts["new"] + verdicts["match"]
    figure.checks["undoing voids every record"] = undone.records == saved.records and not undone.kept
    for name in before:
        figure.checks[f"after undoing, {name} are what they were"] = before[name] == after[name]
    words = ", ".join(f"{count} {name}" for name, count in verdicts.items())
    figure.notes.append(
        f"{rows:,} rows, {size / 1024:,.0f} KiB, {known} children of the population among them: {words}; {saved.records} records "
        "saved. One round. When so many persons are touched, needs and coverage are settled by one bulk rebuild after the "
        "records are kept: it stands apart."
    )
    return figure


def _content() -> dict[str, Any]:
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for name, query in _CONTENT.items():
            cursor.execute(query)
            found[name] = cursor.fetchall()
    return found
