"""The table of reviews. Rows are only added: who changes their mind writes another one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

APPROVE, WITHDRAW, ASK, ANSWER, CLOSE = "setuju", "tarik", "tanya", "jawab", "tutup"
ACTS = (APPROVE, WITHDRAW, ASK, ANSWER, CLOSE)


class OnlyAdded(models.QuerySet["Review"]):
    """A table whose rows nobody changes or takes away through the program."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("a review is never changed: write another one")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("a review is never deleted")


class Review(models.Model):
    """One thing somebody said of one version of one rule.

    `about` is the question that is answered or closed. Name, role, position and office are kept as they were that day:
    who moves to another post has still approved as what they were.
    """

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=14)
    rule = models.CharField(max_length=60)
    version = models.CharField(max_length=16)
    rulebook = models.CharField(max_length=16)
    act = models.CharField(max_length=6)
    about = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True, default="")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=10)
    position = models.CharField(max_length=100, blank=True, default="")
    office = models.CharField(max_length=100, blank=True, default="")

    objects = OnlyAdded.as_manager()

    class Meta:
        indexes = (models.Index(fields=("kind", "rule"), name="review_rule"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(act__in=ACTS), name="review_act"),
            models.CheckConstraint(
                condition=models.Q(about__isnull=True, act__in=(APPROVE, WITHDRAW, ASK))
                | models.Q(about__isnull=False, act__in=(ANSWER, CLOSE)),
                name="review_about",
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.kind} {self.rule} ({self.pk})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a review is never changed: write another one")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a review is never deleted")
