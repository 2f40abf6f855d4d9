"""Whether what is said to families fits the rule book: names known, needs and dangers told, topics recordable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.education import Education, Lesson, read_education
from siklus.library.loading import Book
from siklus.records.checks import did_you_mean
from siklus.rules.source import Mark

NO_ACTION, TOPICS = "none", "topik"


def danger_name(classification: str, value: str) -> str:
    """What a class that asks for action is called here."""
    return f"{classification}.{value}"


def taught(book: Book) -> dict[str, str]:
    """Every name that is to have a lesson, and its package: all needs, and all classes that ask for action."""
    names = {need.name: need.package.name for need in book.needs}
    for each in book.classifications:
        names |= {danger_name(each.name, r.value): each.package.name for r in each.rows if r.do != NO_ACTION}
    return names


def education_faults(folder: Path, book: Book) -> tuple[Problem, ...]:
    """Everything wrong with the lessons of a folder, also what does not fit the rule book."""
    try:
        found = read_education(folder)
    except ProblemError as error:
        return error.problems
    return tuple(_misfits(found.lessons, book))


def untold(education: Education, book: Book) -> tuple[str, ...]:
    """The needs and dangers of which nothing is said yet."""
    said = {name for lesson in education.lessons for name in lesson.names}
    return tuple(name for name in taught(book) if name not in said)


def _misfits(lessons: Iterable[Lesson], book: Book) -> Iterator[Problem]:
    package_of, seen = taught(book), dict[str, Mark]()
    topics = book.vocabulary.codes[TOPICS]
    for lesson in lessons:
        where = str(lesson.mark)
        if lesson.topic not in topics:
            near = did_you_mean(lesson.topic, topics)
            yield Problem("E10", where, f"pokok '{lesson.topic}' tidak dapat dicatat.", todo=near)
        for name in lesson.names:
            if name not in package_of:
                near = did_you_mean(name, package_of)
                yield Problem("E11", where, f"'{name}' tidak ada dalam buku aturan.", todo=near)
            elif package_of[name] != lesson.package:
                yield Problem(
                    "E12", where, f"'{name}' milik paket {package_of[name]}, bukan '{lesson.package}'"
                )
            if name in seen:
                yield Problem("E13", where, f"'{name}' sudah punya pesan di {seen[name]}")
            seen[name] = lesson.mark
