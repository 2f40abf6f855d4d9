"""The page of one rule for a reviewer: what it says, where that stands, its values and examples; what was said of it.

What the rule says is made from the rule and speaks Indonesian; the frame around it speaks the reader's language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.desk import words
from siklus.desk.pages import forms as forms_page
from siklus.desk.pages import reviews as list_of
from siklus.library.education import Education
from siklus.library.examples import Example, examples_of_rule
from siklus.library.forms.model import Form
from siklus.library.handbook.lives import facts_of, record_of
from siklus.library.handbook.markdown import sentence_case
from siklus.library.handbook.values import amount, value_title
from siklus.library.handbook.wording import ACTIONS, PERIODS, components_of, sentences_of
from siklus.library.loading import Book
from siklus.library.registry import NotedReview, Registry
from siklus.library.reviewable import Reviewable
from siklus.library.sources import CONFIDENCE, Source, cited
from siklus.reviews.queries import APPROVE, ASK, CLOSE, WITHDRAW, RuleReviews, Said
from siklus.rules import tree as t
from siklus.rules.book import Classification, Indicator, Need, Rule, ValueChoice
from siklus.rules.reason_words import STATUS_WORDS
from siklus.rules.sentences import sentence
from siklus.rules.shown import listed, shown_day, unit_title
from siklus.rules.telling import meanings, performers, rows, words_for

_YES_NO = {True: "ya", False: "tidak", None: "belum jelas"}
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Value:
    """A value the rule may rest on; `choices` are (amount, in use, source with confidence)."""

    title: str
    choices: tuple[tuple[str, bool, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule says. `table` is (heads, rows) of a classification, an indicator or a form."""

    sentences: tuple[Pair, ...]
    table: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
    meanings: tuple[Pair, ...]
    values: tuple[Value, ...]
    message: str
    examples: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands on the page; `may_close` for this reader."""

    id: int
    words: str
    by: str
    is_older: bool
    answers: tuple[Pair, ...]
    closed: str
    may_close: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of what was said, newest first."""

    what: str
    words: str
    by: str
    is_older: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """Everything the page shows."""

    title: str
    kind: str
    crumbs: Sequence[Pair]
    chip: str
    state: str
    version: str
    book: str
    source: str
    confidence: str
    confidence_means: str
    sources: tuple[tuple[str, str, str], ...]
    told: Told
    form: str
    approvals: tuple[str, ...]
    older: tuple[str, ...]
    elsewhere: tuple[str, ...]
    own_approval: bool
    questions: tuple[Asked, ...]
    history: tuple[Happened, ...]
    before: str
    after: str
    place: str


def review_page(
    rule: Reviewable, reviews: RuleReviews, around: Sequence[Reviewable], *,
    book: Book, registry: Registry, sources: Sequence[Source], education: Education, user_id: int, may_answer: bool,
) -> ReviewPage:  # fmt: skip
    """The page of a rule; `around` are the rules of its group, in order."""
    chip, state = list_of.state_word(list_of.state_of(reviews))
    place = around.index(rule)
    title = list_of.title_of(rule)
    group = list_of.group_title(rule.group, book.rules.packages)
    word = CONFIDENCE.get(rule.confidence, (rule.confidence, ""))
    return ReviewPage(
        title=title,
        kind=list_of.kind_word(rule.kind),
        crumbs=[
            (_("Telaah aturan"), reverse("desk:reviews")),
            (group, list_of.group_href(rule.group)),
            (title, ""),
        ],
        chip=chip,
        state=state,
        version=rule.version,
        book=list_of.book_words(registry.of(rule.file)),
        source=rule.cites,
        confidence=word[0],
        confidence_means=word[1],
        sources=tuple((each.cite_as[0], each.title, each.read) for each in cited([rule.cites], sources)),
        told=told(rule, book, education),
        form=forms_page.address(rule.thing) if isinstance(rule.thing, Form) else "",
        approvals=tuple(list_of.signed(one) for one in reviews.approvals),
        older=tuple(list_of.signed(one) for one in reviews.older),
        elsewhere=tuple(_noted(one, rule) for one in registry.reviews if (one.kind, one.rule) == rule.key),
        own_approval=any(one.user_id == user_id for one in reviews.approvals),
        questions=tuple(
            Asked(
                one.asked.id, one.asked.words, list_of.signed(one.asked), one.asked.version != rule.version,
                tuple((each.words, list_of.signed(each)) for each in one.answers),
                list_of.signed(one.closed) if one.closed else "",
                one.closed is None and (may_answer or one.asked.user_id == user_id),
            )
            for one in reviews.questions
        ),
        history=tuple(_happened(one, rule) for one in reviews.said),
        before=list_of.rule_href(around[place - 1]) if place else "",
        after=list_of.rule_href(around[place + 1]) if place + 1 < len(around) else "",
        place=_("%(n)s dari %(all)s") % {"n": words.number(place + 1), "all": words.number(len(around))},
    )  # fmt: skip


