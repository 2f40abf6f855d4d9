"""The rule book in a real browser, under the policy of every page: loaded from our own origin, and the same answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from siklus.kernel import dates
from siklus.library import load_book
from siklus.library.random_lives import random_lives
from siklus.rules.life import Life

TODAY = dates.parse_day("2026-11-21")
_ASK = """
async ([lives, today]) => {
  const manifest = await (await fetch("/aturan/manifest.json")).json();
  const book = await import("/aturan/" + manifest.module);
  book.useGrowth(await import("/aturan/" + manifest.growth));
  return JSON.stringify(lives.map((life) => ({
    needs: book.needs(life, today).map(Object.values),
    states: book.fold(life).map(book.stateText),
  })));
}
"""


def _wire(life: Life) -> dict[str, Any]:
    members = None if life.members is None else [_wire(member) for member in life.members]
    return {"person": dict(life.person), "records": list(life.records), "members": members}


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_browser_says_of_lives_what_the_server_says(page: Any, live_server: Any) -> None:
    book = load_book()
    lives = random_lives(book.rules, 40, 12, TODAY)
    page.goto(f"{live_server.url}/masuk/")
    wire = [_wire(life) for life in lives]
    found = json.loads(page.evaluate(_ASK, [wire, TODAY]))
    for life, said in zip(lives, found, strict=True):
        folded = book.engine.fold(life)
        assert said["needs"] == [
            [*answer[:-1], list(answer.asks)] for answer in book.engine.finish(folded, TODAY)
        ]
        assert said["states"] == [
            json.dumps(book.engine.state_of(unit), separators=(",", ":")) for unit in folded
        ]
