"""`explain`: everything a page shows about one need on one day, worked out by the reference interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.asking import SLOTS
from siklus.rules.book import Need, Rules
from siklus.rules.life import Facts, Life
from siklus.rules.reasons import Reasons
from siklus.rules.reference import Reader, Reference
from siklus.rules.shown import shown
from siklus.rules.telling import performers, words_for


@dataclass(frozen=True)
class Explanation:
    """Why a need stands as it does.

    `values` are (label, value as shown), unknown ones included; days are None where there is none.
    """

    need: str
    title: str
    unit: str
    unit_id: int
    status: str
    reason: str
    values: tuple[tuple[str, str], ...]
    opens: int | None
    due: int | None
    overdue: int | None
    until: int | None
    performers: tuple[str, ...]
    cites: str
    confidence: str


def explain(
    rules: Rules, life: Life, need_name: str, today: int, unit_id: int | None = None
) -> Explanation | None:
    """The explanation of one need; None when the person has no such unit (no pregnancy, no such condition).

    Of several units (pregnancies) the one with `unit_id`, else the latest.
    """
    need = next(each for each in rules.needs if each.name == need_name)
    readers = [reader for reader in Reference(rules).readers(life, today) if reader.unit.name == need.unit]
    chosen = [reader for reader in readers if unit_id in (None, reader.unit.facts["id"])]
    if not chosen:
        return None
    return _explain(rules, max(chosen, key=_begun), need)


def explain_all(rules: Rules, life: Life, today: int) -> Iterator[Explanation]:
    """Every need of every unit whose package concerns the person at all."""
    for reader in Reference(rules).readers(life, today):
        for need in rules.needs:
            if need.unit == reader.unit.name and reader.value(need.package.gate) is not False:
                yield _explain(rules, reader, need)


def reason(rules: Rules, need: Need, answer: NeedAnswer | None, facts: Facts, life: Life, today: int) -> str:
    """The paragraph for an answer that is already at hand; no answer at all means not applicable.

    `facts` are those of the unit the answer is about.
    """
    readers = [reader for reader in Reference(rules).readers(life, today) if reader.unit.name == need.unit]
    if not readers:
        return "Tidak perlu."
    mine = [reader for reader in readers if reader.unit.facts["id"] == facts["id"]]
    reader = mine[0] if mine else max(readers, key=_begun)
    reasons, told = _reasons(rules, reader, need, answer)
    return reasons.of(told)


def _explain(rules: Rules, reader: Reader, need: Need, given: NeedAnswer | None = None) -> Explanation:
    reasons, answer = _reasons(rules, reader, need, given)
    return Explanation(
        need=need.name,
        title=need.title,
        unit=answer.unit,
        unit_id=answer.unit_id,
        status=answer.status,
        reason=reasons.of(answer),
        values=tuple(_values(reasons)),
        opens=answer.opens,
        due=answer.due,
        overdue=answer.overdue,
        until=answer.until,
        performers=tuple(performers(need, rules.vocabulary)),
        cites=need.cites,
        confidence=need.confidence,
    )


def _reasons(
    rules: Rules, reader: Reader, need: Need, given: NeedAnswer | None
) -> tuple[Reasons, NeedAnswer]:
    """Who tells why, and the answer to tell of."""
    titles = {each.name: each.title for each in rules.needs}
    chain = _chain(rules, need)
    for before in chain:
        reader.need(before)
    worked_out = reader.need(need)
    answer = given or worked_out
    if reader.unit.facts["died"] is not None or reader.value(need.package.gate) is False:
        answer = answer._replace(
            status="not_applicable", opens=None, due=None, overdue=None, until=None, asks=()
        )
    words = words_for(need, rules.vocabulary, titles)
    return Reasons(reader, words, need, tuple(before.name for before in chain)), answer


def _chain(rules: Rules, need: Need) -> list[Need]:
    """The steps before a step of a series, first to last."""
    by_name = {each.name: each for each in rules.needs}
    chain: list[Need] = []
    while need.after is not None:
        need = by_name[need.after]
        chain.insert(0, need)
    return chain


def _begun(reader: Reader) -> tuple[int, int]:
    facts = reader.unit.facts
    return facts.get("opened", facts["id"]), facts["id"]


def _values(reasons: Reasons) -> Iterator[tuple[str, str]]:
    """What the rule rests on, with what is known of it; no condition on records, which is told in the reason."""
    words, need = reasons.words, reasons.need
    parts = (part for slot in SLOTS for part in reasons.phrases.parts(getattr(need, slot)))
    for part in dict.fromkeys(parts):
        is_date_of_step = isinstance(part, t.StepValue) and part.type == "date"
        is_value = isinstance(part, t.Fact) or (
            isinstance(part, t.Aggregate) and part.type not in ("bool", "dates")
        )
        if is_date_of_step or is_value or part in reasons.phrases.named:
            label = reasons.phrases.named.get(part) or words.say(part)
            yield (
                label[:1].upper() + label[1:],
                shown(words.vocabulary, part.type, reasons.known.value(part), words.unit_of(part)),
            )
