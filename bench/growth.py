"""Z-scores a second: every rule of WHO in SQL, beside the bare formula on whole columns, Python and JavaScript.

The bare formula is what anybody would write with numpy: L, M and S taken from the table by day, one power, no ages, no
oedema, no 0.7 cm, nothing beyond three deviations, nothing rounded.
"""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from bench.figure import Figure
from bench.measuring import PAIRS, Series, ratio, side_by_side
from siklus.bulk.javascript import find_node
from siklus.library.loading import knowledge_folder
from siklus.library.standards import load_growth
from siklus.rules.emitters.duckdb_growth import Scores
from siklus.rules.emitters.javascript_growth import write_growth_module
from siklus.rules.growth import BOYS, GIRLS, LYING, STANDING, Child, Growth, measured, score

Numbers = np.ndarray[Any, Any]
USUAL = ("wfa", "lhfa", "wfl", "bmifa")
"""The four of every weighing."""
_CHILDREN = {True: 200_000, False: 1_000_000}
_ALONE = {True: 4_000, False: 20_000}
_DAYS = 1826
_NODE = """
const growth = await import(process.argv[1]);
const { children, indexes, rounds } = JSON.parse(await new Response(process.stdin).text());
const seconds = [];
let found;
for (let round = 0; round <= rounds; round++) {
  const began = performance.now();
  found = children.map((child) => {
    const ready = growth.measured(child);
    return indexes.map((index) => growth.score(index, ready).value);
  });
  if (round > 0) seconds.push((performance.now() - began) / 1000);
}
console.log(JSON.stringify({ seconds, found }));
"""


