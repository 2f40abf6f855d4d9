"""The end of a package's page: what is said to the family of each need and danger, and the card the kader speaks by."""

from __future__ import annotations

from collections.abc import Iterator

from siklus.library.education import Education, Lesson
from siklus.library.education_fit import TOPICS, danger_name
from siklus.library.handbook.markdown import plain
from siklus.library.loading import Book
from siklus.library.sources import CONFIDENCE
from siklus.rules.book import Need, Package


def families_section(book: Book, education: Education, package: Package) -> Iterator[str]:
    """Each lesson of the package once, with the needs and dangers it is for; nothing when it has none."""
    lessons = [lesson for lesson in education.lessons if lesson.package == package.name]
    if not lessons:
        return
    titles = _titles(book)
    yield "## Yang disampaikan kepada keluarga"
    yield ""
    yield (
        f"Kader berbicara menurut {', '.join(education.steps)} (SAJI). Salamnya: *{plain(education.greeting)}*"
        f" Pada bahaya: *{plain(education.greeting_at_once)}* Sesudahnya dicatat sebagai edukasi dengan pokok yang"
        f" disebut. Sumber langkahnya: {plain(education.cites)}."
    )
    yield ""
    for lesson in lessons:
        yield f"**Untuk:** {'; '.join(titles[name] for name in lesson.names if name in titles)}"
        yield ""
        yield f"> {plain(lesson.message)}"
        yield ""
        for step, said in zip(education.steps[1:], lesson.card, strict=True):
            yield f"- **{step}:** {plain(said)}"
        topic = book.vocabulary.codes[TOPICS].get(lesson.topic)
        yield f"- **Pokok edukasi:** {plain(topic.label if topic else lesson.topic)}"
        yield f"- **Sumber:** {plain(lesson.cites)} · *{CONFIDENCE[lesson.confidence][0]}*"
        yield ""


def message_line(education: Education, need: Need) -> Iterator[str]:
    """The message of one need, as a line of its list; nothing when none is written."""
    lesson: Lesson | None = education.of(need.name)
    if lesson is not None:
        yield f"- **Kepada keluarga:** {plain(lesson.message)}"


def _titles(book: Book) -> dict[str, str]:
    """What a lesson is for, as a link to its rule on the same page."""
    found = {need.name: f"[{plain(need.title)}](#{need.name})" for need in book.needs}
    for rule in book.classifications:
        for row in rule.rows:
            said = row.say.rstrip(".") or row.value.replace("_", " ")
            found[danger_name(rule.name, row.value)] = f"[{plain(f'{rule.title}: {said}')}](#{rule.name})"
    return found
