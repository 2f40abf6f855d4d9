"""Users as a district tells its edges of them, and as an edge keeps them. Roles of the district never go there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from siklus.access.models import User
from siklus.access.permissions import permissions
from siklus.register import areas

_TOLD = (
    "id", "username", "name", "role", "scope_kind", "scope_code", "password", "is_active", "has_given_password",
)  # fmt: skip
_DISTRICT = "kabupaten"


def users_for(scope_code: str) -> list[dict[str, Any]]:
    """The users of a place and of what lies in it, with the hash of their password."""
    codes = [
        scope_code,
        *(each.code for kind in areas.FACILITY_KINDS for each in areas.areas_under(scope_code, kind)),
    ]
    rows = User.objects.filter(scope_code__in=codes).exclude(role__in=_closed()).order_by("pk")
    return list(rows.values(*_TOLD))


def keep_user(told: Mapping[str, Any]) -> None:
    """A user as told, by the number of the district. What asks for more than a puskesmas gives is not taken."""
    if told["role"] in _closed() or told["scope_kind"] == _DISTRICT:
        return
    values = {name: told[name] for name in _TOLD if name != "id"}
    User.objects.filter(username=told["username"]).exclude(pk=told["id"]).update(
        username=f"{told['username'][:100]}-{told['id']}"
    )
    User.objects.update_or_create(
        pk=told["id"], defaults={**values, "is_staff": False, "is_superuser": False}
    )


def name_authors(keys: Collection[int]) -> None:
    """Who wrote from elsewhere stands here by number alone: nobody logs in as them, and they see nobody."""
    there = set(User.objects.filter(pk__in=keys).values_list("pk", flat=True))
    User.objects.bulk_create(
        User(pk=key, username=f"kabupaten-{key}", password="!", is_active=False)  # noqa: S106
        for key in sorted(set(keys) - there)
    )


def stop_users(keys: Collection[int]) -> int:
    """Who is not told of any more works here no more."""
    return User.objects.filter(is_active=True).exclude(pk__in=keys).update(is_active=False)


def is_without_users() -> bool:
    """True before anybody can log in."""
    return not User.objects.exists()


def _closed() -> frozenset[str]:
    return frozenset(name for name, role in permissions().roles.items() if role.place == _DISTRICT)
