"""Login by name and password, with a pause after many refusals. Every refusal is a line of the audit."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from siklus.access import actions, queries
from siklus.access.models import User


class PatientBackend(ModelBackend):
    """Django's own check of the password, which pauses for a name that was guessed at too often."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user, or None: unknown, wrong password, inactive, or paused."""
        name = username or ""
        if queries.is_paused(name):
            return None
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if not isinstance(user, User):
            actions.note(AnonymousUser(), queries.REFUSED_LOGIN, queries.refused_as(name))
            return None
        return user
