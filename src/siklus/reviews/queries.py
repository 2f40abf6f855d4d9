"""What was said of the rules: of one, of all, the questions that wait, and everything for a maintainer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from siklus.library.reviewable import Reviewable
from siklus.reviews.models import ANSWER, APPROVE, ASK, CLOSE, WITHDRAW, Review

__all__ = ("ANSWER", "APPROVE", "ASK", "CLOSE", "WITHDRAW", "Question", "RuleReviews", "Said")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One row: who said what of which version, as what they were on the day."""

    id: int
    at: datetime
    kind: str
    rule: str
    version: str
    rulebook: str
    act: str
    about: int | None
    words: str
    user_id: int
    name: str
    role: str
    position: str
    office: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers; `closed` is who settled it."""

    asked: Said
    answers: tuple[Said, ...]
    closed: Said | None


@dataclass(frozen=True, slots=True)
class RuleReviews:
    """All that was said of one rule, newest first, and where it stands now.

    `approvals` stand for the text as it is, `older` were given to another text and no longer say anything of this one.
    """

    said: tuple[Said, ...]
    approvals: tuple[Said, ...]
    older: tuple[Said, ...]
    questions: tuple[Question, ...]

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Those that nobody has settled."""
        return tuple(one for one in self.questions if one.closed is None)


NOTHING = RuleReviews((), (), (), ())


def reviews_of(rule: Reviewable) -> RuleReviews:
    """Everything said of one rule."""
    rows = Review.objects.filter(kind=rule.kind, rule=rule.name).order_by("id")
    return _put_together([_said(row) for row in rows], rule.version)


def reviews_of_all(rules: Iterable[Reviewable]) -> dict[tuple[str, str], RuleReviews]:
    """The same of all of these, in one look; rules of which nothing was said have no entry."""
    by_key: dict[tuple[str, str], list[Said]] = {}
    for row in Review.objects.order_by("id"):
        by_key.setdefault((row.kind, row.rule), []).append(_said(row))
    return {rule.key: _put_together(by_key[rule.key], rule.version) for rule in rules if rule.key in by_key}


def all_said() -> tuple[Said, ...]:
    """Every row, oldest first, also of rules that are no longer in the book."""
    return tuple(_said(row) for row in Review.objects.order_by("id"))


def last_position(user_id: int) -> str:
    """The position under which somebody last said something, to be offered again."""
    row = Review.objects.filter(user=user_id).exclude(position="").order_by("-id").first()
    return "" if row is None else row.position


def _put_together(said: Sequence[Said], version: str) -> RuleReviews:
    """`said` is oldest first. Of one person only the last word counts."""
    last: dict[int, Said] = {}
    for one in said:
        if one.act in (APPROVE, WITHDRAW):
            last[one.user_id] = one
    standing = [one for one in last.values() if one.act == APPROVE]
    by_question: Mapping[int, list[Said]] = {one.id: [] for one in said if one.act == ASK}
    for one in said:
        if one.about is not None:
            by_question[one.about].append(one)
    questions = tuple(
        Question(
            asked,
            tuple(one for one in by_question[asked.id] if one.act == ANSWER),
            next((one for one in by_question[asked.id] if one.act == CLOSE), None),
        )
        for asked in said
        if asked.act == ASK
    )
    return RuleReviews(
        tuple(reversed(said)),
        tuple(one for one in standing if one.version == version),
        tuple(one for one in standing if one.version != version),
        questions,
    )


def _said(row: Review) -> Said:
    return Said(
        id=row.pk, at=row.at, kind=row.kind, rule=row.rule, version=row.version, rulebook=row.rulebook, act=row.act,
        about=row.about_id, words=row.words, user_id=row.user_id, name=row.name, role=row.role,
        position=row.position, office=row.office,
    )  # fmt: skip
