"""Every address of the program, as every role, inside and outside the scope and without a login: who gets in.

What should be so stands in tests/data/routes.yaml, written apart from the permissions that the program goes by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from siklus.access import actions as access
from siklus.access.permissions import permissions
from siklus.access.queries import User
from siklus.care import actions as care
from siklus.doubles.models import Pair
from siklus.exchange.excel import actions as exchange
from siklus.kernel.dates import iso, parse_day
from siklus.records.drafts import DraftRecord
from siklus.register import actions as register
from siklus.register.areas import place_or_facility
from siklus.sync.models import Phone, Refusal
from siklus.trials.models import KeptCase
from tests import village as places

ROUTES = Path(__file__).parents[1] / "data" / "routes.yaml"
FAR_KABUPATEN, FAR_DESA, FAR_PUSKESMAS, FAR_POSYANDU = "99.03", "99.03.01.2001", "P-JAUH", "Y-JAUH"
SCOPES = {
    "kader": places.POSYANDU, "pustu": places.PUSTU, "puskesmas": places.PUSKESMAS, "kepala": places.PUSKESMAS,
    "dinkes": places.KABUPATEN, "admin": places.KABUPATEN, "auditor": places.KABUPATEN,
}  # fmt: skip
LINES = (
    "NIK;Nama;JK;Tgl Lahir;Nama Ortu;Desa/Kel;Posyandu;Tanggal Pengukuran;Berat",
    "9902066902240001;Sari Contoh;P;29/02/2024;Ibu Contoh;Cawang Contoh;Melati 1;08/10/2026;12,4",
)


@dataclass(frozen=True)
class Ground:
    """What stands in addresses: of a place that every role sees, and of one that none sees."""

    inside: Mapping[str, Mapping[str, Any]]
    outside: Mapping[str, Mapping[str, Any]]
    case: int


@pytest.fixture(scope="module")
def ground(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    """The village, and a second district far away; planted once for all addresses."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("SIKLUS_VAR", str(tmp_path_factory.mktemp("var")))
        yield planted()
        transaction.set_rollback(True)


def planted() -> Ground:
    village = places.plant()
    for code, level, name, parent in (
        (FAR_KABUPATEN, "kabupaten", "Kabupaten Jauh", "99"),
        ("99.03.01", "kecamatan", "Jauh", FAR_KABUPATEN),
        (FAR_DESA, "desa", "Desa Jauh", "99.03.01"),
    ):
        register.save_place(code=code, level=level, name=name, parent_code=parent)
    register.save_facility(code=FAR_PUSKESMAS, kind="puskesmas", name="Puskesmas Jauh", desa_code=FAR_DESA)
    register.save_facility(
        code=FAR_POSYANDU, kind="posyandu", name="Jauh", parent=FAR_PUSKESMAS, desa_code=FAR_DESA
    )
    register.serve_village(facility=FAR_PUSKESMAS, desa_code=FAR_DESA, since=parse_day("2020-01-01"))
    officer = User.objects.get(username="puskesmas")
    home = written("daftar_keluarga", on="2024-01-02", desa=FAR_DESA, posyandu=FAR_POSYANDU).household_id
    far = written(
        "daftar_orang", nama="Jauh Sekali", sex="p", desa=FAR_DESA, posyandu=FAR_POSYANDU
    ).person_id  # fmt: skip
    weight = written("timbang", person=far, berat=50.0).key
    tests = [
        written("tes_infeksi", person=person, jenis="hiv", hasil="negatif").key
        for person in (village.mother, far)
    ]
    for role, scope in SCOPES.items():
        access.add_user(
            username=f"uji-{role}", password=places.PASSWORD, role=role, scope_code=scope, name=role.title()
        )
    case = KeptCase.objects.create(
        title="Kasus", life='{"on": "2026-11-12", "person": {"birth": "2026-01-02", "sex": "p"}, "records": []}',
        need="mr1", status="overdue", author=officer,
    )  # fmt: skip
    near_batch, far_batch = staged(places.PUSKESMAS), staged(FAR_PUSKESMAS)

    def objects(
        person: int, family: int, record: int, secret: tuple[int, int], place: str, batch: Any, phone: Phone
    ) -> Any:
        row = batch.rows.first().number
        pair = Pair.objects.create(one=village.grandmother, other=person, score=95, print="")
        return {
            "person": {"person_id": person}, "family": {"household_id": family},
            "record": {"person_id": person, "record_id": record},
            "secret": {"person_id": secret[0], "record_id": secret[1]}, "place": {"wilayah": place},
            "batch": {"batch_id": batch.pk}, "row": {"batch_id": batch.pk, "number": row},
            "pair": {"pair_id": pair.pk}, "phone": {"device": phone.pk}, "held": {"key": phone.refusals.get().pk},
        }  # fmt: skip

    assert home is not None and far is not None and weight is not None and all(tests)
    return Ground(
        inside=objects(
            village.arkana, village.family, village.weight, (village.mother, tests[0] or 0), places.POSYANDU,
            near_batch, carried(places.POSYANDU, places.PUSKESMAS, places.DESA),
        ),
        outside=objects(
            far, home, weight, (far, tests[1] or 0), FAR_POSYANDU, far_batch,
            carried(FAR_POSYANDU, FAR_PUSKESMAS, FAR_DESA),
        ),
        case=case.pk,
    )  # fmt: skip


