"""Telaah aturan: how far the reading of the book has come, by package; the rules of one; questions that wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from siklus.desk import figures, words
from siklus.desk.pages import reasons
from siklus.desk.pages.forms import group_titles
from siklus.kernel import dates
from siklus.library.registry import APPROVED, CHECKED, Registry, Standing, load_registry
from siklus.library.reviewable import CLASSIFICATION, FORM, INDICATOR, NEED, Reviewable
from siklus.reviews.queries import NOTHING, Question, RuleReviews, Said
from siklus.rules.book import Package

Key = tuple[str, str]
ASKED, APPROVED_NOW, CHANGED, UNTOUCHED = "asked", "approved", "changed", "untouched"
STATES = (APPROVED_NOW, ASKED, CHANGED, UNTOUCHED)
_SHORT = 4
"""Letters up to which the first word of a file's name is an abbreviation: spm, pws, skdn."""
_CHIPS = {APPROVED_NOW: "done", ASKED: "unknown", CHANGED: "overdue", UNTOUCHED: "not_yet"}


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A package, or what stands together like one, with how far it has come; the four counts add up to `rules`."""

    title: str
    href: str
    book: str
    rules: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """How far all has come."""

    lead: tuple[figures.Part, ...]
    groups: tuple[tuple[str, tuple[GroupLine, ...]], ...]
    questions: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of a package."""

    chip: str
    word: str
    kind: str
    title: str
    href: str
    source: str
    confidence: str
    said: str


@dataclass(frozen=True, slots=True)
class GroupPage:
    """The rules of one package."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    book: str
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question with where it was asked."""

    title: str
    href: str
    words: str
    by: str
    answers: tuple[tuple[str, str], ...]
    closed: str


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """The questions that wait, and those that are settled."""

    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    waiting: tuple[QuestionLine, ...]
    settled: tuple[QuestionLine, ...]


def reviews_page(
    rules: Sequence[Reviewable],
    said: Mapping[Key, RuleReviews],
    packages: Sequence[Package],
    registry: Registry,
) -> ReviewsPage:
    """Everything at a glance."""
    approved = sum(state_of(said.get(rule.key, NOTHING)) == APPROVED_NOW for rule in rules)
    waiting = sum(len(reviews.open_questions) for reviews in said.values())
    lead = _("**%(approved)s dari %(all)s aturan** disetujui di sini menurut naskahnya sekarang.") % {
        "approved": words.number(approved),
        "all": words.number(len(rules)),
    }
    if waiting:
        lead += " " + _("**%(n)s pertanyaan** belum selesai.") % {"n": words.number(waiting)}
    titles = _titles(packages)
    groups = []
    for heading, kinds in (
        (_("Paket layanan"), (NEED, CLASSIFICATION)),
        (_("Indikator"), (INDICATOR,)),
        (_("Formulir"), (FORM,)),
    ):
        of_kind = [rule for rule in rules if rule.kind in kinds]
        names = dict.fromkeys(rule.group for rule in of_kind)
        lines = tuple(
            _group_line(name, titles, [r for r in of_kind if r.group == name], said, registry)
            for name in names
        )
        groups.append((heading, lines))
    return ReviewsPage(figures.sentence(lead), tuple(groups), words.number(waiting) if waiting else "")


def group_page(
    name: str, rules: Sequence[Reviewable], said: Mapping[Key, RuleReviews], packages: Sequence[Package],
    registry: Registry,
) -> GroupPage:  # fmt: skip
    """The rules of one group."""
    title = group_title(name, packages)
    counts = _counts(rules, said)
    lead = _(
        "**%(approved)s dari %(all)s** disetujui, **%(asked)s** ditanyakan, **%(untouched)s** belum ditelaah."
    )
    return GroupPage(
        title=title,
        crumbs=[(_("Telaah aturan"), reverse("desk:reviews")), (title, "")],
        lead=figures.sentence(
            lead
            % {
                "approved": words.number(counts[APPROVED_NOW]),
                "all": words.number(len(rules)),
                "asked": words.number(counts[ASKED]),
                "untouched": words.number(counts[UNTOUCHED]),
            }
        ),
        book=book_words(_standing(rules, registry)),
        lines=tuple(_rule_line(rule, said.get(rule.key, NOTHING)) for rule in rules),
    )


def questions_page(rules: Sequence[Reviewable], said: Mapping[Key, RuleReviews]) -> QuestionsPage:
    """All questions, newest first."""
    found = [(rule, question) for rule in rules for question in said.get(rule.key, NOTHING).questions]
    found.sort(key=lambda one: -one[1].asked.id)
    waiting = tuple(_question_line(rule, one) for rule, one in found if one.closed is None)
    settled = tuple(_question_line(rule, one) for rule, one in found if one.closed is not None)
    lead = _("**%(n)s pertanyaan** menunggu.") if waiting else _("Tidak ada pertanyaan yang menunggu.")
    crumbs = [(_("Telaah aturan"), reverse("desk:reviews")), (_("Pertanyaan"), "")]
    return QuestionsPage(crumbs, figures.sentence(lead % {"n": words.number(len(waiting))}), waiting, settled)


