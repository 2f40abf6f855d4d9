"""Phones are enrolled by a code that works once, stopped and wiped from the desk, and each says how it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from siklus.access.queries import User
from siklus.kernel.problems import ProblemError
from siklus.sync import actions, queries
from siklus.sync.queries import phone
from tests.integration.area import enter_as, words
from tests.integration.sync.wires import Handset, enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.SIKLUS_TODAY = "2026-11-21"


@pytest.fixture
def enter(users: dict[str, User]) -> Callable[[str], Client]:
    return enter_as(users)


def ask(path: str, body: object, **headers: str) -> Any:
    return Client().post(
        f"/api/sync/{path}", json.dumps(body), "application/json", headers={"Siklus-Protocol": "1", **headers}
    )


def test_a_code_enrols_one_phone_once_and_only_for_a_while(users: dict[str, User]) -> None:
    def offer() -> str:
        return actions.offer(by=users["utara"], name="HP", scope_code="POS-1", users=[users["kader1"].pk])

    code = offer()
    told = ask("enrol", {"code": code}).json()
    assert queries.phone_of(told["device"], told["token"]) is not None
    assert ask("enrol", {"code": code}).status_code == 403
    assert ask("enrol", {"code": "tebakan"}).status_code == 403
    late = offer()
    codes = apps.get_model("sync.Enrolment")._default_manager
    codes.filter(phone__isnull=True).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask("enrol", {"code": late}).status_code == 403
    kept = json.dumps(
        [
            *codes.values_list("code_hash"),
            *apps.get_model("sync.Phone")._default_manager.values_list("token_hash"),
        ]
    )
    assert not any(secret in kept for secret in (code, late, told["token"])), "only hashes are kept"


def test_a_phone_is_for_people_of_its_place(users: dict[str, User]) -> None:
    with pytest.raises(ProblemError):
        actions.offer(by=users["utara"], name="HP", scope_code="POS-1", users=[users["kader3"].pk])


def test_who_does_not_hold_the_token_is_nobody(users: dict[str, User]) -> None:
    first, second = (enrolled(users["utara"], "POS-1", [users["kader1"]]) for _ in range(2))
    for device, token in ((first.device, second.token), (999, first.token), (first.device, "")):
        answer = Client().get(
            "/api/sync/pull", headers={"Siklus-Protocol": "1", "Authorization": f"Siklus {device}.{token}"}
        )
        assert answer.status_code == 401


@pytest.mark.parametrize("asked", ["", "0", "99", "x"])
def test_another_version_is_told_in_kind_words(users: dict[str, User], asked: str) -> None:
    handset = enrolled(users["utara"], "POS-1", [users["kader1"]])
    answer = handset.call("get", "pull", **{"Siklus-Protocol": asked})
    assert answer.status_code == 426
    assert answer.json()["spoken"] == [1]
    assert "Catatan Anda aman di ponsel" in answer.json()["words"]


def test_a_phone_that_was_stopped_hears_so_and_goes_on_when_it_may(users: dict[str, User]) -> None:
    handset = enrolled(users["utara"], "POS-1", [users["kader1"]])
    row = phone(users["utara"], handset.device).phone
    actions.change_state(row, "henti", by=users["utara"], why="rusak")
    assert handset.call("post", "push", {"records": []}).status_code == 403
    actions.change_state(row, "aktif", by=users["utara"], why="sudah baik")
    assert handset.call("post", "push", {"records": []}).status_code == 200


def test_a_phone_whose_people_were_all_stopped_hears_nothing_new_and_still_hands_in(
    users: dict[str, User],
) -> None:
    handset = enrolled(users["utara"], "POS-1", [users["kader1"]])
    cursor, _ = handset.first_sync()
    User.objects.filter(pk=users["kader1"].pk).update(is_active=False)
    assert handset.call("get", f"pull?after={cursor}").json()["error"] == "state"
    assert handset.call("get", "snapshot").status_code == 403
    assert handset.statuses(handset.child("Ani")) == ["accepted"], "what they wrote before is not lost"
    User.objects.filter(pk=users["kader1"].pk).update(is_active=True)
    assert handset.pull(cursor)["records"]


def test_a_lost_phone_is_told_to_forget_everything_and_says_when_it_has(users: dict[str, User]) -> None:
    handset = enrolled(users["utara"], "POS-1", [users["kader1"]])
    row = phone(users["utara"], handset.device).phone
    assert handset.call("post", "wiped", {}).status_code == 403, "nobody asked it to"
    actions.change_state(row, "hilang", by=users["utara"], why="dicuri")
    assert handset.call("get", "snapshot").status_code == 403
    actions.change_state(row, "hapus", by=users["utara"], why="dicuri")
    answer = handset.call("get", "pull")
    assert (answer.status_code, answer.json()["wipe"]) == (410, True)
    assert handset.call("post", "wiped", {}).status_code == 200
    assert handset.call("get", "pull").status_code == 401, "the token is worth nothing any more"
    with pytest.raises(ValueError, match="aktif"):
        actions.change_state(row, "aktif", by=users["utara"], why="ketemu")


def test_the_list_of_phones_shows_what_each_said_of_itself(
    users: dict[str, User], enter: Callable[[str], Client]
) -> None:
    handset = enrolled(users["utara"], "POS-1", [users["kader1"]])
    fast = (timezone.now() + timedelta(minutes=25)).isoformat()
    handset.call(
        "post", "push", {"records": [handset.child("Ani")], "last": 4},
        **{"Siklus-App": "2.1", "Siklus-Clock": fast, "Siklus-Pending": "3"},
    )  # fmt: skip
    line = words(enter("utara"), "/perangkat/")
    for told in ("HP Melati", "Melati 1", "Kader1", "jam ponsel 25 menit terlalu cepat", "nomor 2–4", "2.1"):
        assert told in line
    assert "HP Melati" not in words(enter("selatan"), "/perangkat/")
    assert enter("selatan").get(f"/perangkat/{handset.device}/").status_code == 404
    assert enter("kader1").get("/perangkat/").status_code == 403


def test_a_phone_is_enrolled_and_stopped_from_the_desk(
    users: dict[str, User], enter: Callable[[str], Client]
) -> None:
    desk = enter("utara")
    assert "Kader1" in words(desk, "/perangkat/baru/?wilayah=POS-1")
    shown = desk.post(
        "/perangkat/baru/", {"wilayah": "POS-1", "nama": "HP Baru", "pemakai": users["kader1"].pk}
    ).content.decode()
    assert 'src="data:image/svg+xml' in shown
    code = shown.partition("<code>")[2].partition("</code>")[0]
    device = ask("enrol", {"code": code}).json()["device"]
    page = f"/perangkat/{device}/"
    desk.post(page, {"aksi": "henti", "alasan": ""})
    assert "Dipakai" in words(desk, page), "a step needs a reason"
    desk.post(page, {"aksi": "henti", "alasan": "rusak"})
    assert "Dihentikan : rusak" in words(desk, page).replace("Dihentikan:", "Dihentikan :")
    desk.post(page, {"aksi": "pemakai", "pemakai": users["kader1"].pk, "pin": users["kader1"].pk})
    assert phone(users["utara"], device).writers[0].pin_round == 2


def test_held_records_are_put_right_or_dismissed_from_the_desk(
    users: dict[str, User], enter: Callable[[str], Client]
) -> None:
    handset: Handset = enrolled(users["utara"], "POS-1", [users["kader1"]])
    child = handset.child("Ani")
    handset.push(child, handset.weighing(child["id"], 900), handset.weighing(child["id"], 901))
    first, second = queries.inbox(users["utara"])
    desk = enter("utara")
    assert words(desk, "/perangkat/tertahan/").count("HP Melati") == 2
    page = f"/perangkat/tertahan/{first.pk}/"
    assert "Berat badan" in words(desk, page)
    desk.post(page, {"aksi": "terima", "on": "2026-11-01", "isi-berat": "90,5"})
    assert "berat" in words(desk, page), "still not possible"
    desk.post(page, {"aksi": "terima", "on": "2026-11-01", "isi-berat": "9,1"})
    desk.post(f"/perangkat/tertahan/{second.pk}/", {"aksi": "kesampingkan", "alasan": "tercatat dua kali"})
    assert "tercatat dua kali" in words(desk, "/perangkat/tertahan/?keadaan=dikesampingkan")
    assert queries.inbox_count(users["utara"]) == 0
    assert enter("selatan").get(page).status_code == 404
    told = handset.push()["outcomes"]
    assert [each["state"] for each in told] == ["dibetulkan", "dikesampingkan"]


def test_a_secret_that_was_refused_is_seen_by_who_reads_such_secrets(
    users: dict[str, User], enter: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    handset: Handset = enrolled(users["utara"], "POS-1", [users["kader1"]])
    child = handset.child("Ani")
    test = {
        **handset.weighing(child["id"], 900),
        "kind": "tes_infeksi",
        "data": {"jenis": "hiv", "hasil": "positif"},
    }
    handset.push(child, test, handset.weighing(child["id"], 901))
    seen = {name: [row.kind for row in queries.inbox(users[name])] for name in ("utara", "dinkes")}
    assert seen == {"utara": ["tes_infeksi", "timbang"], "dinkes": ["timbang"]}
    assert (queries.inbox_count(users["utara"]), queries.inbox_count(users["dinkes"])) == (2, 1)
    opened: list[str] = []
    monkeypatch.setattr(queries, "body_of", lambda row: opened.append(row.kind) or {})
    queries.inbox_count(users["dinkes"])
    assert opened == [], "nothing is opened for counting where the kind decides"
    monkeypatch.undo()
    (held, _) = queries.inbox(users["utara"])
    assert enter("dinkes").get(f"/perangkat/tertahan/{held.pk}/").status_code == 404
    assert enter("utara").get(f"/perangkat/tertahan/{held.pk}/").status_code == 200
