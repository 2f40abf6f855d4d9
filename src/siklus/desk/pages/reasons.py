"""Why a need stands as it stands, in words: the person's own dates, what is not known and whom to ask, who may do it.

`card_of` makes the block of the person page, `short_reason` half a line of a list. Days come from the engine;
nothing is computed here but ages on those days. A kader never reads the name of a disease.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from siklus.desk import words
from siklus.kernel import dates
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need, Performer
from siklus.rules.vocabulary import PERSON, Kind, Vocabulary

_OPEN_TO_KADER = (PERSON, "kehamilan", "nifas", "rujukan")
"""Units whose needs a kader may read by name; every other episode is a condition and stays closed by default."""
_CONDITIONS = "kondisi"


@dataclass(frozen=True, slots=True)
class Card:
    """One need with everything that settles it. `window` pairs a word with a day, `asks` are questions to put."""

    status: str
    title: str
    about: str
    why: str
    asks: tuple[str, ...]
    window: tuple[tuple[str, str], ...]
    performers: tuple[str, ...]
    source: str
    confidence: str


def card_of(
    answer: NeedAnswer,
    need: Need,
    vocabulary: Vocabulary,
    *,
    birth: int | None,
    about: str = "",
    refused_on: int | None = None,
) -> Card:
    """The block of one need. `about` names the pregnancy or condition, `refused_on` is the day of the last refusal."""
    return Card(
        status=answer.status,
        title=need.title,
        about=about,
        why=_why(answer, need, vocabulary, birth, refused_on),
        asks=tuple(
            question for name in answer.asks if (question := fact_question(name, need.unit, vocabulary))
        ),
        window=tuple(_window(answer)),
        performers=tuple(performer_words(need.by, vocabulary)) if answer.status != "missed" else (),
        source=need.cites,
        confidence=confidence_words(need.confidence),
    )


def short_reason(answer: NeedAnswer, need: Need, vocabulary: Vocabulary, today: int) -> str:
    """Half a line: since when, until when, or which fact is missing."""
    if answer.status == "overdue":
        parts = [_("sejak %(day)s") % {"day": words.day_near(answer.overdue, today)}]
        if answer.opens is not None and answer.opens != answer.overdue:
            parts.append(_("boleh sejak %(day)s") % {"day": words.day_near(answer.opens, today)})
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
    if last is not None:
        parts.append(_("paling lambat %(day)s") % {"day": words.day_near(last, today)})
    return "; ".join(parts)


def last_day(answer: NeedAnswer) -> int | None:
    """The last day on which the need can still be met; None when there is none or it is not known."""
    return None if answer.until is None or answer.until >= dates.NEVER else answer.until - 1


def facts_words(asks: Iterable[str], unit: str, vocabulary: Vocabulary) -> str:
    """The missing facts by their names on screen: "Tanggal lahir, Umur bayi dalam jam penuh"."""
    return ", ".join(fact_label(name, unit, vocabulary) for name in asks)


def fact_label(name: str, unit: str, vocabulary: Vocabulary) -> str:
    """The name on screen of a fact (`birth`) or of a field of a kind of record (`kunjungan_neonatal.jam`)."""
    kind, _dot, field = name.rpartition(".")
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


def performer_words(by: Iterable[Performer], vocabulary: Vocabulary) -> Iterable[str]:
    """ "Posyandu: bidan, perawat": one a place."""
    places, roles = vocabulary.codes["tempat"], vocabulary.codes["peran"]
    for performer in by:
        place = places[performer.at].label if performer.at in places else performer.at
        who = ", ".join(roles[role].label.lower() if role in roles else role for role in performer.who)
        yield f"{place}: {who}"


def role_words(by: Iterable[Performer], vocabulary: Vocabulary) -> str:
    """Who may do it anywhere, without the places: "bidan, perawat"."""
    roles = vocabulary.codes["peran"]
    seen = dict.fromkeys(role for performer in by for role in performer.who)
    return ", ".join(roles[role].label.lower() if role in roles else role for role in seen)


def confidence_words(confidence: str) -> str:
    """How sure we are of the source; an unknown word is shown as it stands."""
    return {"read": _("dibaca"), "general": _("umum"), "ours": _("pilihan kita")}.get(confidence, confidence)


def kader_may_know(unit: str) -> bool:
    """False for needs of a condition somebody diagnosed: a kader reads "perlu diperiksa", never the name of it."""
    return unit in _OPEN_TO_KADER


def kader_may_read(kind: Kind, vocabulary: Vocabulary) -> bool:
    """False for records that name, treat, open or close such a condition."""
    touches = (
        selection.kind
        for episode in vocabulary.episodes.values()
        if not kader_may_know(episode.name)
        for selection in (episode.opened_by, *episode.closed_by)
    )
    return (
        (kind.episode is None or kader_may_know(kind.episode))
        and kind.name not in touches
        and not any(field.codes == _CONDITIONS for field in kind.fields.values())
    )


def title_for(need: Need, unit: str, *, for_kader: bool) -> str:
    """The title of a need; for a kader only that somebody is to be seen, where the title would name a condition."""
    return (
        need.title if kader_may_know(unit) or not for_kader else _("Perlu diperiksa di Pustu atau Puskesmas")
    )


def card_for_kader(card: Card, need: Need, unit: str) -> Card:
    """The card as a kader may read it."""
    if kader_may_know(unit):
        return card
    title = title_for(need, unit, for_kader=True)
    return replace(card, title=title, about="", source="", confidence="", asks=())


def _why(
    answer: NeedAnswer, need: Need, vocabulary: Vocabulary, birth: int | None, refused_on: int | None
) -> str:
    opens = _with_age(answer.opens, need, birth)
    if answer.status == "overdue":
        text = _("Boleh sejak %(opens)s, dan belum tercatat. Terlambat sejak %(overdue)s.") % {
            "opens": opens,
            "overdue": words.day(answer.overdue),
        }
    elif answer.status == "due":
        text = _("Waktunya sejak %(due)s, dan belum tercatat.") % {"due": _with_age(answer.due, need, birth)}
        if answer.overdue is not None and answer.overdue < dates.NEVER:
            text += " " + _("Terlambat mulai %(overdue)s.") % {"overdue": words.day(answer.overdue)}
    elif answer.status == "unknown":
        return _("Tidak ada: %(facts)s. Tidak dianggap sudah, tidak dianggap belum.") % {
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
        return _("Belum waktunya, mulai %(day)s.") % {"day": _with_age(start, need, birth)}
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
    if day is None or birth is None or need.repeats or need.unit != PERSON or day < birth:
        return words.day(day)
    return _("%(day)s (umur %(age)s)") % {"day": words.day(day), "age": words.age(birth, day)}


def _window(answer: NeedAnswer) -> Iterable[tuple[str, str]]:
    if answer.status in ("missed", "done", "not_applicable"):
        return
    if answer.opens is not None:
        yield _("Boleh sejak"), words.day(answer.opens)
    if answer.due is not None and answer.due != answer.opens:
        yield _("Waktunya"), words.day(answer.due)
    if answer.overdue is not None and answer.overdue < dates.NEVER:
        yield _("Terlambat sejak"), words.day(answer.overdue)
    if (last := last_day(answer)) is not None:
        yield _("Paling lambat"), words.day(last)
