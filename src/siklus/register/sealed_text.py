"""A column whose whole text is sealed: what a file said of people, in which a NIK may stand anywhere."""

from __future__ import annotations

from typing import Any

from django.db import models

from siklus.register import identity

TEXT = "teks"


def sealed(text: str) -> str:
    """The text as such a column keeps it, for rows that are written past the model."""
    return identity.keyring().seal(TEXT, text)


class SealedText(models.TextField):  # type: ignore[type-arg]
    """Sealed on its way in, opened on its way out. Nothing inside can be asked for."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """What is read."""
        return None if value is None else identity.opened(TEXT, value)

    def get_prep_value(self, value: Any) -> Any:
        """What is written."""
        return sealed(value) if isinstance(value, str) else value
