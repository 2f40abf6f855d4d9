"""What phones are told, as plain values for JSON: records, the area, the phone itself, outcomes, the cursor."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from siklus.access.scope import access_desas, access_facilities
from siklus.care import queries as log
from siklus.care.queries import Handed
from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book
from siklus.register import areas
from siklus.register.identity import opened_data
from siklus.sync import area, cursors, gaps
from siklus.sync.cursors import Cursor
from siklus.sync.epochs import epoch
from siklus.sync.models import Phone
from siklus.sync.outcomes import Outcome
from siklus.sync.paging import Page
from siklus.sync.queries import writers_of
from siklus.sync.taking import Answer
from siklus.sync.wire import text_of, told_problem, written

_RUNS = 20


def ground(phone: Phone) -> str:
    """For whom, and on which database, a cursor or a snapshot holds."""
    return cursors.ground_of(*area.ground(area.eyes_of(phone)), str(log.placing_number()), epoch())


def cursor(phone: Phone, seq: int, *, day: int, places: str) -> str:
    """Where the phone stands from now on."""
    return cursors.write(Cursor(seq=seq, day=day, ground=ground(phone), places=places))


def standing_cursor(phone: Phone, text: str, today: int) -> Cursor | None:
    """The cursor of a phone while it holds; None for no cursor, another area, another database, a log cut short.

    Nor does one of a later day hold: the clock of the server went wrong then, and guests came and went by it.
    """
    found = cursors.read(text) if text else None
    if found is None or found.ground != ground(phone) or found.seq > log.last_seq() or found.day > today:
        return None
    return found


def record(handed: Handed) -> dict[str, Any]:
    """A row of the log, its numbers open: who carries it may read it."""
    row, data = handed.row, opened_data(handed.row.data)
    if data is not row.data:  # of ten thousands of rows most name nobody
        row = replace(row, data=data)
    return written(row, why=handed.why, author=handed.author)


def page(told: Page) -> dict[str, Any]:
    """A page without what is said of the phone."""
    return {
        "records": [record(handed) for handed in told.records],
        "forget": {
            "persons": [format_record_id(key) for key in told.forget_persons],
            "households": [format_record_id(key) for key in told.forget_households],
        },
        "drop": [format_record_id(key) for key in told.drop],
        "upto": told.upto,
        "more": told.has_more,
    }


def answers(told: Sequence[Answer]) -> list[dict[str, Any]]:
    """What became of each item of a push, in its order; `unread` are the parts nobody here can read yet."""
    vocabulary = load_book().vocabulary
    lines = []
    for answer in told:
        id_text = answer.sent.id_text
        line: dict[str, Any] = {"id": id_text, "status": answer.status}
        if answer.seq is not None:
            line["seq"] = answer.seq
        if answer.problems:
            line["problems"] = [told_problem(each, id_text) for each in answer.problems]
        if answer.odd:
            line["odd"] = [told_problem(each, id_text) for each in answer.odd]
        if answer.is_final:
            line["final"] = True
        if answer.is_mended:
            line["mended"] = True
        draft = answer.sent.draft
        if draft is not None and answer.seq is not None:
            kind = vocabulary.kinds.get(draft.kind)
            unread = ["kind"] if kind is None else sorted(set(draft.data) - kind.fields.keys())
            if unread:
                line["unread"] = unread
        lines.append(line)
    return lines


def outcomes(told: Sequence[Outcome]) -> list[dict[str, Any]]:
    """What became of what was refused."""
    return [
        {"number": each.number, "id": each.id, "state": each.state, "reason": each.reason, "seq": each.seq}
        for each in told
    ]


def phone_card(phone: Phone) -> dict[str, Any]:
    """The phone as the server knows it; `missing` are runs of its numbers that never came: it sends them again."""
    return {
        "number": phone.device_id,
        "name": phone.name,
        "state": phone.state,
        "scope": {"kind": phone.scope_kind, "code": phone.scope_code},
        "missing": [list(run) for run in gaps.missing(gaps.of_phone(phone), _RUNS)],
        "users": [
            {"id": each.user_id, "name": each.name, "may_write": each.may_write, "pin_round": each.pin_round}
            for each in writers_of(phone)
        ],
    }


def places(phone: Phone) -> tuple[list[dict[str, str]], str]:
    """The places a phone has to do with, from the district down, and a word for this very list."""
    user = area.eyes_of(phone)
    found = {each.code: each for each in areas.area_path(phone.scope_code)}
    found |= {each.code: each for each in (*access_desas(user), *access_facilities(user))}
    listed = [{"code": each.code, "name": each.name, "kind": each.kind} for each in found.values()]
    return listed, hashlib.sha256(text_of(listed).encode()).hexdigest()[:12]


def book() -> dict[str, str]:
    """The rule book in force, and where its files for phones are listed."""
    return {"rulebook": load_book().hash, "manifest": "/aturan/manifest.json"}
