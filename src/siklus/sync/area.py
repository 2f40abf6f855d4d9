"""Whose eyes a phone has: the user its place stands for, and which records may be carried on it at all.

This is the one seam to who may see what: a room above `access` decides nothing of that itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siklus.access import clock
from siklus.access.queries import User
from siklus.access.scope import Visitor
from siklus.library.loading import load_book
from siklus.register import queries as register
from siklus.rules.sensitive import class_of
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
    """Whether a record may lie on a phone of this role: no secret of any class on a kader's."""
    if getattr(user, "role", "") != "kader":
        return True
    vocabulary = load_book().vocabulary
    return kind not in vocabulary.kinds or not class_of(vocabulary, kind, data)


def ground(user: User) -> tuple[str, ...]:
    """What a scope rests on besides the log; a cursor holds as long as this is the same."""
    served = register.desas_served(user.scope_code, clock.today()) if user.scope_kind == "pustu" else []
    return (user.role, user.scope_kind, user.scope_code, ",".join(served))
