"""A person in a list of names, in words: the same in every list that opens a number."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from siklus.access.queries import PersonLine
from siklus.desk import words
from siklus.desk.pages.person import sex_letter
from siklus.desk.pages.search import address_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """Who stands on a line; words are ready. Shown by `desk/listed_person.html`."""

    number: str
    name: str
    href: str
    said: str
    mother: str
    place: str
    posyandu: str


def listed_person(person: PersonLine, number: str, today: int) -> ListedPerson:
    """The words of one person, `number` being that of the line."""
    return ListedPerson(
        number=number,
        name=person.name,
        href=reverse("desk:person", args=[person.id]),
        said=f"{sex_letter(person.sex)}, {words.age(person.birth, today)}",
        mother=_("Ibu: %(name)s") % {"name": person.mother_name} if person.mother_name else "",
        place=address_words(person.rt, person.desa_name) or words.UNKNOWN,
        posyandu=person.posyandu_name,
    )
