"""The closed lists a rule may use: codes, groups, facts of a person, kinds of record with their fields, episodes.

Built from the plain mappings of `knowledge/vocabulary/`. Type names: `bool`, `int`, `date`, `need`, `text`,
`dec:N` (kept as an integer of 10^-N), `code:LIST`, `record` (names another record; implied by `for`). Text is for
people, a name for forming episodes: neither stands in a condition. A trailing `?` in the source says that the writer
may leave the value empty, which every rule then has to live with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from siklus.kernel.dates import DAYS_PER_WEEK, MONTHS_PER_YEAR
from siklus.kernel.problems import Problem, ProblemError
from siklus.rules.derived_spec import ZSCORE, read_derived
from siklus.rules.episode_spec import NAMED, naming_field, own_facts, start_of, title_of
from siklus.rules.fields import RECORD, identifiers_of
from siklus.rules.fields import Derived as Derived
from siklus.rules.fields import Field as Field
from siklus.rules.growth import Growth, Rows
from siklus.rules.growth_spec import read_growth
from siklus.rules.shapes import shape_faults
from siklus.rules.source import MarkedMap

PERSON = "person"
HOUSEHOLD = "household"
MEMBER = "member"
EPISODE_KIND = "ep:"
_JUDGED_BY = ("birth", "sex")
_TYPE = re.compile(r"(bool|int|date|need|text)|decimal\((\d)\)|code\((\w+)\)")
_LASTS = re.compile(r"(\d+) (day|week|month|year)s?")
_MONTHS = {"month": 1, "year": MONTHS_PER_YEAR}
_SELECTION = re.compile(r"(\w+)(?: where (\w+) = (\w+))?")


@dataclass(frozen=True, slots=True)
class Code:
    """One word of a code list. Aliases are understood on the way in and never stored."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    sensitive: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `episode` is the episode it attaches to, `register` kinds feed the register, not the rules.

    `derived` are worked out from the others and never written down; `measures` say which field is the weight, the
    length ... of a child. `sensitive` is the class of secret such a record holds; see `rules.sensitive`.
    """

    name: str
    title: str
    fields: Mapping[str, Field]
    of: str = PERSON
    episode: str | None = None
    register: bool = False
    derived: Mapping[str, Derived] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    sensitive: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Records of a kind, or those of them whose code field has one value."""

    kind: str
    field: str | None = None
    value: str | None = None

    def takes(self, record: Mapping[str, Any]) -> bool:
        """True when the record (already of this kind) is selected."""
        return self.field is None or record.get(self.field) == self.value


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in days or in months."""

    count: int
    in_months: bool


@dataclass(frozen=True, slots=True)
class Episode:
    """How a pregnancy, a condition or a referral is formed from records; see the rule language, section 2.

    `start` lists (fact, days before it) in order of preference; empty means that it starts when it is opened.
    """

    name: str
    title: str
    opened_by: Selection
    closed_by: tuple[Selection, ...]
    lasts: Span | None
    facts: tuple[str, ...]
    start: tuple[tuple[str, int], ...]
    closing_alone: bool
    fields: Mapping[str, Field] = field(default_factory=dict)
    attaches: tuple[str, ...] = ()

    @property
    def openers(self) -> tuple[Selection, ...]:
        """The records that can open such an episode, and so be named by those that belong to it."""
        return (self.opened_by, *(self.closed_by if self.closing_alone else ()))

    @property
    def made_of(self) -> tuple[str, ...]:
        """Kinds of record without which there can be no such episode."""
        return tuple(selection.kind for selection in self.openers)

    def may_be_in(self, kinds: Container[str]) -> bool:
        """False when there is no kind of record that could make such an episode."""
        return self.opened_by.kind in kinds or (
            self.closing_alone and any(selection.kind in kinds for selection in self.closed_by)
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a rule may name."""

    codes: Mapping[str, Mapping[str, Code]]
    groups: Mapping[str, tuple[str, tuple[str, ...]]]
    person: Mapping[str, Field]
    household: Mapping[str, Field]
    kinds: Mapping[str, Kind]
    episodes: Mapping[str, Episode]
    growth: Growth | None = None
    member: Mapping[str, Field] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
    """Names of the values that hold a number naming somebody, in any kind of record, with the sort of number."""

    def facts_of(self, unit: str) -> dict[str, Field]:
        """Facts a rule about this unit may name: its own and those of the person it belongs to."""
        if unit == HOUSEHOLD:
            return dict(self.household)
        facts = dict(self.person)
        if unit in self.episodes:
            facts.update(self.episodes[unit].fields)
        return facts

    def fields_of(self, kind: str) -> Mapping[str, Field]:
        """What a rule may ask of a kind of record, or of an episode seen as a record dated on its opening day."""
        if kind == MEMBER:
            return self.member
        if kind.startswith(EPISODE_KIND):
            episode = self.episodes[kind.removeprefix(EPISODE_KIND)]
            return {"date": _DATE, **episode.fields}
        known = self.kinds[kind]
        if not known.derived and known.episode is None:
            return known.fields
        spoken = {name: each for name, each in known.fields.items() if each.type != RECORD}
        return {**spoken, **{name: each.field for name, each in known.derived.items()}}

    def code(self, codes: str, word: str) -> str | None:
        """The stored word for a word or alias of a code list; None when it is not one."""
        listed = self.codes[codes]
        if word in listed:
            return word
        wanted = word.strip().casefold()
        for code in listed.values():
            if wanted == code.name or wanted in code.aliases:
                return code.name
        return None


