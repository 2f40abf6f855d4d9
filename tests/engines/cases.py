"""The conformance cases as lives and rules that every engine can be asked about (conformance/README.md)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from siklus.kernel.dates import NEVER, day_of, parse_day, year_of
from siklus.kernel.periods import Period, parse_period
from siklus.library.examples import life_of, numbered
from siklus.library.loading import Book, compile_book, knowledge_folder
from siklus.library.standards import read_tables
from siklus.library.yaml_text import parse_yaml, plain_yaml, text_of
from siklus.rules import tree as t
from siklus.rules.expressions import check
from siklus.rules.life import Life
from siklus.rules.scopes import Scope
from siklus.rules.source import Mark, MarkedMap
from siklus.rules.vocabulary import Field, Vocabulary, build_vocabulary

FOLDER = Path(__file__).resolve().parents[2] / "conformance"
_ABOUT_RULES = ("episodes", "operators", "regressions", "rules")
DEFAULT_TODAY = "2026-11-21"
CERTAIN = {"hari_pasti": "2026-01-31", "angka_pasti": 3, "ya_pasti": True}
EXPECTED_FACTS = {"date": "harap_hari", "int": "harap_angka", "dec:1": "harap_satu", "dec:2": "harap_dua"}
EXPECTED_FACTS["code:warna"] = "harap_warna"
_Row = tuple[str, str, str, str, Mapping[str, Any]]
_OF_RULES = {"cites": "conformance", "confidence": "ours", "by": [{"at": "pustu", "who": ["bidan"]}]}


@dataclass
class Case:
    """One row: a life, a day and what must come out. `rule` is the name of the generated indicator or of the rule."""

    number: int
    where: str
    kind: str
    rule: str
    life: Life
    today: int
    period: Period
    expect: Any
    of_type: str = ""
    belongs: Mapping[int, int | None] | None = None


@dataclass
class Suite:
    """Every case of the folder and the one book that holds their rules."""

    book: Book
    cases: list[Case] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """By rule: the expression a case is about, or the rule's own name."""

    def of(self, kind: str) -> list[Case]:
        return [case for case in self.cases if case.kind == kind]


def files() -> list[Path]:
    """The files about rules; the other folders hold cases of other things, read by tests of their own."""
    return sorted(path for name in _ABOUT_RULES for path in (FOLDER / name).glob("*.yaml"))


@cache
def suite() -> Suite:
    """All cases, read once."""
    text = (FOLDER / "vocabulary.yaml").read_text(encoding="utf-8")
    vocabulary_document = parse_yaml(text, "vocabulary.yaml")
    vocabulary = build_vocabulary([("vocabulary.yaml", vocabulary_document)])
    documents, rows, texts = [vocabulary_document], [], {}
    for path in files():
        name = path.relative_to(FOLDER).as_posix()
        for place, case in enumerate(plain_yaml(path)["cases"], 1):
            where = f"{name} #{place} ({case['say']})"
            if "vocabulary" in case:
                continue
            document, kind, rule, of_type = _rule_of(vocabulary, case, where, len(documents))
            if "share" in case:
                documents.append(_sharing(case, where, len(documents)))
            if document is not None:
                documents.append(document)
            texts[rule] = case.get("expr", rule)
            rows += [(where, kind, rule, of_type, row) for row in case["rows"]]
    made = _suite(documents, vocabulary, rows)
    made.texts = texts
    return made


@cache
def suites_of_their_own() -> tuple[Suite, ...]:
    """A suite for each case that brings its own closed lists, as `siklus rules parity` writes them."""
    found = []
    for path in files():
        for place, case in enumerate(plain_yaml(path)["cases"], 1):
            if "vocabulary" in case:
                where = f"{path.relative_to(FOLDER).as_posix()} #{place} ({case['say']})"
                found.append(suite_of(case, where))
    return tuple(found)


def suite_of(case: Mapping[str, Any], where: str) -> Suite:
    """A case with its own closed lists."""
    codes = {"peran": ["bidan"], "tempat": ["pustu"], **case["vocabulary"].get("codes", {})}
    lists = _document({**case["vocabulary"], "codes": codes}, where)
    vocabulary = build_vocabulary([(where, lists)], read_tables(knowledge_folder()))
    document, kind, rule, of_type = _rule_of(vocabulary, case, where, 1)
    documents = [lists, *([document] if document is not None else [])]
    documents += [_sharing(case, where, 0)] if "share" in case else []
    return _suite(documents, vocabulary, [(where, kind, rule, of_type, row) for row in case["rows"]])


