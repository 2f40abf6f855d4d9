"""The life of an example in words: who it is, what was recorded, on which day one asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from siklus.library.examples import Example
from siklus.rules import tree as t
from siklus.rules.book import Rule
from siklus.rules.episode_spec import NAMED
from siklus.rules.fields import RECORD
from siklus.rules.life import EngineRecord, Facts, Life
from siklus.rules.plan import expressions_of_rule
from siklus.rules.shown import inner, joined, shown_day, shown_field
from siklus.rules.vocabulary import Field, Vocabulary

_IMPLIED = ("date", "oleh", "tempat")


def facts_of(vocabulary: Vocabulary, example: Example) -> list[str]:
    """What is known of the person: `lahir 10 Mar 2026`, `jenis kelamin perempuan`; of a household, who lives there."""
    life = example.life
    if life.members is None:
        return _facts(vocabulary, life.person, vocabulary.person)
    told = _facts(vocabulary, life.person, vocabulary.household) + ([] if life.members else ["tanpa anggota"])
    for number, member in enumerate(life.members, 1):
        known = _facts(vocabulary, member.person, vocabulary.person)
        known += [record_of(vocabulary, record, member) for record in member.records]
        told.append(f"anggota {number}: {', '.join(known) or 'belum diketahui apa pun'}")
    return told


def _facts(vocabulary: Vocabulary, person: Facts, specs: Mapping[str, Field]) -> list[str]:
    told = []
    for name, spec in specs.items():
        value = person[name]
        if value is None:
            continue
        said = shown_field(vocabulary, spec, value)
        if name == "birth":
            told.append(f"lahir {said}")
        else:
            told.append(f"{inner(spec.label)}{':' if spec.type == 'bool' else ''} {said}")
    if person["died"] is not None:
        told.append(f"meninggal {shown_day(person['died'])}")
    return told


def looked_at(rule: Rule) -> dict[str, list[str]]:
    """The fields of each kind of record that decide something in a rule, in reading order."""
    found: dict[str, list[str]] = {}
    for expression in expressions_of_rule(rule):
        for part in t.walk(expression):
            if isinstance(part, t.Aggregate):
                spoken = [each.name for each in t.walk(part.where) if isinstance(each, t.RecordField)]
                fields = [*spoken, *([part.field] if part.field else [])]
                found.setdefault(part.kind, []).extend(name for name in fields if name != "date")
    return {kind: list(dict.fromkeys(fields)) for kind, fields in found.items()}


def event_of(vocabulary: Vocabulary, record: EngineRecord, fields: Sequence[str]) -> str:
    """A record by what the rule looks at: `BCG 10 Mar 2026`, `berat badan 7,4 kg 12 Jan 2026`, else by its kind."""
    kind = vocabulary.kinds[record["kind"]]
    known = [kind.fields[name] for name in fields if name in kind.fields and record.get(name) is not None]
    main = next((spec for spec in known if spec.name not in _IMPLIED and _tells(spec)), None)
    beside = [
        said_of(vocabulary, spec, record) for spec in known if spec.type == "bool" or spec.name in _IMPLIED
    ]
    told = said_of(vocabulary, main, record) if main else inner(kind.title)
    more = f" ({', '.join(beside)})" if beside else ""
    return f"{told}{more} {shown_day(record['date'])}"


def said_of(vocabulary: Vocabulary, spec: Field, record: EngineRecord) -> str:
    """A field of a record: a code by its word alone, a number with its label and unit."""
    said = shown_field(vocabulary, spec, record[spec.name])
    if spec.codes is not None:
        return said
    return f"{inner(spec.label)}{':' if spec.type == 'bool' else ''} {said}"


def _tells(spec: Field) -> bool:
    return spec.codes is not None or spec.type == "int" or bool(spec.places)


def record_of(vocabulary: Vocabulary, record: EngineRecord, life: Life) -> str:
    """A record of a life with all its fields: `10 Mar 2026 imunisasi (vaksin BCG; oleh bidan)`."""
    kind = vocabulary.kinds[record["kind"]]
    parts = [
        joined(
            f"{inner(spec.label)}{':' if spec.type == 'bool' else ''}",
            inner(shown_field(vocabulary, spec, record[name])),
        )
        for name, spec in kind.fields.items()
        if name not in _IMPLIED and spec.type not in ("need", RECORD) and record.get(name) is not None
    ]
    named = next((each for each in life.records if each["id"] == record.get(NAMED)), None)
    if named is not None:
        title = inner(vocabulary.kinds[named["kind"]].title)
        parts.append(f"{inner(kind.fields[NAMED].label)}: {title} {shown_day(named['date'])}")
    for name in _IMPLIED[1:]:
        if record.get(name) is not None:
            parts.append(shown_field(vocabulary, kind.fields[name], record[name]))
    told = f"{shown_day(record['date'])} {inner(kind.title)}"
    return f"{told} ({'; '.join(parts)})" if parts else told
