"""The OpenAPI document of the wire, made of one table and the JSON Schema of the version that is spoken. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from siklus.sync import protocol

_JSON, _NDJSON = "application/json", "application/x-ndjson"
_REF, _HERE = "#/$defs/", "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Way:
    """One address: what it takes, what it answers when it goes well, which refusals it may give."""

    method: str
    path: str
    summary: str
    told: tuple[str, ...]
    takes: str = ""
    refusals: tuple[int, ...] = ()
    query: tuple[str, ...] = ()
    is_open: bool = False


WAYS = (
    Way(
        "post",
        "/api/sync/enrol",
        "A phone shows the code of its QR",
        ("enrolled",),
        "code",
        (400, 403),
        is_open=True,
    ),
    Way("post", "/api/sync/push", "Records of a phone, answered one by one", ("pushed",), "push", (400, 413)),
    Way("get", "/api/sync/pull", "What is new after a cursor", ("pulled", "begin"), query=("after", "heard")),
    Way("get", "/api/sync/snapshot", "All records of the area, one a line after a head", ("head",)),
    Way("post", "/api/sync/wiped", "The phone has forgotten everything", ("done",)),
)
_KNOWN = (401, 403, 410)
_WORDS = {
    206: "A part of the snapshot", 304: "Unchanged", 400: "It cannot be read", 401: "No enrolled phone",
    403: "The phone may not sync, or the code is of no use", 405: "Another method is wanted",
    410: "The phone is to forget everything", 413: "Too much at once", 416: "No such part", 426: "Another version",
}  # fmt: skip


def document() -> dict[str, Any]:
    """The document; the same version gives the same."""
    schemas = {name: _moved(each) for name, each in protocol.schema(protocol.NEWEST)["$defs"].items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Siklus sync", "version": str(protocol.NEWEST)},
        "paths": {way.path: {way.method: _operation(way)} for way in WAYS},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "phone": {
                    "type": "apiKey", "in": "header", "name": "Authorization",
                    "description": "Siklus <device>.<token>",
                }
            },
        },
    }  # fmt: skip


def _operation(way: Way) -> dict[str, Any]:
    version = {
        "name": protocol.HEADER, "in": "header", "required": True,
        "schema": {"type": "string", "enum": [str(each) for each in protocol.SPOKEN]},
    }  # fmt: skip
    query = [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in way.query
    ]
    good = [{"$ref": _HERE + name} for name in way.told]
    media = _NDJSON if way.path.endswith("snapshot") else _JSON
    schema = good[0] if len(good) == 1 else {"anyOf": good}
    answers = {"200": {"description": way.summary, "content": {media: {"schema": schema}}}}
    refusals = {*way.refusals, *(() if way.is_open else _KNOWN), 405, 426}
    for status in sorted(refusals):
        error = {"description": _WORDS[status], "content": {_JSON: {"schema": {"$ref": _HERE + "error"}}}}
        answers[str(status)] = error
    if media == _NDJSON:
        answers |= {str(status): {"description": _WORDS[status]} for status in (206, 304, 416)}
    told: dict[str, Any] = {"summary": way.summary, "parameters": [version, *query], "responses": answers}
    if way.takes:
        told["requestBody"] = {"required": True, "content": {_JSON: {"schema": {"$ref": _HERE + way.takes}}}}
    return told if way.is_open else {**told, "security": [{"phone": []}]}


def _moved(part: Any) -> Any:
    """The same schema, with its references as they stand in the document."""
    if isinstance(part, dict):
        return {name: _moved(each) for name, each in part.items()}
    if isinstance(part, list):
        return [_moved(each) for each in part]
    return _HERE + part.removeprefix(_REF) if isinstance(part, str) and part.startswith(_REF) else part