_DATE = Field("date", "date", nullable=False, label="Tanggal")


def no_tables(file: str) -> tuple[Rows, Rows]:
    """Stands for the tables of growth where nobody is judged by them."""
    raise LookupError(f"{file} is not at hand")


def build_vocabulary(
    documents: Iterable[tuple[str, Mapping[str, Any]]],
    tables: Callable[[str], tuple[Rows, Rows]] = no_tables,
) -> Vocabulary:
    """One vocabulary from several (file, mapping) documents; ProblemError lists every fault found.

    `tables` gives the rows of a file of growth standards.
    """
    builder = _Builder(tables)
    for where, document in documents:
        builder.add(where, document)
    return builder.finish()


class _Builder:
    def __init__(self, tables: Callable[[str], tuple[Rows, Rows]]) -> None:
        self.problems: list[Problem] = []
        self.tables = tables
        self.growth: Growth | None = None
        self.sections: dict[str, dict[str, tuple[str, Any]]] = {
            name: {} for name in ("codes", "groups", "person", "household", "kinds", "episodes")
        }

    def add(self, where: str, document: Mapping[str, Any]) -> None:
        for section, entries in document.items():
            if section == "growth":
                self.growth = read_growth(where, entries, self.tables)
            if section not in self.sections:
                continue
            if not isinstance(entries, Mapping | None):
                self.bad(where, f"'{section}' gives names, each with what it is")
                continue
            for name, entry in (entries or {}).items():
                at = str(entries.key_marks[name]) if isinstance(entries, MarkedMap) else where
                if name in self.sections[section]:
                    self.bad(at, f"'{name}' is defined twice in {section}")
                wrong = shape_faults(section, name, entry)
                for fault in wrong:
                    self.bad(at, fault)
                if not wrong:
                    self.sections[section][name] = (at, entry)

    def bad(self, where: str, found: str) -> None:
        self.problems.append(Problem("V01", where, found))

    def finish(self) -> Vocabulary:
        codes = {name: self.code_list(name, entry) for name, (_, entry) in self.sections["codes"].items()}
        self.code_names = set(codes)
        groups = {
            name: (entry["of"], tuple(entry["are"])) for name, (_, entry) in self.sections["groups"].items()
        }
        self.person_names = set(self.sections["person"])
        person = {n: self.field(w, n, e) for n, (w, e) in self.sections["person"].items()}
        for name, (where, _) in self.sections["person"].items():
            self.limits(where, PERSON, {name: person[name]})
        household = {n: self.field(w, n, e) for n, (w, e) in self.sections["household"].items()}
        kinds = {n: self.kind(w, n, e) for n, (w, e) in self.sections["kinds"].items()}
        episodes = {n: self.episode(w, n, e, kinds) for n, (w, e) in self.sections["episodes"].items()}
        for name, (codes_name, members) in groups.items():
            for member in members:
                if member not in codes.get(codes_name, {}):
                    self.bad(
                        self.sections["groups"][name][0], f"group '{name}': '{member}' is not in {codes_name}"
                    )
        for kind in kinds.values():
            if kind.episode is not None and kind.episode not in episodes:
                self.bad(
                    self.sections["kinds"][kind.name][0],
                    f"'{kind.name}' is for '{kind.episode}', not an episode",
                )
        if self.problems:
            raise ProblemError(self.problems)
        formed = {name: episode for name, episode in episodes.items() if episode is not None}
        sealed = identifiers_of(kind.fields for kind in kinds.values())
        return Vocabulary(codes, groups, person, household, kinds, formed, self.growth, identifiers=sealed)

    def code_list(self, name: str, entry: Any) -> dict[str, Code]:
        if isinstance(entry, Mapping):
            return {
                word: Code(word, str(spec.get("label", word)), _aliases(spec), spec.get("sensitive", ""))
                for word, spec in ((word, spec or {}) for word, spec in entry.items())
            }
        return {word: Code(word, str(word).replace("_", " ")) for word in entry}

    def field(self, where: str, name: str, spec: Any) -> Field:
        if not isinstance(spec, Mapping):
            spec = {"type": spec}
        text = str(spec["type"])
        match = _TYPE.fullmatch(text.removesuffix("?"))
        if match is None:
            self.bad(where, f"'{text}' is not a type ({name})")
            return Field(name, "int", nullable=True)
        plain, places, codes = match.groups()
        if codes is not None and codes not in self.code_names:
            self.bad(where, f"'{codes}' is not a code list ({name})")
        kind = plain or (f"dec:{places}" if places else f"code:{codes}")
        return Field(
            name,
            kind,
            nullable=text.endswith("?"),
            label=str(spec.get("label", name.replace("_", " "))),
            unit=str(spec.get("unit", "")),
            possible=_range(spec, "possible"),
            plausible=_range(spec, "plausible"),
            ask=str(spec.get("ask", "")),
            not_before=str(spec.get("not_before", "")),
            not_after=str(spec.get("not_after", "")),
            identifier=str(spec.get("identifier", "")),
        )

    def limits(self, where: str, owner: str, fields: Mapping[str, Field]) -> None:
        """A limit of a day is another day of the same record."""
        for each in fields.values():
            for limit in filter(None, (each.not_before, each.not_after)):
                if each.type != "date" or limit not in fields or fields[limit].type != "date":
                    self.bad(
                        where,
                        f"'{each.name}' of {owner} and its limit '{limit}' are not two days of one record",
                    )

    def kind(self, where: str, name: str, spec: Mapping[str, Any]) -> Kind:
        spec = dict(spec or {})
        of, episode = str(spec.pop("of", PERSON)), spec.pop("for", None)
        secret = str(spec.pop("sensitive", ""))
        title, register = (
            str(spec.pop("title", name.replace("_", " ").capitalize())),
            bool(spec.pop("register", False)),
        )
        derived, measures = spec.pop("derived", None) or {}, spec.pop("measures", None) or {}
        entries = spec["fields"] or {} if "fields" in spec else spec
        fields = {"date": _DATE}
        for implied, codes, label in (("oleh", "peran", "Oleh"), ("tempat", "tempat", "Tempat")):
            if codes in self.code_names:
                fields[implied] = Field(implied, f"code:{codes}", nullable=True, label=label)
        fields.update(
            {field_name: self.field(where, f"{field_name}", entry) for field_name, entry in entries.items()}
        )
        self.limits(where, name, fields)
        if NAMED in fields:
            self.bad(where, f"'{NAMED}' of {name} is implied by 'for' and cannot be declared")
        if episode is not None:
            _, declared = self.sections["episodes"].get(episode, (where, None))
            fields[NAMED] = naming_field(title_of(episode, declared))
        roles = {str(role): str(field) for role, field in measures.items()}
        made, faults = read_derived(derived, fields, roles, self.growth)
        if (
            any(each.function == ZSCORE for each in made.values())
            and not set(_JUDGED_BY) <= self.person_names
        ):
            faults.append(f"a z-score needs the facts {' and '.join(_JUDGED_BY)} of a person")
        for fault in faults:
            self.bad(where, f"{name}: {fault}")
        return Kind(name, title, fields, of, episode, register, made, roles, secret)

    def episode(
        self, where: str, name: str, spec: Mapping[str, Any], kinds: Mapping[str, Kind]
    ) -> Episode | None:
        opened_by = self.selection(where, spec["opened_by"], kinds)
        closed_by = tuple(self.selection(where, text, kinds) for text in spec.get("closed_by", ()))
        if opened_by.kind not in kinds:
            return None
        facts = tuple(spec.get("facts", ()))
        opener = kinds[opened_by.kind].fields
        own = own_facts(spec, title_of(name, spec))
        for fact in facts:
            if fact not in opener or opener[fact].type == RECORD:
                self.bad(where, f"episode '{name}': '{fact}' is not a field of {opened_by.kind}")
                continue
            known = opener[fact]
            own[fact] = Field(
                fact, known.type, nullable=True, label=known.label, unit=known.unit, ask=known.ask
            )
        return Episode(
            name,
            title_of(name, spec),
            opened_by,
            closed_by,
            self.span(where, spec.get("lasts")),
            facts,
            start_of(str(spec["start"])),
            bool(spec.get("closing_alone", False)),
            own,
            tuple(kind.name for kind in kinds.values() if kind.episode == name),
        )

    def span(self, where: str, text: str | None) -> Span | None:
        if text is None or text == "never":
            return None
        match = _LASTS.fullmatch(text)
        if match is None:
            self.bad(where, f"'{text}' is not a length of time")
            return None
        count, unit = int(match[1]), match[2]
        days = {"day": 1, "week": DAYS_PER_WEEK}.get(unit)
        return Span(count * days, False) if days else Span(count * _MONTHS[unit], True)

    def selection(self, where: str, text: str, kinds: Mapping[str, Kind]) -> Selection:
        match = _SELECTION.fullmatch(text)
        if match is None or match[1] not in kinds or (match[2] and match[2] not in kinds[match[1]].fields):
            self.bad(where, f"'{text}' does not select records")
            return Selection("")
        return Selection(match[1], match[2], match[3])


def _aliases(spec: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(alias).casefold() for alias in spec.get("aliases", ()))


def _range(spec: Mapping[str, Any], name: str) -> tuple[float, float] | None:
    found = spec.get(name)
    if isinstance(found, Mapping):
        found = found["range"]
    return None if found is None else (float(found[0]), float(found[1]))
