"""The wire as it is written down: its schema is held by a hash, and what travels keeps to it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from siklus.access.queries import User
from siklus.sync import protocol
from siklus.sync.openapi import WAYS, document
from tests.integration import area
from tests.integration.sync.wires import enrolled

HASHES = {1: "6b523392964e0df3a84f6048b1088e88a92fbe034648d652c8b74a900efbb5ba"}
"""What phones out there speak. Another hash means another version: write a new file, and keep serving the old one."""


def test_the_messages_of_a_version_never_change() -> None:
    assert set(HASHES) == set(protocol.SPOKEN)
    for version, known in HASHES.items():
        text = json.dumps(protocol.schema(version), sort_keys=True)
        assert hashlib.sha256(text.encode()).hexdigest() == known


def fits(name: str, told: object) -> None:
    schema = {**protocol.schema(1), "$ref": f"#/$defs/{name}"}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(told)] == []


@pytest.mark.django_db
def test_what_travels_keeps_to_the_schema(users: dict[str, User], settings: Any) -> None:
    settings.SIKLUS_TODAY = "2026-11-21"
    phone = enrolled(users["utara"], "POS-1", [users["kader1"]])
    gone = area.child("Budi")
    answer = phone.call("get", "snapshot").content.decode().splitlines()
    fits("head", json.loads(answer[0]))
    fits("record", json.loads(answer[1]))
    cursor = json.loads(answer[0])["cursor"]
    child = phone.child("Ani")
    items = [
        child,
        phone.weighing(child["id"]),
        phone.weighing(child["id"], "x"),
        phone.write("baru", data={"a": 1}),
    ]
    fits("push", {"records": items})
    for item in items:
        fits("sent", item)
    told = phone.push(*items)
    fits("pushed", told)
    area.write_one("pindah", of=gone, posyandu="POS-3", desa=area.DESAS[2])
    page = phone.pull(cursor)
    assert page["records"] and page["forget"]["persons"] and page["places"]
    fits("pulled", page)
    fits("begin", phone.pull(""))
    fits("error", phone.call("post", "push", {"records": 1}).json())
    assert "places" not in phone.pull(page["cursor"]), "only when they changed"


@pytest.mark.django_db
def test_the_document_of_the_interface_stands_and_names_every_way(users: dict[str, User]) -> None:
    phone = enrolled(users["utara"], "POS-1", [users["kader1"]])
    told = phone.client.get("/api/openapi.json").json()
    assert told == document()
    for way in WAYS:
        answer = getattr(phone.client, way.method)(way.path, headers=phone.headers())
        assert str(answer.status_code) in told["paths"][way.path][way.method]["responses"], way.path
