"""Finds ages, intervals, thresholds and targets that stand in code: what a regulation says belongs in knowledge/.

Three looks: at Python by its syntax tree (comparison, arithmetic, call, constant or default that joins a name such as
`age_months`, `hari` or `target` with a number), at the text inside Python strings (SQL, messages), and at templates.
A docstring may give an example; nothing else may. What is truly of the calendar or of the machine is listed below,
each with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TIME = (
    "age ages umur usia month months bulan day days hari week weeks minggu year years tahun today birth lahir"
)
_WINDOW = "due overdue opens until interval jeda tenggat"
_MEASURE = (
    "hb hemoglobin sistol sistolik diastol diastolik gula glukosa lila imt bmi berat tinggi suhu ambang"
)
_GOAL = "target targets sasaran capaian coverage cakupan persen percent"
WORDS = frozenset(f"{_TIME} {_WINDOW} {_MEASURE} {_GOAL}".split())

# Half-open ranges, "the next one" and "none at all" are structure, not regulation.
_STRUCTURAL = {-1, 0, 1}
# A table that turns weeks into days and years into months.
_CONVERSIONS = {"week": {7}, "weeks": {7}, "minggu": {7}, "year": {12}, "years": {12}, "tahun": {12}}
_FIRST_CALENDAR_YEAR = 1900  # `year < 1900` is about a calendar, not about a person

# Files whose very subject is the calendar: their numbers are the lengths of weeks, months and years.
CALENDAR_FILES = {
    "src/siklus/kernel/dates.py": "the one place where a month is defined",
    "src/siklus/kernel/periods.py": "quarters and school years are runs of calendar months",
    "src/siklus/rules/runtime.py": "tables of what kernel.dates computes",
}
# What these draw means nothing: lengths for comparing engines, no regulation's.
DRAWN_FILES = (
    "src/siklus/library/random_vocabulary.py",
    "src/siklus/library/random_expressions.py",
    "src/siklus/library/random_rules.py",
)
# (file, code as it is reported): a number of the machine, of the calendar, or of how a page writes something.
ALLOWED = {
    ("src/siklus/site/environment.py", "CONN_MAX_AGE=60"): "seconds a database connection is kept",
    (
        "src/siklus/desk/words.py",
        "_MONTHS_SHOWN_BELOW = 6",
    ): "how a young child's age is written, not what is owed",
    ("src/siklus/exchange/excel/cells.py", "month <= 31"): "a swapped day and month, told from nonsense",
    ("src/siklus/exchange/excel/cells.py", "28 < day <= 31"): "a day that only some months have",
    ("src/siklus/exchange/excel/rows.py", "_FEMALE_DAYS = 40"): "how a NIK writes a woman's day of birth",
    ("src/siklus/exchange/excel/rows.py", "known.year % 100"): "the two digits of a year in a NIK",
    ("src/siklus/exchange/excel/rows.py", "1 <= day <= 31"): "a day of the calendar",
    ("src/siklus/exchange/excel/rows.py", "1 <= month <= 12"): "a month of the calendar",
    (
        "src/siklus/rules/shown.py",
        "_FROM_HERE_IN_WEEKS = 28",
    ): "how a length of days is worded, not what it is",
}

_UNIT = r"(?:bulan|hari|minggu|tahun|months?|days?|weeks?|years?|mmHg|mg/dL|g/dL)"
_NAME = r"\w*(?:umur|usia|age|months?|bulan|days?|hari|weeks?|minggu|years?|tahun|birth|today|target|due)(?:_\w+)?"
_NUMBER_OF_UNITS = re.compile(rf"(?<![\w.])\d+(?:[.,]\d+)?\s?-?{_UNIT}\b", re.IGNORECASE)
_NAME_AND_NUMBER = re.compile(
    rf"\b{_NAME}\s*(?:<=|>=|<>|!=|=|<|>|\+|-|\bbetween\b)\s*(?:\d{{2,3}}|[2-9])(?![\w.])", re.IGNORECASE
)
_NUMBER_AND_NAME = re.compile(rf"(?<![\w.%])(?:\d{{2,3}}|[2-9])\s*(?:<=|>=|<|>)\s*{_NAME}\b", re.IGNORECASE)
_PHRASES = (_NUMBER_OF_UNITS, _NAME_AND_NUMBER, _NUMBER_AND_NAME)


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code}"


def scan_tree(root: Path) -> list[Finding]:
    """Everything found under src/siklus, in order of path and line."""
    findings: list[Finding] = []
    for path in sorted((root / "src/siklus").rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".py" and "/migrations/" not in name:
            findings += scan_python(path.read_text(), name)
        elif path.suffix in (".html", ".txt", ".sql", ".xml"):
            findings += scan_text(path.read_text(), name)
    return findings


def scan_text(text: str, path: str) -> list[Finding]:
    """Phrases such as `12 bulan` or `age_months < 60` in a template or in SQL."""
    return [
        Finding(path, number, match.group(0))
        for number, line in enumerate(text.splitlines(), start=1)
        for pattern in _PHRASES
        for match in pattern.finditer(line)
    ]


def scan_python(source: str, path: str) -> list[Finding]:
    """Every join and phrase of a module, less those of the calendar and those allowed."""
    tree = ast.parse(source)
    docstrings = _docstrings(tree)
    if path in DRAWN_FILES:
        return []
    found = [] if path in CALENDAR_FILES else [Finding(path, line, code) for line, code in joins(tree)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            found += [Finding(path, node.lineno, finding.code) for finding in scan_text(node.value, path)]
    return [finding for finding in found if (finding.path, finding.code) not in ALLOWED]


def joins(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and code wherever a telling name meets a telling number."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                yield from _meet(node, [left, *others], [left, *others])
            case ast.BinOp(left=left, op=operator, right=right):
                doubled = isinstance(operator, ast.Mult) and 2 in (*_numbers(left), *_numbers(right))
                if not doubled:
                    yield from _meet(node, [left, right], [left, right])
            case ast.Call(func=function, args=args):
                yield from _meet(node, [function], args)
                for keyword in node.keywords:
                    yield from _named(keyword.arg or "", keyword.value)
            case ast.Assign(targets=[target], value=value):
                yield from _meet(node, [target], [value])
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _meet(node, [target], [value])
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield from _named(key.value, value)
            case ast.arguments(args=args, defaults=defaults):
                for arg, default in [
                    *zip(args[len(args) - len(defaults) :], defaults, strict=True),
                    *zip(node.kwonlyargs, node.kw_defaults, strict=True),
                ]:
                    if default is not None:
                        yield from _named(arg.arg, default)


def _meet(
    node: ast.expr | ast.stmt, named: list[ast.expr], counted: list[ast.expr]
) -> Iterator[tuple[int, str]]:
    names = {name for part in named for name in _names(part) if _tells(name)}
    about_calendar_year = all(_words(name) & {"year", "years", "tahun"} for name in names)
    numbers = {number for part in counted for number in _numbers(part)} - _STRUCTURAL
    if about_calendar_year:
        numbers = {number for number in numbers if number < _FIRST_CALENDAR_YEAR}
    if names and numbers:
        yield node.lineno, ast.unparse(node)[:100]


def _named(name: str, value: ast.expr) -> Iterator[tuple[int, str]]:
    """A keyword, a default or an entry of a table, reported as `name=value`."""
    if _tells(name) and set(_numbers(value)) - _STRUCTURAL - _CONVERSIONS.get(name, set()):
        yield value.lineno, f"{name}={ast.unparse(value)}"[:100]


def _tells(name: str) -> bool:
    return bool(_words(name) & WORDS)


def _words(name: str) -> set[str]:
    return set(re.split(r"[_\W]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))


def _names(node: ast.expr) -> Iterator[str]:
    """Names an expression speaks of; what is only counted (`len(months)`) is not compared itself."""
    match node:
        case ast.Call(func=ast.Name(id="len")):
            return
        case ast.Name(id=name):
            yield name
        case ast.Attribute(attr=name, value=inner):
            yield name
            yield from _names(inner)
        case ast.Subscript(value=inner, slice=ast.Constant(value=str() as key)):
            yield key
            yield from _names(inner)
        case ast.Compare() | ast.BoolOp() | ast.Constant():
            return
        case _:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from _names(child)


def _numbers(node: ast.expr) -> Iterator[float]:
    """Numbers written out: a literal, a sum or product of literals alone, a list or range of them."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            yield value
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _numbers(part)
        case ast.Call(func=ast.Name(id="range" | "frozenset" | "set"), args=parts):
            for part in parts:
                yield from _numbers(part)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            yield from (-number for number in _numbers(inner))
        case ast.BinOp(left=left, right=right) if not any(
            isinstance(part, ast.Name) for part in ast.walk(node)
        ):
            yield from _numbers(left)
            yield from _numbers(right)


def _docstrings(tree: ast.AST) -> set[ast.expr]:
    """Strings that stand alone as a statement: of a module, class or function, or under a constant."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
