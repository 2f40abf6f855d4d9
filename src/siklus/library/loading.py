"""`knowledge/` -> Book: read, checked, hashed, kept in the process; and which book is in force (see `installed`).

A piece of work that must not see two books (a page, a rebuild) holds one: see `holding`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.kernel.resting import collector_at_rest
from siklus.library.installed import Choices, Edition, installed
from siklus.library.made import Made, Workshop
from siklus.library.standards import Tables, read_tables, tables_in
from siklus.library.yaml_text import read_yaml
from siklus.rules.book import Classification, Indicator, Need, Rules
from siklus.rules.compile import Compiled, compile_rules
from siklus.rules.emitters.duckdb import Sql, write_sql
from siklus.rules.emitters.javascript import Module, write_module
from siklus.rules.emitters.javascript_growth import write_growth_module
from siklus.rules.emitters.python import Engine, engine_of, write_engine
from siklus.rules.emitters.python_lasting import Lasting, lasting_of, write_lasting
from siklus.rules.reference import Reference
from siklus.rules.source import MarkedMap
from siklus.rules.vocabulary import Vocabulary, build_vocabulary

_RULES = "rules"
FOLDERS = ("standards", "vocabulary", "packages", "indicators")


_BESIDE_SRC = str(Path(__file__).resolve().parents[3] / "knowledge")
_BOOKS_KEPT = 4  # the one that serves, the one that is coming, and whatever they are compared with


def own_folder() -> Path:
    """The program's own rule book: `SIKLUS_KNOWLEDGE`, else the folder beside `src`."""
    return Path(_own())


def knowledge_folder() -> Path:
    """The folder of the book in force: all that is not rules (stages, layouts of imports) is read from there too."""
    held = _held.get()
    if held is not None and held.folder is not None:
        return held.folder
    return Path(_source(installed().serving)[0])


class Book:
    """One rule book: what it says, and its engines, each made when first asked for.

    `hash` covers the sources and the choices of a district; it is the version that records and answers carry.
    `folder` is where its sources are, None for one made of documents. `workshop` keeps what is made of it for the next
    process (see `made`); a book made of documents has none.
    """

    def __init__(self, rules: Rules, digest: str, warnings: tuple[str, ...]) -> None:
        self.rules, self.hash, self.warnings = rules, digest, warnings
        self.folder: Path | None = None
        self.choices: Choices = ()
        self.workshop: Workshop | None = None
        self._needs = {need.name: need for need in rules.needs}
        self._indicators = {indicator.name: indicator for indicator in rules.indicators}

    def once(self, what: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of this book, from an earlier process where one has made it already."""
        return make() if self.workshop is None else self.workshop.once(what, make)

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

    @cached_property
    def sought(self) -> frozenset[str]:
        """The names of the needs for which people are sought out; the others wait until somebody is met."""
        return frozenset(need.name for need in self.rules.needs if need.is_sought)

    def indicator(self, name: str) -> Indicator:
        """An indicator by its id; KeyError when the book has none."""
        return self._indicators[name]

    @cached_property
    def engine(self) -> Engine:
        """Generated Python, for one person."""
        return engine_of(self.rules, self.once("python", lambda: write_engine(self.rules)))

    @cached_property
    def lasting(self) -> Lasting:
        """Generated Python: how long the answers of one person last."""
        return lasting_of(self.engine, self.once("lasting", lambda: write_lasting(self.engine)))

    @cached_property
    def javascript(self) -> Module:
        """Generated JavaScript, for phones."""
        return self.once("javascript", lambda: write_module(self.rules, self.hash))

    @cached_property
    def growth_javascript(self) -> str:
        """The module that judges children on phones; empty when the book knows no growth standards."""
        growth = self.vocabulary.growth
        return "" if growth is None else self.once("growth", lambda: write_growth_module(growth))

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
    digest, tables = hash_of(folder, choices), read_tables(folder)
    workshop = Workshop(digest, tables)
    compiled: Compiled | None = workshop.find(_RULES)
    if compiled is None:
        with collector_at_rest():
            compiled = _compiled(_read(folder), tables, choices)
        if hash_of(folder, choices) == digest:  # else a file was changed while it was read
            workshop.keep(_RULES, compiled)
    book = Book(compiled.rules, digest, compiled.warnings)
    book.folder, book.choices = folder, tuple(sorted((choices or {}).items()))
    book.workshop = workshop
    return book


def _read(folder: Path) -> list[MarkedMap]:
    problems: list[Problem] = []
    documents: list[MarkedMap] = []
    for path in _sources(folder):
        try:
            documents.append(read_yaml(path, path.relative_to(folder).as_posix()))
        except ProblemError as error:
            problems.extend(error.problems)
    if problems:
        raise ProblemError(problems)
    return documents


def _compiled(
    documents: Sequence[MarkedMap], tables: Tables, choices: Mapping[str, str] | None = None
) -> Compiled:
    given = ((document.mark.file, document) for document in documents)
    return compile_rules(build_vocabulary(given, tables), documents, choices)


def hash_of(folder: Path, choices: Mapping[str, str] | None = None) -> str:
    """The version of the sources of a folder with these choices."""
    digest = hashlib.sha256()
    for path in (*_sources(folder), *tables_in(folder)):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode() + path.read_bytes())
    digest.update(repr(sorted((choices or {}).items())).encode())
    return digest.hexdigest()[:16]


def _sources(folder: Path) -> list[Path]:
    return [path for name in FOLDERS for path in sorted((folder / name).rglob("*.yaml"))]


def compile_book(
    documents: Iterable[MarkedMap],
    digest: str,
    choices: Mapping[str, str] | None = None,
    tables: Tables | None = None,
) -> Book:
    """A book from documents already read; used by tests and by the page that tries a rule."""
    compiled = _compiled(list(documents), tables or read_tables(knowledge_folder()), choices)
    return Book(compiled.rules, digest, compiled.warnings)


def load_book() -> Book:
    """The rule book to work by: the one held, else the one in force. Ask again for each piece of work."""
    return _held.get() or book_in_force()


def book_in_force() -> Book:
    """The book that serves now, whatever is held. Read once; the same one is the same object."""
    return _read_once(*_source(installed().serving))


def book_to_make_by() -> Book:
    """The book by which everything is made again: the one that is coming, else the one in force."""
    now = installed()
    return _read_once(*_source(now.coming or now.serving))


@contextmanager
def holding(book: Book) -> Iterator[Book]:
    """Whatever happens inside, here and in what is called, `load_book` gives this book."""
    token = _held.set(book)
    try:
        yield book
    finally:
        _held.reset(token)


_held: ContextVar[Book | None] = ContextVar("held_book", default=None)


def _source(edition: Edition | None) -> tuple[str, Choices]:
    return (_own(), ()) if edition is None else (str(edition.folder), edition.choices)


def _own() -> str:
    return os.environ.get("SIKLUS_KNOWLEDGE") or _BESIDE_SRC


@lru_cache(maxsize=_BOOKS_KEPT)
def _read_once(folder: str, choices: Choices) -> Book:
    return read_book(Path(folder), dict(choices))
