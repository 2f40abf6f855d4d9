"""Forms for the phone: each as JSON, and one ES module with their conditions, written by the same emitter as the rules.

The shape is described in docs/reference/forms.md. What looks into records (`shows`, and a computed item that counts)
has no function: the phone asks its engine, or shows nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from siklus.library.forms.catalogue import Catalogue
from siklus.library.forms.conditions import with_open_as_facts
from siklus.library.forms.model import Form, Item
from siklus.rules import tree as t
from siklus.rules.emitters import javascript
from siklus.rules.emitters.javascript_dialect import JavaScript
from siklus.rules.emitters.javascript_growth import without_remarks
from siklus.rules.emitters.writer import Writer
from siklus.rules.plan import plan_of

_RUNTIME = Path(javascript.__file__).with_name("javascript_runtime.js")


def phone_texts(catalogue: Catalogue) -> tuple[str, str]:
    """Every version of every form as JSON, and the module with their conditions."""
    every = [form for versions in catalogue.by_name.values() for form in versions]
    return json.dumps([form_json(form) for form in every], ensure_ascii=False) + "\n", forms_module(every)


def form_json(form: Form) -> dict[str, Any]:
    """One form with all a phone needs to show it and to write its records, but for the words of the vocabulary."""
    functions = dict(expressions_of(form))
    return {
        "form": form.name,
        "title": form.title,
        "version": form.version,
        "since": form.since.isoformat(),
        "group": form.group,
        "unit": form.unit,
        "at": list(form.at),
        "who": list(form.who),
        "for": _named(functions, "for"),
        "cites": form.cites,
        "confidence": form.confidence,
        "note": form.note,
        "records": {
            alias: {
                "kind": written.kind,
                "fixed": dict(written.fixed),
                "computed": {
                    name: _named(functions, f"computed {alias}.{name}") for name in written.computed
                },
                "when": _named(functions, f"when {alias}"),
            }
            for alias, written in form.records.items()
        },
        "sections": [
            {
                "section": section.id,
                "title": section.title,
                "note": section.note,
                "show": _named(functions, f"section {section.id}"),
                "items": [_item(item, functions) for item in section.items],
            }
            for section in form.sections
        ],
        "maps": None
        if form.mapped is None
        else {
            "from": form.mapped.before,
            "renamed": dict(form.mapped.renamed),
            "values": {name: dict(words) for name, words in form.mapped.values.items()},
            "split": {name: dict(words) for name, words in form.mapped.split.items()},
            "dropped": sorted(form.mapped.dropped),
        },
    }


def _item(item: Item, functions: dict[str, t.Node]) -> dict[str, Any]:
    field = item.field
    return {
        "id": item.id,
        "how": item.how,
        "record": item.record or None,
        "field": field.name,
        "about": item.about,
        "label": item.label,
        "hint": item.hint,
        "type": "decimal" if field.places else "code" if field.codes else field.type,
        "places": field.places,
        "unit": field.unit,
        "codes": field.codes,
        "only": list(item.only),
        "words": dict(item.words),
        "possible": list(field.possible) if field.possible else None,
        "plausible": list(field.plausible) if field.plausible else None,
        "required": item.is_required,
        "who": list(item.who),
        "at": list(item.at),
        "show": _named(functions, f"show {item.id}"),
        "prefill": _named(functions, f"prefill {item.id}"),
        "value": _named(functions, f"value {item.id}"),
        "terms": [{"system": term.system, "code": term.code, "display": term.display} for term in item.terms],
    }


def _named(functions: dict[str, t.Node], name: str) -> str | None:
    """The name of a function of the module; null when there is none (always, nothing, or it looks into records)."""
    return name if name in functions else None


def expressions_of(form: Form) -> Iterator[tuple[str, t.Node]]:
    """Every expression of a form that a phone works out, by the name of its function."""
    for name, node in _all(form):
        plain = with_open_as_facts(node)
        if plain != t.TRUE and not any(isinstance(part, t.Aggregate) for part in t.walk(plain)):
            yield name, plain


def _all(form: Form) -> Iterator[tuple[str, t.Node]]:
    yield "for", form.gate
    for section in form.sections:
        yield f"section {section.id}", section.show
        for item in section.items:
            yield f"show {item.id}", item.show
            if item.prefill is not None:
                yield f"prefill {item.id}", item.prefill
            if item.value is not None:
                yield f"value {item.id}", item.value
    for alias, written in form.records.items():
        if written.when is not None:
            yield f"when {alias}", written.when
        for name, node in written.computed.items():
            yield f"computed {alias}.{name}", node


def forms_module(forms: Iterable[Form]) -> str:
    """One module: `conditions[EDITION][NAME](u, today)`; `names[EDITION]` are those `u` must have (or null)."""
    dialect, lines = JavaScript(), []
    tables: list[str] = []
    names: dict[str, list[str]] = {}
    for form in forms:
        dialect.facts = {}
        entries = []
        for place, (name, node) in enumerate(expressions_of(form)):
            writer = Writer(dialect, plan_of(()))
            writer.line(dialect.give(writer.atom(node)))
            function = f"{form.name}_{form.version}_{place}"
            lines += dialect.function(function, ("u", "today"), writer)
            entries.append(f"{json.dumps(name)}: {function}")
        tables.append(f"{json.dumps(form.edition)}: {{{', '.join(entries)}}}")
        names[form.edition] = list(dialect.facts)
    head = "// Syarat pada formulir. Dibuat dari knowledge/forms; jangan diubah di sini."
    ends = [
        f"export const names = {json.dumps(names, ensure_ascii=False)};",
        f"export const conditions = {{{', '.join(tables)}}};",
    ]
    return "\n".join([head, *without_remarks(_RUNTIME), *lines, *ends]) + "\n"
