"""All forms of a knowledge folder, read and checked with the rule book beside which they stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.forms.model import Form
from siklus.library.forms.reading import read_form
from siklus.library.forms.reports import Report, read_report
from siklus.library.forms.terms import read_terms
from siklus.library.forms.versions import check_versions
from siklus.library.loading import Book, knowledge_folder, load_book
from siklus.library.yaml_text import parse_yaml
from siklus.rules.names import Reading
from siklus.rules.source import Faults, MarkedMap

FOLDER = "forms"
TERMS = "terms.yaml"


@dataclass(frozen=True)
class Catalogue:
    """Every version of every form, and the hash of what they were read from."""

    by_name: Mapping[str, tuple[Form, ...]]
    hash: str
    reports: Mapping[str, Report] = field(default_factory=dict)

    @property
    def current(self) -> tuple[Form, ...]:
        """The newest version of each form, in the order of their files."""
        return tuple(versions[-1] for versions in self.by_name.values())

    def versions(self, name: str) -> tuple[Form, ...]:
        """All versions of a form, rising; KeyError when there is no such form."""
        return self.by_name[name]

    def form(self, name: str, version: int | None = None) -> Form:
        """A form, the newest version unless another is asked for; KeyError when there is none."""
        versions = self.by_name[name]
        if version is None:
            return versions[-1]
        for form in versions:
            if form.version == version:
                return form
        raise KeyError(f"{name}/{version}")

    def of_edition(self, edition: str) -> Form:
        """The form a record was made with, from what the record carries (`NAME/VERSION`)."""
        name, _, version = edition.partition("/")
        return self.form(name, int(version) if version.isdigit() else None)


def load_forms() -> Catalogue:
    """The forms beside the rule book at work, read once for that book."""
    return _read_once(load_book(), knowledge_folder())


def forms_of(book: Book) -> Catalogue | None:
    """The forms beside a rule book; None for a book that was made of documents and stands in no folder."""
    return None if book.folder is None else _read_once(book, book.folder)


@lru_cache(maxsize=2)
def _read_once(book: Book, folder: Path) -> Catalogue:
    return read_forms(folder, book)


def read_forms(folder: Path, book: Book) -> Catalogue:
    """Every form under `forms/` of a knowledge folder. ProblemError lists every fault of every file at once."""
    texts = [(path, path.read_text(encoding="utf-8")) for path in sorted((folder / FOLDER).rglob("*.yaml"))]
    digest = hashlib.sha256(book.hash.encode())
    for path, text in texts:
        digest.update(f"{path.relative_to(folder).as_posix()}\n{text}".encode())
    edition = digest.hexdigest()[:16]
    return book.once(f"forms-{edition}", lambda: _read(folder, texts, book, edition))


def _read(folder: Path, texts: Iterable[tuple[Path, str]], book: Book, edition: str) -> Catalogue:
    documents: list[tuple[str, MarkedMap]] = []
    problems: list[Problem] = []
    terms: MarkedMap | None = None
    for path, text in texts:
        try:
            document = parse_yaml(text, path.relative_to(folder).as_posix())
        except ProblemError as error:
            problems.extend(error.problems)
            continue
        if path.name == TERMS:
            terms = document
        else:
            documents.append((path.parent.name, document))
    if problems:
        raise ProblemError(problems)
    return compile_forms(documents, book, terms, edition)


def compile_forms(
    documents: Iterable[tuple[str, MarkedMap]], book: Book, terms: MarkedMap | None = None, digest: str = ""
) -> Catalogue:
    """Forms from (group, document) already read. ProblemError lists every fault at once."""
    faults = Faults()
    reading = Reading(book.vocabulary, faults)
    known_terms = read_terms(reading, terms)
    tables = {each.name: each for each in book.classifications}
    classes = {name: table.kind for name, table in tables.items()}
    by_name: dict[str, list[Form]] = {}
    reports: dict[str, Report] = {}
    for group, document in documents:
        if "report" in document:
            report = read_report(reading, document, tables)
            reports[report.name] = report
            continue
        form = read_form(reading, document, group, classes, known_terms)
        same = [each for each in by_name.get(form.name, ()) if each.version == form.version]
        if same:
            faults.add("F03", document.mark, f"form '{form.edition}' is defined twice ({same[0].mark})")
        by_name.setdefault(form.name, []).append(form)
    versions = {name: _rising(forms) for name, forms in by_name.items()}
    for each in versions.values():
        check_versions(each, faults)
    faults.raise_if_any()
    return Catalogue(versions, digest, reports)


def _rising(forms: Sequence[Form]) -> tuple[Form, ...]:
    return tuple(sorted(forms, key=lambda form: form.version))
