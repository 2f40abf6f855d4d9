"""The table of pairs who may be one person, and what people decided of each. It holds no names."""

from __future__ import annotations

from django.conf import settings
from django.db import models

NEW, DIFFERENT, MERGED = "baru", "bukan", "digabung"
STATES = (NEW, DIFFERENT, MERGED)


class Pair(models.Model):
    """Two persons, the lower id first.

    `score` is the probability in percent; `states` JSON of what was compared ({"name": "same", ...}), `print` tells
    whether that, or who the two are, has changed since somebody decided. `merge` is the record that made them one.
    """

    one = models.BigIntegerField()
    other = models.BigIntegerField(db_index=True)
    score = models.IntegerField()
    states = models.TextField(default="{}")
    print = models.CharField(max_length=32)
    state = models.CharField(max_length=10, default=NEW, db_index=True)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True, default="")
    merge = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="pair_once")]

    def __str__(self) -> str:
        return f"pair {self.pk}: {self.state}"
