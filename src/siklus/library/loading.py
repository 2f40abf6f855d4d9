"""`knowledge/` -> Book: read, checked, hashed, and kept for the life of the process."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.standards import Tables, read_tables, tables_in
from siklus.library.yaml_text import read_yaml
from siklus.rules.book import Classification, Indicator, Need, Rules
from siklus.rules.compile import compile_rules
from siklus.rules.emitters.duckdb import Sql, write_sql
from siklus.rules.emitters.javascript import Module, write_module
from siklus.rules.emitters.javascript_growth import write_growth_module
from siklus.rules.emitters.python import Engine, make_engine
from siklus.rules.reference import Reference
from siklus.rules.source import MarkedMap
from siklus.rules.vocabulary import Vocabulary, build_vocabulary

FOLDERS = ("standards", "vocabulary", "packages", "indicators")


def knowledge_folder() -> Path:
    """The folder of the rule book: `SIKLUS_KNOWLEDGE`, else the one beside `src`."""
    named = os.environ.get("SIKLUS_KNOWLEDGE")
    return Path(named) if named else Path(__file__).resolve().parents[3] / "knowledge"


class Book:
    """One rule book: what it says, and its engines, each made when first asked for.

    `hash` covers the sources and the choices of a district; it is the version that records and answers carry.
    """

    def __init__(self, rules: Rules, digest: str, warnings: tuple[str, ...]) -> None:
        self.rules, self.hash, self.warnings = rules, digest, warnings
        self._needs = {need.name: need for need in rules.needs}
        self._indicators = {indicator.name: indicator for indicator in rules.indicators}

    @property
    def vocabulary(self) -> Vocabulary:
        """The closed lists."""
        return self.rules.vocabulary

    @property
    def needs(self) -> tuple[Need, ...]:
        """All needs in the order of the sources."""
        return self.rules.needs

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in the order of the sources."""
        return self.rules.indicators

    @property
    def classifications(self) -> tuple[Classification, ...]:
        """All classifications in the order of the sources."""
        return self.rules.classifications

    def need(self, name: str) -> Need:
        """A need by its id; KeyError when the book has none."""
        return self._needs[name]

    def indicator(self, name: str) -> Indicator:
        """An indicator by its id; KeyError when the book has none."""
        return self._indicators[name]

    @cached_property
    def engine(self) -> Engine:
        """Generated Python, for one person."""
        return make_engine(self.rules)

    @cached_property
    def javascript(self) -> Module:
        """Generated JavaScript, for phones."""
        return write_module(self.rules, self.hash)

    @cached_property
    def growth_javascript(self) -> str:
        """The module that judges children on phones; empty when the book knows no growth standards."""
        growth = self.vocabulary.growth
        return "" if growth is None else write_growth_module(growth)

    @cached_property
    def sql(self) -> Sql:
        """Generated DuckDB SQL, for whole populations."""
        return write_sql(self.rules)

    @cached_property
    def reference(self) -> Reference:
        """The meaning: slow and obvious."""
        return Reference(self.rules)


def read_book(folder: Path, choices: Mapping[str, str] | None = None) -> Book:
    """Read and check a rule book. ProblemError lists every fault of every file at once."""
    paths = [path for name in FOLDERS for path in sorted((folder / name).rglob("*.yaml"))]
    problems: list[Problem] = []
    documents: list[MarkedMap] = []
    digest = hashlib.sha256()
    for path in paths:
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\n".encode() + path.read_bytes())
        try:
            documents.append(read_yaml(path, name))
        except ProblemError as error:
            problems.extend(error.problems)
    for path in tables_in(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode() + path.read_bytes())
    digest.update(repr(sorted((choices or {}).items())).encode())
    if problems:
        raise ProblemError(problems)
    return compile_book(documents, digest.hexdigest()[:16], choices, read_tables(folder))


def compile_book(
    documents: Iterable[MarkedMap],
    digest: str,
    choices: Mapping[str, str] | None = None,
    tables: Tables | None = None,
) -> Book:
    """A book from documents already read; used by tests and by the page that tries a rule."""
    listed = list(documents)
    given = ((document.mark.file, document) for document in listed)
    vocabulary = build_vocabulary(given, tables or read_tables(knowledge_folder()))
    compiled = compile_rules(vocabulary, listed, choices)
    return Book(compiled.rules, digest, compiled.warnings)


@cache
def load_book() -> Book:
    """The rule book of this installation, read once."""
    return read_book(knowledge_folder())
