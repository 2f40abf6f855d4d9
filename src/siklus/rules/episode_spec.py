"""What is said of an episode in the vocabulary, read: its own facts, how its start is found, how a record names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siklus.rules.fields import RECORD, Field

NAMED = "episode"
"""The field in which a record of a kind that is `for` an episode may name a record that opened it."""


def own_facts(spec: Mapping[str, Any], title: str) -> dict[str, Field]:
    """The four facts every episode has; `start` may have a label and a question of its own."""
    inside = title[:1].lower() + title[1:]
    start_known = str(spec["start"]) == "opened"
    labels = {"start": str(spec.get("start_label", f"Awal {inside}")), "ask": str(spec.get("start_ask", ""))}
    return {
        "opened": Field("opened", "date", nullable=False, label=f"Tanggal {inside} dicatat"),
        "start": Field("start", "date", nullable=not start_known, label=labels["start"], ask=labels["ask"]),
        "last_day": Field("last_day", "date", nullable=False, label=f"Hari terakhir {inside}"),
        "ended": Field("ended", "date", nullable=True, label=f"Tanggal {inside} selesai"),
    }


def title_of(name: str, spec: Any) -> str:
    """What an episode is called; also where what is said of it cannot be read."""
    return str(spec.get("title", name)) if isinstance(spec, Mapping) else name


def naming_field(title: str) -> Field:
    """Implied in every kind that is `for` an episode; empty where the day decides to which one a record belongs."""
    return Field(NAMED, RECORD, nullable=True, label=f"{title} yang dimaksud")


def start_of(text: str) -> tuple[tuple[str, int], ...]:
    """`opened`, a fact, `fact - N days`, or `first_known(...)` of those."""
    if text == "opened":
        return ()
    inner = text.removeprefix("first_known(").removesuffix(")") if text.startswith("first_known(") else text
    out = []
    for part in inner.split(","):
        name, _, rest = part.strip().partition(" - ")
        out.append((name, int(rest.split()[0]) if rest else 0))
    return tuple(out)