def state_of(reviews: RuleReviews) -> str:
    """Where a rule stands: an open question comes before an approval."""
    if reviews.open_questions:
        return ASKED
    if reviews.approvals:
        return APPROVED_NOW
    return CHANGED if reviews.older else UNTOUCHED


def state_word(state: str) -> tuple[str, str]:
    """(shape, word) of a state."""
    word = {
        APPROVED_NOW: _("Disetujui"),
        ASKED: _("Ada pertanyaan"),
        CHANGED: _("Naskah berubah"),
        UNTOUCHED: _("Belum ditelaah"),
    }[state]
    return _CHIPS[state], word


def kind_word(kind: str) -> str:
    """What a rule is called."""
    return {
        NEED: _("Kebutuhan"),
        CLASSIFICATION: _("Penggolongan"),
        INDICATOR: _("Indikator"),
        FORM: _("Formulir"),
    }[kind]


def title_of(rule: Reviewable) -> str:
    """The title in the language of the reader."""
    return words.titled(rule.title, rule.title_en)


def rule_href(rule: Reviewable) -> str:
    """The page of a rule."""
    return reverse("desk:review", args=[rule.kind, rule.name])


def group_href(name: str) -> str:
    """The page of a group."""
    return reverse("desk:reviews_group", args=[name])


def group_title(name: str, packages: Sequence[Package]) -> str:
    """What a group is called."""
    return _titles(packages).get(name) or _spoken(name)


def book_words(standing: Standing) -> str:
    """Where the book itself stands, which no approval of a district changes."""
    if standing.status == APPROVED:
        on = words.day(dates.day_of(standing.approved_on)) if standing.approved_on else words.UNKNOWN
        return _("disetujui oleh %(name)s, %(day)s") % {"name": standing.approved_by, "day": on}
    return _("sudah diperiksa, belum disetujui") if standing.status == CHECKED else _("draf")


def signed(one: Said) -> str:
    """ "dr. Ani, Kabid Kesmas, Kabupaten Contoh, 22 Nov 2026 pukul 09.10"."""
    moment = timezone.localtime(one.at)
    when = _("%(day)s pukul %(hour)s") % {
        "day": words.day(dates.day_of(moment.date())),
        "hour": words.hour(moment),
    }
    return ", ".join(part for part in (one.name, one.position, one.office, when) if part)


def _titles(packages: Sequence[Package]) -> dict[str, str]:
    """Packages by their own titles, folders of forms by theirs; a file of indicators by that in the registry."""
    named = {
        f"{INDICATOR}-{PurePosixPath(file).stem}": standing.title
        for file, standing in load_registry().by_file.items()
        if standing.title
    }
    recap = {"rekap": _("Rekapitulasi")}
    folders = {f"{FORM}-{name}": title for name, title in (*recap.items(), *group_titles().items())}
    return {**named, **folders, **{package.name: package.title for package in packages}}


def _spoken(name: str) -> str:
    """`indikator-spm_anak` as people say it: SPM anak."""
    name = name.partition("-")[2] or name
    head, _underline, rest = name.partition("_")
    return f"{head.upper() if len(head) <= _SHORT else head.capitalize()} {rest.replace('_', ' ')}".strip()


def _counts(rules: Sequence[Reviewable], said: Mapping[Key, RuleReviews]) -> dict[str, int]:
    states = [state_of(said.get(rule.key, NOTHING)) for rule in rules]
    return {state: states.count(state) for state in STATES}


def _group_line(
    name: str, titles: Mapping[str, str], rules: Sequence[Reviewable], said: Mapping[Key, RuleReviews],
    registry: Registry,
) -> GroupLine:  # fmt: skip
    counts = _counts(rules, said)
    return GroupLine(
        title=titles.get(name) or _spoken(name),
        href=group_href(name),
        book=book_words(_standing(rules, registry)),
        rules=words.number(len(rules)),
        counts=tuple(words.number(counts[state]) for state in STATES),
    )


def _standing(rules: Sequence[Reviewable], registry: Registry) -> Standing:
    """The least that is true of all files of a group."""
    found = [registry.of(rule.file) for rule in rules]
    order = {APPROVED: 2, CHECKED: 1}
    return min(found, key=lambda one: order.get(one.status, 0))


def _rule_line(rule: Reviewable, reviews: RuleReviews) -> RuleLine:
    chip, word = state_word(state_of(reviews))
    said = "; ".join(f"{one.name} ({one.position})" for one in reviews.approvals)
    return RuleLine(
        chip, word, kind_word(rule.kind), title_of(rule), rule_href(rule), rule.cites,
        reasons.confidence_words(rule.confidence), said,
    )  # fmt: skip


def _question_line(rule: Reviewable, question: Question) -> QuestionLine:
    return QuestionLine(
        title_of(rule), f"{rule_href(rule)}#tanya-{question.asked.id}", question.asked.words, signed(question.asked),
        tuple((one.words, signed(one)) for one in question.answers),
        signed(question.closed) if question.closed else "",
    )  # fmt: skip
