"""Rules -> one ES module and its types: the engine of one rule book for phones. It leans on nothing else.

`write_module(rules, digest)` gives the texts. Needs, indicators, classes and states are those of generated Python, and
the text of a state is the same to the byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siklus.rules.answers import STATUSES
from siklus.rules.book import Need, Rules
from siklus.rules.emitters.finish import write_unit
from siklus.rules.emitters.fold import empty_of, write_fold
from siklus.rules.emitters.javascript_derived import read_derived_row, write_derived
from siklus.rules.emitters.javascript_dialect import JavaScript, member
from siklus.rules.emitters.javascript_growth import without_remarks
from siklus.rules.emitters.judging import write_classes, write_indicators, write_share
from siklus.rules.episode_spec import NAMED
from siklus.rules.plan import (
    Plan,
    expressions_of_classification,
    expressions_of_indicator,
    expressions_of_need,
    plan_of,
    plan_of_needs,
)
from siklus.rules.tree import Aggregate, Fact, RecordField, outside_aggregates, walk
from siklus.rules.vocabulary import EPISODE_KIND, HOUSEHOLD, MEMBER, PERSON, Episode, Selection

_RUNTIME = Path(__file__).with_name("javascript_runtime.js")
_HOUSEHOLD = Path(__file__).with_name("javascript_household.js")
_TYPES = Path(__file__).with_name("javascript_types.d.ts")
EXPORTS = ("units", "fold", "finish", "needs", "indicators", "classes", "stateOf", "stateText", "unfold")
OTHER_EXPORTS = ("calendar", "useGrowth", "scores")


@dataclass(frozen=True)
class Module:
    """The text of the module and of its types, and where each kind of record that it reads lies in a unit's records."""

    text: str
    types: str
    places: Mapping[str, int]


def write_module(rules: Rules, digest: str) -> Module:
    """The module of a rule book; `digest` is the book's hash, which answers and states carry."""
    parts = _Parts(rules)
    lines = [
        f"// Siklus, buku aturan {digest}. Dibuat dari knowledge/; jangan diubah di sini.",
        *without_remarks(_RUNTIME),
        *without_remarks(_HOUSEHOLD),
        *write_derived(rules.vocabulary),
        *parts.lines,
        f"export const rulebook = {json.dumps(digest)};",
        f"export const kinds = {_object(parts.dialect.kinds)};",
        f"const engine = makeEngine({parts.tables()});",
        f"export const {{ {', '.join(EXPORTS)} }} = engine;",
        f"export {{ {', '.join(OTHER_EXPORTS)} }};",
    ]
    return Module("\n".join(lines) + "\n", _types(rules, digest), parts.dialect.kinds)


