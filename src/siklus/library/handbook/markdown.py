"""Pieces of a Markdown page: tables, folds, anchors, text that must not be read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_MARKUP = re.compile(r"([\\|*_`<>\[\]])")


def plain(text: str) -> str:
    """Text as it stands, whatever is in it."""
    return _MARKUP.sub(r"\\\1", text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table whose cells are Markdown already; nothing when it has no rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if lines:
        yield ""
        yield f"| {' | '.join(heads)} |"
        yield f"|{'---|' * len(heads)}"
        yield from lines
        yield ""


def fold(summary: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines that are shown when somebody opens them; nothing when there are none."""
    inside = list(lines)
    if inside:
        yield f"<details><summary>{summary}</summary>"
        yield ""
        yield from inside
        yield ""
        yield "</details>"
        yield ""


def page(lines: Iterable[str]) -> str:
    """The text of a page; several empty lines are one."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def anchor(name: str) -> str:
    """A place that links can name, whatever the heading says."""
    return f'<a id="{name}"></a>'


def sentence_case(text: str) -> str:
    """With a capital at the beginning and a full stop at the end."""
    stop = "" if text.endswith((".", "?", "!")) else "."
    return f"{text[:1].upper()}{text[1:]}{stop}"
