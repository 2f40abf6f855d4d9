"""The person page: who it is, what is owed and why, how the life went, who the family is.

Open needs are cards in the order of the statuses; what is later, not needed or done folds into one line each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from siklus.care.queries import Event, Judged
from siklus.desk import figures, statuses, words
from siklus.desk.pages import family_words, reasons, services
from siklus.desk.pages.card_groups import CardGroup, card_groups
from siklus.desk.pages.family_words import FamilyWords
from siklus.desk.pages.life import Line, lines_of
from siklus.desk.pages.services import ServiceLine
from siklus.desk.standing import Standing
from siklus.kernel import dates
from siklus.library.education import Education
from siklus.library.stages import Stage, Stages
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Classification, Need
from siklus.rules.vocabulary import PERSON, Vocabulary

FOLDS = {"lewat-batas": "missed", "nanti": "not_yet", "tidak-perlu": "not_applicable", "sudah": "done"}
"""What is folded into one line each: the word in the address, and its status."""
OPEN_FOLD, MET = "buka", "saat-bertemu"
NEWEST_LINES = 15
_NAMED_IN_FOLD = 3
_TALKED_ABOUT = ("overdue", "due", "refused")
"""The statuses in which there is something to ask of the family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The facts of the head of the page, as the register has them; None and "" are unknown."""

    name: str
    birth: int | None
    sex: str
    nik: str
    mother: str
    address: str
    posyandu: str
    has_jkn: bool | None
    died: int | None
    left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """One of the family with the worst status; `what` names the needs that stand so."""

    name: str
    href: str
    said: str
    stage: str
    status: str
    what: str


@dataclass(frozen=True, slots=True)
class Fold:
    """One line of what needs no hands now; `href` opens or closes it, and open it has its cards."""

    word: str
    title: str
    said: str
    href: str
    is_open: bool
    cards: tuple[reasons.Card, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """What is only asked when this person is met: a line each; with `is_open` a card each, with reasons and sources."""

    lines: tuple[ServiceLine, ...]
    cards: tuple[reasons.Card, ...]
    href: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know before the rest: died, moved, a danger with what is said to the family of it."""

    kind: str
    title: str
    said: str
    words: tuple[FamilyWords, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """Everything the page shows."""

    name: str
    crumbs: Sequence[tuple[str, str]]
    stage: str
    stage_said: str
    facts: tuple[tuple[str, str], ...]
    lead: tuple[figures.Part, ...]
    notices: tuple[Notice, ...]
    open: tuple[CardGroup, ...]
    nothing_open: str
    met: Met | None
    folds: tuple[Fold, ...]
    advice: tuple[FamilyWords, ...]
    life: tuple[Line, ...]
    life_before: tuple[Line, ...]
    life_said: str
    life_before_said: str
    kin: tuple[Kin, ...]
    family_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayings:
    """What the rule book says: needs and classifications by name, rules in words, what families hear, vocabulary."""

    needs: Mapping[str, Need]
    classes: Mapping[str, Classification]
    rules: Mapping[str, tuple[tuple[str, str], ...]]
    education: Education
    vocabulary: Vocabulary


def person_page(
    identity: Identity,
    standing: Standing,
    events: Sequence[Event],
    sayings: Sayings,
    *,
    told: Mapping[NeedAnswer, str],
    today: int,
    stage: Stage | None,
    stages: Stages,
    open_fold: str,
    kin: tuple[Kin, ...],
    family_href: str,
    crumbs: Sequence[tuple[str, str]],
    for_kader: bool,
    change: Callable[[int], str] | None = None,
    visit: Notice | None = None,
) -> PersonPage:
    """The page of one person on a day.

    `told` has the explanations of those answers that show one; `open_fold` is the word of the line that is open;
    `change` is where a record is put right, for those who may; `visit` is said of who is a guest somewhere.
    """
    needs = sayings.needs
    owed = [(answer, needs[answer.need]) for answer in standing.answers]
    open_now, met = services.sought(owed), services.met(owed)
    closed = [answer for answer in standing.answers if answer.status not in statuses.OPEN]
    teller = _Teller(identity, standing, sayings, told, _refusals(events), for_kader)
    folded = teller.cards(closed)
    lines = lines_of(
        events,
        sayings.vocabulary,
        needs={name: reasons.title_for(need, for_kader=for_kader) for name, need in needs.items()},
        person=standing.life.person,
        today=today,
        for_kader=for_kader,
        change=change,
    )
    return PersonPage(
        name=identity.name,
        crumbs=crumbs,
        stage=stage.key if stage else "",
        stage_said=_("Tahap hidup: %(stage)s") % {"stage": stage_title(stage)},
        facts=_facts(identity, today),
        lead=figures.sentence(_lead(open_now, met)),
        notices=(
            *_dangers(standing.judged, sayings, for_kader),
            *_notices(identity),
            *(() if visit is None else (visit,)),
        ),
        open=card_groups(open_now, teller.cards, stages, for_kader=for_kader),
        nothing_open=_("Diperiksa %(n)s layanan.") % {"n": words.number(len(owed))},
        met=_met(met, teller, today, is_open=open_fold == MET),
        folds=tuple(fold for word in FOLDS if (fold := _fold(word, folded, open_fold)) is not None),
        advice=family_words.advice(
            sayings.education, standing.judged, sayings.classes, sayings.vocabulary, for_kader=for_kader
        ),
        life=lines[:NEWEST_LINES],
        life_before=lines[NEWEST_LINES:],
        life_said=_("%(n)s catatan") % {"n": words.number(len(lines))},
        life_before_said=_("%(n)s catatan sebelumnya") % {"n": words.number(len(lines) - NEWEST_LINES)},
        kin=kin,
        family_href=family_href,
    )


def stage_title(stage: Stage | None) -> str:
    """The stage of life in words; unknown is said."""
    return _("belum diketahui") if stage is None else words.titled(stage.title, stage.title_en)


def sex_words(sex: str) -> str:
    """Laki-laki, Perempuan, or that it is not known."""
    return {"l": _("Laki-laki"), "p": _("Perempuan")}.get(sex, _("Jenis kelamin belum diketahui"))


def sex_letter(sex: str) -> str:
    """L or P as on paper forms; a question mark when it is not known."""
    return {"l": _("L"), "p": _("P")}.get(sex, words.UNKNOWN)


def worst_of(
    answers: Sequence[NeedAnswer], needs: Mapping[str, Need], *, for_kader: bool
) -> tuple[str, tuple[str, ...]]:
    """The worst open status of somebody with the titles that stand so; `done` with no titles when nothing is open."""
    owed = services.sought((answer, needs[answer.need]) for answer in answers)
    status = statuses.worst({answer.status for answer, _need in owed})
    if status is None:
        return "done", ()
    titles = (
        reasons.title_for(need, for_kader=for_kader) for answer, need in owed if answer.status == status
    )
    return status, tuple(dict.fromkeys(titles))


@dataclass(frozen=True, slots=True)
class _Teller:
    """Makes cards of answers of one person."""

    identity: Identity
    standing: Standing
    sayings: Sayings
    told: Mapping[NeedAnswer, str]
    refusals: Mapping[str, int]
    for_kader: bool

    def cards(self, answers: Iterable[NeedAnswer]) -> list[reasons.Card]:
        """Worst status first; those that wait for the same facts are one card."""
        ordered = sorted(
            answers, key=lambda answer: (statuses.ORDER[answer.status], answer.due or dates.NEVER)
        )
        cards: list[reasons.Card] = []
        for status, of_status in groupby(ordered, key=lambda answer: answer.status):
            if status == "unknown":
                needs = self.sayings.needs
                gaps = reasons.gaps_of(
                    (a, reasons.title_for(needs[a.need], for_kader=self.for_kader)) for a in of_status
                )
                cards += [reasons.gap_card(gap, self.sayings.vocabulary) for gap in gaps]
            else:
                cards += map(self._card, of_status)
        return cards

    def _card(self, answer: NeedAnswer) -> reasons.Card:
        need, vocabulary = self.sayings.needs[answer.need], self.sayings.vocabulary
        is_closed = self.for_kader and not reasons.kader_may_read(need)
        card = reasons.card_of(
            answer, need, vocabulary, birth=self.identity.birth,
            about=_about(answer, vocabulary, self.standing.starts),
            refused_on=self.refusals.get(answer.need), told="" if is_closed else self.told.get(answer, ""),
            rule=self.sayings.rules.get(answer.need, ()),
            family=family_words.words_for_need(self.sayings.education, need, vocabulary, is_closed=is_closed)
            if answer.status in _TALKED_ABOUT else None,
        )  # fmt: skip
        return reasons.card_for_kader(card) if is_closed else card


def _met(owed: Sequence[services.Owed], teller: _Teller, today: int, *, is_open: bool) -> Met | None:
    if not owed:
        return None
    lines = services.met_lines(owed, teller.sayings.vocabulary, today, for_kader=teller.for_kader)
    cards = tuple(teller.cards(answer for answer, _need in owed)) if is_open else ()
    return Met(lines, cards, "?" if is_open else f"?{OPEN_FOLD}={MET}#{MET}", is_open)


def _about(answer: NeedAnswer, vocabulary: Vocabulary, unit_starts: Mapping[tuple[str, int], int]) -> str:
    if answer.unit == PERSON or answer.unit not in vocabulary.episodes:
        return ""
    title = vocabulary.episodes[answer.unit].title
    opened = unit_starts.get((answer.unit, answer.unit_id))
    return (
        title
        if opened is None
        else _("%(episode)s sejak %(day)s") % {"episode": title, "day": words.day(opened)}
    )


def _refusals(events: Sequence[Event]) -> dict[str, int]:
    """The day of the last refusal of each need. Events come newest first."""
    found: dict[str, int] = {}
    for event in events:
        need = event.data.get("kebutuhan")
        if event.kind == "penolakan" and need and not event.is_void:
            found.setdefault(str(need), event.on)
    return found


def _facts(who: Identity, today: int) -> tuple[tuple[str, str], ...]:
    on = who.died if who.died is not None else today
    born = words.day(who.birth) if who.birth is not None else _("belum diketahui")
    jkn = {True: _("punya"), False: _("tidak punya"), None: _("belum diketahui")}[who.has_jkn]
    return (
        (f"{sex_words(who.sex)},", words.age(who.birth, on)),
        (_("Lahir"), born),
        (_("NIK"), words.nik_masked(who.nik)),
        *(((_("Ibu"), who.mother),) if who.mother else ()),
        (_("Alamat"), who.address or _("belum diketahui")),
        (_("Posyandu"), who.posyandu or _("belum ada")),
        (_("JKN"), jkn),
    )


def _lead(owed: Sequence[services.Owed], met: Sequence[services.Owed]) -> str:
    counts = {status: sum(answer.status == status for answer, _need in owed) for status in statuses.OPEN}
    parts = [
        f"**{words.number(count)} {str(statuses.WORDS[status]).lower()}**"
        for status, count in counts.items()
        if count
    ]
    if not parts:
        said = _("Tidak ada yang menunggu untuk orang ini.")
    else:
        said = _("Layanan: %(counts)s.") % {"counts": words.listed(parts)}
    if met:
        said += " " + _("Saat bertemu, tanyakan juga **%(n)s hal**.") % {"n": words.number(len(met))}
    return said


def _notices(who: Identity) -> list[Notice]:
    notices = []
    if who.died is not None:
        said = _("Catatannya tetap tersimpan; tidak ada yang perlu dilayani.")
        notices.append(Notice("info", _("Meninggal %(day)s") % {"day": words.day(who.died)}, said))
    if who.left is not None:
        said = _("Tidak dihitung lagi di sini sejak hari itu.")
        notices.append(Notice("info", _("Pindah %(day)s") % {"day": words.day(who.left)}, said))
    return notices


def _dangers(judged: Sequence[Judged], sayings: Sayings, for_kader: bool) -> list[Notice]:
    """What the last measurements ask for, those of one day together. A kader reads what to do, never the name of it."""
    told: dict[tuple[int, str, int | None], list[tuple[str, FamilyWords | None]]] = {}
    for one in judged:
        kind, order = _ACTIONS.get(one.answer.do or "", ("", 0))
        if kind:
            rule = sayings.classes[one.answer.classification]
            said = next((row.say for row in rule.rows if row.value == one.answer.value), "")
            parts = () if for_kader else (rule.title, said)
            family = family_words.words_for_danger(
                sayings.education, one, rule, sayings.vocabulary, for_kader=for_kader
            )
            told.setdefault((order, kind, one.on), []).append((" · ".join(filter(None, parts)), family))
    return [
        Notice(
            kind=kind,
            title=_TITLES[kind](),
            said=" · ".join(filter(None, (*dict.fromkeys(said for said, _family in found), _noted(on)))),
            words=tuple(dict.fromkeys(family for _said, family in found if family is not None)),
        )
        for (_order, kind, on), found in sorted(told.items(), key=lambda each: each[0][0])
    ]


def _noted(on: int | None) -> str:
    return "" if on is None else _("dicatat %(day)s") % {"day": words.day(on)}


_TITLES = {
    "danger": lambda: _("Bahaya. Ke Puskesmas sekarang"),
    "calm": lambda: _("Perlu diperiksa di Pustu atau Puskesmas"),
}
_ACTIONS = {"segera": ("danger", 0), "pustu": ("calm", 1)}
"""What a classification asks to do -> how loud it is said, and in which order. Advice alone is not an alert."""


def _fold(word: str, cards: Sequence[reasons.Card], open_fold: str) -> Fold | None:
    found = tuple(card for card in cards if card.status == FOLDS[word])
    if not found:
        return None
    title = {
        "lewat-batas": _("Lewat batas"),
        "nanti": _("Nanti"),
        "tidak-perlu": _("Tidak perlu"),
        "sudah": _("Sudah"),
    }[word]
    named = [card.title for card in found[:_NAMED_IN_FOLD]]
    rest = len(found) - len(named)
    said = ", ".join(named)
    if rest:
        said = _("%(named)s dan %(n)s lagi") % {"named": said, "n": words.number(rest)}
    is_open = word == open_fold
    href = "?" if is_open else f"?{OPEN_FOLD}={word}#{word}"
    return Fold(word, title, said, href, is_open, found if is_open else ())
