"""Registers the people of a neighbourhood, with the gaps of a real register: families, persons, births.

Who lived here before the story begins is registered on its first day; newborns when they are born, or months later
when a kader meets them; newcomers when they arrive. Numbers, dates of birth and telephones are missing here and there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from seed.days import age_in_months, age_on, birthday, iso, month_later
from seed.names import Numbers, invent_name
from seed.notebook import Ref
from seed.people import FEMALE, MALE, House, Soul
from seed.scene import Resident, Scene


class Enrolment:
    """Registers houses one after the other; `residents` are all persons so far, in order of registration."""

    def __init__(self, scene: Scene, reported: Collection[Soul] = ()) -> None:
        """Births of those `reported` are always written down at once."""
        self.scene = scene
        self._reported = reported
        self.numbers = Numbers(scene.spot.number)
        self.residents: list[Resident] = []
        self.resident_of: dict[Soul, Resident] = {}
        self._house_count = 0

    def enrol(self, house: House, since: int) -> None:
        """A family that lives here since a day (the first of the story, for most)."""
        house.ref = self._enrol_family(house, since)
        for soul in sorted(house.members, key=lambda s: s.birth):
            if soul.birth <= since:
                self._enrol_person(soul, house, since)
            elif soul in self._reported or self.scene.chance(self.scene.assumptions.register.birth_reported):
                self._enrol_newborn(soul, house)
            else:  # a kader meets the child some months later
                met = min(month_later(soul.birth, self.scene.between(2, 5)), self.scene.on)
                self._enrol_person(soul, house, met)

    def _enrol_family(self, house: House, since: int) -> Ref:
        scene, rules = self.scene, self.scene.assumptions.households
        rt = self._house_count // rules.per_rt + 1
        self._house_count += 1
        data: dict[str, Any] = {
            "alamat": f"RT {rt:02} No. {(self._house_count - 1) % rules.per_rt + 1}, {scene.spot.desa_name}",
            "rt": f"{rt:03}",
            "rw": f"{(rt - 1) // rules.rt_per_rw + 1:03}",
            "desa": scene.spot.desa_code,
            "posyandu": scene.spot.posyandu_code,
        }
        if not scene.chance(scene.assumptions.register.no_kk):
            data["no_kk"] = self.numbers.no_kk(since - scene.between(0, rules.card_age_days))
        return scene.notebook.register("daftar_keluarga", since, data)

    def _enrol_person(self, soul: Soul, house: House, since: int) -> None:
        scene, gaps = self.scene, self.scene.assumptions.register
        name = invent_name(soul.sex, soul.birth, scene.rng, scene.assumptions.households)
        knows_birth = not scene.chance(gaps.no_birth_date)
        data: dict[str, Any] = {"nama": name, "sex": soul.sex, "hubungan": soul.relation}
        if knows_birth:
            data["birth"] = iso(soul.birth)
            is_newborn = age_in_months(soul.birth, since) < gaps.newborn_until_months
            if not scene.chance(gaps.no_nik_newborn if is_newborn else gaps.no_nik):
                data["nik"] = self.numbers.nik(soul.sex, soul.birth)
        self._add_contacts(data, soul, since)
        self._add_habits(data, soul, since)
        links = self._links(soul, house)
        if knows_birth and scene.chance(gaps.wrong_birth):
            slip = {**data, "birth": iso(birthday(soul.birth, -1))}
            ref = scene.notebook.register("daftar_orang", since, slip, links)
            noticed = since + scene.between(1, gaps.wrong_birth_days)
            scene.notebook.correct(ref, data, "Salah tahun lahir", noticed)
        else:
            ref = scene.notebook.register("daftar_orang", since, data, links)
        person = self._remember(soul, house, ref, name, since, since, knows_birth)
        person.is_unmarried = data.get("seksual_aktif") is False

    def _enrol_newborn(self, soul: Soul, house: House) -> None:
        scene, rules = self.scene, self.scene.assumptions.birth
        name = invent_name(soul.sex, soul.birth, scene.rng, scene.assumptions.households)
        soul.weeks = scene.between(*rules.weeks)
        kilograms = max(rules.lightest, scene.rng.gauss(rules.weight_mean, rules.weight_spread))
        data: dict[str, Any] = {
            "nama": name,
            "sex": soul.sex,
            "birth": iso(soul.birth),
            "hubungan": soul.relation,
            "berat_lahir": round(kilograms, 2),
            "panjang_lahir": round(
                rules.length_mean + (kilograms - rules.weight_mean) * rules.length_per_kg, 1
            ),
            "usia_kehamilan": soul.weeks,
        }
        if soul.mother is not None:
            data["anak_ke"] = 1 + sum(other.birth < soul.birth for other in soul.mother.children)
        if not scene.chance(scene.assumptions.register.no_nik_newborn):
            data["nik"] = self.numbers.nik(soul.sex, soul.birth)
        self._add_contacts(data, soul, soul.birth)
        entered = min(soul.birth + scene.between(0, rules.reported_within_days), scene.on)
        ref = scene.notebook.register("lahir", soul.birth, data, self._links(soul, house), entered=entered)
        self._remember(soul, house, ref, name, soul.birth, entered, knows_birth=True)

    def _links(self, soul: Soul, house: House) -> dict[str, Ref]:
        links = {"keluarga": house.ref}
        mother = self.resident_of.get(soul.mother) if soul.mother else None
        if mother is not None and not self.scene.chance(self.scene.assumptions.households.mother_unknown):
            links["ibu"] = mother.ref
        return links

    def _add_contacts(self, data: dict[str, Any], soul: Soul, since: int) -> None:
        scene, gaps = self.scene, self.scene.assumptions.register
        first, last = gaps.phone_ages
        if first <= age_on(soul.birth, since) <= last and scene.chance(gaps.phone):
            data["hp"] = self.numbers.phone()
        if not scene.chance(gaps.jkn_unknown):
            data["jkn"] = scene.chance(gaps.jkn)

    def _add_habits(self, data: dict[str, Any], soul: Soul, since: int) -> None:
        """What the first visit of the kader asks: disability; of a grown-up smoking, diabetes, marriage."""
        scene, habits = self.scene, self.scene.assumptions.habits
        if scene.aside.random() < habits.disability_asked:
            data["disabilitas"] = scene.aside.random() < habits.disability
        age = age_on(soul.birth, since)
        if age < habits.asked_from:
            return
        if scene.chance(habits.smoking_asked):
            data["merokok"] = scene.chance(habits.smoking_men if soul.sex == MALE else habits.smoking_women)
        if scene.chance(habits.diabetes_risk_asked):
            data["risiko_dm"] = scene.chance(habits.diabetes_risk)
        if soul.sex == FEMALE and scene.chance(habits.married_asked):
            has_family = soul.partner is not None or bool(soul.children)
            if has_family or age >= habits.unmarried_asked_from:
                data["seksual_aktif"] = has_family

    def _remember(
        self,
        soul: Soul,
        house: House,
        ref: Ref,
        name: str,
        first_day: int,
        known_from: int,
        knows_birth: bool,
    ) -> Resident:
        resident = Resident(
            soul=soul,
            house=house,
            ref=ref,
            name=name,
            first_day=first_day,
            last_day=self.scene.on,
            known_from=known_from,
            knows_birth=knows_birth,
            desa_code=self.scene.spot.desa_code,
        )
        self.residents.append(resident)
        self.resident_of[soul] = resident
        return resident
