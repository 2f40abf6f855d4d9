"""A village to walk through: two puskesmas, a few families, one child whose MR1 is overdue, one corrected weight.

`plant` writes everything through the actions that people use; the day is 12 November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from siklus.access import actions as access
from siklus.access.queries import User
from siklus.care import actions as care
from siklus.kernel.dates import parse_day
from siklus.monitoring import actions as monitoring
from siklus.records.drafts import DraftRecord
from siklus.register import actions as register

TODAY = parse_day("2026-11-12")
PASSWORD = "kata-sandi-contoh-99"
KABUPATEN = "99.02"
DESA, OTHER_DESA = "99.02.06.2001", "99.02.07.2001"
PUSKESMAS, OTHER_PUSKESMAS = "P-CONTOH-1", "P-CONTOH-2"
PUSTU, POSYANDU, SECOND_POSYANDU, OTHER_POSYANDU = "T-CONTOH-1", "Y-MELATI-1", "Y-MELATI-2", "Y-MAWAR"


@dataclass(frozen=True)
class Village:
    """Ids of the people the tests speak of, and a login of each role."""

    arkana: int
    mother: int
    grandmother: int
    pregnant: int
    stranger: int
    family: int
    strange_family: int
    weight: int
    officer: str = "puskesmas"
    dinkes: str = "dinkes"
    pustu: str = "pustu"
    kader: str = "kader"
    other_officer: str = "puskesmas2"


def plant() -> Village:
    """Fill the empty database."""
    _places()
    for name, role, scope, called in (
        ("puskesmas", "puskesmas", PUSKESMAS, "Rahma Yuliana"),
        ("puskesmas2", "puskesmas", OTHER_PUSKESMAS, "Novita Sari"),
        ("dinkes", "dinkes", KABUPATEN, "Andi Pratama"),
        ("pustu", "pustu", PUSTU, "Eka Putri"),
        ("kader", "kader", POSYANDU, "Sumarni"),
    ):
        access.add_user(username=name, password=PASSWORD, role=role, scope_code=scope, name=called)
    author = User.objects.get(username="puskesmas")
    drafts = [*_first_family(), *_second_family(), *_elsewhere()]
    outcomes = care.append_records(drafts, author=author, today=TODAY, refresh=False)
    for outcome in outcomes:
        assert outcome.status == "accepted", outcome.problems
    by_ref = {draft.ref: outcome for draft, outcome in zip(drafts, outcomes, strict=True) if draft.ref}
    weight = by_ref["w-apr"].key
    assert weight is not None
    care.correct_record(weight, author=author, why="salah ketik", changes={"berat": 6.1}, today=TODAY)
    register.set_target(indicator="spm04", place_code=PUSKESMAS, year=2026, value=20, source="Pusdatin 2026")
    register.set_target(indicator="spm03", place_code=PUSKESMAS, year=2026, value=1, source="Pusdatin 2026")
    register.mark_sample()
    persons = {o.person_id for o in outcomes if o.person_id is not None}
    monitoring.settle(persons, TODAY)

    def person(ref: str) -> int:
        key = by_ref[ref].person_id
        assert key is not None
        return key

    def home(ref: str) -> int:
        key = by_ref[ref].household_id
        assert key is not None
        return key

    return Village(
        arkana=person("arkana"), mother=person("siti"), grandmother=person("rukmini"), pregnant=person("dewi"),
        stranger=person("asing"), family=home("kel-1"), strange_family=home("kel-3"), weight=weight,
    )  # fmt: skip


def _places() -> None:
    for code, level, name, parent in (
        ("99", "provinsi", "Provinsi Contoh", ""),
        (KABUPATEN, "kabupaten", "Kabupaten Contoh", "99"),
        ("99.02.06", "kecamatan", "Selupu Contoh", KABUPATEN),
        (DESA, "desa", "Cawang Contoh", "99.02.06"),
        ("99.02.07", "kecamatan", "Bermani Contoh", KABUPATEN),
        (OTHER_DESA, "desa", "Kampung Contoh", "99.02.07"),
    ):
        register.save_place(code=code, level=level, name=name, parent_code=parent)
    for code, kind, name, parent, desa in (
        (PUSKESMAS, "puskesmas", "Puskesmas Contoh Selupu", "", ""),
        (PUSTU, "pustu", "Pustu Contoh Cawang", PUSKESMAS, DESA),
        (POSYANDU, "posyandu", "Posyandu Contoh Melati 1", PUSKESMAS, DESA),
        (SECOND_POSYANDU, "posyandu", "Posyandu Contoh Melati 2", PUSKESMAS, DESA),
        (OTHER_PUSKESMAS, "puskesmas", "Puskesmas Contoh Bermani", "", ""),
        (OTHER_POSYANDU, "posyandu", "Posyandu Contoh Mawar", OTHER_PUSKESMAS, OTHER_DESA),
    ):
        register.save_facility(code=code, kind=kind, name=name, parent=parent or None, desa_code=desa)
    for facility, desa in ((PUSKESMAS, DESA), (PUSTU, DESA), (OTHER_PUSKESMAS, OTHER_DESA)):
        register.serve_village(facility=facility, desa_code=desa, since=parse_day("2020-01-01"))


def _draft(kind: str, on: str, person: str = "", **data: Any) -> DraftRecord:
    """A record; `ref`, `role` and `at` are its own, everything else is data. Newcomers have no person yet."""
    own = {name: data.pop(name) for name in ("ref", "role", "at") if name in data}
    return DraftRecord(
        kind=kind, on=parse_day(on), data=data, person=f"@{person}" if person else None, ref=own.get("ref", ""),
        by_role=own.get("role", ""), place_kind=own.get("at", ""),
    )  # fmt: skip


def _first_family() -> list[DraftRecord]:
    home = {"keluarga": "@kel-1", "posyandu": POSYANDU, "desa": DESA}
    drafts = [
        _draft("daftar_keluarga", "2024-01-02", ref="kel-1", no_kk="9902061101240001", alamat="Jalan Kopi 12", rt="02",
               rw="01", desa=DESA, posyandu=POSYANDU),
        _draft("daftar_orang", "2024-01-02", ref="hendra", nama="Hendra Wijaya", nik="9902061203920001",
               birth="1992-03-12", sex="l", hubungan="kepala_keluarga", **home),
        _draft("daftar_orang", "2024-01-02", ref="siti", nama="Siti Marlina", nik="9902065505950002",
               birth="1995-05-15", sex="p", hubungan="istri", seksual_aktif=True, jkn=True, **home),
        _draft("daftar_orang", "2024-01-02", ref="rukmini", nama="Hj. Rukmini", nik="9902064101580003",
               birth="1958-01-01", sex="p", hubungan="orang_tua", **home),
        _draft("lahir", "2026-01-11", ref="arkana", nama="Arkana Putra Wijaya", nik="9902061101260007",
               birth="2026-01-11", sex="l", ibu="@siti", hubungan="anak", berat_lahir=3.2, jkn=True, **home),
    ]  # fmt: skip
    nurse = {"role": "bidan", "at": "posyandu"}
    for on, vaccine in (
        ("2026-02-12", "bcg"), ("2026-02-12", "bopv"), ("2026-03-12", "dpt_hb_hib"), ("2026-03-12", "bopv"),
        ("2026-04-14", "dpt_hb_hib"), ("2026-04-14", "bopv"), ("2026-06-11", "dpt_hb_hib"), ("2026-06-11", "bopv"),
        ("2026-06-11", "ipv"), ("2026-03-12", "pcv"), ("2026-03-12", "rv"),
    ):  # fmt: skip
        drafts.append(_draft("imunisasi", on, "arkana", vaksin=vaccine, **nurse))
    for on, kg, ref in (
        ("2026-02-12", 4.2, ""), ("2026-04-09", 5.1, "w-apr"), ("2026-06-11", 6.8, ""), ("2026-08-13", 7.7, ""),
        ("2026-10-08", 8.2, ""),
    ):  # fmt: skip
        drafts.append(_draft("timbang", on, "arkana", ref=ref, berat=kg, role="kader", at="posyandu"))
    drafts += [
        _draft("vitamin_a", "2026-08-13", "arkana", kapsul="biru", role="kader", at="posyandu"),
        _draft("penolakan", "2026-10-08", "arkana", kebutuhan="pcv2", role="kader", at="posyandu"),
        _draft("diagnosis", "2025-06-03", "rukmini", kondisi="hipertensi", role="dokter", at="puskesmas"),
        _draft(
            "ukur_td", "2026-09-03", "rukmini", sistolik=186, diastolik=112, role="perawat", at="puskesmas"
        ),
        _draft("ukur_td", "2026-05-20", "hendra", sistolik=118, diastolik=76, role="kader", at="posyandu"),
    ]
    return drafts


def _second_family() -> list[DraftRecord]:
    home = {"keluarga": "@kel-2", "posyandu": SECOND_POSYANDU, "desa": DESA}
    drafts = [
        _draft("daftar_keluarga", "2024-01-02", ref="kel-2", no_kk="9902061101240002", alamat="Jalan Teh 3", rt="04",
               rw="01", desa=DESA, posyandu=SECOND_POSYANDU),
        _draft("daftar_orang", "2024-01-02", ref="sutrisno", nama="Sutrisno", nik="9902060502810004",
               birth="1981-02-05", sex="l", hubungan="kepala_keluarga", **home),
        _draft("daftar_orang", "2024-01-02", ref="dewi", nama="Dewi Anggraini", nik="9902064406020005",
               birth="2002-06-04", sex="p", hubungan="istri", seksual_aktif=True, **home),
        _draft("daftar_orang", "2024-01-02", ref="ghifari", nama="M. Ghifari", sex="l", hubungan="anak", ibu="@dewi",
               **home),
        _draft("daftar_kehamilan", "2026-06-20", "dewi", hpht="2026-05-01", role="bidan", at="pustu"),
        _draft("kunjungan_anc", "2026-06-20", "dewi", berat=51.0, lila=24.0, sistolik=110, diastolik=70, role="bidan",
               at="pustu"),
    ]  # fmt: skip
    children = (
        ("Alif Maulana", "2023-10-02", "l"),
        ("Nayla Azzahra", "2024-12-03", "p"),
        ("Dimas Saputra", "2022-09-01", "l"),
        ("Keisha Ramadhani", "2024-05-09", "p"),
        ("Rafa Alfarizi", "2025-07-01", "l"),
        ("Aisyah Putri", "2019-08-20", "p"),
    )
    for number, (name, birth, sex) in enumerate(children):
        drafts.append(
            _draft("daftar_orang", "2026-01-05", ref=f"anak-{number}", nama=name, birth=birth, sex=sex, ibu="@dewi",
                   hubungan="anak", **home)
        )  # fmt: skip
    return drafts


def _elsewhere() -> list[DraftRecord]:
    home = {"keluarga": "@kel-3", "posyandu": OTHER_POSYANDU, "desa": OTHER_DESA}
    return [
        _draft("daftar_keluarga", "2024-01-02", ref="kel-3", no_kk="9902071101240003", alamat="Jalan Padi 1", rt="01",
               rw="01", desa=OTHER_DESA, posyandu=OTHER_POSYANDU),
        _draft("daftar_orang", "2024-01-02", ref="asing", nama="Asing Permana", nik="9902071203920009",
               birth="1990-03-12", sex="l", hubungan="kepala_keluarga", **home),
    ]  # fmt: skip
