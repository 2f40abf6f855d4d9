"""What a phone needs of the rule book, as files: the module with the rules, its types, the words of the
knowledge, those of reasons, and the forms with the module of their conditions.

A file's name changes with its content, so whoever has it may keep it for ever; `manifest.json` names those of today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from siklus.library.forms.catalogue import forms_of
from siklus.library.forms.phone import phone_texts
from siklus.library.loading import Book
from siklus.rules.choosing import kept_by_name
from siklus.rules.emitters.javascript import write_module
from siklus.rules.emitters.reason_data import reason_data
from siklus.rules.vocabulary import Code, Field, Kind, Selection, Vocabulary

MANIFEST = "manifest.json"
_DIGITS = 8


def phone_files(book: Book) -> dict[str, str]:
    """The text of every file by its name, the manifest last. The same book gives the same files, byte by byte."""
    # Figures of a month are counted on the server, and would make the module half as large again.
    module = book.once("phone", lambda: write_module(kept_by_name(book.rules), book.hash))
    told = book.once("reasons", lambda: reason_data(book.rules, module.places))
    reasons, words = _json({"rulebook": book.hash, **told}), _json(knowledge_words(book))
    named = {
        "module": (f"rules-{book.hash}-{_edition(module.text)}.js", module.text),
        "types": (f"rules-{book.hash}-{_edition(module.text)}.d.ts", module.types),
        "knowledge": (f"knowledge-{book.hash}-{_edition(words)}.json", words),
        "reasons": (f"reasons-{book.hash}-{_edition(reasons)}.json", reasons),
    }
    if book.growth_javascript:
        # By its own content alone: another rule book with the same standards leaves it where it is kept.
        growth = book.growth_javascript
        named["growth"] = (f"growth-{_edition(growth)}.js", growth)
    forms = forms_of(book)
    if forms is not None:
        asked, conditions = book.once(f"phone-forms-{forms.hash}", lambda: phone_texts(forms))
        named["forms"] = (f"forms-{forms.hash}-{_edition(asked)}.json", asked)
        named["conditions"] = (f"forms-{forms.hash}-{_edition(conditions)}.js", conditions)
    manifest = {"rulebook": book.hash, **{what: name for what, (name, _) in named.items()}}
    return {**dict(named.values()), MANIFEST: _json(manifest)}


def knowledge_words(book: Book) -> dict[str, Any]:
    """The closed lists, and what each rule is called, who may do it where, and on whose word it stands."""
    return {
        "rulebook": book.hash,
        "vocabulary": vocabulary_words(book.vocabulary),
        "packages": {
            each.name: {"title": each.title, "klaster": each.klaster} for each in book.rules.packages
        },
        "needs": {
            need.name: {
                "title": need.title,
                "package": need.package.name,
                "unit": need.unit,
                "by": [{"at": each.at, "who": list(each.who)} for each in need.by],
                "reach": need.reach,
                "cites": need.cites,
                "confidence": need.confidence,
            }
            for need in book.needs
        },
        "indicators": {
            each.name: {"title": each.title, "labels": dict(each.labels)}
            for each in kept_by_name(book.rules).indicators
        },
        "classifications": {
            each.name: {"title": each.title, "says": {row.value: row.say for row in each.rows if row.say}}
            for each in book.classifications
        },
    }


def vocabulary_words(vocabulary: Vocabulary) -> dict[str, Any]:
    """The closed lists as the checks of records read them in every language."""
    return {
        "codes": {
            name: {code.name: _code(code) for code in codes.values()}
            for name, codes in vocabulary.codes.items()
        },
        "person": _fields(vocabulary.person),
        "household": _fields(vocabulary.household),
        "kinds": {name: _kind(kind) for name, kind in vocabulary.kinds.items()},
        "episodes": {
            episode.name: {"title": episode.title, "openers": [_selection(each) for each in episode.openers]}
            for episode in vocabulary.episodes.values()
        },
    }


def _code(code: Code) -> dict[str, Any]:
    return {"label": code.label, "aliases": list(code.aliases)}


def _selection(selection: Selection) -> dict[str, Any]:
    return {"kind": selection.kind, "field": selection.field, "value": selection.value}


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "title": kind.title,
        "of": kind.of,
        "episode": kind.episode,
        "register": kind.register,
        "fields": _fields(kind.fields),
        "derived": _fields({name: each.field for name, each in kind.derived.items()}),
    }


def _fields(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {name: _field(field) for name, field in fields.items()}


def _field(field: Field) -> dict[str, Any]:
    plain = "decimal" if field.places else "code" if field.codes else field.type
    return {
        "type": plain,
        "places": field.places,
        "codes": field.codes,
        "nullable": field.nullable,
        "label": field.label,
        "unit": field.unit,
        "possible": _range(field.possible),
        "plausible": _range(field.plausible),
        "ask": field.ask,
        "not_before": field.not_before,
        "not_after": field.not_after,
    }


def _range(limits: tuple[float, float] | None) -> list[float] | None:
    """Whole limits without a point, as JavaScript writes them."""
    return None if limits is None else [int(each) if each == int(each) else each for each in limits]


def _edition(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
