"""WHO's children and children drawn at random, judged by every engine: not one hundredth differs."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from siklus.bulk.javascript import find_node
from siklus.kernel.dates import parse_day
from siklus.library.loading import Book, compile_book, knowledge_folder
from siklus.library.yaml_text import parse_yaml, read_yaml
from siklus.rules.derived import Deriver, derivers
from siklus.rules.emitters.duckdb_expressions import quoted, sql_type
from siklus.rules.emitters.duckdb_growth import Scores, derived_table, write_derived
from siklus.rules.growth import BOYS, GIRLS, IMPLAUSIBLE, STANDING, Child, measured, score
from siklus.rules.life import EngineRecord
from tests.unit.rules.test_growth import golden

BIRTH = parse_day("2015-01-31")
KIND = "ukur_anak"
CASES = Path(__file__).resolve().parents[2] / "conformance" / "growth"
LISTS = """
kinds:
  ukur_anak:
    fields:
      berat: {type: "decimal(2)?", unit: kg, possible: [0.3, 300]}
      panjang: {type: "decimal(1)?", unit: cm, possible: [20, 230]}
      kepala: {type: "decimal(1)?", unit: cm, possible: [10, 80]}
      lila: {type: "decimal(1)?", unit: cm, possible: [4, 60]}
      cara: code(cara)?
      bengkak: bool?
    measures: {weight: berat, length: panjang, position: cara, head: kepala, arm: lila, oedema: bengkak}
    derived:
      imt: bmi(berat, panjang)
      z_wfa: zscore(wfa)
      z_lhfa: zscore(lhfa)
      z_wfl: zscore(wfl)
      z_bmifa: zscore(bmifa)
      z_hcfa: zscore(hcfa)
      z_acfa: zscore(acfa)
"""
PACKAGE = """
package: ukuran
title: Ukuran
klaster: "2"
by: [{at: posyandu, who: [kader]}]
cites: kami
confidence: ours
classifications:
  - classification: x
    title: x
    of: ukur_anak
    rows: [{when: RULE, is: a, do: none}, {when: otherwise, is: b, do: none}]
