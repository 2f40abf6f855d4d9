"""The log of an edge in its database, as `merging` wants it. Whoever calls holds the transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from siklus.access.mirroring import name_authors
from siklus.care import mirroring
from siklus.care.queries import Handed
from siklus.kernel.ids import device_of, parse_record_id
from siklus.register.queries import chunks
from siklus.sync import settling
from siklus.sync.edge.merging import ACCEPTED, WAITING, Item
from siklus.sync.models import GivenBack, Link, SentUp, TakenOut
from siklus.sync.wire import text_of


class DatabaseEdgeLog:
    """`link` is read once: what of it changes is changed by `actions`, between two of these."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.own = range(link.device_id, link.last_device + 1)
        self._sent = dict(SentUp.objects.values_list("key", "seq"))

    def held(self, keys: Collection[int]) -> Mapping[int, Handed]:
        """Those of the records that are in the log here."""
        return mirroring.held(keys)

    def of_units(self, persons: Collection[int], homes: Collection[int]) -> Sequence[Handed]:
        """Every row of these persons and families."""
        return mirroring.of_units(persons, homes)

    def of_roots(self, roots: Collection[int]) -> Mapping[int, Sequence[Handed]]:
        """All versions of each root, in the order of the log here."""
        return mirroring.of_roots(roots)

    def is_own(self, key: int) -> bool:
        """True for a record that was numbered by a device of this edge."""
        return device_of(key) in self.own

    def is_unsent(self, handed: Handed) -> bool:
        """True for a record of this edge that the district has not answered, and that has not come from it."""
        key = handed.row.id
        return self.is_own(key) and handed.row.seq > self.link.pushed and self._sent.get(key, 0) is not None

    def is_pending(self, handed: Handed) -> bool:
        """True for one that has not come back by the pull."""
        return self.is_unsent(handed) or self._sent.get(handed.row.id) is not None

    def answered(self, key: int, seq: int) -> bool:
        """The district has it, at this place in its log. False: it should have come by then, and has not."""
        if key in self._sent and self._sent[key] is None:
            return True
        if seq > self.link.upto:
            self._sent[key] = seq
            SentUp.objects.update_or_create(key=key, defaults={"seq": seq})
        return seq > self.link.upto

    def come(self, keys: Collection[int], upto: int) -> Sequence[int]:
        """These rows have come, and all up to this place: gives what should have come, and has not."""
        here = set(keys)
        out = [key for key, seq in self._sent.items() if seq is not None and seq <= upto and key not in here]
        back = [key for key, seq in self._sent.items() if seq is not None and (seq <= upto or key in here)]
        unasked = {handed.row.id for handed in self.held([key for key in here if self.is_own(key)]).values()
                   if handed.row.seq > self.link.pushed}  # fmt: skip
        for some in chunks(back):
            SentUp.objects.filter(key__in=some).delete()
        for key in back:
            del self._sent[key]
        SentUp.objects.bulk_create((SentUp(key=key, seq=None) for key in unasked), ignore_conflicts=True)
        self._sent |= dict.fromkeys(unasked)
        return out

    def put(self, told: Sequence[Handed]) -> None:
        """Keeps rows as told at the end of the log, in this order."""
        name_authors({handed.author for handed in told if handed.author is not None})
        settling.note_units(*mirroring.put(told))
        for some in chunks([handed.row.id for handed in told]):
            TakenOut.objects.filter(key__in=some).delete()

    def remove(self, rows: Sequence[Handed]) -> None:
        """Takes rows out of the log."""
        settling.note_units(*mirroring.remove(rows))
        own = (TakenOut(key=handed.row.id) for handed in rows if self.is_own(handed.row.id))
        TakenOut.objects.bulk_create(own, ignore_conflicts=True)

    def give_back(self, item: Item, state: str, problems: Sequence[Mapping[str, str]] = ()) -> None:
        """Keeps in sight what is not in the log any more."""
        person = item.get("person")
        GivenBack.objects.update_or_create(
            key=parse_record_id(item["id"]),
            defaults={
                "kind": item["kind"][:40], "person_id": None if person is None else parse_record_id(person),
                "author_id": item.get("author"), "body": text_of(item), "state": state,
                "problems": text_of(list(problems)),
            },
        )  # fmt: skip

    def given_back(self, keys: Collection[int]) -> Mapping[int, Item]:
        """Those of the records that were taken out and are not in the log of the district."""
        found: dict[int, Item] = {}
        for some in chunks(keys):
            rows = GivenBack.objects.filter(key__in=some).values_list("key", "body")
            found.update((key, json.loads(body)) for key, body in rows)
        return found

    def settle(self, key: int, state: str, reason: str = "") -> None:
        """What became of something given back."""
        rows = GivenBack.objects.filter(key=key)
        if state == ACCEPTED:
            rows.delete()
        else:
            rows.update(state=state, reason=reason[:300])

    def outside(self, whole: Collection[int]) -> list[Handed]:
        """What is in the log here and not among these."""
        return list(self.held([key for key in mirroring.ids() if key not in whole]).values())

    def stand_at(self, cursor: str, upto: int, *, is_idle: bool) -> None:
        """What is written here from now on was written knowing the district's log up to there."""
        seen = upto if is_idle else self.link.seen
        Link.objects.update(cursor=cursor, upto=upto, seen=seen, last_contact=timezone.now())

    def batch(self, most: int) -> tuple[list[Item], list[Handed]]:
        """What to send next: first what was taken out unanswered, then the log."""
        waiting = GivenBack.objects.filter(state=WAITING).order_by("at", "key")[:most]
        items: list[Item] = [json.loads(body) for body in waiting.values_list("body", flat=True)]
        rows: list[Handed] = []
        after = self.link.pushed
        while len(items) + len(rows) < most:
            some = mirroring.written_after(after, self.own, most)
            rows += [handed for handed in some if self.is_unsent(handed)]
            if len(some) < most:
                break
            after = some[-1].row.seq
        return items, rows[: most - len(items)]
