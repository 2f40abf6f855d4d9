"""Whose eyes a phone has: the user its place stands for, and which records may be carried on it at all.

This is the one seam to who may see what: a room above `access` decides nothing of that itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siklus.access import clock
from siklus.access.may import ENTRUST, may, may_read_kind, may_read_record, may_write_record
from siklus.access.queries import User
from siklus.access.scope import Visitor
from siklus.library.loading import load_book
from siklus.records.persons import ENTRUSTING, MERGE, REGISTER_KINDS
from siklus.register import queries as register
from siklus.sync.models import Phone

_ROLE_BY_SCOPE = {"posyandu": "kader", "pustu": "pustu", "puskesmas": "puskesmas"}
SCOPE_KINDS = frozenset(_ROLE_BY_SCOPE)


def eyes_of(phone: Phone) -> User:
    """A user nobody logs in as: what people of this role see in this place, the phone may hold."""
    return User(
        username=f"perangkat {phone.device_id}", role=_ROLE_BY_SCOPE.get(phone.scope_kind, ""),
        scope_kind=phone.scope_kind, scope_code=phone.scope_code, is_active=True,
    )  # fmt: skip


def may_carry(user: Visitor, kind: str, data: Mapping[str, Any]) -> bool:
    """Whether a record may lie on a phone of this role. What nobody here can read yet goes back as it came."""
    told = may_carry_kind(user, kind)
    return may_read_record(user, kind, data) if told is None else told


def may_carry_kind(user: Visitor, kind: str) -> bool | None:
    """The same of every record of a kind; None: what a record says decides."""
    return kind not in load_book().vocabulary.kinds or may_read_kind(user, kind)


def may_write(user: Visitor, kind: str, data: Mapping[str, Any]) -> bool:
    """Whether a phone of this role may bring such a record. Who and where people are is told by everybody, but not who
    is whom: merging stays with the desk. So does entrusting somebody to another area, where only a kader writes.
    """
    if kind == ENTRUSTING:
        return may(user, ENTRUST)
    if kind not in load_book().vocabulary.kinds or (kind in REGISTER_KINDS and kind != MERGE):
        return True
    return may_write_record(user, kind, data)


def ground(user: User) -> tuple[str, ...]:
    """What a scope rests on besides the log; a cursor holds as long as this is the same."""
    served = register.desas_served(user.scope_code, clock.today()) if user.scope_kind == "pustu" else []
    return (user.role, user.scope_kind, user.scope_code, ",".join(served))