"""
# A rule that reads every derived field, so that every engine works them all out.
RULE = "imt < 1 or z_wfa < -3 or z_lhfa < -3 or z_wfl < -3 or z_bmifa < -3 or z_hcfa < -3 or z_acfa < -3"


@pytest.fixture(scope="module")
def book() -> Book:
    folders = [knowledge_folder() / name for name in ("standards", "vocabulary")]
    lists = [read_yaml(path, path.name) for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return compile_book(
        [*lists, parse_yaml(LISTS, "daftar"), parse_yaml(PACKAGE.replace("RULE", RULE), "paket")], "ukur"
    )


def by_python(
    book: Book, persons: Sequence[dict[str, Any]], records: Sequence[EngineRecord]
) -> list[list[Any]]:
    deriver: Deriver = derivers(book.vocabulary)[KIND]
    names = deriver.kind.derived
    return [
        [deriver.value(name, record, person) for name in names]
        for person, record in zip(persons, records, strict=True)
    ]


def by_duckdb(
    book: Book, persons: Sequence[dict[str, Any]], records: Sequence[EngineRecord]
) -> list[list[Any]]:
    kind, connection = book.vocabulary.kinds[KIND], duckdb.connect()
    arrow = {"INTEGER": pa.int32(), "VARCHAR": pa.string(), "BOOLEAN": pa.bool_()}
    columns = {"person": pa.int64(), "id": pa.int64()} | {
        name: arrow[sql_type(field.type)] for name, field in kind.fields.items()
    }
    rows = pa.table({n: pa.array([r[n] for r in records], each) for n, each in columns.items()})
    people = pa.table({name: [person[name] for person in persons] for name in ("id", "birth", "sex")})
    connection.register("rows", rows)
    connection.register("people", people)
    connection.execute(f"create table {quoted(f'r_{KIND}')} as select *, null::bigint as unit from rows")
    connection.execute("create table u_person as select * from people")
    for statement in write_derived(book.vocabulary, KIND, list(kind.derived)):
        connection.execute(statement)
    listed = ", ".join(map(quoted, kind.derived))
    found = connection.execute(f"select {listed} from {derived_table(KIND)} order by id").fetchall()
    return [list(row) for row in found]


NODE = """
const [rules, growth] = await Promise.all(process.argv.slice(1).map((path) => import(path)));
const { children, lives, names } = JSON.parse(await new Response(process.stdin).text());
const raw = children.map((child) => {
  const ready = growth.measured(child);
  return Object.keys(names).map((index) => growth.score(index, ready));
});
let early = "";
try { rules.classes(lives[0] ?? { person: {}, records: [] }, 0); } catch (error) { early = error.message; }
rules.useGrowth(growth);
const derived = lives.map((life) => {
  const row = rules.units(life)[0].records[rules.kinds.KIND][0];
  const told = rules.scores(life.person, life.records[0]);
  return [row.imt, ...Object.values(names).map((name) => row[name]), Object.values(told)];
});
console.log(JSON.stringify({ raw, derived, early }));
""".replace("KIND", KIND)


def by_node(book: Book, folder: Path, children: Sequence[Child], lives: Sequence[Any]) -> dict[str, Any]:
    (folder / "rules.mjs").write_text(book.javascript.text)
    (folder / "growth.mjs").write_text(book.growth_javascript)
    assert book.vocabulary.growth is not None
    names = {index: f"z_{index}" for index in book.vocabulary.growth.indexes}
    asked = {"children": [child._asdict() for child in children], "lives": lives, "names": names}
    command = [
        find_node(),
        "--input-type=module",
        "-e",
        NODE,
        str(folder / "rules.mjs"),
        str(folder / "growth.mjs"),
    ]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def children_of_who() -> list[Child]:
    return [child for name in ("who2006_golden.csv", "who2007_golden.csv") for _, child in golden(name)]


def expected(book: Book, children: Sequence[Child]) -> list[list[tuple[int | None, str]]]:
    growth = book.vocabulary.growth
    assert growth is not None
    return [
        [
            (found.value, found.why)
            for index in growth.indexes.values()
            for found in [score(growth, index, ready)]
        ]
        for ready in (measured(growth, child) for child in children)
    ]


class InSql:
    """Children in a table, to be scored by a query."""

    def __init__(self, book: Book, children: Sequence[Child]) -> None:
        assert book.vocabulary.growth is not None
        self.growth, self.connection = book.vocabulary.growth, duckdb.connect()
        self.scores = Scores(self.growth, list(self.growth.indexes))
        ready = [measured(self.growth, child) for child in children]
        columns = {
            "id": (pa.int64(), range(len(children))),
            "g_day": (pa.int32(), [each.days for each in ready]),
            "g_month": (pa.float64(), [each.months for each in ready]),
            "g_sex": (pa.int32(), [child.sex for child in children]),
            "g_weight": (pa.float64(), [child.weight or None for child in children]),
            "g_length_written": (pa.float64(), [child.length or None for child in children]),
            "g_head": (pa.float64(), [child.head for child in children]),
            "g_arm": (pa.float64(), [child.arm for child in children]),
            "g_stood": (pa.bool_(), [child.position and child.position == STANDING for child in children]),
            "g_oedema": (pa.bool_(), [child.oedema for child in children]),
        }
        source = pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})
        self.connection.register("source", source)
        self.connection.execute(self.scores.table())

    def ask(self, columns: Sequence[str], fault: tuple[str, str] | None = None) -> list[list[int | None]]:
        query = f"select {', '.join(columns)} from ({self.scores.over('select * from source')}) order by id"
        if fault is not None:
            assert fault[0] in query, fault
            query = query.replace(*fault)
        return [list(row) for row in self.connection.execute(query).fetchall()]

    def hundredths(self, fault: tuple[str, str] | None = None) -> list[list[int | None]]:
        """Of every index, also where they are implausible."""
        return self.ask([f"g_h{n}::integer" for n in range(len(self.growth.indexes))], fault)

    def sure(self) -> list[list[int | None]]:
        """What a rule sees of them."""
        return self.ask(self.scores.sure(self.growth.indexes))


def test_whos_children_have_the_same_scores_and_flags_in_sql(book: Book) -> None:
    """The reference algorithm agrees with WHO's program on each of them: tests/unit/rules/test_growth.py."""
    wanted = expected(book, children_of_who())
    asked = InSql(book, children_of_who())
    scored, sure = asked.hundredths(), asked.sure()
    assert scored == [[value for value, _ in row] for row in wanted]
    assert sure == [[None if why else value for value, why in row] for row in wanted]
    assert sum(why == IMPLAUSIBLE for row in wanted for _, why in row) > 100


def test_whos_children_have_the_same_scores_and_flags_in_javascript(book: Book, tmp_path: Path) -> None:
    children = children_of_who()
    found = by_node(book, tmp_path, children, [])["raw"]
    assert [[(each["value"], each["why"]) for each in row] for row in found] == expected(book, children)


def cases() -> tuple[list[str], list[Child], list[dict[str, Any]]]:
    """conformance/growth: what each shows, the child, and what must come out."""
    document = json.loads((CASES / "scores.json").read_text(encoding="utf-8"))
    sexes = {"boys": BOYS, "girls": GIRLS, None: None}
    says, children, wanted = [], [], []
    for case in document["cases"]:
        says.append(case["say"])
        children.append(Child(**{**case["child"], "sex": sexes[case["child"].get("sex")]}))
        wanted.append(case["expect"])
    return says, children, wanted