def written(kind: str, on: str = "2026-11-02", person: int | None = None, **data: Any) -> Any:
    draft = DraftRecord(kind=kind, on=parse_day(on), person=person, data=data)
    (outcome,) = care.append_records([draft], author=None, today=places.TODAY)
    assert outcome.is_accepted, outcome.problems
    return outcome


def staged(place: str) -> Any:
    area = place_or_facility(place)
    assert area is not None
    author = User.objects.get(username="dinkes")
    return exchange.stage(
        "\n".join(LINES).encode(), file_name="daftar.csv", area=area, author=author, today=places.TODAY
    )


def carried(posyandu: str, puskesmas: str, desa: str) -> Phone:
    """A phone of a place, with a record that was refused."""
    codes = {"posyandu_code": posyandu, "puskesmas_code": puskesmas, "desa_code": desa}
    phone = Phone.objects.create(
        device_id=access.add_device(kind="phone"),
        name="HP",
        scope_kind="posyandu",
        scope_code=posyandu,
        **codes,
    )
    Refusal.objects.create(phone=phone, digest="d", body='{"kind": "timbang", "data": {}}', **codes)
    return phone


def entries() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(ROUTES.read_text())["routes"]
    return found


def names_of(patterns: Any, space: str = "") -> Iterator[str]:
    """The name of every address; one without a name is told by its pattern."""
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from names_of(each.url_patterns, inner)
        elif isinstance(each, URLPattern):
            yield f"{space}{each.name or each.pattern}"


def test_every_address_says_who_may_go_there() -> None:
    known = {name.partition(" ")[0] for name in entries()}
    assert set(names_of(get_resolver().url_patterns)) == known, (
        "write who may go there into tests/data/routes.yaml"
    )


def test_every_role_is_tried() -> None:
    assert set(SCOPES) == set(permissions().roles)
    for name, entry in entries().items():
        assert set(entry["roles"]) <= set(SCOPES), name


@pytest.mark.parametrize("role", ["", *SCOPES])
def test_who_gets_in_where(role: str, ground: Ground, db: None, settings: Any) -> None:
    settings.SIKLUS_TODAY = iso(places.TODAY)
    client = Client()
    if role:
        client.force_login(User.objects.get(username=f"uji-{role}"))
    wrong = [
        f"{method} {name} {'outside' if is_outside else 'inside'}: {got}, should be {wanted}"
        for name, entry in entries().items()
        for is_outside in ((False, True) if "takes" in entry else (False,))
        for method, wanted in asked(role, entry, is_outside)
        if (got := answer(client, role, method, name, entry, ground, is_outside)) not in wanted
    ]
    assert not wrong, "\n".join(wrong)


def asked(role: str, entry: Mapping[str, Any], is_outside: bool) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(method, answers that are right): who is kept out is kept out whatever the method."""
    only = entry.get("method", "get")
    if not role:
        out = entry.get("anonymous", "login")
        yield only, (out,)
        if only == "get" and out == "login":
            yield "post", (out, 405)
    elif role in entry["roles"] and not is_outside:
        yield only, (entry.get("answer", 200),)
    else:
        refused = entry.get("others", 403)
        if role in entry["roles"] or role in entry.get("absent", ()):
            refused = 404
        right = (refused, 404) if is_outside else (refused,)
        yield only, right
        if only == "get" and refused != 302:
            yield "post", (*right, 405)


def answer(
    client: Client,
    role: str,
    method: str,
    name: str,
    entry: Mapping[str, Any],
    ground: Ground,
    is_outside: bool,
) -> Any:
    """The status of the answer, or `login` for the way to the login page; what was changed is taken back."""
    args = dict(entry.get("args", {}))
    if "case_id" in args:
        args["case_id"] = ground.case
    query = entry.get("query", "")
    if "takes" in entry:
        objects = (ground.outside if is_outside else ground.inside)[entry["takes"]]
        if entry["takes"] == "place":
            # The area of a pustu is made of villages.
            place = places.DESA if role == "pustu" and not is_outside else objects["wilayah"]
            query = "&".join(filter(None, (query, f"wilayah={place}")))
        else:
            args |= objects
    address = reverse(name.partition(" ")[0], kwargs=args) + (f"?{query}" if query else "")
    kept = deepcopy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    client.cookies = kept
    if response.status_code == 302 and response.headers["Location"].startswith("/masuk/?next="):
        return "login"
    return response.status_code
