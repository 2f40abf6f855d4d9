"""The demonstration puskesmas without its people: villages and posyandu of the sample files, and who may import."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from siklus.access import actions as access
from siklus.access.models import User
from siklus.care.models import Need, NeedTally, State
from siklus.kernel.dates import parse_day
from siklus.monitoring.models import Coverage, CoverageUnit
from siklus.register import actions as register
from siklus.register.areas import Area, place_or_facility
from siklus.register.models import Household, Person

TODAY = parse_day("2026-11-21")
SAMPLES = Path(__file__).parents[2] / "data" / "import"
PUSKESMAS, NEIGHBOUR = "P1702033201", "P1702030101"
VILLAGES = {
    "17.02.21.2001": ("Apur", ["Aster"]),
    "17.02.21.2003": ("Lubuk Alai", ["Kenanga", "Dahlia"]),
    "17.02.21.2004": ("Karang Pinang", ["Melati"]),
    "17.02.21.2005": ("Tanjung Agung", ["Flamboyan"]),
    "17.02.21.2007": ("Jabi", ["Seroja"]),
    "17.02.21.2009": ("Air Nau", ["Nusa Indah"]),
}
NEIGHBOUR_VILLAGE = "17.02.07.1011"


def plant() -> None:
    """Places, facilities, and the users `dinkes`, `pkm`, `tetangga` (the puskesmas next door) and `kader`."""
    for code, level, name, parent in (
        ("17", "provinsi", "Bengkulu", ""),
        ("17.02", "kabupaten", "Kabupaten Rejang Lebong", "17"),
        ("17.02.21", "kecamatan", "Sindang Beliti Ulu", "17.02"),
        ("17.02.07", "kecamatan", "Padang Ulak Tanding", "17.02"),
        (NEIGHBOUR_VILLAGE, "kelurahan", "Pasar PU Tanding", "17.02.07"),
    ):
        register.save_place(code=code, level=level, name=name, parent_code=parent)
    register.mark_sample()
    register.save_facility(code=PUSKESMAS, kind="puskesmas", name="Puskesmas Tanjung Agung")
    register.save_facility(code=NEIGHBOUR, kind="puskesmas", name="Puskesmas Padang Ulak Tanding")
    for desa, (name, posyandus) in VILLAGES.items():
        register.save_place(code=desa, level="desa", name=name, parent_code="17.02.21")
        register.serve_village(facility=PUSKESMAS, desa_code=desa, since=parse_day("2020-01-01"))
        for number, flower in enumerate(posyandus, start=1):
            register.save_facility(
                code=posyandu_code(desa, number), kind="posyandu", name=f"Posyandu {flower} {name} (contoh)",
                parent=PUSKESMAS, desa_code=desa,
            )  # fmt: skip
    register.serve_village(facility=NEIGHBOUR, desa_code=NEIGHBOUR_VILLAGE, since=parse_day("2020-01-01"))
    register.save_facility(
        code="PY-TETANGGA",
        kind="posyandu",
        name="Posyandu Mawar",
        parent=NEIGHBOUR,
        desa_code=NEIGHBOUR_VILLAGE,
    )
    for username, role, scope in (
        ("dinkes", "dinkes", "17.02"),
        ("pkm", "puskesmas", PUSKESMAS),
        ("tetangga", "puskesmas", NEIGHBOUR),
        ("kader", "kader", posyandu_code("17.02.21.2001", 1)),
    ):
        access.add_user(username=username, password="kata-sandi-contoh-99", role=role, scope_code=scope)


def posyandu_code(desa: str, number: int) -> str:
    """Code of a posyandu of a village."""
    return f"PY{desa.replace('.', '')}{number:02}"


def user(name: str) -> User:
    """A user by login name."""
    return User.objects.get(username=name)


def area(code: str = PUSKESMAS) -> Area:
    """A place or facility that is there."""
    found = place_or_facility(code)
    assert found is not None
    return found


def sample(name: str) -> bytes:
    """A sample file."""
    return (SAMPLES / name).read_bytes()


def content() -> str:
    """A hash of everything people see: register, needs, states, coverage. Numbers of rows in tables do not count."""
    told: dict[str, list[str]] = {}
    for model in (Person, Household, Need, NeedTally, State, Coverage, CoverageUnit):
        skipped = () if model in (Person, Household) else ("id",)
        # A sum that went back to nobody may stay as a row of zeros; it says nothing.
        all_rows = model.objects.exclude(needs=0) if model is NeedTally else model.objects.all()
        rows = ({k: v for k, v in row.items() if k not in skipped} for row in all_rows.values())
        told[model.__name__] = sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
