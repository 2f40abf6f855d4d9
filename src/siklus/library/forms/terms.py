"""Codes of other systems (LOINC, SNOMED CT, KFA ...) for fields of the vocabulary, from `knowledge/forms/terms.yaml`.

A field that no source gives a code has none here: it is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from siklus.library.forms.model import Term
from siklus.rules.names import Reading
from siklus.rules.scopes import Scope, no_such_field
from siklus.rules.source import MarkedMap, did_you_mean, entries_of, mapping_of
from siklus.rules.vocabulary import PERSON

Terms = Mapping[str, tuple[Term, ...]]


def read_terms(reading: Reading, document: MarkedMap | None) -> Terms:
    """{`kind.field`: terms}; a field written `kind.field=word` gives the term of one code. Faults go to `reading`."""
    if document is None:
        return {}
    systems = mapping_of(document, "systems")
    found: dict[str, tuple[Term, ...]] = {}
    terms = mapping_of(document, "terms")
    for name in terms:
        with reading.faults.guard():
            _known(reading, name, terms)
            listed = []
            for entry in entries_of(terms, name):
                system = str(entry.get("system", ""))
                if system not in systems:
                    reading.faults.add(
                        "F16",
                        entry.at("system"),
                        f"'{system}' is not a system.",
                        did_you_mean(system, systems),
                    )
                listed.append(Term(system, str(entry.get("code", "")), str(entry.get("display", ""))))
            found[name] = tuple(listed)
    return found


def _known(reading: Reading, name: str, terms: MarkedMap) -> None:
    mark, vocabulary = terms.key_marks[name], reading.vocabulary
    path, _, word = name.partition("=")
    kind, _, field = path.partition(".")
    if kind not in vocabulary.kinds:
        reading.faults.add(
            "R04", mark, f"'{kind}' is not a kind of record.", did_you_mean(kind, vocabulary.kinds)
        )
        return
    fields = vocabulary.fields_of(kind)
    if field and field not in fields:
        raise no_such_field(Scope(vocabulary, PERSON), kind, field, mark)
    if word and word not in vocabulary.codes.get(fields[field].codes or "", {}):
        codes = vocabulary.codes.get(fields[field].codes or "", {})
        reading.faults.add("R06", mark, f"'{word}' is not a word of {name}.", did_you_mean(word, codes))