@pytest.mark.parametrize("engine", ["reference", "duckdb", "javascript"])
def test_each_child_of_the_conformance_cases_is_judged_as_written(
    book: Book, tmp_path: Path, engine: str
) -> None:
    says, children, wanted = cases()
    assert book.vocabulary.growth is not None
    indexes = list(book.vocabulary.growth.indexes)
    if engine == "reference":
        found = expected(book, children)
    elif engine == "javascript":
        raw = by_node(book, tmp_path, children, [])["raw"]
        found = [[(each["value"], each["why"]) for each in row] for row in raw]
    else:
        asked = InSql(book, children)
        scored, sure = asked.hundredths(), asked.sure()
        found = [[(a, a != b) for a, b in zip(*rows, strict=True)] for rows in zip(scored, sure, strict=True)]
    for say, row, expects in zip(says, found, wanted, strict=True):
        for index, (value, why) in zip(indexes, row, strict=True):
            expect = expects.get(index, [None, why])
            hundredths, reason = expect if isinstance(expect, list) else (expect, "")
            told = reason if engine != "duckdb" else hundredths is not None and bool(reason)
            assert (value, why) == (hundredths, told), f"{say}: {index}"


def drawn(count: int, seed: int) -> Iterator[tuple[dict[str, Any], EngineRecord]]:
    """Children of all ages and sizes, many on the days on which another table or rule begins."""
    draw = random.Random(seed)
    turns = [0, 90, 91, 273, 274, 730, 731, 1826, 1827, 1856, 1857, 3682, 3683, 6970, 6971]

    def perhaps(chance: float, value: Any) -> Any:
        return None if draw.random() < chance else value

    for number in range(1, count + 1):
        day = draw.choice([draw.randint(0, 1830), draw.randint(0, 7100), draw.choice(turns)])
        length = (50 + day**0.62 * 0.75) * draw.uniform(0.8, 1.2)
        stout = draw.choice([16, 16, 13, 20, draw.uniform(5, 60)]) * draw.uniform(0.8, 1.25)
        birth = perhaps(0.03, BIRTH if draw.random() < 0.98 else BIRTH + day + 1)
        person = {"id": number, "birth": birth, "sex": perhaps(0.02, draw.choice("lp")), "died": None}
        record = {
            "kind": KIND,
            "person": number,
            "id": number,
            "date": BIRTH + day,
            "oleh": None,
            "tempat": None,
            "berat": perhaps(0.05, int(100 * max(0.2, stout * (length / 100) ** 2))),
            "panjang": perhaps(0.05, int(10 * length)),
            "kepala": perhaps(0.2, draw.randint(280, 560)),
            "lila": perhaps(0.2, draw.randint(30, 260)),
            "cara": perhaps(0.3, draw.choice(["telentang", "berdiri"])),
            "bengkak": perhaps(0.5, draw.random() < 0.1),
        }
        yield person, record


def test_children_drawn_at_random_have_the_same_derived_fields_in_every_engine(
    book: Book, tmp_path: Path
) -> None:
    persons, records = map(list, zip(*drawn(4000, 11), strict=True))
    alone = by_python(book, persons, records)
    assert by_duckdb(book, persons, records) == alone
    lives = [{"person": p, "records": [r]} for p, r in zip(persons, records, strict=True)]
    in_node = by_node(book, tmp_path, [], lives)
    assert [row[:-1] for row in in_node["derived"]] == alone
    deriver = derivers(book.vocabulary)[KIND]
    scored = [each for name, each in deriver.kind.derived.items() if name != "imt"]
    told = [
        [deriver.score(each, deriver.measured(record, person))._asdict() for each in scored]
        for person, record in zip(persons, records, strict=True)
    ]
    assert [row[-1] for row in in_node["derived"]] == told
    assert sum(value is not None for row in alone for value in row) > 10_000


def test_a_phone_that_has_not_loaded_the_tables_says_so_and_calls_nobody_unknown(
    book: Book, tmp_path: Path
) -> None:
    person, record = next(drawn(1, 11))
    record = {**record, "berat": 900, "panjang": 800}
    life = {"person": {**person, "birth": BIRTH, "sex": "l"}, "records": [record]}
    assert "useGrowth" in by_node(book, tmp_path, [], [life])["early"]


def test_a_size_that_is_not_possible_is_no_measurement(book: Book) -> None:
    person = {"id": 1, "birth": BIRTH, "sex": "l"}
    _, record = next(drawn(1, 11))
    record = {**record, "date": BIRTH + 400, "panjang": 750, "cara": None, "bengkak": None}
    for weight, known in ((29, False), (30, True), (30_000, True), (30_001, False)):
        given = [{**record, "berat": weight}]
        alone = by_python(book, [person], given)
        assert (alone[0][0] is not None) == known
        assert by_duckdb(book, [person], given) == alone


def test_a_body_mass_index_is_rounded_half_up_in_whole_numbers(book: Book) -> None:
    """10 kg on 80 cm is 15.625 exactly."""
    person = {"id": 1, "birth": None, "sex": None}
    _, record = next(drawn(1, 11))
    record = {**record, "berat": 1000, "panjang": 800}
    assert by_python(book, [person], [record])[0][0] == 1563
    assert by_duckdb(book, [person], [record])[0][0] == 1563
