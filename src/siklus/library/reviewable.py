"""What of a rule book can be reviewed: each need, classification, indicator and form, with the version of that rule.

A version is a hash of what the rule means (its compiled slots, values included), its title, source,
performers and reach.
A line moved, a comment, a new example change nothing; a changed interval, or a value that a district switched, is
another version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from siklus.library.forms import Catalogue, load_forms
from siklus.library.forms.model import Form
from siklus.library.loading import Book, load_book
from siklus.library.yaml_text import read_yaml
from siklus.rules.book import Classification, Indicator, Need, Rule

NEED, CLASSIFICATION, INDICATOR, FORM = "kebutuhan", "penggolongan", "indikator", "formulir"
KINDS = (NEED, CLASSIFICATION, INDICATOR, FORM)
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Reviewable:
    """One rule as it stands now. `group` is its package, file of indicators, or folder of forms."""

    kind: str
    name: str
    title: str
    title_en: str
    group: str
    file: str
    cites: str
    confidence: str
    version: str
    thing: Rule | Form

    @property
    def key(self) -> tuple[str, str]:
        """What a review names it by."""
        return self.kind, self.name


def load_reviewables() -> tuple[Reviewable, ...]:
    """Those of the rule book at work, made once for that book."""
    return _made_once(load_book())


@lru_cache(maxsize=2)
def _made_once(book: Book) -> tuple[Reviewable, ...]:
    return reviewables(book, load_forms())


def reviewables(book: Book, catalogue: Catalogue) -> tuple[Reviewable, ...]:
    """All of them: packages in the order of the sources, then indicators, then the newest version of each form."""
    by_package: dict[str, list[Reviewable]] = {package.name: [] for package in book.rules.packages}
    for need in book.needs:
        by_package[need.package.name].append(_of_rule(NEED, need, need.package.name, _need(need)))
    for table in book.classifications:
        by_package[table.package.name].append(
            _of_rule(CLASSIFICATION, table, table.package.name, _classification(table))
        )
    found = [one for group in by_package.values() for one in group]
    for indicator in book.indicators:
        group = f"{INDICATOR}-{Path(indicator.mark.file).stem}"
        found.append(_of_rule(INDICATOR, indicator, group, _indicator(indicator)))
    return (*found, *(_of_form(form, book) for form in catalogue.current))


def _of_rule(kind: str, rule: Rule, group: str, means: Any) -> Reviewable:
    english = str(rule.source.get("title_en") or "")
    version = _hash((kind, rule.name, rule.title, rule.cites, rule.confidence, means))
    return Reviewable(
        kind,
        rule.name,
        rule.title,
        english,
        group,
        rule.mark.file,
        rule.cites,
        rule.confidence,
        version,
        rule,
    )


def _need(need: Need) -> Any:
    slots = (need.who, need.done, need.excluded, need.opens, need.due, need.overdue, need.until)
    rest = (need.waits, need.refused, need.occurrence, need.steps, need.after, need.repeats)
    told = need.unit, need.package.gate, slots, rest, need.exclusions, need.by
    return told if need.is_sought else (*told, need.reach)


def _classification(table: Classification) -> Any:
    return table.package.gate, table.kind, table.measured, table.who, table.rows


def _indicator(indicator: Indicator) -> Any:
    components = tuple(indicator.components.items())
    head = (indicator.unit, indicator.period, indicator.counted, indicator.reached, indicator.official)
    return head, components, tuple(indicator.labels.items())


def _of_form(form: Form, book: Book) -> Reviewable:
    """What the file of the form says, with what its fields are."""
    means = [form.edition, *_fields(form)]
    if book.folder is not None:
        document = read_yaml(book.folder / form.mark.file, form.mark.file)
        means.append(json.dumps(document, default=str, sort_keys=True))
    return Reviewable(
        FORM,
        form.name,
        form.title,
        "",
        f"{FORM}-{form.group}",
        form.mark.file,
        form.cites,
        form.confidence,
        _hash(means),
        form,
    )


def _fields(form: Form) -> Iterator[Any]:
    for item in form.questions:
        yield item.id, item.label, item.field.type, item.field.unit, item.field.possible, item.field.plausible


def _hash(means: Any) -> str:
    return hashlib.sha256(repr(means).encode()).hexdigest()[:_DIGITS]
