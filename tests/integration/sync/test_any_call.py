"""The wire against calls that its OpenAPI document allows, and many that it does not: never a fault of the server."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as drawn_by

from siklus.access.queries import User
from siklus.sync.openapi import WAYS, document
from tests.integration import area
from tests.integration.sync.wires import Handset, enrolled

_CALLS = 30
_BOUNDED = drawn_by(
    max_examples=_CALLS, deadline=None, derandomize=True, database=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
_HEADER = re.compile(r"[\x20-\x7e]*")
_KINDS = (
    "timbang",
    "daftar_orang",
    "imunisasi",
    "pindah",
    "gabung_orang",
    "meninggal",
    "tes_infeksi",
    "baru",
)
_WHOLE = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED)


def calls() -> Any:
    """The document, with what a phone means by a record: the wire itself takes anything there, and judges it."""
    told = deepcopy(document())
    schemas = told["components"]["schemas"]
    schemas["push"]["properties"]["records"] |= {
        "items": {"$ref": "#/components/schemas/sent"},
        "maxItems": 4,
    }
    schemas["sent"]["properties"]["kind"] = {"enum": _KINDS}
    return schemathesis.openapi.from_dict(told)


_OPENAPI = calls()


@pytest.mark.django_db
@pytest.mark.parametrize("mode", schemathesis.GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.path.rsplit("/", 1)[-1])
def test_no_call_is_a_fault_of_the_server(
    way: Any, mode: schemathesis.GenerationMode, users: dict[str, User], settings: Any
) -> None:
    settings.SIKLUS_TODAY = "2026-11-21"
    phone = enrolled(users["utara"], "POS-1", [users["kader1"]])
    phone.push(phone.child("Ani"))
    area.child("Budi")
    told: list[int] = []

    @_BOUNDED
    @given(case=_OPENAPI[way.path][way.method.upper()].as_strategy(generation_mode=mode))
    def any_call(case: Any) -> None:
        told.append(answered(phone, case))

    any_call()
    assert told


def answered(phone: Handset, case: Any) -> int:
    """The status of the answer to such a call, with the phone's token and the version unless another one was drawn."""
    drawn = {name: str(value) for name, value in (case.headers or {}).items()}
    drawn.pop("Authorization", None)
    kept = {name: value for name, value in drawn.items() if _HEADER.fullmatch(value)}
    sent = case.as_transport_kwargs(base_url="http://testserver")
    body = json.dumps(sent["json"]).encode() if "json" in sent else sent.get("data") or b""
    answer = Client(raise_request_exception=False).generic(
        case.method, case.formatted_path, body if isinstance(body, bytes) else str(body).encode(),
        content_type="application/json", query_params=sent.get("params") or {}, headers=phone.headers(**kept),
    )  # fmt: skip
    said = (case.method, sent, answer.content[:300])
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, said
    assert answer.status_code in _WHOLE or answer.json()["words"], said
    return int(answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("letter", ["\x00", "\ud800", "\u202e"])
def test_letters_that_no_database_takes_are_refused_and_not_a_fault(
    letter: str, users: dict[str, User]
) -> None:
    phone = enrolled(users["utara"], "POS-1", [users["kader1"]])
    odd = [
        phone.child(f"A{letter}ni"),
        phone.write(f"k{letter}", data={}),
        phone.weighing("1-1", 7.5, why=letter),
        phone.write("baru", data={letter: letter}),
        {"id": letter, "kind": "timbang", "on": letter},
        letter,
    ]
    assert len(phone.push(*odd)["answers"]) == len(odd)
    assert phone.call("get", "pull", **{"Siklus-App": "x" * 500}).status_code == HTTPStatus.OK
    assert Client().post(
        "/api/sync/enrol", {"code": letter}, "application/json", headers=phone.headers()
    ).status_code in (400, 403)
    assert (
        phone.client.get("/api/sync/pull", {"after": "\x00"}, headers=phone.headers()).status_code
        == HTTPStatus.OK
    )
