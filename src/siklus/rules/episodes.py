"""Forming episodes from one person's effective records (rule language, section 2).

No code in rules, one fixed algorithm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from siklus.kernel.dates import NEVER, add_days, add_months
from siklus.rules.life import EngineRecord, Facts
from siklus.rules.vocabulary import EPISODE_KIND, Episode, Selection, Span, Vocabulary

RecordsByKind = dict[str, list[EngineRecord]]


def sort_records(records: Iterable[EngineRecord]) -> RecordsByKind:
    """Records by kind, each list in the order (date, id) that holds everywhere."""
    by_kind: RecordsByKind = {}
    for record in sorted(records, key=itemgetter("date", "id")):
        by_kind.setdefault(record["kind"], []).append(record)
    return by_kind


def form_episodes(
    vocabulary: Vocabulary, person: Facts, records: RecordsByKind
) -> list[tuple[str, dict[str, Any]]]:
    """(episode name, its facts) for every episode of the person.

    Adds to `records` the episodes as records of kind `ep:NAME`, and to each record of a kind that attaches to
    an episode its `unit` (None when it fits in none). The facts of an episode include those of the person.
    """
    found: list[tuple[str, dict[str, Any]]] = []
    for name, episode in vocabulary.episodes.items():
        own = [] if records.keys().isdisjoint(episode.made_of) else _form(episode, records)
        if own:
            records[EPISODE_KIND + name] = [
                {"kind": EPISODE_KIND + name, "date": facts["opened"], **facts} for facts in own
            ]
            found += [(name, {**person, **facts}) for facts in own]
        for kind in episode.attaches:
            if kind in records:
                _attach(own, records[kind])
    return found


def _selected(selection: Selection, records: RecordsByKind) -> list[EngineRecord]:
    listed = records.get(selection.kind)
    return [record for record in listed if selection.takes(record)] if listed else []


def _after(day: int, span: Span | None) -> int:
    if span is None:
        return NEVER
    return add_months(day, span.count) if span.in_months else add_days(day, span.count)


def _form(episode: Episode, records: RecordsByKind) -> list[dict[str, Any]]:
    openings = _selected(episode.opened_by, records)
    if not openings and not episode.closing_alone:
        return []
    closings = sorted(
        (record for selection in episode.closed_by for record in _selected(selection, records)), key=itemgetter("date", "id")
    )
    groups: list[list[EngineRecord]] = []
    for opening in openings:
        before = groups[-1][-1] if groups else None
        repeats = (
            before is not None
            and opening["date"] < _after(before["date"], episode.lasts)
            and not any(before["date"] <= closing["date"] < opening["date"] for closing in closings)
        )
        if repeats:
            groups[-1].append(opening)
        else:
            groups.append([opening])
    formed = [
        _one(episode, group, groups[place + 1][0]["date"] if place + 1 < len(groups) else None, closings)
        for place, group in enumerate(groups)
    ]
    if episode.closing_alone:
        for closing in closings:
            if not any(facts["opened"] <= closing["date"] <= facts["last_day"] for facts in formed):
                day = closing["date"]
                alone = {
                    "id": closing["id"],
                    "opened": day,
                    "ended": day,
                    "last_day": day,
                    **dict.fromkeys(episode.facts),
                }
                formed.append(alone)
    for facts in formed:
        facts["start"] = _start(episode, facts)
    return formed


def _one(
    episode: Episode, openings: list[EngineRecord], following: int | None, closings: list[EngineRecord]
) -> dict[str, Any]:
    opened, limit = openings[0]["date"], _after(openings[-1]["date"], episode.lasts)
    ended = next(
        (
            c["date"]
            for c in closings
            if opened <= c["date"] < limit and (following is None or c["date"] < following)
        ),
        None,
    )
    last_day = ended if ended is not None else min(limit, NEVER if following is None else following) - 1
    facts: dict[str, Any] = {"id": openings[0]["id"], "opened": opened, "ended": ended, "last_day": last_day}
    for name in episode.facts:
        facts[name] = next((o[name] for o in reversed(openings) if o[name] is not None), None)
    return facts


def _start(episode: Episode, facts: Mapping[str, Any]) -> int | None:
    if not episode.start:
        return int(facts["opened"])
    return next((facts[name] - before for name, before in episode.start if facts[name] is not None), None)


def _attach(episodes: list[dict[str, Any]], records: list[EngineRecord]) -> None:
    for record in records:
        best: tuple[int, int] | None = None
        for facts in episodes:
            begins = facts["opened"] if facts["start"] is None else min(facts["start"], facts["opened"])
            if begins <= record["date"] <= facts["last_day"] and (
                best is None or (begins, facts["id"]) > best
            ):
                best = (begins, facts["id"])
        record["unit"] = best[1] if best else None
