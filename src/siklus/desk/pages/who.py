"""Siapa berhak apa: how a phrase was read, what such a person is owed where and by whom, and what is still to be said.

No record of anybody is behind it, so what is late is late only if it was not given: the words say so. A kader does not
read the name of a disease here either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, words
from siklus.desk.pages import family_words, reasons
from siklus.desk.pages.family_words import FamilyWords
from siklus.kernel import dates
from siklus.library.education import Education
from siklus.library.kader import load_kader_view
from siklus.library.loading import Book
from siklus.library.persona.owed import AT_ANY_AGE, Group, Owed, Owing, Unsaid
from siklus.library.persona.said import Remark, Said, Strange
from siklus.library.persona.telling import FEW
from siklus.library.persona.words import Persona, Span, Word
from siklus.rules.book import Need

PHRASE, ON, WHOLE = "q", "pada", "semua"


@dataclass(frozen=True, slots=True)
class Link:
    """A phrase to ask for, as people read it."""

    word: str
    href: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as it was typed; `problem` is what is wrong with the day."""

    text: str
    on: str
    problem: str
    is_whole: bool
    like: str
    typical: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that was understood, and what had to be assumed with it."""

    said: str
    means: str
    assumes: str


@dataclass(frozen=True, slots=True)
class Missed:
    """One thing that was not understood; with `href` the nearest thing that would be."""

    said: str
    guess: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One need. `when` is half a line, `told` the reason from the rule, `by` who may do it where."""

    status: str
    word: str
    title: str
    when: str
    is_rule_words: bool
    told: str
    by: tuple[str, ...]
    source: str
    confidence: str
    rule: tuple[tuple[str, str], ...]
    family: FamilyWords | None