class _Parts:
    """The written functions and the tables that name them."""

    def __init__(self, rules: Rules) -> None:
        self.rules, self.dialect = rules, JavaScript()
        self.lines: list[str] = []
        self.folds: dict[str, str] = {}
        self.finishes: dict[str, str] = {}
        self.judges: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self.of_members: list[int] = []
        for unit in rules.units():
            self._unit(unit)
            periods = (each.period for each in rules.indicators if each.unit == unit)
            for period in dict.fromkeys(periods):
                self._indicators(unit, period)
        if HOUSEHOLD in rules.units():
            self.lines += write_share(self.dialect, rules.shares, plan_of_needs(rules, PERSON) or Plan())
        tables = rules.classifications
        plan = plan_of(node for table in tables for node in expressions_of_classification(table))
        body = write_classes(self.dialect, "classify", tables, plan)
        self.lines += [*write_fold(self.dialect, "fold_classes", plan), *body]
        for need in rules.needs:
            self._told_of(need)
        self.episodes = [self._episode(each) for each in rules.vocabulary.episodes.values()]

    def _unit(self, unit: str) -> None:
        needs = [need for need in self.rules.needs if need.unit == unit]
        plan = plan_of_needs(self.rules, unit)
        if plan is not None:
            if unit == HOUSEHOLD:
                self.of_members = plan.of_members()
            self.lines += write_unit(self.dialect, unit, needs, plan, twice=False)
            self.folds[unit], self.finishes[unit] = f"fold_{unit}", f"finish_{unit}"
            self.kept[unit] = self._kept(plan)

    def _kept(self, plan: Plan) -> str:
        empty = (empty_of(accumulator) for accumulator in plan.places)
        return f"[{', '.join('NONE' if each == () else json.dumps(each) for each in empty)}]"

    def _indicators(self, unit: str, period: str) -> None:
        name = f"{unit}_{period.replace(' ', '_')}"
        chosen = [each for each in self.rules.indicators if (each.unit, each.period) == (unit, period)]
        plan = plan_of(node for each in chosen for node in expressions_of_indicator(each))
        body = write_indicators(self.dialect, f"judge_{name}", chosen, plan)
        self.lines += [*write_fold(self.dialect, f"fold_indicators_{name}", plan), *body]
        self.judges[f"{unit} {period}"] = f"{{fold: fold_indicators_{name}, finish: judge_{name}}}"

    def _episode(self, episode: Episode) -> str:
        """How an episode is formed. Its records are read, and those that attach to it when some rule reads them."""
        own = EPISODE_KIND + episode.name
        for fact in episode.facts:
            self._reads(episode.opened_by, fact)
        kinds = self.dialect.kinds
        attaches = [kind for kind in episode.attaches if kind in kinds]
        for kind in attaches:
            self.dialect.fields[kind][NAMED] = None
        of_episode = dict.fromkeys(("id", "opened", "ended", "last_day", "start", *episode.facts))
        of_person = [name for name in self._facts() if name not in of_episode]
        together = {name: member("p", name) for name in of_person}
        together |= {name: member("e", name) for name in of_episode}
        table = _object(
            {
                "name": episode.name,
                "place": kinds.get(own),
                "opened_by": self._selection(episode.opened_by),
                "closed_by": [self._selection(each) for each in episode.closed_by],
                "lasts": episode.lasts
                and {"count": episode.lasts.count, "in_months": episode.lasts.in_months},
                "facts": episode.facts,
                "start": episode.start,
                "closing_alone": episode.closing_alone,
                "attaches": [kinds[kind] for kind in attaches],
            }
        )
        blank = _names(dict.fromkeys(of_episode, "null"))
        return f"{{...{table}, blank: () => ({blank}), together: (p, e) => ({_names(together)})}}"

    def _told_of(self, need: Need) -> None:
        """Reads whatever a reason can speak of, also what the written functions could do without."""
        conditions = (exclusion.when for exclusion in need.exclusions)
        nodes = (need.package.gate, *expressions_of_need(need), *conditions)
        for part in (part for node in nodes for part in walk(node)):
            if isinstance(part, Fact):
                self.dialect.fact(part.name)
            elif isinstance(part, Aggregate):
                self.dialect.place(part.kind)
                inside = (
                    each.name for each in outside_aggregates(part.where) if isinstance(each, RecordField)
                )
                for name in (*inside, part.field or "date"):
                    self.dialect.fields[part.kind][name] = None

    def _facts(self) -> list[str]:
        """The facts of a person that are read, and the two that every unit has."""
        read = (name for name in self.dialect.facts if name in self.rules.vocabulary.person)
        return list(dict.fromkeys(("id", "died", *read)))

    def _facts_of_household(self) -> list[str]:
        read = (name for name in self.dialect.facts if name in self.rules.vocabulary.household)
        return list(dict.fromkeys(("id", "died", *read)))

    def _reads(self, selection: Selection, field: str) -> None:
        self.dialect.place(selection.kind)
        self.dialect.fields[selection.kind][field] = None

    def _selection(self, selection: Selection) -> dict[str, Any]:
        place = self.dialect.place(selection.kind)
        if selection.field is not None:
            self._reads(selection, selection.field)
        return {"kind": place, "field": selection.field, "value": selection.value}

    def tables(self) -> str:
        """What the engine works with."""
        person = _names({name: _value("u", name) for name in self._facts()})
        household = _names({name: _value("u", name) for name in self._facts_of_household()})
        own = [
            "new Map(Object.entries(kinds))",
            f"[{', '.join(map(self._reader, self.dialect.kinds))}]",
            f"(u) => ({person})",
            f"[{', '.join(self.episodes)}]",
            *(_names(each) for each in (self.folds, self.finishes, self.judges, self.kept)),
            "fold_classes",
            "classify",
            f"(u) => ({household})",
            "share_person" if HOUSEHOLD in self.rules.units() else "() => null",
            json.dumps(self.dialect.kinds.get(MEMBER)),
            json.dumps(self.of_members),
        ]
        words = (
            "kinds readers person episodes folds finishes judges kept foldClasses classify "
            "household share member ofMembers"
        ).split()
        return f"{{{', '.join(f'{word}: {text}' for word, text in zip(words, own, strict=True))}}}"

    def _reader(self, kind: str) -> str:
        """An episode seen as a record is dated on the day it was opened."""
        day = "r.opened" if kind.startswith(EPISODE_KIND) else "r.date"
        known = self.rules.vocabulary.kinds.get(kind)
        if known is not None and known.derived:
            return read_derived_row(known, self.dialect.fields[kind])
        values = {name: _value("r", name) for name in ("id", *self.dialect.fields[kind])}
        return f"(r) => ({_names({**values, 'date': day, 'unit': 'null'})})"


def _value(owner: str, name: str) -> str:
    return f"{member(owner, name)} ?? null"


def _object(values: Mapping[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"))


def _names(texts: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{json.dumps(key)}: {text}' for key, text in texts.items())}}}"


def _types(rules: Rules, digest: str) -> str:
    """The types of the module: the shapes are the same for every book, the names are those of this one."""
    names = {
        "Status": STATUSES,
        "NeedName": [need.name for need in rules.needs],
        "IndicatorName": [indicator.name for indicator in rules.indicators],
        "ClassificationName": [table.name for table in rules.classifications],
        "UnitName": [PERSON, *rules.vocabulary.episodes, HOUSEHOLD],
    }
    lines = [f"// Siklus, buku aturan {digest}. Dibuat dari knowledge/; jangan diubah di sini."]
    for name, words in names.items():
        lines.append(f"export type {name} = {' | '.join(map(json.dumps, words)) or 'never'};")
    return "\n".join(lines) + "\n" + _TYPES.read_text(encoding="utf-8")
