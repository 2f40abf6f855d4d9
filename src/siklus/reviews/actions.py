"""What is said of a rule, each with its line of the audit. Who may say what is asked here each time.

Dinkes approves, for a district works by what its Dinkes answers for; whoever keeps the system does not judge medicine.
Everybody who serves people may ask. Dinkes and whoever keeps the system answer; they and who asked may close.
"""

from __future__ import annotations

from django.db import transaction

from siklus.access.actions import note
from siklus.access.may import ANSWER_REVIEWS, APPROVE_RULES, READ_REVIEWS, may
from siklus.access.queries import User, visitor
from siklus.library.reviewable import Reviewable
from siklus.reviews.models import ANSWER, APPROVE, ASK, CLOSE, WITHDRAW, Review

LONGEST = 2000
_LONGEST_NAME = 100


class NotAllowed(Exception):
    """This user may not say that of a rule."""


def approve(rule: Reviewable, *, user: User, rulebook: str, position: str, words: str = "") -> int:
    """This version is right, says somebody with a name and a position. ValueError without a position."""
    _allow(may(user, APPROVE_RULES))
    if not position.strip():
        raise ValueError("position")
    return _write(rule, APPROVE, user, rulebook, words=words, position=position)


def withdraw(rule: Reviewable, *, user: User, rulebook: str, words: str) -> int:
    """An approval of one's own no longer stands; why is said. ValueError without words."""
    _allow(may(user, APPROVE_RULES))
    return _write(rule, WITHDRAW, user, rulebook, words=_said(words))


def ask(rule: Reviewable, *, user: User, rulebook: str, words: str, position: str = "") -> int:
    """A question about this version. ValueError without words."""
    _allow(may(user, READ_REVIEWS))
    return _write(rule, ASK, user, rulebook, words=_said(words), position=position)


def answer(rule: Reviewable, question: int, *, user: User, rulebook: str, words: str) -> int:
    """An answer; the question stays open until it is closed. LookupError where there is no such open question."""
    _allow(may(user, ANSWER_REVIEWS))
    return _write(rule, ANSWER, user, rulebook, words=_said(words), about=_open(rule, question))


def close(rule: Reviewable, question: int, *, user: User, rulebook: str, words: str = "") -> int:
    """The question is settled: by who asked it, or by who may answer."""
    asked = _open(rule, question)
    _allow(may(user, ANSWER_REVIEWS) or asked.user_id == user.pk)
    return _write(rule, CLOSE, user, rulebook, words=words, about=asked)


@transaction.atomic
def _write(
    rule: Reviewable, act: str, user: User, rulebook: str, *, words: str = "", position: str = "",
    about: Review | None = None,
) -> int:  # fmt: skip
    who = visitor(user)
    row = Review(
        kind=rule.kind, rule=rule.name, version=rule.version, rulebook=rulebook, act=act, about=about,
        words=words.strip()[:LONGEST], user=user, name=who.name[:_LONGEST_NAME], role=who.role,
        position=position.strip()[:_LONGEST_NAME], office=who.office[:_LONGEST_NAME],
    )  # fmt: skip
    row.save()
    note(user, f"telaah: {act}", f"{rule.kind} {rule.name}", rule.version)
    return row.pk


def _open(rule: Reviewable, question: int) -> Review:
    """The question, locked against being closed twice."""
    rows = Review.objects.filter(kind=rule.kind, rule=rule.name)
    asked = rows.filter(pk=question, act=ASK).first()
    if asked is None or rows.filter(about=asked, act=CLOSE).exists():
        raise LookupError(question)
    return asked


def _said(words: str) -> str:
    if not words.strip():
        raise ValueError("words")
    return words


def _allow(is_allowed: bool) -> None:
    if not is_allowed:
        raise NotAllowed
