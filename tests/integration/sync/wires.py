"""Phones as tests speak for them: an enrolled phone, its numbers, and what it sends and hears over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.test import Client

from siklus.access.queries import User
from siklus.sync import actions

Item = dict[str, Any]


@dataclass
class Handset:
    """One phone with its token; `write` makes the next record, `push` and `pull` go over the wire."""

    device: int
    token: str
    client: Client = field(default_factory=Client)
    numbers: Any = field(default_factory=lambda: count(1))

    def write(self, kind: str, on: str = "2026-11-01", **more: Any) -> Item:
        """The phone's next record."""
        return {"id": f"{self.device}-{next(self.numbers)}", "kind": kind, "on": on, **more}

    def child(self, name: str, posyandu: str = "POS-1", **data: Any) -> Item:
        """A registration."""
        data = {"nama": name, "birth": "2026-01-02", "sex": "p", "posyandu": posyandu, **data}
        return self.write("daftar_orang", "2026-01-02", data=data)

    def weighing(self, person: str, kg: object = 7.5, **more: Any) -> Item:
        """A weighing."""
        return self.write("timbang", person=person, data={"berat": kg}, **more)

    def headers(self, **more: str) -> dict[str, str]:
        """Who calls, in which version."""
        return {"Authorization": f"Siklus {self.device}.{self.token}", "Siklus-Protocol": "1", **more}

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """The answer of the server, whatever it is."""
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        ask: Callable[..., Any] = getattr(self.client, method)
        return ask(f"/api/sync/{path}", headers=self.headers(**headers), **sent)

    def push(self, *items: object, **more: object) -> Any:
        """What became of the items."""
        answer = self.call("post", "push", {"records": list(items), **more})
        assert answer.status_code == 200, answer.content
        return answer.json()

    def statuses(self, *items: object) -> list[str]:
        """Only how each was answered."""
        return [answer["status"] for answer in self.push(*items)["answers"]]

    def pull(self, after: str, **query: object) -> Any:
        """One page."""
        answer = self.client.get("/api/sync/pull", {"after": after, **query}, headers=self.headers())
        assert answer.status_code == 200, answer.content
        return answer.json()

    def first_sync(self) -> tuple[str, list[Item]]:
        """Cursor and records of the snapshot."""
        answer = self.call("get", "snapshot")
        assert answer.status_code == 200, answer.content
        head, *records = [json.loads(line) for line in answer.content.decode().splitlines()]
        assert head["records"] == len(records)
        return head["cursor"], records


def enrolled(by: User, place: str = "POS-1", users: Sequence[User] = ()) -> Handset:
    """A phone of a place, for these users or for who enrols it."""
    code = actions.offer(by=by, name="HP Melati", scope_code=place, users=[user.pk for user in users])
    key = actions.enrol(code)
    assert key is not None
    return Handset(key.device, key.token)
