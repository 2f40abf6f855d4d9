"""How people are reached for a need: it is said once, inherited, and changes no answer."""

from __future__ import annotations

from siklus.library.forms import Catalogue
from siklus.library.loading import Book
from siklus.library.phone import knowledge_words
from siklus.library.reviewable import reviewables
from siklus.rules.life import Life
from siklus.rules.plan import expressions_of_rule
from tests.unit.rules.small_book import HEAD, book

SOUGHT = "{need: dicari, title: Dicari, who: 'true', counts: kunjungan, opens: birth}"
RULES = f"""{HEAD}needs:
  - {SOUGHT}
  - {{need: bertemu, title: Bertemu, who: 'true', counts: kunjungan, opens: birth, reach: opportunistic}}
  - series: deret
    title: Deret
    who: "true"
    counts: timbang
    reach: opportunistic
    steps:
      - {{need: satu, opens: birth}}
      - {{need: dua, opens: prev + 1 month, reach: active}}
"""
LATER = RULES.replace(SOUGHT, SOUGHT.replace("}", ", reach: opportunistic}"))


def reach_of(made: Book) -> dict[str, str]:
    return {need.name: need.reach for need in made.needs}


def test_a_need_is_sought_unless_it_or_its_series_or_package_says_otherwise() -> None:
    made = book(RULES)
    assert reach_of(made) == {
        "dicari": "active", "bertemu": "opportunistic", "satu": "opportunistic", "dua": "active",
    }  # fmt: skip
    assert made.sought == {"dicari", "dua"}
    whole = book(RULES.replace("needs:", "reach: opportunistic\nneeds:", 1))
    assert whole.sought == {"dua"}


def test_reach_changes_no_expression_and_so_no_answer() -> None:
    old, new = book(RULES), book(LATER)
    assert new.sought == {"dua"}
    for one, other in zip(old.needs, new.needs, strict=True):
        assert list(expressions_of_rule(one)) == list(expressions_of_rule(other))
    life = Life({"id": 1, "birth": 0, "died": None}, [])
    assert old.engine.needs(life, 400) == new.engine.needs(life, 400)


def test_the_bulk_engine_leaves_out_what_waits_to_be_met_and_keeps_what_rests_on_it() -> None:
    (query,) = book(RULES).sql.answer_queries(400, sought=True).values()
    assert [name for name in reach_of(book(RULES)) if f"'{name}'" in query] == ["dicari", "dua"]


def test_phones_are_told_and_an_approval_is_of_one_reach() -> None:
    old, new = book(RULES), book(LATER)
    assert {name: each["reach"] for name, each in knowledge_words(old)["needs"].items()} == reach_of(old)
    before, after = (
        {each.name: each.version for each in reviewables(made, Catalogue({}, ""))} for made in (old, new)
    )
    assert [name for name in before if before[name] != after[name]] == ["dicari"]
