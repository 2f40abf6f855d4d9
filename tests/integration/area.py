"""A small area for tests: two puskesmas, a pustu, four villages, four posyandu, users, short ways to write records."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.test import Client

from siklus.access import actions as access_actions
from siklus.access.queries import User
from siklus.care import actions
from siklus.kernel.dates import parse_day
from siklus.kernel.ids import format_record_id
from siklus.records.drafts import DraftRecord, Outcome
from siklus.register import actions as register_actions

TODAY = parse_day("2026-11-21")
NORTH, SOUTH = "P-UTARA", "P-SELATAN"
DESAS = ("99.01.01.2001", "99.01.01.2002", "99.01.02.2003", "99.01.02.2004")
POSYANDU = ("POS-1", "POS-2", "POS-3", "POS-4")
PUSTU = "PUSTU-2"
WORD = "kata-sandi-panjang-9"


def lay_area() -> None:
    """Villages 1 and 2 belong to the north, 3 and 4 to the south; the pustu serves village 2; posyandu n is in n."""
    register_actions.save_place(code="99", level="provinsi", name="Contoh")
    register_actions.save_place(code="99.01", level="kabupaten", name="Kabupaten Contoh", parent_code="99")
    for kecamatan in ("99.01.01", "99.01.02"):
        register_actions.save_place(code=kecamatan, level="kecamatan", name=kecamatan, parent_code="99.01")
    for number, (code, name) in enumerate(((NORTH, "Utara"), (SOUTH, "Selatan"))):
        register_actions.save_facility(code=code, kind="puskesmas", name=name, desa_code=DESAS[2 * number])
    register_actions.save_facility(
        code=PUSTU, kind="pustu", name="Pustu Dua", parent=NORTH, desa_code=DESAS[1]
    )
    for number, desa in enumerate(DESAS):
        register_actions.save_place(code=desa, level="desa", name=f"Desa {number + 1}", parent_code=desa[:8])
        puskesmas = NORTH if number < 2 else SOUTH
        register_actions.serve_village(facility=puskesmas, desa_code=desa, since=0, confidence="ours")
        register_actions.save_facility(
            code=POSYANDU[number],
            kind="posyandu",
            name=f"Melati {number + 1}",
            parent=puskesmas,
            desa_code=desa,
        )
    register_actions.serve_village(facility=PUSTU, desa_code=DESAS[1], since=0)
    register_actions.mark_sample()


def users() -> dict[str, User]:
    """One login for each role and area, by a short name."""
    wanted = {
        "dinkes": ("dinkes", "99.01"),
        "utara": ("puskesmas", NORTH),
        "selatan": ("puskesmas", SOUTH),
        "pustu": ("pustu", PUSTU),
        "kader1": ("kader", POSYANDU[0]),
        "kader3": ("kader", POSYANDU[2]),
    }
    return {
        name: access_actions.add_user(
            username=name, password=WORD, role=role, scope_code=code, name=name.title()
        )
        for name, (role, code) in wanted.items()
    }


def draft(kind: str, on: str = "2026-11-01", *, of: Any = None, **data: Any) -> DraftRecord:
    """A draft; `ref`, `root`, `why`, `void`, `id`, `oleh`, `tempat`, `family` may stand among the values."""
    own = {name: data.pop(name) for name in ("ref", "root", "why", "id") if name in data}
    return DraftRecord(
        kind=kind,
        on=parse_day(on),
        person=of,
        household=data.pop("family", None),
        is_void=data.pop("void", False),
        by_role=data.pop("oleh", ""),
        place_kind=data.pop("tempat", ""),
        data=data,
        **own,
    )


def write(*drafts: DraftRecord, author: User | None = None, **more: Any) -> list[Outcome]:
    """Through the door, as of TODAY."""
    return actions.append_records(list(drafts), author=author, today=TODAY, **more)


def write_one(kind: str, on: str = "2026-11-01", **data: Any) -> int:
    """One record that must be let in; gives its key."""
    (outcome,) = write(draft(kind, on, **data))
    assert outcome.is_accepted, outcome.problems
    assert outcome.key is not None
    return outcome.key


def child(name: str, posyandu: int = 1, birth: str = "2026-01-02", **data: Any) -> int:
    """A registered child of a posyandu (1 to 4)."""
    return write_one(
        "daftar_orang", birth, nama=name, birth=birth, sex="p", posyandu=POSYANDU[posyandu - 1], **data
    )


def label(key: int) -> str:
    """The text form of an id."""
    return format_record_id(key)


def problems(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """The codes of each outcome's problems."""
    return [[problem.code for problem in outcome.problems] for outcome in outcomes]


def enter_as(known: Mapping[str, User]) -> Callable[[str], Client]:
    """Logs one of these users in by name."""

    def enter(name: str) -> Client:
        client = Client()
        assert client.login(username=known[name].username, password=WORD)
        return client

    return enter


def words(client: Client, address: str) -> str:
    """The words of a page that opens, without its tags."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
