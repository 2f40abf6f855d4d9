"""Why a need stands as it stands, in words: the person's own dates, what is not known and whom to ask, who may do it.

`card_of` makes the block of the person page, `short_reason` half a line of a list. Days come from the engine;
nothing is computed here but ages on those days. A kader never reads the name of a disease.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from siklus.desk import figures, words
from siklus.desk.pages.family_words import FamilyWords
from siklus.kernel import dates
from siklus.library.kader import load_kader_view
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need, Performer
from siklus.rules.vocabulary import MEMBER, PERSON, Vocabulary

_ROLES_IN_A_LIST = 2
_LONG_AGO = 2 * dates.MONTHS_PER_YEAR
"""Months after which a list says "since the age of" rather than a day nobody remembers."""


@dataclass(frozen=True, slots=True)
class Card:
    """One need with everything that settles it. `why` has its days in bold, `asks` are questions to put to the family.

    `rule` is the rule itself in words: (slot, words), always Indonesian, for it is made from the rule. `family` is what
    is said to the family of it.
    """

    status: str
    title: str
    about: str
    why: tuple[figures.Part, ...]
    asks: tuple[str, ...]
    performers: tuple[str, ...]
    source: str
    confidence: str
    rule: tuple[tuple[str, str], ...]
    family: FamilyWords | None = None


def card_of(
    answer: NeedAnswer,
    need: Need,
    vocabulary: Vocabulary,
    *,
    birth: int | None,
    about: str = "",
    refused_on: int | None = None,
    told: str = "",
    rule: tuple[tuple[str, str], ...] = (),
    family: FamilyWords | None = None,
) -> Card:
    """The block of one need. `about` names the pregnancy or condition, `refused_on` is the day of the last refusal.

    `told` is the explanation made from the rule. It speaks Indonesian only; who reads English gets the plain reason.
    """
    return Card(
        status=answer.status,
        title=title_of(need),
        about=about,
        why=figures.sentence(_told(told) if told else _why(answer, need, vocabulary, birth, refused_on)),
        asks=tuple(
            question for name in answer.asks if (question := fact_question(name, need.unit, vocabulary))
        ),
        performers=performer_words(need.by, vocabulary) if answer.status != "missed" else (),
        source=need.cites,
        confidence=confidence_words(need.confidence),
        rule=rule,
        family=family,
    )


def short_reason(
    answer: NeedAnswer, need: Need, vocabulary: Vocabulary, today: int, birth: int | None = None
) -> str:
    """Half a line: since when, until when if that is near, or which fact is missing."""
    if answer.status == "overdue":
        parts = [_since(answer, today, birth)]
    elif answer.status == "due":
        parts = [_("sejak %(day)s") % {"day": words.day_near(answer.due, today)}]
    elif answer.status == "unknown":
        return _("tidak ada: %(facts)s") % {"facts": facts_words(answer.asks, need.unit, vocabulary)}
    elif answer.status == "refused":
        return _("menolak; tanyakan lagi")
    elif answer.status == "missed":
        return _("tidak diberikan lagi sejak %(day)s") % {"day": words.day_near(answer.until, today)}
    else:
        return ""
    last = last_day(answer)
    if last is not None and dates.months_between(today, last) < dates.MONTHS_PER_YEAR:
        parts.append(_("s.d. %(day)s") % {"day": words.day_near(last, today)})
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Gap:
    """Needs of one person that nobody can judge for want of the same facts; one line instead of forty."""

    titles: tuple[str, ...]
    asks: tuple[str, ...]
    unit: str

    def title(self) -> str:
        """The title of the only need, or how many there are."""
        if len(self.titles) == 1:
            return self.titles[0]
        return _("%(n)s layanan") % {"n": words.number(len(self.titles))}


def gaps_of(found: Iterable[tuple[NeedAnswer, str]]) -> list[Gap]:
    """Unknown answers with their titles, gathered by the facts they ask for, in their order."""
    titles_by_asks: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for answer, title in found:
        titles_by_asks.setdefault((answer.unit, answer.asks), []).append(title)
    return [Gap(tuple(titles), asks, unit) for (unit, asks), titles in titles_by_asks.items()]


def title_of(need: Need) -> str:
    """The title of a need in the language of the reader."""
    return words.titled(need.title, need.source.get("title_en"))


def last_day(answer: NeedAnswer) -> int | None:
    """The last day on which the need can still be met; None when there is none or it is not known."""
    return None if answer.until is None or answer.until >= dates.NEVER else answer.until - 1


def facts_words(asks: Iterable[str], unit: str, vocabulary: Vocabulary) -> str:
    """The missing facts by their names on screen: "Tanggal lahir, Umur bayi dalam jam penuh"."""
    return ", ".join(fact_label(name, unit, vocabulary) for name in asks)


def fact_label(name: str, unit: str, vocabulary: Vocabulary) -> str:
    """The name on screen of a fact (`birth`) or of a field of a kind of record (`kunjungan_neonatal.jam`)."""
    kind, _dot, field = name.rpartition(".")
    if kind == MEMBER:
        shared = vocabulary.member.get(field)
        return _("Anggota keluarga: %(fact)s") % {"fact": shared.label if shared else field}
    if kind in vocabulary.kinds:
        found = vocabulary.fields_of(kind).get(field)
        return f"{vocabulary.kinds[kind].title}: {found.label if found else field}"
    if name in vocabulary.kinds:
        return vocabulary.kinds[name].title
    fact = vocabulary.facts_of(unit).get(name)
    return fact.label if fact and fact.label else name.replace("_", " ")


def fact_question(name: str, unit: str, vocabulary: Vocabulary) -> str:
    """The question to put to the family for a missing fact; empty where the vocabulary has none."""
    fact = vocabulary.facts_of(unit).get(name)
    return fact.ask if fact else ""


def performer_words(by: Iterable[Performer], vocabulary: Vocabulary) -> tuple[str, ...]:
    """ "Bidan, perawat: posyandu, pustu", one for each set of roles. What a label adds in brackets is left out."""
    places = vocabulary.codes["tempat"]
    at_by_roles: dict[str, list[str]] = {}
    for performer in by:
        place = places[performer.at].label if performer.at in places else performer.at
        roles = role_words([performer], vocabulary)
        at_by_roles.setdefault(roles, []).append(place.partition(" (")[0].lower())
    return tuple(f"{roles[:1].upper()}{roles[1:]}: {', '.join(at)}" for roles, at in at_by_roles.items())


def role_words(by: Iterable[Performer], vocabulary: Vocabulary) -> str:
    """Who may do it anywhere, without the places: "bidan, perawat"."""
    roles = vocabulary.codes["peran"]
    seen = dict.fromkeys(role for performer in by for role in performer.who)
    return ", ".join(roles[role].label.lower() if role in roles else role for role in seen)


def short_roles(by: Iterable[Performer], vocabulary: Vocabulary) -> str:
    """The first two who may do it, in the order of the vocabulary (kader first): enough for a list, short for paper."""
    allowed = {role for performer in by for role in performer.who}
    labels = [code.label.lower() for name, code in vocabulary.codes["peran"].items() if name in allowed]
    named = " / ".join(labels[:_ROLES_IN_A_LIST])
    return named if len(labels) <= _ROLES_IN_A_LIST else _("%(roles)s dll.") % {"roles": named}


def confidence_words(confidence: str) -> str:
    """How sure we are of the source; an unknown word is shown as it stands."""
    return {"read": _("dibaca"), "general": _("umum"), "ours": _("pilihan kita")}.get(confidence, confidence)


def gap_card(gap: Gap, vocabulary: Vocabulary) -> Card:
    """The block of needs that wait for the same facts: what to ask, and which services hang on it."""
    facts = facts_words(gap.asks, gap.unit, vocabulary) or _("keterangan yang menentukan")
    why = _("Tidak ada: **%(facts)s**. Tidak dianggap sudah, tidak dianggap belum.") % {"facts": facts}
    if len(gap.titles) > 1:
        why += " " + _("Menunggu: %(titles)s.") % {"titles": ", ".join(gap.titles)}
    asks = tuple(question for name in gap.asks if (question := fact_question(name, gap.unit, vocabulary)))
    return Card("unknown", gap.title(), "", figures.sentence(why), asks, (), "", "", ())


def kader_may_read(need: Need) -> bool:
    """True when the title of a need gives no condition away."""
    return load_kader_view().may_name(need.name, need.unit)


def title_for(need: Need, *, for_kader: bool) -> str:
    """The title of a need; for a kader only that somebody is to be seen, where the title would name a condition."""
    if for_kader and not kader_may_read(need):
        return _("Perlu diperiksa di Pustu atau Puskesmas")
    return title_of(need)


def card_for_kader(card: Card) -> Card:
    """The card of a need that a kader may not read by name: that it is, since when, and who may do it."""
    title = _("Perlu diperiksa di Pustu atau Puskesmas")
    return replace(card, title=title, about="", source="", confidence="", asks=(), rule=())


def _since(answer: NeedAnswer, today: int, birth: int | None) -> str:
    """Since when somebody is late. What was owed from an age long past is told by that age."""
    opens = answer.opens
    if birth is not None and opens is not None and dates.months_between(opens, today) >= _LONG_AGO:
        if opens == birth:
            return _("belum tercatat sejak lahir")
        if dates.add_months(birth, dates.months_between(birth, opens)) == opens:
            return _("belum tercatat sejak umur %(age)s") % {"age": words.age(birth, opens)}
    return _("sejak %(day)s") % {"day": words.day_near(answer.overdue, today)}


def _told(told: str) -> str:
    """The explanation, word for word, with its verdict in bold."""
    verdict, colon, rest = told.replace("**", "").partition(":")
    return f"**{verdict}**{colon}{rest}"


def _why(
    answer: NeedAnswer, need: Need, vocabulary: Vocabulary, birth: int | None, refused_on: int | None
) -> str:
    opens = _with_age(answer.opens, need, birth)
    if answer.status == "overdue":
        text = _("Boleh sejak **%(opens)s**, dan belum tercatat. Terlambat sejak **%(overdue)s**.") % {
            "opens": opens,
            "overdue": words.day(answer.overdue),
        }
    elif answer.status == "due":
        text = _("Waktunya sejak **%(due)s**, dan belum tercatat.") % {
            "due": _with_age(answer.due, need, birth)
        }
        if answer.overdue is not None and answer.overdue < dates.NEVER:
            text += " " + _("Terlambat mulai %(overdue)s.") % {"overdue": words.day(answer.overdue)}
    elif answer.status == "unknown":
        return _("Tidak ada: **%(facts)s**. Tidak dianggap sudah, tidak dianggap belum.") % {
            "facts": facts_words(answer.asks, need.unit, vocabulary) or _("keterangan yang menentukan")
        }
    elif answer.status == "refused":
        since = f" {words.day(refused_on)}" if refused_on is not None else ""
        return _("Menolak atau menunda%(since)s. Tanyakan lagi dengan sabar; boleh kapan saja.") % {
            "since": since
        }
    elif answer.status == "missed":
        return _("Tidak diberikan lagi sejak %(until)s. Tidak perlu tindakan.") % {
            "until": words.day(answer.until)
        }
    elif answer.status == "not_yet":
        if answer.opens is None and answer.due is None:
            return _("Menunggu langkah sebelumnya.")
        start = answer.due if answer.due is not None else answer.opens
        return _("Belum waktunya, mulai **%(day)s**.") % {"day": _with_age(start, need, birth)}
    elif answer.status == "done":
        return _("Sudah tercatat.")
    else:
        return _("Tidak perlu.")
    last = last_day(answer)
    if last is not None:
        text += " " + _("Masih bisa sampai %(day)s.") % {"day": words.day(last)}
    return text


def _with_age(day: int | None, need: Need, birth: int | None) -> str:
    """A day, with the age on it when the need comes once in a life."""
    if day is None or birth is None or need.repeats or need.unit != PERSON or day <= birth:
        return words.day(day)
    return _("%(day)s (umur %(age)s)") % {"day": words.day(day), "age": words.age(birth, day)}
