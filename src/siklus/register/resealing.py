"""Sealed numbers brought to the keys in force, some rows at a time, while everything is in use.

Every batch is a short transaction of its own and writes only what another writer has not changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Left, StrIndex

from siklus.kernel.sealing import MARK
from siklus.register import identity
from siklus.register.appending import change_rows
from siklus.register.models import Household, Person
from siklus.register.sealed_text import TEXT

_AT_ONCE = 2000
_NUMBERS = (
    (Person, identity.NIK, "sealed_nik", "nik_index"),
    (Household, identity.KK, "sealed_kk", "kk_index"),
)


def reseal_register() -> int:
    """Persons and families; gives how many rows were written."""
    return sum(_reseal_numbers(*each) for each in _NUMBERS)


def reseal_texts(model: type[models.Model], names: tuple[str, ...]) -> int:
    """Columns of `SealedText`; gives how many rows were written."""
    written = 0
    raw = {f"{name}_kept": models.Func(name, function="", output_field=models.TextField()) for name in names}
    for ids in pages(model):
        with transaction.atomic():
            rows = model._default_manager.filter(pk__in=ids).select_for_update()
            changed = [
                (*(identity.keyring().seal(TEXT, text) for text in texts), key)
                for key, *texts in rows.annotate(**raw).values_list("pk", *raw)
                if not all(identity.keyring().is_current(text) for text in texts)
            ]
            change_rows(model, names, changed)
        written += len(changed)
    return written


def pages(model: type[models.Model], **wanted: Any) -> Iterator[list[int]]:
    """The keys of all rows (that are wanted), in their order, so many at a time."""
    rows, last = model._default_manager.filter(**wanted).order_by("pk"), None
    while ids := list(
        (rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:_AT_ONCE]
    ):
        last = ids[-1]
        yield ids


def keys_in_use() -> dict[str, int]:
    """How many persons and families stand under each key, of sealing and of finding."""
    found: dict[str, int] = {}
    for model, _, sealed, index in _NUMBERS:
        for column in (sealed, index):
            start = StrIndex(column, models.Value("."))
            key = Left(column, start)
            rows = model._default_manager.exclude(**{column: ""}).annotate(key=key).order_by()
            for name, count in rows.values_list("key").annotate(models.Count("pk")):
                name = name.strip(f"{MARK}.")
                found[name] = found.get(name, 0) + count
    return found


def _reseal_numbers(model: type[models.Model], what: str, sealed: str, index: str) -> int:
    written = 0
    for ids in pages(model, **{f"{sealed}__gt": ""}):
        with transaction.atomic():
            rows = (
                model._default_manager.filter(pk__in=ids).select_for_update().values_list("pk", sealed, index)
            )
            changed = [
                (*identity.columns(what, text), key)
                for key, text, found_by in rows
                if identity.columns(what, text) != (text, found_by)
            ]
            change_rows(model, (sealed, index), changed)
        written += len(changed)
    return written