def measure(quick: bool) -> Figure:
    """Scores a second of each way, and the ratio of the first two round by round."""
    growth = load_growth(knowledge_folder())
    children = _children(_CHILDREN[quick])
    few = children.slice(0, _ALONE[quick]).to_pylist()
    alone = [_child(row) for row in few]
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.register("arrow", children)
    connection.execute("create table children as select * from arrow")
    four, one = Scores(growth, USUAL), Scores(growth, USUAL[:1])
    connection.execute(four.table())
    queries = {name: _query(scores) for name, scores in (("four", four), ("one", one))}
    columns = _columns_of_boys_and_girls(growth)
    days, sexes, weights = (children[name].to_numpy() for name in ("g_day", "g_sex", "g_weight"))
    found: dict[str, Any] = {}
    tasks = {
        "SQL, four scores with every rule": lambda: connection.execute(queries["four"]),
        "SQL, weight for age with every rule": lambda: connection.execute(queries["one"]),
        "bare formula in numpy, weight for age": lambda: found.update(
            bare=_bare(days, sexes, weights, columns)
        ),
        "Python, one child after another, four scores": lambda: found.update(
            python=_one_by_one(growth, alone)
        ),
    }
    series = side_by_side(tasks, PAIRS)
    series["JavaScript, one child after another, four scores"], in_node = _by_node(growth, alone)
    counts = [len(children) * len(USUAL), len(children), len(children), *[len(alone) * len(USUAL)] * 2]
    figure = Figure("growth", "WHO z-scores a second, on one core")
    figure.heading = ("way", "scores", "million a CPU second", "range")
    for (name, each), count in zip(series.items(), counts, strict=True):
        rates = sorted(count / seconds / 1e6 for seconds in each.cpu)
        middle = rates[len(rates) // 2]
        figure.values[name] = {"scores": count, "million_a_cpu_second": round(middle, 3)}
        figure.rows.append((name, f"{count:,}", f"{middle:.3g}", f"{rates[0]:.3g}-{rates[-1]:.3g}"))
    names = list(series)
    figure.values["cost_of_a_score_in_sql_over_the_bare_formula"] = ratio(series[names[1]], series[names[2]])
    figure.values["growth_module_bytes"] = len(write_growth_module(growth))
    in_sql = connection.execute(f"{_select(four)} where id < {len(alone)} order by id").fetchall()
    figure.checks["SQL, Python and JavaScript give the same hundredths"] = (
        [list(row) for row in in_sql] == found["python"] == in_node
    )
    figure.checks["the bare formula agrees within half a hundredth where no rule of WHO speaks"] = _agree(
        found["bare"], found["python"]
    )
    figure.notes.append(
        f"A score with every rule costs {figure.values['cost_of_a_score_in_sql_over_the_bare_formula']['median']} times "
        "the bare formula (ratio of CPU seconds, round by round)."
    )
    return figure


def _children(count: int) -> pa.Table:
    """Weighings of children of all ages under five, most of them of usual size."""
    draw = random.Random(count)
    days = [draw.randrange(_DAYS) for _ in range(count)]
    lengths = [round((50 + day**0.62 * 0.55) * draw.gauss(1, 0.04), 1) for day in days]
    weights = [round(16 * (length / 100) ** 2 * draw.gauss(1, 0.09), 2) for length in lengths]
    return pa.table(
        {
            "id": pa.array(range(count), pa.int64()),
            "g_day": pa.array(days, pa.int32()),
            "g_month": pa.array([day / 30.4375 for day in days], pa.float64()),
            "g_sex": pa.array([draw.choice((BOYS, GIRLS)) for _ in days], pa.int32()),
            "g_weight": pa.array(weights, pa.float64()),
            "g_length_written": pa.array(lengths, pa.float64()),
            "g_head": pa.nulls(count, pa.float64()),
            "g_arm": pa.nulls(count, pa.float64()),
            "g_stood": pa.array([draw.random() < 0.5 for _ in days], pa.bool_()),
            "g_oedema": pa.array([draw.random() < 0.01 for _ in days], pa.bool_()),
        }
    )


def _child(row: dict[str, Any]) -> Child:
    return Child(
        sex=row["g_sex"],
        age_days=row["g_day"],
        weight=row["g_weight"],
        length=row["g_length_written"],
        position=STANDING if row["g_stood"] else LYING,
        oedema=row["g_oedema"],
    )


def _select(scores: Scores) -> str:
    columns = ", ".join(f"g_h{n}::integer" for n in range(len(scores.indexes)))
    return f"select {columns} from ({scores.over('select * from children')})"


def _query(scores: Scores) -> str:
    named = ", ".join(scores.sure(index.name for index in scores.indexes))
    return f"create or replace temp table scored as select id, {named} from ({scores.over('select * from children')})"


def _columns_of_boys_and_girls(growth: Growth) -> list[Numbers]:
    boys, girls = growth.rows("who2006/wfa.csv")
    return [np.array([*getattr(boys, name), *getattr(girls, name)]) for name in ("l", "m", "s")]


def _bare(days: Numbers, sexes: Numbers, weights: Numbers, columns: list[Numbers]) -> Numbers:
    l, m, s = (column[days + sexes * (_DAYS + 1)] for column in columns)  # noqa: E741
    return ((weights / m) ** l - 1) / (s * l)


def _one_by_one(growth: Growth, children: list[Child]) -> list[list[int | None]]:
    indexes = [growth.indexes[name] for name in USUAL]
    return [
        [score(growth, index, ready).value for index in indexes]
        for ready in (measured(growth, child) for child in children)
    ]


def _by_node(growth: Growth, children: list[Child]) -> tuple[Series, list[list[int | None]]]:
    """One process; wall seconds of its one thread, after a first round that is not counted."""
    with TemporaryDirectory(prefix="siklus-") as folder:
        module = Path(folder, "growth.mjs")
        module.write_text(write_growth_module(growth), encoding="utf-8")
        asked = {"children": [child._asdict() for child in children], "indexes": USUAL, "rounds": PAIRS}
        command = [find_node(), "--input-type=module", "-e", _NODE, str(module)]
        done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    return Series(cpu=answer["seconds"], wall=answer["seconds"]), answer["found"]


def _agree(bare: Any, judged: list[list[int | None]]) -> bool:
    """Within three deviations, where weight was judged at all."""
    pairs = [(z, row[0]) for z, row in zip(bare.tolist(), judged, strict=False) if row[0] is not None]
    return all(abs(z * 100 - hundredths) <= 0.5 + 1e-6 for z, hundredths in pairs if abs(z) < 3)
