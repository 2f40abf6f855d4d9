"""What a device sends, read: one item of a push becomes a draft or says what is wrong with its shape. Pure.

Nothing is thrown away: what cannot be read keeps the text it came as.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from siklus.kernel.dates import iso, parse_day
from siklus.kernel.ids import format_record_id, parse_record_id
from siklus.kernel.problems import Problem
from siklus.records.drafts import DraftRecord, StoredRecord
from siklus.rules.episode_spec import NAMED

CONTENT = (
    "id",
    "kind",
    "on",
    "person",
    "household",
    "data",
    "oleh",
    "tempat",
    "root",
    "void",
    "why",
    "author",
)
"""What a record says. Anything else an item holds (where the device stood, its clock) is about the sending."""
_TEXTS = {"kind": 40, "oleh": 20, "tempat": 20, "why": 300}
LARGEST, DEEPEST = 64 * 1024, 16
"""How many bytes a record may say, and how many lists and objects may stand in one another in what it says: a record
goes to every phone of its area, and not every reader digs as deep as ours."""
_LONGEST_INT = len(str(2**63))
_SUBJECTS = ("person", "household", "root")
_EMPTY: tuple[Any, ...] = (None, "", False, {})
_NAMING = (NAMED, "ibu", "orang", "keluarga")
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_NO_LETTERS = re.compile("[\\x00\\ud800-\\udfff]")
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One item of a push. `draft` is None when it cannot be read; `seen` is how far the device had pulled."""

    body: Mapping[str, Any]
    digest: str
    id_text: str = ""
    key: int | None = None
    draft: DraftRecord | None = None
    author: int | None = None
    seen: int | None = None
    problems: tuple[Problem, ...] = ()

    def refused(self, code: str, found: str, expected: str = "", todo: str = "") -> Sent:
        """The same with one more reason why it stays out."""
        where = f"catatan {self.id_text}" if self.id_text else "catatan"
        return replace(self, problems=(*self.problems, Problem(code, where, found, expected, todo)))


def read_json(told: bytes) -> Any:
    """What a device sent. ValueError where it is no JSON.

    JSON can say what is no letter (NUL, half a pair): no database keeps it, and one such name would hold back the whole
    push for ever. It is read as the sign for a letter that cannot be read. A number of more digits than any count has
    is read as a decimal: Python reads none of thousands of digits, and few things compute with one of hundreds.
    """
    found = json.loads(told.decode(), parse_int=_int)
    return _with_letters(found) if _ESCAPED.search(told) else found


