"""Needs of an area as of any day, computed from the records and not from the read model: slower, for any day asked."""

from __future__ import annotations

from collections.abc import Iterator

from siklus.access.scope import Visitor, access_persons
from siklus.care.lives import lives_of
from siklus.care.wanted import NeedFilter, places
from siklus.library.loading import load_book
from siklus.register.queries import chunks, matching
from siklus.rules.answers import STATUSES, NeedAnswer

_AT_ONCE = 500


def needs_on(user: Visitor, wanted: NeedFilter, day: int) -> Iterator[tuple[int, NeedAnswer]]:
    """(person, answer) of everybody in scope who lives in the filter's area now; any status, unless some are named.

    Of the needs for which people are sought out, as in the lists; or of the one need that is named, whichever it is.
    Residence is that of today, records are those up to the day.
    """
    book = load_book()
    persons = access_persons(user).filter(places(wanted))
    if wanted.query:
        persons = matching(persons, wanted.query)
    packages = {need.name: need.package for need in book.needs}
    for ids in chunks(persons.order_by("id").values_list("id", flat=True), _AT_ONCE):
        for person, life in lives_of(ids, book, until=day).items():
            for answer in book.engine.needs(life, day):
                package = packages[answer.need]
                if (
                    answer.status in (wanted.statuses or STATUSES)
                    and (answer.need == wanted.need or (not wanted.need and answer.need in book.sought))
                    and wanted.package in ("", package.name)
                    and wanted.klaster in ("", package.klaster)
                ):
                    yield person, answer
