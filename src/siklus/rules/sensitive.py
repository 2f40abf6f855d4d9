"""Which records hold a secret, and of which class: told by the vocabulary, of a kind or of one word of a code list.

A kind marked `sensitive` holds a secret in every record (a test for HIV); a marked word makes those records secret that
hold it (a diagnosis, when it is of a mental illness). This only names the class. Who may read it is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siklus.rules.shapes import SENSITIVE as SENSITIVE
from siklus.rules.vocabulary import Kind, Vocabulary

_CODE = "code:"


def class_of(vocabulary: Vocabulary, kind: str, values: Mapping[str, Any]) -> str:
    """The class of secret of one record (hiv, jiwa, kekerasan, tb), empty when it holds none."""
    known = vocabulary.kinds[kind]
    return known.sensitive or next(iter(_told_by(vocabulary, known, values)), "")


def may_hold(vocabulary: Vocabulary, kind: str) -> frozenset[str]:
    """The classes that some record of the kind can have."""
    known = vocabulary.kinds[kind]
    if known.sensitive:
        return frozenset({known.sensitive})
    lists = [
        field.type.removeprefix(_CODE) for field in known.fields.values() if field.type.startswith(_CODE)
    ]
    return frozenset(code.sensitive for name in lists for code in vocabulary.codes[name].values()) - {""}


def _told_by(vocabulary: Vocabulary, kind: Kind, values: Mapping[str, Any]) -> list[str]:
    """What the words in the record tell, in the order of its fields."""
    told = []
    for field in kind.fields.values():
        word = values.get(field.name) if field.type.startswith(_CODE) else None
        code = vocabulary.codes[field.type.removeprefix(_CODE)].get(word) if word is not None else None
        if code is not None and code.sensitive:
            told.append(code.sensitive)
    return told