def _int(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INT else float(digits)


def _with_letters(value: Any) -> Any:
    if isinstance(value, str):
        return _NO_LETTERS.sub(_UNREADABLE, value)
    if isinstance(value, list):
        return [_with_letters(each) for each in value]
    if isinstance(value, dict):
        return {_with_letters(name): _with_letters(each) for name, each in value.items()}
    return value


def read_item(item: Any) -> Sent:
    """The item with every fault of its shape."""
    body: Mapping[str, Any] = item if isinstance(item, dict) else {"item": item}
    digest, size = _digest(body)
    if not isinstance(item, dict):
        return Sent(body=body, digest=digest).refused("W01", "bukan sebuah catatan", "objek JSON")
    key = _key(body.get("id"))
    if key is None:
        found = f"nomor catatan {body.get('id')!r} tidak terbaca"
        return Sent(body=body, digest=digest).refused("W02", found, "misalnya 12-345")
    id_text = format_record_id(key)
    named = {name: _key(body.get(name)) for name in _SUBJECTS}
    day = _day(body.get("on"))
    faults = tuple(_faults(body, named, day, size))
    if faults or day is None:
        sent = Sent(body=body, digest=digest, key=key, id_text=id_text)
        for fault in faults:
            sent = sent.refused(*fault)
        return sent
    draft = DraftRecord(
        id=key, kind=body["kind"], on=day, data=body.get("data", {}), person=named["person"],
        household=named["household"], by_role=body.get("oleh", ""), place_kind=body.get("tempat", ""),
        root=named["root"], is_void=body.get("void", False), why=body.get("why", ""),
    )  # fmt: skip
    return Sent(
        body=body, digest=digest, key=key, id_text=id_text, draft=draft, author=body.get("author"),
        seen=body.get("seen"),
    )  # fmt: skip


def _faults(
    body: Mapping[str, Any], named: Mapping[str, int | None], day: int | None, size: int | None
) -> Iterator[tuple[str, str, str]]:
    """(code, what was found, what was expected) of each part that cannot be read."""
    for name, longest in _TEXTS.items():
        value = body.get(name, "")
        if not isinstance(value, str) or len(value) > longest or (name == "kind" and not value):
            yield "W03", f"'{name}' tidak terbaca", f"teks, paling panjang {longest} huruf"
    for name, key in named.items():
        if key is None and body.get(name) is not None:
            yield "W04", f"'{name}' bukan nomor catatan", "misalnya 12-345"
    if day is None:
        yield "W05", f"tanggal {body.get('on')!r} tidak terbaca", "tttt-bb-hh"
    data = body.get("data", {})
    if not isinstance(data, dict) or (size is None and not _is_sound(data)):
        yield "W06", "isian tidak terbaca", "objek JSON"
    if not isinstance(body.get("void", False), bool):
        yield "W07", "'void' tidak terbaca", "true atau false"
    if not all(_is_whole(body.get(name)) for name in ("author", "seen")):
        yield "W08", "'author' atau 'seen' tidak terbaca", "bilangan bulat"
    if (size or 0) > LARGEST:
        yield "W10", f"catatan ini terlalu besar ({size} byte)", f"paling besar {LARGEST} byte"
    if _is_deeper(data, DEEPEST):
        yield "W11", "isian ini terlalu bertingkat", f"paling banyak {DEEPEST} tingkat"


def written(row: StoredRecord, *, why: str = "", author: int | None = None) -> dict[str, Any]:
    """A row of the log as devices read it; what is empty is left out."""
    told: dict[str, Any] = {
        "id": format_record_id(row.id),
        "seq": row.seq,
        "kind": row.kind,
        "on": iso(row.on),
    }
    for name, key in (("person", row.person), ("household", row.household)):
        if key is not None:
            told[name] = format_record_id(key)
    if row.root != row.id:
        told["root"] = format_record_id(row.root)
    if row.is_void:
        told["void"] = True
    more = {
        "data": dict(row.data), "oleh": row.by_role, "tempat": row.place_kind, "facility": row.facility_code,
        "why": why, "author": author,
    }  # fmt: skip
    return told | {name: value for name, value in more.items() if value}


def references(draft: DraftRecord) -> Iterator[int]:
    """The records a draft speaks of: its subject, what it replaces, and those its values name."""
    for key in (draft.root, draft.person, draft.household):
        if isinstance(key, int):
            yield key
    for name in _NAMING:
        key = _key(draft.data.get(name))
        if key is not None:
            yield key


def _digest(body: Mapping[str, Any]) -> tuple[str, int | None]:
    """A word that is the same for the same content, whatever the order of its parts; empty parts count as absent.

    And how many bytes that content is; None where JSON cannot say all of it.
    """
    said = {name: body[name] for name in CONTENT if body.get(name) not in _EMPTY} or body
    try:
        content = _JSON(said).encode()
    except (ValueError, RecursionError):
        return hashlib.sha256(text_of(said).encode()).hexdigest(), None
    return hashlib.sha256(content).hexdigest(), len(content)


def part_of(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A named part of what a phone sent, such as its `data`; empty where it is none."""
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def text_of(value: Any) -> str:
    """One way to write a value as JSON; what JSON cannot say is written as its text."""
    try:
        return _JSON(value)
    except (ValueError, RecursionError):
        return json.dumps(str(value)[:2000])


def field_of(problem: Problem, id_text: str) -> str:
    """The field a problem speaks of, empty when it speaks of the whole record."""
    head = f"catatan {id_text}, "
    return problem.where.removeprefix(head) if problem.where.startswith(head) else ""


def told_problem(problem: Problem, id_text: str) -> dict[str, str]:
    """A problem as devices read it."""
    return {
        "code": problem.code, "field": field_of(problem, id_text), "found": problem.found,
        "expected": problem.expected, "todo": problem.todo,
    }  # fmt: skip


def _key(value: Any) -> int | None:
    try:
        return parse_record_id(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _day(value: Any) -> int | None:
    try:
        return parse_day(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_deeper(value: Any, most: int) -> bool:
    """True when more than so many lists and objects stand in one another."""
    if not isinstance(value, dict | list):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_is_deeper(part, most - 1) for part in parts)


def _is_whole(value: Any) -> bool:
    """Also of what is not said."""
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63)


def _is_sound(data: Mapping[str, Any]) -> bool:
    """JSON all the way down, without NaN and without half a character."""
    try:
        _JSON(data).encode()
    except (ValueError, RecursionError):
        return False
    return True
