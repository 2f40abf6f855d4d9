"""The shape of each entry of the closed lists, looked at before it is read: a mapping, a list of words, two numbers.

What has the wrong shape is told and left out, so that every other fault of the file is told with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from siklus.rules.fields import IDENTIFIERS

Faults = Iterator[str]

SENSITIVE = ("hiv", "jiwa", "kekerasan", "tb")
_KIND_SLOTS = ("title", "of", "for", "register", "sensitive", "fields")


def shape_faults(section: str, name: str, entry: Any) -> list[str]:
    """What is wrong with the shape of one entry of a section; nothing when it can be read."""
    return list(_SHAPES[section](name, entry))


def _codes(name: str, entry: Any) -> Faults:
    if not isinstance(entry, Mapping):
        yield from _words(name, entry)
        return
    for word, spec in entry.items():
        if spec is not None and not isinstance(spec, Mapping):
            yield f"'{word}' of {name} is a mapping such as {{label: ..., aliases: [...]}}"
        elif spec and "aliases" in spec:
            yield from _words(f"aliases of {word}", spec["aliases"])
        yield from _secret(f"{word} of {name}", spec)


def _group(name: str, entry: Any) -> Faults:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("of"), str):
        yield f"group '{name}' is a mapping {{of: LIST, are: [word, word]}}"
    else:
        yield from _words(f"are of group {name}", entry.get("are"))


def _field(name: str, entry: Any) -> Faults:
    if isinstance(entry, str):
        return
    if not isinstance(entry, Mapping) or not isinstance(entry.get("type", entry.get("is")), str):
        yield f"'{name}' is a type, or a mapping with 'type'"
        return
    for slot in ("possible", "plausible"):
        found = entry.get(slot)
        found = found.get("range") if isinstance(found, Mapping) else found
        if slot in entry and not _is_range(found):
            yield f"'{slot}' of {name} is two numbers [least, most]"
    if entry.get("identifier", IDENTIFIERS[0]) not in IDENTIFIERS or (
        "identifier" in entry and not str(entry.get("type")).startswith("text")
    ):
        yield f"'identifier' of {name} is one of {' '.join(IDENTIFIERS)}, and its type is text"


def _kind(name: str, entry: Any) -> Faults:
    if entry is None:
        return
    if not isinstance(entry, Mapping):
        yield f"'{name}' is a mapping of fields, or {{title: ..., fields: {{...}}}}"
        return
    if not isinstance(entry.get("for"), str | None):
        yield f"'for' of {name} names one episode"
    yield from _secret(name, entry)
    fields = entry["fields"] if "fields" in entry else _besides(entry)
    if fields is not None and not isinstance(fields, Mapping):
        yield f"'fields' of {name} is a mapping of fields"
        return
    for field, spec in (fields or {}).items():
        yield from _field(str(field), spec)


def _episode(name: str, entry: Any) -> Faults:
    if not isinstance(entry, Mapping):
        yield f"episode '{name}' is a mapping with 'opened_by' and 'start'"
        return
    for slot in ("opened_by", "start"):
        if not isinstance(entry.get(slot), str):
            yield f"episode '{name}' has no '{slot}' that can be read"
    for slot in ("closed_by", "facts"):
        if slot in entry:
            yield from _words(f"{slot} of episode {name}", entry[slot])
    if not isinstance(entry.get("lasts"), str | None):
        yield f"'lasts' of episode {name} is a length of time such as N weeks or N months"


def _secret(what: str, entry: Any) -> Faults:
    if isinstance(entry, Mapping) and entry.get("sensitive", SENSITIVE[0]) not in SENSITIVE:
        yield f"'sensitive' of {what} is one of {' '.join(SENSITIVE)}"


def _words(what: str, found: Any) -> Faults:
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        yield f"{what} lists words"


def _besides(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {field: spec for field, spec in entry.items() if field not in _KIND_SLOTS}


def _is_range(found: Any) -> bool:
    is_pair = isinstance(found, list) and len(found) == len(("least", "most"))
    return is_pair and all(isinstance(each, int | float) and not isinstance(each, bool) for each in found)


_SHAPES: Mapping[str, Callable[[str, Any], Faults]] = {
    "codes": _codes,
    "groups": _group,
    "person": _field,
    "household": _field,
    "kinds": _kind,
    "episodes": _episode,
}
