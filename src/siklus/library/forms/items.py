"""The items of a form, read and checked: each points at a field of a record and says what the form adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from siklus.library.forms.conditions import check_plain, scope_of
from siklus.library.forms.model import ASK, CLASS, DERIVED, IS, SHOWS, TICK, Item, Term, Written
from siklus.library.forms.terms import Terms
from siklus.rules import tree as t
from siklus.rules.expressions import check
from siklus.rules.names import Reading, check_slots
from siklus.rules.scopes import Scope, aggregate, no_such_field
from siklus.rules.source import (
    Mark,
    MarkedMap,
    did_you_mean,
    fault,
    mapping_of,
    text_of,
    told_before,
    words_of,
)
from siklus.rules.vocabulary import PERSON, Field

_HOWS = (ASK, TICK, DERIVED, CLASS, IS, SHOWS)
_SLOTS = (*_HOWS, *"id label hint words only show required who at prefill type unit terms cites".split())
_WIRE_BOOLS = {"ya": True, "tidak": False}


@dataclass
class FormReading:
    """What is carried while one form is being read: names above, records, who and where, what was asked before."""

    reading: Reading
    unit: str
    records: Mapping[str, Written]
    who: tuple[str, ...]
    at: tuple[str, ...]
    classes: Mapping[str, str]
    terms: Terms
    above: dict[str, t.Node] = field(default_factory=dict)
    ids: dict[str, Mark] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    @property
    def scope(self) -> Scope:
        """What an expression that stands here may name."""
        return scope_of(self.reading.vocabulary, self.unit, self.above)

    def condition(self, item: MarkedMap, slot: str) -> tuple[t.Node, str]:
        """A yes/no slot with its text; true when it is absent, unknown when it has a fault, which is told."""
        if slot not in item:
            return t.TRUE, ""
        unknown: t.Node = t.UNKNOWN
        text, mark = text_of(item[slot]), item.at(slot)
        node = self.reading.faults.tried(
            lambda: check_plain(check(text, mark, self.scope, "bool"), mark), unknown
        )
        return node, text

    def expression(self, item: MarkedMap, slot: str, want: str | None) -> tuple[t.Node | None, str]:
        """The value of a slot with its text; None when it is absent or has a fault, which is told."""
        if slot not in item:
            return None, ""
        text, nothing = text_of(item[slot]), None
        return self.reading.faults.tried(lambda: check(text, item.at(slot), self.scope, want), nothing), text


def read_item(form: FormReading, entry: Any, mark: Mark) -> Item:
    """One item: what it asks or shows, and what the form adds to that."""
    if not isinstance(entry, MarkedMap):
        raise fault(
            "F01", mark, f"'{text_of(entry)}' is written as a mapping", "such as {ask: timbang.berat}"
        )
    check_slots(form.reading, entry, _SLOTS, "an item")
    hows = [how for how in _HOWS if how in entry]
    if len(hows) != 1:
        raise fault("F01", entry.mark, "an item has exactly one of ask, tick, derived, class, is, shows")
    how, said, at = hows[0], text_of(entry[hows[0]]), entry.at(hows[0])
    record, asked, about, value, value_text = _subject(form, how, said, at, entry)
    name = str(entry.get("id", record if how == TICK else asked.name))
    _define(form, name, entry.at("id"))
    _not_a_word(form, name, asked, entry.at("id"))
    _same_as_fact(form, name, asked, entry.at("id"), how)
    show, show_text = form.condition(entry, "show")
    prefill, prefill_text = _prefill(form, entry, asked)
    item = Item(
        id=name,
        how=how,
        record=record,
        field=asked,
        label=str(entry.get("label", asked.label)),
        hint=str(entry.get("hint", asked.ask)),
        words=_words(form, entry, asked),
        only=_only(form, entry, asked),
        show=show,
        show_text=show_text,
        is_required=bool(entry.get("required", False)),
        who=_some_of(form, entry, "who", form.who),
        at=_some_of(form, entry, "at", form.at),
        prefill=prefill,
        prefill_text=prefill_text,
        value=value,
        value_text=value_text,
        about=about,
        terms=_terms(form, record, asked.name, how),
        mark=entry.mark,
    )
    if item.is_answered or how == IS:
        form.above[name] = t.Fact(name, asked.type, True)
    return item


def _prefill(form: FormReading, entry: MarkedMap, asked: Field) -> tuple[t.Node | None, str]:
    """What is suggested: one of the codes, or an expression of the type of the answer."""
    text = text_of(entry.get("prefill"))
    if asked.codes is not None and text in form.reading.vocabulary.codes[asked.codes]:
        return t.Literal(text, asked.type), text
    return form.expression(entry, "prefill", asked.type)


def _subject(
    form: FormReading, how: str, said: str, mark: Mark, entry: MarkedMap
) -> tuple[str, Field, str, t.Node | None, str]:
    """(record, what the answer is, what it is about, value, its text)."""
    if how in (ASK, DERIVED):
        return _of_record(form, how, said, mark)
    if how == TICK:
        written = _record(form, said, mark)
        title = form.reading.vocabulary.kinds[written.kind].title
        return said, Field(said, "bool", True, label=title), written.kind, None, ""
    if how == CLASS:
        if said not in form.classes:
            raise fault("F14", mark, f"'{said}' is not a classification.", did_you_mean(said, form.classes))
        kinds = {written.kind for written in form.records.values()}
        if form.classes[said] not in kinds:
            raise fault(
                "F14", mark, f"'{said}' judges '{form.classes[said]}', which this form does not write"
            )
        return "", Field(said, "class", True, label=said), said, None, ""
    if how == SHOWS:
        return _shown(form, said, mark)
    if "label" not in entry or "id" not in entry:
        raise fault("F01", entry.mark, "a computed item has an 'id' and a 'label'")
    value, text = form.expression(entry, IS, None)
    kind = value.type if value is not None else "int"
    unit = str(entry.get("unit", ""))
    return "", Field(str(entry["id"]), kind, True, label=str(entry["label"]), unit=unit), "", value, text


def _of_record(
    form: FormReading, how: str, said: str, mark: Mark
) -> tuple[str, Field, str, t.Node | None, str]:
    alias, dot, name = said.partition(".")
    if not dot:
        raise fault("F02", mark, f"'{said}' is written RECORD.FIELD", "such as timbang.berat")
    written = _record(form, alias, mark)
    kind = form.reading.vocabulary.kinds[written.kind]
    if how == DERIVED:
        if name not in kind.derived:
            raise fault(
                "R05",
                mark,
                f"'{written.kind}' derives no '{name}'.",
                did_you_mean(name, kind.derived or ["-"]),
            )
        return alias, kind.derived[name].field, f"{written.kind}.{name}", None, ""
    if name not in kind.fields:
        raise no_such_field(form.scope, written.kind, name, mark)
    if name in written.fixed or name in written.computed:
        raise fault("F05", mark, f"'{said}' is asked, and given by the record '{alias}' as well")
    return alias, kind.fields[name], f"{written.kind}.{name}", None, ""


def _record(form: FormReading, alias: str, mark: Mark) -> Written:
    if alias in form.broken:
        raise told_before()
    if alias not in form.records:
        raise fault(
            "F02", mark, f"'{alias}' is not a record of this form.", did_you_mean(alias, form.records)
        )
    return form.records[alias]


def _shown(form: FormReading, said: str, mark: Mark) -> tuple[str, Field, str, t.Node | None, str]:
    """The last value written of a field, or a fact of the register."""
    kind, _, name = said.partition(".")
    vocabulary = form.reading.vocabulary
    if kind == PERSON:
        if name not in vocabulary.person:
            raise fault("R01", mark, f"'{name}' is not a fact.", did_you_mean(name, vocabulary.person))
        known = vocabulary.person[name]
        return "", known, said, t.Fact(name, known.type, True), name
    if kind not in vocabulary.kinds:
        raise fault("R04", mark, f"'{kind}' is not a kind of record.", did_you_mean(kind, vocabulary.kinds))
    fields = vocabulary.fields_of(kind)
    if name not in fields:
        raise no_such_field(form.scope, kind, name, mark)
    value = None
    if not vocabulary.kinds[kind].register:
        value = aggregate(form.scope, "last", kind, name, t.TRUE)
    return "", fields[name], said, value, f"last({said})"


def _define(form: FormReading, name: str, mark: Mark) -> None:
    if name in form.ids:
        raise fault("F03", mark, f"'{name}' stands twice ({form.ids[name]})", "give one of them another id")
    form.ids[name] = mark


def _same_as_fact(form: FormReading, name: str, asked: Field, mark: Mark, how: str) -> None:
    """An answer with the name of a fact takes its place while the form is filled in; it must be the same thing."""
    fact = form.reading.vocabulary.facts_of(form.unit).get(name)
    if how not in (SHOWS, CLASS, DERIVED) and fact is not None and fact.type != asked.type:
        raise fault(
            "F13", mark, f"'{name}' is already a fact of {form.unit}, and another thing", "give it another id"
        )


def _not_a_word(form: FormReading, name: str, asked: Field, mark: Mark) -> None:
    """`naik = naik` would compare the answer with itself."""
    if name in form.reading.vocabulary.codes.get(asked.codes or "", {}):
        raise fault("F17", mark, f"'{name}' is also a word of {asked.codes}", "give the item another id")


def _words(form: FormReading, entry: MarkedMap, asked: Field) -> dict[str, str]:
    """Words for yes and no, or for codes, in place of those of the vocabulary."""
    given = form.reading.faults.tried(lambda: mapping_of(entry, "words"), MarkedMap(entry.mark))
    codes = form.reading.vocabulary.codes.get(asked.codes or "", {})
    known: Iterable[str] = _WIRE_BOOLS if asked.type == "bool" else codes
    for word in given:
        if word not in known:
            mark = given.key_marks[word]
            form.reading.faults.add(
                "F11", mark, f"'{word}' cannot be answered here.", did_you_mean(word, known)
            )
    return {word: str(label) for word, label in given.items()}


def _only(form: FormReading, entry: MarkedMap, asked: Field) -> tuple[str, ...]:
    """The codes offered."""
    nothing: list[str] = []
    listed = form.reading.faults.tried(lambda: words_of(entry, "only"), nothing)
    codes = form.reading.vocabulary.codes.get(asked.codes or "", {})
    for word in listed:
        if word not in codes:
            form.reading.faults.add(
                "R06",
                entry.at("only"),
                f"'{word}' is not a word of {asked.codes}.",
                did_you_mean(word, codes),
            )
    return tuple(listed)


def _some_of(form: FormReading, entry: MarkedMap, slot: str, of_form: tuple[str, ...]) -> tuple[str, ...]:
    """Roles or places of an item, which narrow those of the form."""
    nothing: list[str] = []
    listed = form.reading.faults.tried(lambda: words_of(entry, slot), nothing)
    for word in listed:
        if word not in of_form:
            form.reading.faults.add(
                "F04",
                entry.at(slot),
                f"'{word}' does not fill in this form.",
                did_you_mean(word, of_form),
            )
    return tuple(listed) or of_form


def _terms(form: FormReading, record: str, field_name: str, how: str) -> tuple[Term, ...]:
    """Codes of the field, and of the words the form fixes in a record of its own (this vaccine)."""
    if not record:
        return ()
    written = form.records[record]
    own = form.terms.get(f"{written.kind}.{field_name}", ()) if how != TICK else ()
    kind = form.terms.get(written.kind, ()) if how == TICK else ()
    fixed = (form.terms.get(f"{written.kind}.{name}={word}", ()) for name, word in written.fixed.items())
    return (*own, *kind, *(term for terms in fixed for term in terms))
