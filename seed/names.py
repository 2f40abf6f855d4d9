"""Names, numbers and addresses of fictional people. Identity numbers begin with 99, a region that does not exist."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from seed.assumptions import Section
from seed.days import date_of
from seed.people import MALE
from siklus.library.yaml_text import plain_yaml

FICTIONAL_REGION = "99"
_FILE = Path(__file__).parent / "data" / "names.yaml"


def invent_name(sex: str, birth: int, rng: Random, households: Section) -> str:
    """One or two words, of the fashion of the year of birth."""
    words = _words()["male" if sex == MALE else "female"]
    year = date_of(birth).year
    first = words["common"]
    if year < households.old_name_before and rng.random() < 0.4:
        first = words["old"]
    elif year >= households.young_name_from and rng.random() < 0.5:
        first = words["young"]
    name = str(first[rng.randrange(len(first))])
    if rng.random() < households.one_word_name and year < households.young_name_from:
        return name
    second = _words()["second_male" if sex == MALE else "second_female"]
    return f"{name} {second[rng.randrange(len(second))]}"


def misspell(name: str, rng: Random) -> str:
    """The same name as another hand would write it: a doubled vowel, an old spelling, one word left out."""
    if " " in name and rng.random() < 0.4:
        return name.split()[0]
    for written, other in (("u", "oe"), ("y", "i"), ("i", "y"), ("a", "aa")):
        if written in name[1:]:
            return name[0] + name[1:].replace(written, other, 1)
    return name


class Numbers:
    """Gives out NIK and KK numbers of one neighbourhood; no two are the same."""

    def __init__(self, neighbourhood: int) -> None:
        self._region = f"{FICTIONAL_REGION}{neighbourhood:04}"
        self._persons = self._families = self._phones = 0
        self._neighbourhood = neighbourhood

    def nik(self, sex: str, birth: int) -> str:
        """Region, day (40 more for women), month, year, running number: built as a real one is."""
        self._persons += 1
        date = date_of(birth)
        day = date.day if sex == MALE else date.day + 40
        return f"{self._region}{day:02}{date.month:02}{date.year % 100:02}{self._persons:04}"

    def no_kk(self, issued: int) -> str:
        """Region, day of issue, running number."""
        self._families += 1
        date = date_of(issued)
        return f"{self._region}{date.day:02}{date.month:02}{date.year % 100:02}{self._families:04}"

    def phone(self) -> str:
        """In a range (0800) where no mobile phone can be."""
        self._phones += 1
        return f"0800{self._neighbourhood:04}{self._phones:04}"


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = plain_yaml(_FILE)
    return words
