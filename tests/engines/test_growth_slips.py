"""Slips planted in the SQL and the JavaScript of growth: WHO's children and the cases see every one."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from siklus.bulk.javascript import find_node
from siklus.library.loading import load_book
from siklus.rules.growth import Child
from tests.engines.test_growth import InSql, cases, children_of_who, expected

SQL_FAULTS = [
    ("+ 0.7::double", "+ 0.6::double"),
    ("- 0.7::double", "- 0.6::double"),
    ("g_day < 731", "g_day < 732"),
    ("g_day >= 731", "g_day >= 730"),
    ("g_length >= 87.0::double", "g_length > 87.0::double"),
    ("g_month < 9.0::double", "g_month < 10.0::double"),
    ("and not g_oedema", ""),
    ("g_month < 60.0::double", "g_month < 59.0::double"),
    ("g_month >= 61.0::double", "g_month >= 62.0::double"),
    ("between 45.0::double", "between 45.1::double"),
    ("and 120.0::double", "and 119.9::double"),
    ("> 0 then t3.m", "< 0 then t3.m"),
    ("g_metre * g_metre", "g_metre"),
    ("- 1.0::double) / (g_s0 * g_l0)", "- 1.0::double) / g_s0"),
    ("g_z2 > 3.0::double", "g_z2 > 4.0::double"),
    ("g_z5 < -3.0::double", "g_z5 < -4.0::double"),
    ("pow(1.0::double + g_l3 * g_s3 * 2.0::double", "pow(1.0::double + g_l3 * g_s3 * 1.0::double"),
    ("0.5::double + 1e-09::double", "0.5::double"),
    ("+ 0.5::double +", "+"),
    ("then -floor(abs(g_e1)", "then floor(abs(g_e1)"),
    ("when g_sex = 1", "when g_sex = 0"),
]
JAVASCRIPT_FAULTS = [
    ("length + WHO.difference", "length"),
    ("length - WHO.difference", "length"),
    ("days < WHO.standing_from_day && position", "days <= WHO.standing_from_day && position"),
    ("child.days < WHO.standing_from_day ?", "child.days <= WHO.standing_from_day ?"),
    ("length < WHO.standing_from_cm ?", "length <= WHO.standing_from_cm ?"),
    ("months < WHO.standing_odd_before_month", "false"),
    ("child.oedema && !index.with_oedema", "false"),
    ("table.since <= child.months", "table.since < child.months"),
    ("table.least <= length", "table.least < length"),
    ("length <= table.most", "length < table.most"),
    ("row[here] + share *", "row[here] - share *"),
    ("metres * metres", "metres"),
    ("/ (s * l)", "/ s"),
    ("extended && z > BEYOND", "false"),
    ("extended && z < -BEYOND", "false"),
    ("(y - last) / (last -", "(y + last) / (last -"),
    ("const NUDGE = 1e-9", "const NUDGE = 0"),
    ("const HALF = 0.5", "const HALF = 0"),
    ("0 - Math.floor(size)", "Math.floor(size)"),
    ("hundredths <= index.high", "hundredths < index.high"),
    ("step += Number(word)", "step = Number(word)"),
    ("whole + 1 : whole", "whole : whole"),
]


def some_children() -> list[Child]:
    """The cases, and enough of WHO's children."""
    return [*cases()[1], *children_of_who()[:300], *children_of_who()[-100:]]


def test_every_slip_in_the_sql_is_seen() -> None:
    book = load_book()
    asked = InSql(book, some_children())
    right = asked.hundredths()
    assert [fault for fault in SQL_FAULTS if asked.hundredths(fault) == right] == []


def test_every_slip_in_the_javascript_is_seen(tmp_path: Path) -> None:
    book = load_book()
    text, children = book.growth_javascript, some_children()
    for number, (found, put) in enumerate(JAVASCRIPT_FAULTS):
        assert found in text, found
        (tmp_path / f"{number}.mjs").write_text(text.replace(found, put))
    asked = {
        "children": [child._asdict() for child in children],
        "indexes": list(book.vocabulary.growth.indexes),
    }  # type: ignore[union-attr]
    command = [
        find_node(),
        "--input-type=module",
        "-e",
        NODE_OF_MANY,
        str(tmp_path),
        str(len(JAVASCRIPT_FAULTS)),
    ]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    right = [[list(pair) for pair in row] for row in expected(book, children)]
    broken = zip(JAVASCRIPT_FAULTS, json.loads(done.stdout), strict=True)
    assert [fault for fault, found in broken if found == right] == []


NODE_OF_MANY = """
const [folder, count] = process.argv.slice(1);
const { children, indexes } = JSON.parse(await new Response(process.stdin).text());
const found = [];
for (let number = 0; number < Number(count); number++) {
  const growth = await import(`${folder}/${number}.mjs`);
  found.push(children.map((child) => {
    const ready = growth.measured(child);
    return indexes.map((index) => Object.values(growth.score(index, ready)));
  }));
}
console.log(JSON.stringify(found));
"""
