"""Who may come in: the code of a phone and its papers, users, phones, the audit, everything held of a person."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.apps import apps
from django.utils import timezone

from siklus.access import actions, second_step
from siklus.kernel.ids import format_record_id, record_key
from siklus.site.upkeep.erasing import NOTE
from siklus.sync.edge import gate
from tests import village as places
from tests.journeys.test_desk_journeys import AXE_RULES
from tests.village import Village

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STEP = 59_000_000


def become_edge(village: Village) -> None:
    """This server as an edge whose district answers no more, and refused two records."""
    back = apps.get_model("sync.GivenBack")._default_manager
    apps.get_model("sync.Link")._default_manager.create(
        url="https://siklus.contoh.go.id", device_id=1000, last_device=5095, token="x", scope_code=places.PUSKESMAS,
        last_contact=timezone.now(), last_fault="server kabupaten tidak menjawab",
    )  # fmt: skip
    author = places.User.objects.get(username=village.kader)
    for number, state, reason in ((1, "terbuka", ""), (2, "dikesampingkan", "sudah dicatat di RS")):
        back.create(
            key=record_key(1001, number), kind="timbang", person_id=village.arkana, author_id=author.pk,
            body=json.dumps({"data": {"berat": 7.5}}), state=state, reason=reason,
            problems=json.dumps([{"code": "R04", "path": "", "found": "catatan yang diganti sudah dibatalkan"}]),
        )  # fmt: skip


def take_in_an_edge(village: Village) -> Any:
    """An edge of this district that is to send first and be wiped then; a phone there holds more."""
    edge = apps.get_model("sync.Phone")._default_manager.create(
        device_id=7000, last_device=7999, name="PC Puskesmas", scope_kind="puskesmas", scope_code=places.PUSKESMAS,
        puskesmas_code=places.PUSKESMAS, state="kosongkan", why="PC dijual", last_contact=timezone.now(), pending=3,
        last_number=4,
    )  # fmt: skip
    apps.get_model("sync.SubDevice")._default_manager.create(
        device_id=7001, edge=edge, name="HP Melati", last_number=9, pending=2
    )
    return edge


def faults_of(page: Any) -> list[str]:
    return [each["id"] for each in Axe().run(page, options={"runOnly": AXE_RULES}).response["violations"]]


def test_a_server_that_shows_nobody_says_so_to_all(
    transactional_db: None, live_server: Any, page: Any, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    # As 200, for a browser calls every other answer an error of the page.
    page.route("**/orang/", lambda route: route.fulfill(response=route.fetch(), status=200))
    gate.close(1200, 30_000)
    page.goto(f"{live_server.url}/orang/")
    assert "sedang mengambil wilayahnya" in page.inner_text("h1")
    found = {"coming": faults_of(page)}
    gate.lift()
    farewell = {"lost": 2, "devices": [{"name": "HP Melati", "pending": 3}]}
    (tmp_path / NOTE).write_text(json.dumps({"at": timezone.now().isoformat(), "farewell": farewell}))
    page.goto(f"{live_server.url}/orang/")
    assert "sudah dihapus" in page.inner_text("h1")
    assert found | {"erased": faults_of(page)} == {"coming": [], "erased": []}


def test_a_head_sets_up_a_code_and_every_page_of_access_is_readable_by_all(
    village: Village,
    enter: Callable[[str], None],
    live_server: Any,
    page: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(second_step, "step_now", lambda: STEP)
    actions.add_user(
        username="kepala",
        password=places.PASSWORD,
        role="kepala",
        scope_code=places.PUSKESMAS,
        name="Sri Wahyuni",
    )
    enter("kepala")
    found = {}

    def looked_at(name: str) -> None:
        found[name] = faults_of(page)

    for address in (
        "/pengguna/", "/catatan-akses/", "/catatan-akses/darurat/", "/darurat/",
        "/perangkat/", "/perangkat/baru/", "/perangkat/tertahan/", "/pastikan/",
        "/kata-sandi/", f"/orang/{format_record_id(village.arkana)}/data/", "/kode-masuk/saya/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}{address}")
        looked_at(address)
    page.goto(f"{live_server.url}/perangkat/baru/?wilayah={places.PUSKESMAS}")
    page.get_by_role("button", name="Buat kode server").click()
    looked_at("edge code")
    taken_in = take_in_an_edge(village)
    for state in ("kosongkan", "terhapus"):
        taken_in.state = state
        taken_in.save()
        page.goto(f"{live_server.url}/perangkat/{taken_in.pk}/")
        looked_at(state)
    become_edge(village)
    page.goto(f"{live_server.url}/perangkat/simpul/")
    looked_at("edge")
    page.goto(f"{live_server.url}/kode-masuk/saya/")
    key = "".join(page.locator("ol.steps code").inner_text().split())
    totp = TOTP(base64.b32decode(key), 6, SHA1(), 30)  # noqa: S303
    page.get_by_label("Kode 6 angka").fill(totp.generate(STEP * 30).decode())
    page.get_by_role("button", name="Pasang").click()
    looked_at("papers")
    paper = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="Sudah saya simpan").click()
    page.goto(f"{live_server.url}/kode-masuk/saya/")
    looked_at("set up")
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/masuk/?next=/pengguna/")
    page.get_by_label("Nama pengguna").fill("kepala")
    page.get_by_label("Kata sandi").fill(places.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    looked_at("code")
    page.get_by_label("Kode 6 angka").fill(paper)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(f"{live_server.url}/pengguna/")
    assert {name: faults for name, faults in found.items() if faults} == {}
