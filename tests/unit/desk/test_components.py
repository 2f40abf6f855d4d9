"""Shape, word, then colour: the components keep their promises wherever they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from siklus.desk import figures, statuses
from siklus.desk.templatetags import desk
from siklus.rules.answers import STATUSES

TEMPLATES = Path("src/siklus")


@pytest.mark.parametrize("status", statuses.WORDS)
def test_a_chip_has_a_shape_and_a_word(status: str) -> None:
    made = desk.chip(status)
    assert f'class="chip is-{status}"' in made
    assert f'href="#i-{status}"' in made
    assert str(statuses.WORDS[status]) in made


def test_a_chip_may_say_it_for_the_occasion_but_keeps_its_shape() -> None:
    made = desk.chip("due", "Masih bisa")
    assert "Masih bisa" in made
    assert 'href="#i-due"' in made


def test_no_template_makes_a_chip_by_hand(project: Path) -> None:
    by_hand = [
        path.relative_to(project).as_posix()
        for path in (project / TEMPLATES).rglob("*.html")
        if re.search(r'class="[^"]*\bchip\b', path.read_text(encoding="utf-8"))
    ]
    assert by_hand == []


def test_every_shape_that_is_used_is_in_the_sprite(project: Path) -> None:
    sprite = (project / TEMPLATES / "desk/templates/desk/parts/sprite.html").read_text(encoding="utf-8")
    assert {f'id="i-{status}"' in sprite for status in statuses.WORDS} == {True}


def test_every_status_of_the_engines_has_its_word_and_its_place() -> None:
    assert set(STATUSES) <= set(statuses.WORDS)
    assert statuses.worst({"due", "overdue", "done"}) == "overdue"
    assert statuses.worst({"unknown", "due"}) == "due"
    assert statuses.worst(set()) is None


def test_no_page_has_inline_style_or_script(project: Path) -> None:
    guilty = {
        path.name: found
        for path in (project / TEMPLATES).rglob("*.html")
        if (
            found := re.findall(
                r"<style|style=|<script(?![^>]*\bsrc=)|\son\w+=", path.read_text(encoding="utf-8")
            )
        )
    }
    assert guilty == {}


def test_a_sum_line_that_does_not_add_up_is_never_printed() -> None:
    line = figures.add_up("Desa", [(71, "lengkap"), (53, "belum")], (124, "terdaftar"))
    assert [(part.sign, part.number, part.word) for part in line.parts] == [
        ("", "71", "lengkap"), ("+", "53", "belum"), ("=", "124", "terdaftar"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="is not 125"):
        figures.add_up("Desa", [(71, "lengkap"), (53, "belum")], (125, "terdaftar"))


@pytest.mark.parametrize(
    ("part", "whole", "pace", "bar"),
    [
        (665, 1000, 0.866, figures.Bar("66.5%", "86.6%", "20.1%", is_over=False)),
        (623, 1000, 0.37, figures.Bar("62.3%", "37.0%", "", is_over=False)),
        (194, 186, 0.866, figures.Bar("100.0%", "86.6%", "", is_over=True)),
        (0, 10, 0.0, figures.Bar("0.0%", "0.0%", "", is_over=False)),
    ],
)
def test_a_bar_is_hatched_only_where_it_is_behind_and_shows_what_is_above_its_target(
    part: int, whole: int, pace: float, bar: figures.Bar
) -> None:
    assert figures.bar_of(part, whole, pace) == bar


def test_a_number_opens_only_when_somebody_is_behind_it() -> None:
    assert figures.door(412, "/kebutuhan/") == figures.Door("412", "/kebutuhan/")
    assert figures.door(0, "/kebutuhan/") == figures.Door("0", "")
    assert figures.door(None, "/kebutuhan/") == figures.Door("?", "")


def test_a_pager_keeps_the_other_choices_and_ends_at_the_ends() -> None:
    first = figures.pager_of("1–50 dari 60", page=1, pages=2, query={"desa": "99.02", "status": ""})
    assert (first.before, first.after) == ("", "?desa=99.02&hal=2")
    last = figures.pager_of("51–60 dari 60", page=2, pages=2, query={})
    assert (last.before, last.after) == ("?hal=1", "")


def test_figures_of_a_sentence_are_set_in_bold_and_names_are_escaped() -> None:
    page = engines["django"].from_string('{% include "desk/parts/lead.html" with parts=parts %}')
    made = page.render({"parts": figures.sentence("**31 orang** dalam <b>")})
    assert "<b>31 orang</b> dalam &lt;b&gt;" in made
