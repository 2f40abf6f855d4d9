"""What a phone sends is kept, known already, or refused in sight; nothing else can become of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from siklus.access.queries import User
from siklus.sync import actions, queries, settling
from tests.integration import area
from tests.integration.sync.wires import Handset, enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.SIKLUS_TODAY = "2026-11-21"


@pytest.fixture
def phone(users: dict[str, User]) -> Handset:
    return enrolled(users["utara"], "POS-1", [users["kader1"]])


def log_size() -> int:
    return apps.get_model("care.Record")._default_manager.count()


def test_records_are_answered_one_by_one_with_their_place_in_the_log(phone: Handset) -> None:
    child = phone.child("Ani")
    told = phone.push(child, phone.weighing(child["id"]))
    assert [(each["status"], each["seq"]) for each in told["answers"]] == [("accepted", 1), ("accepted", 2)]


def test_the_audit_says_who_brought_how_many_and_nothing_of_whom(phone: Handset, users: Any) -> None:
    lines = apps.get_model("access.AuditEntry")._default_manager.filter(action="terima dari perangkat")
    child = phone.child("Ani")
    phone.push(child, phone.weighing(child["id"], "berat sekali"))
    phone.push(child)
    told = lines.values_list("user_id", "subject", "detail")
    assert list(told) == [(users["kader1"].pk, str(phone.device), "1 catatan")]


def test_sending_twice_does_no_harm(phone: Handset) -> None:
    batch = [phone.child("Ani")]
    batch.append(phone.weighing(batch[0]["id"]))
    assert phone.statuses(*batch) == ["accepted", "accepted"]
    told = phone.push(*batch, batch[0])
    assert [(each["status"], each["seq"]) for each in told["answers"]] == [
        ("duplicate", 1), ("duplicate", 2), ("duplicate", 1),
    ]  # fmt: skip
    assert log_size() == 2


def test_good_ones_in_a_bad_batch_are_kept_and_the_bad_one_names_its_field(phone: Handset) -> None:
    child = phone.child("Ani")
    told = phone.push(child, phone.weighing(child["id"], "berat sekali"), phone.weighing(child["id"]))
    assert [each["status"] for each in told["answers"]] == ["accepted", "refused", "accepted"]
    assert [problem["field"] for problem in told["answers"][1]["problems"]] == ["berat"]


@pytest.mark.parametrize("item", [None, 7, [], {}, {"id": "x"}, {"id": "0-0", "kind": "timbang"}])
def test_what_is_not_a_record_is_refused_and_kept_all_the_same(
    phone: Handset, users: Any, item: object
) -> None:
    assert phone.statuses(item) == ["refused"]
    assert phone.statuses(item) == ["refused"]
    (row,) = queries.inbox(users["utara"])
    assert row.times == 2


def test_batches_may_come_in_any_order(phone: Handset) -> None:
    child = phone.child("Ani")
    weighing = phone.weighing(child["id"])
    correction = phone.write(
        "timbang", person=child["id"], root=weighing["id"], why="salah ketik", data={"berat": 6.5}
    )
    assert phone.statuses(correction) == ["refused"]
    assert phone.statuses(weighing) == ["refused"]
    told = phone.push(child)
    assert [each["status"] for each in told["answers"]] == ["accepted"]
    assert [(each["id"], each["state"], each["seq"]) for each in told["outcomes"]] == [
        (weighing["id"], "diterima", 2), (correction["id"], "diterima", 3),
    ]  # fmt: skip


def test_what_speaks_of_a_later_one_in_the_same_batch_is_kept(phone: Handset) -> None:
    child, mother = phone.child("Ani"), phone.child("Ibu Ani", birth="1996-01-01")
    child["data"]["ibu"] = mother["id"]
    assert phone.statuses(child, mother) == ["accepted", "accepted"]


def test_a_number_used_twice_is_a_conflict_in_sight(phone: Handset, users: Any) -> None:
    child = phone.child("Ani")
    phone.push(child)
    other = {**child, "data": {**child["data"], "nama": "Budi"}}
    assert phone.statuses(other, child) == ["refused", "duplicate"]
    (row,) = queries.inbox(users["utara"])
    assert row.is_conflict


def test_the_same_values_about_somebody_else_are_no_duplicate(phone: Handset) -> None:
    ani, budi = phone.child("Ani"), phone.child("Budi")
    weighing = phone.weighing(ani["id"])
    phone.push(ani, budi, weighing)
    assert phone.statuses({**weighing, "person": budi["id"]}) == ["refused"]


def test_kinds_and_fields_of_a_newer_app_come_back_as_they_went(phone: Handset) -> None:
    cursor, _ = phone.first_sync()
    child = phone.child("Ani")
    newer = phone.write("senam_otak", person=child["id"], data={"gerak": ["a", {"b": 1.5}], "lama": 3})
    wider = phone.weighing(child["id"], beret_merah=True)
    wider["data"]["beratt"] = "baru"
    unowned = phone.write("cuaca", data={"hujan": True})
    told = phone.push(child, newer, wider, unowned)
    assert [each["status"] for each in told["answers"]] == ["accepted"] * 4
    assert [each.get("unread") for each in told["answers"]] == [None, ["kind"], ["beratt"], ["kind"]]
    back = {each["id"]: each["data"] for each in phone.pull(cursor)["records"]}
    for item in (newer, wider, unowned):
        assert back[item["id"]] == item["data"]


def test_a_phone_writes_of_its_own_area_only_and_under_its_own_number(phone: Handset, users: Any) -> None:
    stranger = area.label(area.child("Citra", posyandu=3))
    foreign = {**phone.weighing(stranger), "id": f"{phone.device + 7}-77"}
    told = phone.push(phone.weighing(stranger), foreign)
    assert [each["problems"][0]["code"] for each in told["answers"]] == ["S01", "W09"]
    assert queries.inbox_count(users["utara"]) == 2
    assert queries.inbox_count(users["selatan"]) == 0


def test_who_moved_away_after_the_phone_last_heard_may_still_be_written_of(phone: Handset) -> None:
    child = area.child("Ani")
    cursor, _ = phone.first_sync()
    seen = phone.pull(cursor)["upto"]
    area.write_one("pindah", of=child, posyandu="POS-3", desa=area.DESAS[2])
    later = phone.pull(cursor)
    assert later["forget"]["persons"] == [area.label(child)]
    written_before = phone.weighing(area.label(child), seen=seen)
    written_after = phone.weighing(area.label(child), seen=later["upto"])
    assert phone.statuses(written_before, written_after) == ["accepted", "refused"]


def test_the_server_names_the_numbers_it_has_not_seen(phone: Handset) -> None:
    items = [phone.child(f"Anak {number}") for number in range(9)]
    told = phone.push(items[0], items[3], items[4], last=9)
    assert told["phone"]["missing"] == [[2, 3], [6, 9]]
    told = phone.push(*items[1:3])
    assert told["phone"]["missing"] == [[6, 9]]
    told = phone.push(*items[5:8], {"id": items[8]["id"], "kind": ""})
    assert told["phone"]["missing"] == [], "what was refused has been seen"


def test_a_shared_phone_says_who_wrote(users: dict[str, User]) -> None:
    phone = enrolled(users["utara"], "POS-1", [users["kader1"]])
    other = users["kader3"].pk
    child = phone.child("Ani")
    assert phone.statuses({**child, "author": other}) == ["refused"]
    assert phone.statuses({**child, "author": users["kader1"].pk}) == ["accepted"]
    record = apps.get_model("care.Record")._default_manager.get()
    assert record.author_id == users["kader1"].pk


def test_a_refused_record_is_put_right_at_the_desk_and_keeps_its_number(phone: Handset, users: Any) -> None:
    cursor, _ = phone.first_sync()
    child = phone.child("Ani", birth="2026-13-45")
    weighing = phone.weighing(child["id"])
    assert phone.statuses(child, weighing) == ["refused", "refused"]
    row = next(each for each in queries.inbox(users["utara"]) if each.kind == "daftar_orang")
    assert actions.mend(row, by=users["utara"], changes={"data": {"birth": "2027-01-01"}}), "still wrong"
    assert actions.mend(row, by=users["utara"], changes={"data": {"birth": "2026-01-01"}}) == ()
    assert queries.inbox_count(users["utara"]) == 0, "the weighing waited for it"
    told = phone.pull(cursor)
    assert [(each["state"], each["id"]) for each in told["outcomes"]] == [
        ("dibetulkan", child["id"]), ("diterima", weighing["id"]),
    ]  # fmt: skip
    assert [each["data"].get("birth") for each in told["records"]] == ["2026-01-01", None]
    (answer,) = phone.push(child)["answers"]
    assert (answer["status"], answer["mended"]) == ("duplicate", True)


def test_a_dismissed_record_is_told_with_its_reason(phone: Handset, users: Any) -> None:
    child = phone.child("", sex="x")
    phone.push(child)
    (row,) = queries.inbox(users["utara"])
    with pytest.raises(ValueError, match="reason"):
        actions.dismiss(row, by=users["utara"], reason=" ")
    actions.dismiss(row, by=users["utara"], reason="anak coba-coba")
    told = phone.push(child)
    assert [(each["number"], each["state"], each["reason"]) for each in told["outcomes"]] == [
        (1, "dikesampingkan", "anak coba-coba")
    ]
    assert told["answers"][0]["final"]
    assert phone.push(heard=told["heard"])["outcomes"] == []


def test_what_waits_for_a_record_of_another_phone_is_judged_when_it_comes(phone: Handset, users: Any) -> None:
    other = enrolled(users["utara"], "POS-1", [users["kader1"]])
    child = other.child("Ani")
    assert phone.statuses(phone.weighing(child["id"])) == ["refused"]
    other.push(child)
    assert actions.judge_waiting(area.TODAY) == 1
    assert queries.inbox_count(users["utara"]) == 0


def test_needs_are_computed_after_the_answer_and_for_many_at_once(phone: Handset) -> None:
    needs = apps.get_model("care.Need")._default_manager
    child = phone.child("Ani")
    phone.push(child, phone.weighing(child["id"]))
    assert (needs.count(), settling.waiting_count()) == (0, 1)
    assert settling.settle_waiting(area.TODAY) == 2, "the child, and the look for doubles of it"
    assert needs.count() > 0
    assert settling.waiting_count() == 0


def test_a_refusal_and_an_objection_at_the_door_are_recorded_by_the_kader(phone: Handset) -> None:
    child = phone.child("Ani")
    home = phone.write("daftar_keluarga", data={"posyandu": "POS-1", "rt": "01"})
    said = [
        phone.write("penolakan", person=child["id"], data={"kebutuhan": "mr1"}),
        phone.write("penolakan_keluarga", household=home["id"], data={"kebutuhan": "kunjungan_keluarga"}),
        phone.write(
            "keberatan_data", person=child["id"], data={"tujuan": "penelitian", "pesan": "tidak mau"}
        ),
        phone.write("penolakan", person=child["id"], data={"kebutuhan": "arv_kontrol"}),
    ]
    told = phone.statuses(child, home, *said)
    assert told == ["accepted"] * 5 + ["refused"], "of HIV a kader neither knows nor writes"
