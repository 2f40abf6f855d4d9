"""The real server of the protocol, asked below HTTP: for the random histories that a database is held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings

from siklus.access.queries import User
from siklus.care import actions as care
from siklus.care import log
from siklus.kernel.dates import iso
from siklus.records.drafts import DraftRecord, StoredRecord
from siklus.register import guests
from siklus.register.queries import places_of_households, places_of_persons
from siklus.sync import actions, gaps, paging, telling
from siklus.sync.models import Phone
from siklus.sync.outcomes import outcomes_after
from siklus.sync.pulling import LogSource
from tests.integration.area import TODAY
from tests.integration.sync.servers import Refused


@dataclass
class DatabaseServer:
    """The real one, asked below HTTP."""

    phones: Mapping[int, int]
    by: User
    today: int = TODAY

    def _phone(self, device: int) -> Phone:
        return Phone.objects.get(pk=device)

    def push(self, device: int, items: Sequence[Any], heard: int, last: int) -> dict[str, Any]:
        answers = actions.push(device, items, last_number=last, today=self.today)
        return {"answers": telling.answers(answers), "outcomes": self.outcomes(device, heard)}

    def page(self, device: int, after: int, most: int, moves: int, day: int) -> dict[str, Any]:
        source = LogSource(self._phone(device))
        page = paging.page(source, after, day=day, most_records=most, most_moves=moves)
        return {**telling.page(page), "cursor": str(page.upto)}

    def snapshot(self, device: int) -> tuple[int, list[dict[str, Any]]]:
        source = LogSource(self._phone(device))
        head = source.head()
        return head, [telling.record(row) for row in source.tail(0, head, 10**6)]

    def outcomes(self, device: int, heard: int) -> list[dict[str, Any]]:
        return telling.outcomes(outcomes_after(self._phone(device), heard, 1000))

    def desk(self, draft: DraftRecord) -> bool:
        (outcome,) = care.append_records(
            [draft], author=None, today=self.today, refresh=False, keeps_unread=True
        )
        return outcome.is_accepted

    def rows(self) -> list[StoredRecord]:
        return list(log.stored(apps.get_model("care.Record")._default_manager.order_by("seq")))

    def place(self, person: int) -> str | None:
        found = places_of_persons([person]).get(person)
        return None if found is None else found.posyandu

    def place_of_home(self, household: int) -> str | None:
        found = places_of_households([household]).get(household)
        return None if found is None else found.posyandu

    def hosts(self, person: int) -> set[str]:
        found = guests.visits_of([person]).get(person, frozenset())
        return {each.area.posyandu for each in found if each.first <= self.today <= each.last}

    def begin_day(self, day: int) -> None:
        self.today, settings.SIKLUS_TODAY = day, iso(day)

    def refusals(self) -> list[Refused]:
        rows = apps.get_model("sync.Refusal")._default_manager.order_by("pk")
        return [Refused(row.pk, row.phone_id, row.key, row.state == "terbuka", row.state) for row in rows]

    def dismiss(self, refusal: int) -> None:
        actions.dismiss(
            apps.get_model("sync.Refusal")._default_manager.get(pk=refusal), by=self.by, reason="x"
        )

    def judge(self) -> None:
        actions.judge_waiting(self.today)

    def gaps(self, device: int) -> list[tuple[int, int]]:
        return gaps.missing(gaps.of_phone(self._phone(device)), 99)
