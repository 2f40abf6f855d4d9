"""The table of trials: one small life with what should come out of it. It names nobody."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class KeptCase(models.Model):
    """A case of the district's own set. `life` is JSON as in `siklus needs --cases` (on, person, records).

    `due` and `overdue` are days, null where it does not matter when.
    """

    title = models.CharField(max_length=120)
    life = models.TextField()
    need = models.CharField(max_length=40)
    status = models.CharField(max_length=15)
    due = models.IntegerField(null=True, blank=True)
    overdue = models.IntegerField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.need} {self.status} ({self.pk})"
