"""A record that names another of the same person: the opening of the episode it belongs to.

A name in the log may lead nowhere later (its record is taken back, a merge undone): the day decides then. At the door
it must lead to a record that can open such an episode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from siklus.kernel.ids import parse_record_id
from siklus.rules.shown import inner
from siklus.rules.vocabulary import Episode, Vocabulary


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record of the person as it stands now, in stored words."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    is_void: bool = False


def is_record_id(value: Any) -> bool:
    """True of `device-number`, as text."""
    if not isinstance(value, str):
        return False
    try:
        parse_record_id(value)
    except ValueError:
        return False
    return True


def may_open(episode: Episode | None, named: OwnRecord | None) -> bool:
    """True when the record is there and can open such an episode."""
    return (
        episode is not None
        and named is not None
        and not named.is_void
        and any(each.kind == named.kind and each.takes(named.data) for each in episode.openers)
    )


def why_not(episode: Episode, name: str, named: OwnRecord | None, vocabulary: Vocabulary) -> str:
    """Why the record cannot be named, in words. Of other people not even that they have such a record."""
    if named is None:
        return f"catatan {name} tidak ada pada orang ini"
    if named.is_void:
        return f"catatan {name} sudah dibatalkan"
    kind = vocabulary.kinds.get(named.kind)
    title = inner(kind.title) if kind else named.kind
    return f"catatan {name} ({title}) tidak membuka {inner(episode.title)}"
