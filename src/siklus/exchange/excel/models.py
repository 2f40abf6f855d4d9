"""Tables of the import: a batch is a file, a row a line of it. What became of people stands in the record log."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from siklus.register.sealed_text import SealedText

STAGED, SAVED, UNDONE, DISCARDED = "staged", "saved", "undone", "discarded"


class Batch(models.Model):
    """A file that was read. `staged` = checked, nothing written; `saved` may be undone. Its id stands on its records.

    `header`, `keys` and `scores` are JSON lists by position; `substitutions` and `counts` JSON objects; `warnings` a
    JSON list of what is odd about whole columns. `seen` is the number of the last record when it was checked: a later
    record means that it must be checked again.
    """

    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.IntegerField()
    layout = models.CharField(max_length=20)
    sheet = models.CharField(max_length=100)
    header_row = models.IntegerField()
    header = models.TextField()
    keys = models.TextField()
    scores = models.TextField()
    substitutions = models.TextField(default="{}")
    place_code = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, default=STAGED)
    counts = models.TextField(default="{}")
    warnings = models.TextField(default="[]")
    seen = models.BigIntegerField(default=0)
    today = models.IntegerField()
    device = models.BigIntegerField(null=True)
    seconds = models.FloatField(default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"batch {self.pk} ({self.state})"


class Row(models.Model):
    """A line of the file and the verdict on it. What the file says is kept sealed.

    `plan` is JSON of the records it will write; `person_id` the person it matched or became, `follows` the earlier row
    that is the same person, `fingerprint` who it speaks of. `decision` is a person's; `saved` = written.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()
    verdict = models.CharField(max_length=10)
    name = models.CharField(max_length=150, blank=True, default="")
    cells = SealedText()
    draft = SealedText(default="{}")
    fingerprint = models.CharField(max_length=40, blank=True, default="")
    plan = SealedText(default="[]")
    findings = SealedText(default="[]")
    candidates = models.TextField(default="[]")
    person_id = models.BigIntegerField(null=True)
    follows = models.IntegerField(null=True)
    score = models.IntegerField(null=True)
    decision = models.CharField(max_length=10, blank=True, default="")
    decided_person = models.BigIntegerField(null=True)
    saved = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="row_once")]
        indexes = [
            models.Index(fields=["batch", "verdict", "number"], name="row_verdict"),
            models.Index(fields=["fingerprint"], name="row_fingerprint", condition=models.Q(saved=True)),
        ]

    def __str__(self) -> str:
        return f"row {self.number} ({self.verdict})"
