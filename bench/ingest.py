"""Batches of 100 records through the real push, with judging, audit and folding, beside direct INSERTs of the same rows.

The floor is what a program does that judges nothing: the same rows of a batch, into the same tables with the same
indexes, over the same connection, in one transaction that waits for the disk as the server's does. It is measured twice:
a statement for each row, as a program writes that takes in one record after the other, and the fastest there is
(`executemany`, on PostgreSQL a pipeline). The goal stands against the fastest. `log` are the rows of the log, which is
what a push writes before it answers; `all` also those that folding leaves (state, needs, coverage, dangers).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from typing import Any

from bench.batches import BATCH, Batch, batches, take_out
from bench.figure import Figure, Goal, Values
from bench.measuring import Series, percentile, timed
from bench.populations import ON, PROJECT, say
from bench.scratch import ENGINES, scratch
from bench.storm import storm

GOAL_RATIO = 0.5
GOAL_SECONDS = 300
WARM = 2
_BY_ROW = "_by_row"
_FLOORS = ("log", "log_by_row", "all", "all_by_row")
Tables = dict[str, tuple[str, Sequence[Any]]]
_READ_MODELS = ("care.State", "care.Need", "care.Danger", "monitoring.CoverageUnit")


def measure(quick: bool) -> Figure:
    """Each database in a process of its own: a process has one."""
    found = {engine: _asked(engine, quick) for engine in ENGINES}
    figure = Figure("ingest", f"A push of {BATCH} records, and many phones at once")
    figure.heading = (
        "database", "push p50, ms", "push p95, ms", "with folding p50, ms", "log: rows, bulk, ms", "all: rows, bulk, ms",
        "push over log", "folded over all", "phones", "s", "refused for load",
    )  # fmt: skip
    for engine, told in found.items():
        many = told["storm"]
        figure.values[engine] = told
        cells = (
            told["push_p50_ms"], told["push_p95_ms"], told["whole_p50_ms"], *(
                f"{told['floors_ms'][f'{rows}_by_row']}, {told['floors_ms'][rows]}" for rows in ("log", "all")
            ),
            *(f"{told['ratios'][f'{name}_by_row']}, {told['ratios'][name]}" for name in ("push", "whole")),
            many["phones"], many["seconds"], many["refused"],
        )  # fmt: skip
        figure.rows.append((engine, *map(str, cells)))
        for name, what in (
            ("push", "push, answered, over INSERT of the log"),
            ("whole", "push with folding over INSERT of all rows"),
        ):
            ratio = told["ratios"][name]
            figure.goals.append(Goal(f"{engine}: {what}", 1 / GOAL_RATIO, 1 / ratio, "x"))
        figure.goals.append(
            Goal(f"{engine}: {many['phones']} phones at once", GOAL_SECONDS, many["seconds"], "s")
        )
        figure.checks[f"{engine}: every record of every batch is accepted"] = (
            told["accepted"] == told["records"]
        )
        figure.checks[f"{engine}: nobody waits to be folded at the end"] = told["waiting"] == 0
        figure.checks[f"{engine}: every phone was answered, none refused for load"] = many["refused"] == 0
        figure.checks[f"{engine}: every record of every phone is in the log once"] = many["is_whole"]
    one = next(iter(found.values()))
    figure.notes.append(
        f"{one['batches']} batches of the newest services of the {one['scale']} population, {one['persons']} persons a batch; "
        "wall milliseconds on both sides (CPU in `figures`), each commit on the disk. The floor is the same rows of the same batch "
        "in one transaction: a statement for each row, and in bulk (executemany); the ratio is floor over push, and the goal "
        "stands against bulk. A phone is answered after the push; folding is done by the keeper, here after each batch, so that nothing is spared by "
        f"meeting a person once for many phones. Phones at once: {one['storm']['words']}."
    )
    return figure


def _asked(engine: str, quick: bool) -> Values:
    say(f"{engine} ...")
    command = [sys.executable, "-m", "bench.ingest", engine, *(["--quick"] if quick else [])]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    told: Values = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def _measured(engine: str, quick: bool) -> Values:
    scale, count, phones = ("posyandu", 10, 40) if quick else ("puskesmas", 60, 1000)
    with scratch(engine, scale, fsync="on", synchronous_commit="on", full_page_writes="on") as there:
        from siklus.access.queries import user_named
        from siklus.library.loading import load_book
        from siklus.sync import actions, settling

        # A server has read its book long before a phone calls.
        assert load_book().engine
        rows = take_out(count * BATCH)
        user = user_named("puskesmas")
        assert user is not None
        code = actions.offer(by=user, name="bench", scope_code=user.scope_code, users=[user.pk])
        key = actions.enrol(code)
        assert key is not None
        series: dict[str, Series] = {name: Series() for name in ("push", "whole", *_FLOORS)}
        accepted = 0
        sent = batches(_of_area(rows, user.scope_code), key.device)
        for number, batch in enumerate(sent):
            accepted += _one_batch(key.device, batch, series if number >= WARM else {})
        found = {name: {"cpu": _ms(each.cpu), "wall": _ms(each.wall)} for name, each in series.items()}
        ratios = {
            f"{ours}{way}": _ratio(series[f"{rows}{way}"], series[ours])
            for ours, rows in (("push", "log"), ("whole", "all"))
            for way in ("", _BY_ROW)
        }
        said = {
            "scale": scale, "batches": len(sent), "records": len(sent) * BATCH, "accepted": accepted,
            "persons": round(sum(len(batch.persons) for batch in sent) / len(sent), 1),
            "waiting": settling.waiting_count(),
            "push_p50_ms": found["push"]["wall"][0], "push_p95_ms": found["push"]["wall"][1],
            "whole_p50_ms": found["whole"]["wall"][0], "ratios": ratios,
            "floors_ms": {name: found[name]["wall"][0] for name in _FLOORS}, "milliseconds_p50_p95": found,
        }  # fmt: skip
        return said | {"storm": storm(there, rows, phones=phones)}


def _of_area(rows: Sequence[Any], scope_code: str) -> list[Any]:
    from siklus.register import queries as register

    homes = register.places_of_persons({row.person for row in rows})
    return [row for row in rows if homes[row.person].puskesmas == scope_code]


def _one_batch(device: int, batch: Batch, series: dict[str, Series]) -> int:
    """Pushes and folds; then the same rows are taken out and written by INSERT, twice."""
    from siklus.library.loading import book_in_force, holding
    from siklus.sync import actions, settling

    whole, push = Series(), Series()
    with holding(book_in_force()), timed(whole):  # as every request and the keeper hold it
        with timed(push):
            answers = actions.push(device, batch.items, last_number=None, today=ON)
        while settling.settle_waiting(ON):
            pass
    if series:
        series["whole"].cpu += whole.cpu
        series["whole"].wall += whole.wall
        series["push"].cpu += push.cpu
        series["push"].wall += push.wall
        keys = [answer.sent.key for answer in answers]
        own: Tables = {"care.Record": ("id__in", keys)}
        behind: Tables = {name: ("person_id__in", list(batch.persons)) for name in _READ_MODELS}
        for name in _FLOORS:
            tables = own | behind if name.startswith("all") else own
            _inserted_again(tables, series[name], by_row=name.endswith(_BY_ROW))
    return sum(answer.status == "accepted" for answer in answers)


def _inserted_again(tables: Tables, series: Series, *, by_row: bool) -> None:
    """Takes the rows out, and writes them again in one transaction: only that is timed."""
    from django.apps import apps
    from django.db import connection, transaction

    statements: list[tuple[str, list[tuple[Any, ...]]]] = []
    quote = connection.ops.quote_name
    with transaction.atomic():
        for name, (condition, keys) in tables.items():
            model: Any = apps.get_model(name)
            rows = model._default_manager.filter(**{condition: keys})
            columns = [field.column for field in model._meta.concrete_fields if field.column]
            listed = ", ".join(map(quote, columns))
            with connection.cursor() as cursor:
                text, words = rows.query.sql_with_params()
                start = text.index(" FROM ")
                cursor.execute(f"SELECT {listed}{text[start:]}", words)
                found = cursor.fetchall()
            marks = ", ".join(["%s"] * len(columns))
            table = quote(model._meta.db_table)
            statements.append((f"INSERT INTO {table} ({listed}) VALUES ({marks})", found))
            rows.delete()
    with timed(series), transaction.atomic(), connection.cursor() as cursor:
        for statement, found in statements:
            if not by_row:
                cursor.executemany(statement, found)
                continue
            for row in found:
                cursor.execute(statement, row)


def _ratio(floor: Series, ours: Series) -> float:
    return round(median(a / b for a, b in zip(floor.wall, ours.wall, strict=True)), 3)


def _ms(seconds: Sequence[float]) -> tuple[float, float]:
    return round(median(seconds) * 1e3, 2), round(percentile(seconds, 0.95) * 1e3, 2)


def main() -> None:
    """One database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    print(json.dumps(_measured(args.engine, args.quick)), flush=True)


if __name__ == "__main__":
    main()
