"""What no phone of ours sends and somebody may: it is refused in sight or kept, and holds up nobody."""

from __future__ import annotations

import gzip
import json
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from siklus.access.queries import User
from siklus.kernel.ids import MAX_NUMBER
from siklus.sync import actions, queries
from siklus.sync.api import MOST_BYTES, MOST_ITEMS
from siklus.sync.models import Refusal
from tests.integration.sync.wires import Handset, enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(users: dict[str, User], settings: Any) -> Handset:
    settings.SIKLUS_TODAY = "2026-11-21"
    return enrolled(users["utara"], "POS-1", [users["kader1"]])


def sent_raw(phone: Handset, body: bytes, **headers: str) -> Any:
    client = Client(raise_request_exception=False)
    return client.post("/api/sync/push", body, "application/json", headers=phone.headers(**headers))


@pytest.mark.parametrize(
    "clock",
    ["1000-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00+23:00"],
)
def test_a_phone_whose_clock_is_centuries_off_syncs_and_is_seen(
    phone: Handset, users: Any, clock: str
) -> None:
    answer = phone.call("get", "pull", **{"Siklus-Clock": clock})
    assert answer.status_code == HTTPStatus.OK
    (line,) = queries.phones(users["utara"])
    assert line.is_clock_off or clock.startswith("0001"), (
        "before the calendar begins there is no time to compare"
    )


@pytest.mark.parametrize("digits", [20, 400, 5000])
def test_a_number_of_many_digits_is_refused_and_the_others_are_kept(phone: Handset, digits: int) -> None:
    child = phone.child("Ani")
    told = json.dumps({"records": [child, phone.weighing(child["id"], -1.5), phone.weighing(child["id"])]})
    answer = sent_raw(phone, told.replace("-1.5", "9" * digits).encode())
    assert [each["status"] for each in answer.json()["answers"]] == ["accepted", "refused", "accepted"]


def test_what_cannot_be_read_is_held_and_can_only_be_dismissed(phone: Handset, users: Any) -> None:
    told = json.dumps({"records": [phone.weighing("1-1", float("nan"))]}).encode()
    assert sent_raw(phone, told).json()["answers"][0]["problems"][0]["code"] == "W06"
    (row,) = queries.inbox(users["utara"])
    problems = actions.mend(row, by=users["utara"], changes={"data": {"berat": 7.5}})
    assert [problem.code for problem in problems] == ["W02"], "not even its number is known"
    actions.dismiss(row, by=users["utara"], reason="bukan catatan")
    assert queries.inbox(users["utara"]) == []


def test_a_record_that_comes_twice_in_its_first_batch_is_told_its_place_both_times(phone: Handset) -> None:
    child = phone.child("Ani")
    told = phone.push(child, child)
    assert [(each["status"], each["seq"]) for each in told["answers"]] == [("accepted", 1), ("duplicate", 1)]


def test_a_number_no_record_can_have_is_not_waited_for(phone: Handset) -> None:
    missing = phone.push(last=2**53 - 1)["phone"]["missing"]
    assert missing == [[1, MAX_NUMBER]]


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b'{"records": []}'.ljust(10_000_000)), b"no gzip", gzip.compress(b"{}")[:-4]],
    ids=["grows too large", "no pack", "cut"],  # what is packed bears the second it was packed in
)
def test_a_pack_that_grows_too_large_or_is_none_is_told_so(phone: Handset, packed: bytes) -> None:
    answer = sent_raw(phone, packed, **{"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["error"]) == (HTTPStatus.BAD_REQUEST, "body")


def test_too_many_records_or_bytes_at_once_are_not_looked_at(phone: Handset) -> None:
    many = phone.call("post", "push", {"records": [{}] * (MOST_ITEMS + 1)})
    assert (many.status_code, many.json()["most"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, MOST_ITEMS)
    wide = sent_raw(phone, b'{"records": []}'.ljust(MOST_BYTES + 1))
    assert (wide.status_code, wide.json()["error"]) == (HTTPStatus.BAD_REQUEST, "body")
    assert phone.push()["phone"]["missing"] == []
    assert not Refusal.objects.exists()


def test_what_is_nested_deeper_than_anybody_reads_goes_to_nobody(phone: Handset) -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    told = phone.push(phone.write("jenis_baru", data={"a": deep}), phone.child("Ani"))
    assert [each["status"] for each in told["answers"]] == ["refused", "accepted"]
    assert [record["kind"] for record in phone.first_sync()[1]] == ["daftar_orang"]