@dataclass(frozen=True, slots=True)
class Block:
    """Needs that stand together under a heading with a sentence."""

    key: str
    title: str
    said: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What was not said and decides; `add` say it."""

    ask: str
    said: str
    add: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    """Everything the page shows of an answer."""

    day: str
    lead: tuple[figures.Part, ...]
    read: tuple[Read, ...]
    missed: tuple[Missed, ...]
    remarks: tuple[str, ...]
    needs_age: bool
    blocks: tuple[Block, ...]
    hanging: tuple[tuple[str, str], ...]
    apart: tuple[tuple[str, str], ...]
    apart_title: str
    waits: str
    hidden: str
    watch: tuple[tuple[str, tuple[str, ...]], ...]
    questions: tuple[Question, ...]
    also: tuple[Link, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Saying:
    """What the answer is told with."""

    book: Book
    education: Education
    rules: Mapping[str, tuple[tuple[str, str], ...]]
    for_kader: bool


def asked(text: str, on: str, problem: str, persona: Persona, *, is_whole: bool) -> Asked:
    """The question, with people to choose from."""
    typical = tuple(
        Link(words.titled(_capital(one.say), one.title_en), _href(one.say, on)) for one in persona.typical
    )
    return Asked(text, on, problem, is_whole, persona.like, typical)


def answer_page(owing: Owing, saying: Saying, asked: Asked) -> AnswerPage:
    """The answer in words."""
    reading = owing.reading
    hanging, apart = _hanging(owing, saying, is_said=True), _hanging(owing, saying, is_said=False)
    blocks = tuple(
        block
        for block in _blocks(owing, saying, asked.is_whole)
        if block.rows and not ((hanging or apart) and block.key == Group.DEPENDS.value)
    )
    hidden = sum(not _may_read(each, saying) for each in owing.needs if each.group in _TITLED)
    return AnswerPage(
        day=words.day(reading.on),
        lead=figures.sentence(_lead(owing, saying)),
        read=tuple(Read(one.text, _means(one), _assumes(one)) for one in reading.said),
        missed=tuple(_missed(one, asked) for one in reading.strange),
        remarks=(*map(_remark, reading.remarks), *(_waiting(word) for word in reading.waiting)),
        needs_age=reading.needs_age,
        blocks=blocks,
        hanging=hanging,
        apart=apart,
        apart_title=_("Layanan lain bagi siapa pun, menurut umurnya dan yang lain"),
        waits=", ".join(
            reasons.title_of(each.need) for each in owing.of(Group.WAITS) if _may_read(each, saying)
        ),
        hidden=_("%(n)s layanan lain diberikan petugas di Pustu atau Puskesmas.")
        % {"n": words.number(hidden)}
        if hidden
        else "",
        watch=() if saying.for_kader else tuple((each.table.title, each.results) for each in owing.watch),
        questions=tuple(_question(fact, asked) for fact in owing.unsaid),
        also=tuple(
            Link(words.titled(word.title, word.title_en), _adding(word.opens, asked))
            for word in owing.also
            if not saying.for_kader or _is_open(word)
        ),
        whole=_href(asked.text, asked.on, is_whole=not asked.is_whole),
    )


def _lead(owing: Owing, saying: Saying) -> str:
    if owing.reading.needs_age:
        return _("Umurnya belum disebut. Tulis umur atau kelompoknya, lalu tanyakan lagi.")
    counts = {
        group: sum(_may_read(each, saying) for each in owing.of(group))
        for group in (Group.NOW, Group.CATCH_UP, Group.SOON)
    }
    parts = [
        _("**%(n)s layanan** sekarang") % {"n": words.number(counts[Group.NOW])},
        _("**%(n)s** dikejar bila belum diberikan") % {"n": words.number(counts[Group.CATCH_UP])},
        _("**%(n)s** dalam beberapa bulan berikut") % {"n": words.number(counts[Group.SOON])},
    ]
    told = [part for part, count in zip(parts, counts.values(), strict=True) if count]
    said = (
        _("Orang seperti ini berhak atas %(needs)s.")
        if told
        else _("Tidak ada yang menunggu orang seperti ini.")
    )
    return said % {"needs": words.listed(told)}


_TITLED = (Group.NOW, Group.CATCH_UP, Group.SOON, Group.DEPENDS)


def _hanging(owing: Owing, saying: Saying, *, is_said: bool) -> tuple[tuple[str, str], ...]:
    """What hangs on something not said, by what it hangs on, where it is too much for a table: (condition, titles)."""
    found = owing.hanging(lambda each: _may_read(each, saying))
    if sum(len(each.needs) for each in found) <= FEW:
        return ()
    return tuple(
        (each.when, ", ".join(map(reasons.title_of, each.needs))) for each in found if each.is_said is is_said
    )


def _blocks(owing: Owing, saying: Saying, is_whole: bool) -> Iterable[Block]:
    titles = {
        Group.NOW: (_("Sekarang"), ""),
        Group.CATCH_UP: (
            _("Kejar bila belum diberikan"),
            _("Lihat bukunya dulu: yang sudah tercatat tidak diulang."),
        ),
        Group.SOON: (_("Berikutnya"), ""),
        Group.DEPENDS: (
            _("Bergantung pada yang belum disebut"),
            _("Belum diketahui tidak berarti tidak perlu: tanyakan."),
        ),
    }
    if is_whole:
        titles |= {
            Group.LATER: (_("Kelak"), ""),
            Group.PAST: (_("Sudah lewat batas"), _("Tidak dikejar lagi bila belum diberikan.")),
            Group.DONE: (_("Sudah"), ""),
            Group.NOT_FOR: (_("Tidak untuk orang ini"), ""),
        }
    for group, (title, said) in titles.items():
        rows = (_row(each, owing, saying) for each in owing.of(group) if _may_read(each, saying))
        yield Block(group.value, title, said, tuple(rows))


def _may_read(each: Owed, saying: Saying) -> bool:
    return not saying.for_kader or reasons.kader_may_read(each.need)


def _is_open(word: Word) -> bool:
    view = load_kader_view()
    return all(record["kind"] in view.open_records | view.named_records for record in word.records)


def _row(each: Owed, owing: Owing, saying: Saying) -> Row:
    need, answer = each.need, each.answer
    status = "not_applicable" if answer is None else answer.status
    is_short = each.group in (Group.NOT_FOR, Group.PAST, Group.DONE)
    may_tell = (
        words.is_indonesian() and not saying.for_kader and each.reason and each.group is not Group.DEPENDS
    )
    when = _when(each, owing, saying)
    return Row(
        status=status,
        word=_word(need, status),
        title=reasons.title_of(need),
        when=when,
        is_rule_words=each.group is Group.DEPENDS,
        told=each.reason if may_tell and each.reason != AT_ANY_AGE else "",
        by=() if is_short else reasons.performer_words(need.by, saying.book.vocabulary),
        source=need.cites,
        confidence=reasons.confidence_words(need.confidence),
        rule=saying.rules.get(need.name, ()),
        family=None
        if is_short
        else family_words.words_for_need(saying.education, need, saying.book.vocabulary, is_closed=False),
    )


def _word(need: Need, status: str) -> str:
    if status == "overdue":
        return _("Terlambat bila belum")
    return _("Saat bertemu") if status == "due" and not need.is_sought else ""


def _when(each: Owed, owing: Owing, saying: Saying) -> str:
    """Since when or from when, with the age; for what hangs on something, on what."""
    answer, on = each.answer, owing.reading.on
    if each.when:
        return _("Bila %(condition)s.") % {"condition": each.when}
    if each.reason == AT_ANY_AGE:
        return _("Pada setiap umur yang mungkin; harinya mengikuti tanggal lahir.")
    if answer is None:
        return ""
    if answer.status == "not_yet":
        day = answer.due if answer.due is not None else answer.opens
        if day is None:
            return _("Menunggu langkah sebelumnya.")
        said = _("mulai %(day)s") % {"day": words.day(day)}
        if owing.birth is not None and not each.need.repeats:
            said = _("mulai %(day)s (umur %(age)s)") % {
                "day": words.day(day),
                "age": words.age(owing.birth, day),
            }
        return said
    is_late = answer.status == "overdue" and not each.need.repeats
    is_old = answer.due is not None and dates.age_years(answer.due, on) > 1
    if (is_late or is_old) and owing.birth is not None and answer.opens is not None:
        said = _("boleh sejak lahir")
        if answer.opens > owing.birth:
            age = words.age(owing.birth, answer.opens)
            said = _("boleh sejak umur %(age)s (%(day)s)") % {"age": age, "day": words.day(answer.opens)}
        last = reasons.last_day(answer)
        until = _("s.d. %(day)s") % {"day": words.day(last)} if last is not None else ""
        return "; ".join(part for part in (said, until) if part)
    return reasons.short_reason(answer, each.need, saying.book.vocabulary, on, owing.birth)


def _means(one: Said) -> str:
    """What was made of a word, in the language of the reader."""
    if one.word is None:
        day = words.day(one.day)
        if not one.spans:
            return _("lahir %(day)s") % {"day": day}
        return _("umur %(age)s, dianggap lahir %(day)s") % {"age": _length(one.spans), "day": day}
    title = words.titled(one.word.title, one.word.title_en)
    if one.number is not None:
        title = f"{title} {one.number}".replace(".", "," if words.is_indonesian() else ".")
    if one.is_denied:
        return _("bukan: %(what)s") % {"what": title}
    if one.day is None:
        return title
    return _("%(what)s sejak %(day)s") % {
        "what": f"{title} {_length(one.spans)}".strip(),
        "day": words.day(one.day),
    }


def _length(spans: Iterable[Span]) -> str:
    said = {
        "days": _("%(n)s hari"),
        "weeks": _("%(n)s minggu"),
        "months": _("%(n)s bulan"),
        "years": _("%(n)s tahun"),
    }
    return " ".join(said[span.unit] % {"n": words.number(span.count)} for span in spans)


def _assumes(one: Said) -> str:
    if one.word is None or one.is_denied:
        return ""
    return words.titled(one.word.assumes, one.word.assumes_en)


def _missed(one: Strange, asked: Asked) -> Missed:
    if not one.guess:
        return Missed(one.text, "", "")
    text = asked.text.replace(one.text, one.guess, 1)
    href = "" if text == asked.text else _href(text, asked.on)
    return Missed(one.text, one.guess, href)


def _remark(remark: Remark) -> str:
    return {
        "outside": _("«%(one)s» biasanya lain umurnya; yang dipakai: umur %(other)s."),
        "against": _("«%(one)s» tidak cocok dengan «%(other)s»; yang dipakai: «%(other)s»."),
        "twice": _("Umur disebut dua kali; «%(one)s» tidak dipakai."),
        "toolong": _("«%(one)s»: selama itu tidak mungkin, jadi tidak dipakai."),
        "range": _("«%(one)s» tidak ada; yang ada: %(other)s."),
        "denied": _("«%(one)s»: dibaca sebagai tidak ada, sama seperti bila tidak disebut."),
        "notaken": _("Sesudah «%(one)s» diharapkan angka."),
    }[remark.code] % {"one": remark.one, "other": remark.other}


def _waiting(word: Word) -> str:
    if word.since is None:
        return ""
    ask = words.titled(word.since.ask, word.since.ask_en)
    return _("%(ask)s Tulis misalnya «%(like)s».") % {"ask": ask, "like": word.since.like}


def _question(fact: Unsaid, asked: Asked) -> Question:
    add: list[Link] = []
    for word in fact.add:
        title = words.titled(word.title, word.title_en)
        add.append(Link(title, _adding(word.opens, asked)))
        if word.facts and all(value is True for value in word.facts.values()):
            denied = _("tidak: %(what)s") % {"what": title}
            add.append(Link(denied, _adding(f"tidak {word.opens}", asked)))
    said = _("menentukan %(n)s layanan") % {"n": words.number(fact.needs)}
    return Question(fact.ask or fact.label, said, tuple(add))


def _adding(phrase: str, asked: Asked) -> str:
    return _href(f"{asked.text} {phrase}", asked.on)


def _href(phrase: str, on: str, *, is_whole: bool = False) -> str:
    return "?" + figures.encoded({PHRASE: phrase, ON: on, WHOLE: "1" if is_whole else ""})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