def told(rule: Reviewable, book: Book, education: Education) -> Told:
    """What a rule says, in the words of the handbook."""
    titles = {need.name: need.title for need in book.needs}
    thing, vocabulary = rule.thing, book.vocabulary
    nothing: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]] = ((), ())
    if isinstance(thing, Form):
        return Told((), _questions(thing, book), (), (), "", ())
    named = tuple(meanings(thing, vocabulary, titles))
    values, examples = tuple(_values(thing, book)), tuple(_examples(thing, book))
    if isinstance(thing, Need):
        by = ("Oleh", "; ".join(performers(thing, vocabulary)))
        lesson = education.of(thing.name)
        said = (*sentences_of(thing, vocabulary, titles), by)
        return Told(said, nothing, named, values, lesson.message if lesson else "", examples)
    if isinstance(thing, Classification):
        who = (("Untuk siapa", sentence(thing.who, vocabulary, titles)),) if thing.who != t.TRUE else ()
        lines = tuple(
            (said, row.value.replace("_", " "), ACTIONS[row.do], row.say)
            for said, row in rows(thing, vocabulary, titles)
        )
        heads = (_("Bila"), _("Golongan"), _("Tindakan"), _("Katakan"))
        return Told(who, (heads, lines), named, values, "", examples)
    return _indicator(thing, book, titles, named, values, examples)


def _indicator(
    thing: Indicator, book: Book, titles: Mapping[str, str], named: tuple[Pair, ...], values: tuple[Value, ...],
    examples: tuple[tuple[str, str, str, str, str], ...],
) -> Told:  # fmt: skip
    say = words_for(thing, book.vocabulary, titles)
    said = [
        ("Dihitung", f"setiap {unit_title(book.vocabulary, thing.unit)} bila {say.say(thing.counted)}"),
        ("Masa hitung", PERIODS[thing.period]),
        *((("Penyebut menurut peraturan", thing.official),) if thing.official else ()),
    ]
    table = ((_("Komponen"), _("Terpenuhi bila")), tuple(components_of(thing, book.vocabulary, titles)))
    return Told(tuple(said), table, named, values, "", examples)


def _questions(form: Form, book: Book) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    page = forms_page.form_page(form, (), book.vocabulary)
    lines = []
    for part in page.parts:
        for row in part.rows:
            asked = row.told or ", ".join(row.choices) or row.unit
            lines.append((part.title, row.label, asked, "; ".join(filter(None, (part.when, row.when)))))
    return (_("Bagian"), _("Isian"), _("Jawaban"), _("Bila")), tuple(lines)


def _values(rule: Rule, book: Book) -> Iterator[Value]:
    """Values that stand in the file of the rule, or that the rule names."""
    text = json.dumps({k: v for k, v in rule.source.items() if k != "examples"}, default=str)
    for value in book.rules.values:
        if value.mark.file == rule.mark.file or value.name in text:
            yield Value(value_title(value), tuple(_choices(value, book)))


def _choices(value: ValueChoice, book: Book) -> Iterator[tuple[str, bool, str]]:
    for place, variant in enumerate(value.variants):
        confidence = CONFIDENCE.get(str(variant.get("confidence", "")), ("", ""))[0]
        source = f"{variant.get('cites', '')} ({confidence})" if confidence else str(variant.get("cites", ""))
        source += f". {sentence_case(str(variant['why']))}" if variant.get("why") else ""
        name = str(variant.get("name", place))
        yield (
            amount(value, variant, book.vocabulary),
            name == value.chosen or len(value.variants) == 1,
            source,
        )


def _examples(rule: Rule, book: Book) -> Iterator[tuple[str, str, str, str, str]]:
    for each in examples_of_rule(book, rule):
        records = "; ".join(record_of(book.vocabulary, record, each.life) for record in each.life.records)
        facts = ", ".join(facts_of(book.vocabulary, each)) or "tidak diketahui apa-apa"
        yield each.say, facts, records or "tidak ada", shown_day(each.today), _result(each)


def _result(example: Example) -> str:
    if isinstance(example.rule, Indicator):
        held = example.expect["components"].items()
        parts = [f"{example.rule.labels.get(name, name)}: {_YES_NO[value]}" for name, value in held]
        return f"dihitung: {_YES_NO[example.expect['counted']]}" + (
            f" ({listed(parts, 'dan')})" if parts else ""
        )
    if example.expect is None:
        return "tidak digolongkan"
    expected = str(example.expect)
    return STATUS_WORDS.get(expected, expected.replace("_", " "))


def _happened(one: Said, rule: Reviewable) -> Happened:
    what = {
        APPROVE: _("Menyetujui"),
        WITHDRAW: _("Menarik persetujuan"),
        ASK: _("Bertanya"),
        CLOSE: _("Menyatakan pertanyaan selesai"),
    }.get(one.act, _("Menjawab"))
    return Happened(what, one.words, list_of.signed(one), one.version != rule.version)


def _noted(one: NotedReview, rule: Reviewable) -> str:
    older = "" if one.version == rule.version else _("naskah lama")
    return ", ".join(part for part in (one.act, one.name, one.position, one.office, one.on, older) if part)