def _suite(documents: Iterable[MarkedMap], vocabulary: Vocabulary, rows: Iterable[_Row]) -> Suite:
    made = Suite(compile_book(documents, "conformance"))
    for number, (where, kind, rule, of_type, row) in enumerate(rows, 1):
        made.cases.append(_case(vocabulary, number, where, kind, rule, of_type, row))
    return made


def _rule_of(
    vocabulary: Vocabulary, case: Mapping[str, Any], where: str, number: int
) -> tuple[MarkedMap | None, str, str, str]:
    """(document, kind of case, rule's name, type of an expression)."""
    if "expr" in case:
        unit = case.get("unit", "person")
        vocabulary = _with_members(vocabulary, case, where)
        names: dict[str, t.Node] = {"period.from": t.PeriodBound(True), "period.to": t.PeriodBound(False)}
        scope, mark = Scope(vocabulary, unit, names), Mark(where, 1, 1)
        for name, text in case.get("let", {}).items():
            names[name] = check(text, mark, scope)
        of_type = check(case["expr"], mark, scope).type
        same = case["expr"] if of_type == "bool" else f"({case['expr']}) = {EXPECTED_FACTS[of_type]}"
        rule = {
            "indicator": f"ungkapan_{number}",
            "title": where,
            "per": unit,
            "period": "year",
            "let": case.get("let", {}),
            "counted": "true",
            "components": {"sama": same, "kosong": f"({case['expr']}) is unknown"},
            "cites": "conformance",
            "confidence": "ours",
        }
        return _document({"indicators": [rule]}, where), "expression", rule["indicator"], of_type
    if "indicator" in case:
        rule = {"title": where, "cites": "conformance", "confidence": "ours", **case["indicator"]}
        return _document({"indicators": [rule]}, where), "indicator", rule["indicator"], ""
    if "episode" in case:
        return None, "episode", case["episode"], ""
    package = {"package": f"paket_{number}", **case.get("package", {})}
    if "classification" in case:
        rule = {"title": where, "cites": "conformance", "confidence": "ours", **case["classification"]}
        document = _document({**package, "classifications": [rule]}, where)
        return document, "classification", rule["classification"], ""
    rule = {"title": where, **_OF_RULES, **case["rule"]}
    document = _document({**package, "needs": [rule]}, where)
    return document, "series" if "series" in rule else "need", rule.get("need", rule.get("series")), ""


def _sharing(case: Mapping[str, Any], where: str, number: int) -> MarkedMap:
    """The package of persons in which a case's shared lets stand."""
    lets = {name: {"is": text, "share": True} for name, text in case["share"].items()}
    return _document({"package": f"bersama_{number}", "let": lets}, where)


def _with_members(vocabulary: Vocabulary, case: Mapping[str, Any], where: str) -> Vocabulary:
    """The vocabulary in which a rule of the case about a household is read."""
    names: dict[str, t.Node] = {}
    scope, member = Scope(vocabulary, "person", names), dict(vocabulary.person)
    for name, text in case.get("share", {}).items():
        names[name] = check(text, Mark(where, 1, 1), scope)
        member[name] = Field(name, names[name].type, names[name].nullable)
    return replace(vocabulary, member=member)


def _document(content: Mapping[str, Any], where: str) -> MarkedMap:
    return parse_yaml(text_of(content), where)


def _case(
    vocabulary: Vocabulary,
    number: int,
    where: str,
    kind: str,
    rule: str,
    of_type: str,
    row: Mapping[str, Any],
) -> Case:
    said = f"{where}: {row.get('say', row)}"
    today = _day(row.get("today", DEFAULT_TODAY))
    expected = {EXPECTED_FACTS[of_type]: row["expect"]} if of_type in EXPECTED_FACTS else {}
    entry = {**(CERTAIN if "members" not in row else {}), **row, **expected}
    if "members" in row:
        certain = {name: value for name, value in CERTAIN.items() if name in vocabulary.person}
        entry["members"] = [{**certain, **member} for member in row["members"]]
    return Case(
        number=number,
        where=said,
        kind=kind,
        rule=rule,
        life=numbered(life_of(vocabulary, entry, said, NEVER if row.get("later") else today), number),
        today=today,
        period=parse_period(str(row.get("period", year_of(today)))),
        expect=row["expect"],
        of_type=of_type,
        belongs=row.get("belongs"),
    )


def days_in(expect: Any) -> Iterator[tuple[str, Any]]:
    """The fields a row expects, dates as days."""
    for name, value in expect.items():
        yield name, day_of(value) if isinstance(value, datetime.date) else value


def _day(value: Any) -> int:
    return day_of(value) if isinstance(value, datetime.date) else parse_day(str(value))
