"""Forming episodes from one person's effective records (rule language, section 2).

No code in rules, one fixed algorithm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from siklus.kernel.dates import NEVER, add_days, add_months
from siklus.rules.episode_spec import NAMED
from siklus.rules.life import EngineRecord, Facts
from siklus.rules.vocabulary import EPISODE_KIND, Episode, Selection, Span, Vocabulary

RecordsByKind = dict[str, list[EngineRecord]]
_ORDER = itemgetter("date", "id")


def sort_records(records: Iterable[EngineRecord]) -> RecordsByKind:
    """Records by kind, each list in the order (date, id) that holds everywhere."""
    by_kind: defaultdict[str, list[EngineRecord]] = defaultdict(list)
    for record in records:
        by_kind[record["kind"]].append(record)
    for listed in by_kind.values():
        if len(listed) > 1:
            listed.sort(key=_ORDER)
    return dict(by_kind)


def form_episodes(
    vocabulary: Vocabulary, person: Facts, records: RecordsByKind
) -> list[tuple[str, dict[str, Any]]]:
    """(episode name, its facts) for every episode of the person.

    Adds to `records` the episodes as records of kind `ep:NAME`, and puts in the place of each record that can attach
    to one of them a copy with its `unit` (None when it fits in none); the records themselves are not touched.
    The facts of an episode include those of the person.
    """
    found: list[tuple[str, dict[str, Any]]] = []
    for name, episode in vocabulary.episodes.items():
        own, groups = _form(episode, records) if episode.may_be_in(records) else ([], [])
        if own:
            records[EPISODE_KIND + name] = [
                {"kind": EPISODE_KIND + name, "date": facts["opened"], **facts} for facts in own
            ]
            found += [(name, {**person, **facts}) for facts in own]
            for kind in episode.attaches:
                if kind in records:
                    records[kind] = _attached(own, groups, records[kind])
    return found


def _selected(selection: Selection, records: RecordsByKind) -> list[EngineRecord]:
    listed = records.get(selection.kind, [])
    return listed if selection.field is None else [record for record in listed if selection.takes(record)]


def _after(day: int, span: Span | None) -> int:
    if span is None:
        return NEVER
    return add_months(day, span.count) if span.in_months else add_days(day, span.count)


def _form(episode: Episode, records: RecordsByKind) -> tuple[list[dict[str, Any]], list[list[EngineRecord]]]:
    """The facts of each episode, and the opening records of those that have any, together."""
    openings = _selected(episode.opened_by, records)
    if not openings and not episode.closing_alone:
        return [], []
    closings: list[EngineRecord] = []
    for selection in episode.closed_by:
        closings += _selected(selection, records)
    if len(closings) > 1:
        closings.sort(key=_ORDER)
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
            day = closing["date"]
            for facts in formed:
                if facts["opened"] <= day <= facts["last_day"]:
                    break
            else:
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
    return sorted(formed, key=itemgetter("opened", "id")), groups


def _one(
    episode: Episode, openings: list[EngineRecord], following: int | None, closings: list[EngineRecord]
) -> dict[str, Any]:
    opened, limit = openings[0]["date"], _after(openings[-1]["date"], episode.lasts)
    before = limit if following is None or limit < following else following
    ended = None
    for closing in closings:
        if opened <= closing["date"] < before:
            ended = closing["date"]
            break
    last_day = before - 1 if ended is None else ended
    facts: dict[str, Any] = {"id": openings[0]["id"], "opened": opened, "ended": ended, "last_day": last_day}
    for name in episode.facts:
        facts[name] = None
        for opening in openings:
            if opening[name] is not None:
                facts[name] = opening[name]
    return facts


def _start(episode: Episode, facts: Mapping[str, Any]) -> int | None:
    """The first known of what is declared; a written never is no day on which anything starts."""
    if not episode.start:
        return int(facts["opened"])
    for name, before in episode.start:
        if facts[name] is not None and facts[name] < NEVER:
            return int(facts[name] - before)
    return None


def _attached(
    episodes: list[dict[str, Any]], groups: list[list[EngineRecord]], records: list[EngineRecord]
) -> list[EngineRecord]:
    """The records, each with its episode: the one it names, else the one its day lies in."""
    spans = []
    for facts in episodes:
        opened, start = facts["opened"], facts["start"]
        begins = opened if start is None or opened < start else start
        spans.append((begins, facts["id"], facts["last_day"]))
    spans.sort(reverse=True)
    named: dict[int | None, int] = {}
    if any(record.get(NAMED) is not None for record in records):
        named = {episode: episode for _, episode, _ in spans}
        named |= {opening["id"]: group[0]["id"] for group in groups for opening in group}
    attached = []
    for record in records:
        unit = named.get(record.get(NAMED)) if named else None
        attached.append({**record, "unit": _holding(spans, record["date"]) if unit is None else unit})
    return attached


def _holding(spans: list[tuple[int, int, int]], day: int) -> int | None:
    """Of the episodes (from, id, last day) that hold a day the one with the latest start, then the greatest id."""
    for begins, episode, last_day in spans:
        if begins <= day <= last_day:
            return episode
    return None
