"""Every word of the screens has its English; no Indonesian word is mistaken for one of Django's English ones."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

KEYWORDS = ("_", "N_", "gettext", "ngettext", "gettext_lazy", "ngettext_lazy", "gettext_noop", "pgettext")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|\*\*|</?\w+>")


def words_of(project: Path) -> dict[str, str]:
    """Every word marked for translation, with the file it stands in."""
    found: dict[str, str] = {}
    for path in sorted((project / "src/siklus").rglob("*.py")):
        found.update((word, path.name) for word in _marked(path.read_text(encoding="utf-8")))
    for path in sorted((project / "src/siklus").rglob("templates/**/*.html")):
        as_code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found.update((word, path.name) for word in _marked(as_code))
    return found


def _marked(code: str) -> Iterator[str]:
    for _line, _function, message, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, (), {}):
        yield message[0] if isinstance(message, tuple) else message


def english(project: Path) -> Catalog:
    with (project / "src/siklus/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="en")


def singular(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def test_every_word_of_the_screens_has_its_english(project: Path) -> None:
    known = {singular(message.id) for message in english(project) if message.id and message.string}
    missing = {word: file for word, file in words_of(project).items() if word not in known}
    assert missing == {}, "add these to src/siklus/locale/en/LC_MESSAGES/django.po"


def test_the_catalogue_holds_no_word_that_no_screen_says(project: Path) -> None:
    said = words_of(project)
    assert [singular(m.id) for m in english(project) if m.id and singular(m.id) not in said] == []


def test_a_translation_keeps_what_is_filled_in(project: Path) -> None:
    broken = []
    for message in english(project):
        if not message.id:
            continue
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = sorted(PLACEHOLDER.findall(singular(message.id)))
        broken += [text for text in strings if sorted(PLACEHOLDER.findall(text)) != wanted]
    assert broken == []


def test_indonesian_words_are_shown_as_they_are_written(project: Path) -> None:
    with translation.override("id"):
        changed = {word: shown for word in words_of(project) if (shown := translation.gettext(word)) != word}
    assert changed == {}, (
        "Django's own Indonesian catalogue takes these for English words; write them otherwise"
    )
