"""What is said to the family: the message, and the card a kader speaks by, from greeting to reminder.

A kader gets the words of what they may read; of anything else the general words for the same action, which give nothing
away. The card speaks Indonesian always, for that is what is said at the door.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from siklus.care.queries import Judged
from siklus.desk import words
from siklus.desk.record_form import KIND
from siklus.library.education import Education, Lesson
from siklus.library.education_fit import TOPICS, danger_name
from siklus.library.kader import load_kader_view
from siklus.rules.book import Classification, Need
from siklus.rules.vocabulary import Vocabulary

EDUCATION = "edukasi"
AT_ONCE, CALM, ADVICE = "segera", "pustu", "edukasi"


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """One lesson as shown: the message in `language`, (step, sentence) of the card, the topic to record it under.

    `filled_in` is the query that opens the form of a record with the topic in it.
    """

    message: str
    language: str
    card: tuple[tuple[str, str], ...]
    topic: str
    filled_in: str


def words_for_need(
    education: Education, need: Need, vocabulary: Vocabulary, *, is_closed: bool
) -> FamilyWords | None:
    """The words of a need; None when none are written. `is_closed`: the reader may not know what it is about."""
    lesson = education.closed.get(CALM) if is_closed else education.of(need.name)
    return _shown(education, lesson, vocabulary)


def words_for_danger(
    education: Education, one: Judged, rule: Classification, vocabulary: Vocabulary, *, for_kader: bool
) -> FamilyWords | None:
    """The words of what a measurement asks for; None when none are written, or advice that is not for this reader."""
    do = one.answer.do or ""
    if for_kader and rule.kind not in load_kader_view().open_records:
        lesson = education.closed.get(do)
    else:
        lesson = education.of(danger_name(rule.name, one.answer.value or ""))
    return _shown(education, lesson, vocabulary, at_once=do == AT_ONCE)


def advice(
    education: Education,
    judged: Iterable[Judged],
    rules: Mapping[str, Classification],
    vocabulary: Vocabulary,
    *,
    for_kader: bool,
) -> tuple[FamilyWords, ...]:
    """What the last measurements ask to talk about and no more, each once."""
    found = (
        words_for_danger(education, one, rules[one.answer.classification], vocabulary, for_kader=for_kader)
        for one in judged
        if one.answer.do == ADVICE
    )
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _shown(
    education: Education, lesson: Lesson | None, vocabulary: Vocabulary, *, at_once: bool = False
) -> FamilyWords | None:
    if lesson is None:
        return None
    is_english = bool(lesson.message_en) and not words.is_indonesian()
    greeting = education.greeting_at_once if at_once else education.greeting
    topic = vocabulary.codes[TOPICS].get(lesson.topic)
    return FamilyWords(
        message=lesson.message_en if is_english else lesson.message,
        language="en" if is_english else "id",
        card=tuple(zip(education.steps, (greeting, *lesson.card), strict=True)),
        topic=topic.label if topic else lesson.topic,
        filled_in=urlencode({KIND: EDUCATION, TOPICS: lesson.topic}),
    )
