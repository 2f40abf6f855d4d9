"""Accounts: who may be managed by whom, new passwords, stopping somebody and letting them in again. All is logged.

A password made here is random and shown once; nobody can read it later. A new password or a stop ends every session of
that user: Django holds a session against the hash of the password, and lets nobody in who is not active.
"""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from siklus.access import actions, second_step
from siklus.access.may import roles_managed
from siklus.access.models import User
from siklus.access.scope import NotInScope, Visitor, access_desas, access_facilities

_GROUPS = 4


def places_managed(user: Visitor) -> frozenset[str]:
    """The codes of places whose users this user may manage: the own place and what lies in it."""
    if not isinstance(user, User):
        return frozenset()
    below = (*access_facilities(user), *access_desas(user))
    return frozenset((user.scope_code, *(area.code for area in below))) - {""}


def users_managed(user: Visitor) -> QuerySet[User]:
    """The users this user may manage, but for themselves."""
    found = User.objects.filter(role__in=roles_managed(user), scope_code__in=places_managed(user))
    return (
        found.exclude(username=user.get_username()).select_related("second_step").order_by("role", "username")
    )


def managed(user: Visitor, key: int) -> User:
    """One of them; NotInScope for anybody else."""
    found = users_managed(user).filter(pk=key).first()
    if found is None:
        raise NotInScope(key)
    return found


def add_account(user: Visitor, *, username: str, role: str, scope_code: str, name: str) -> tuple[User, str]:
    """A new user with a first password. NotInScope for a role or place that is not theirs to give; or ProblemError."""
    if role not in roles_managed(user) or scope_code not in places_managed(user):
        raise NotInScope(scope_code)
    word = first_password()
    made = actions.add_user(username=username, password=word, role=role, scope_code=scope_code, name=name)
    made.has_given_password = True
    made.save(update_fields=["has_given_password"])
    actions.note(user, "pengguna dibuat", f"pengguna {made.pk}", f"{role} {scope_code}")
    return made, word


def reset_password(user: Visitor, key: int) -> tuple[User, str]:
    """A new password in the place of a forgotten one."""
    other, word = managed(user, key), first_password()
    other.set_password(word)
    other.has_given_password = True
    other.save(update_fields=["password", "has_given_password"])
    actions.note(user, "kata sandi dibuat ulang", f"pengguna {other.pk}")
    return other, word


def take_second_step_away(user: Visitor, key: int) -> User:
    """For who has lost phone and paper: they set it up anew at their next login."""
    other = managed(user, key)
    second_step.take_away(other)
    actions.note(user, "kode masuk dilepas", f"pengguna {other.pk}")
    return other


def set_active(user: Visitor, key: int, *, is_active: bool) -> User:
    """Stops somebody, or lets them in again. What they did stays in the audit under their name."""
    other = managed(user, key)
    other.is_active = is_active
    other.save(update_fields=["is_active"])
    actions.note(user, "pengguna diaktifkan" if is_active else "pengguna dihentikan", f"pengguna {other.pk}")
    return other


def change_password(user: User, word: str) -> tuple[str, ...]:
    """One's own new password; what is wrong with it, nothing when it was taken."""
    try:
        validate_password(word, user)
    except ValidationError as error:
        return tuple(error.messages)
    if user.check_password(word):
        return (_("Itu kata sandi yang lama."),)
    user.set_password(word)
    user.has_given_password = False
    user.save(update_fields=["password", "has_given_password"])
    actions.note(user, "ganti kata sandi")
    return ()


def first_password() -> str:
    """Random, in groups that can be read out."""
    return "-".join(secrets.token_hex(2) for _n in range(_GROUPS))
