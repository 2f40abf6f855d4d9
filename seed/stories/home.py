"""Home visits: a kader calls on a family now and then; sometimes nobody is at home.

They have dice of their own, so that no other story of the neighbourhood changes with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from seed.days import date_of, day_of
from seed.notebook import compact
from seed.people import House
from seed.scene import HOME, KADER, Resident, Scene


def tell_home_visits(scene: Scene, residents: Sequence[Resident]) -> None:
    """At most one visit a year to each family, while it lives here."""
    rules = scene.assumptions.home_visits
    dice = Random(f"{scene.spot.posyandu_code}:{scene.on}:rumah")
    stays: dict[House, tuple[int, int]] = {}
    for person in residents:
        first, last = stays.get(person.house, (person.first_day, person.last_day))
        stays[person.house] = min(first, person.first_day), max(last, person.last_day)
    for house, (first, last) in stays.items():
        for year in range(date_of(first).year, date_of(last).year + 1):
            begin, end = max(first, day_of(year)), min(last, day_of(year + 1) - 1)
            is_visited, missed = dice.random() < rules.a_year, dice.random() < rules.nobody_home
            if is_visited and begin <= end:
                outcome = {"hasil": "tidak_di_rumah" if missed else "dilakukan"}
                on = dice.randint(begin, end)
                scene.notebook.write(
                    "kunjungan_keluarga", None, on, compact(outcome), KADER, HOME, household=house.ref
                )
                if dice.random() < rules.refuses:
                    refused = compact({"kebutuhan": rules.refused_need})
                    scene.notebook.write(
                        "penolakan_keluarga", None, on, refused, KADER, HOME, household=house.ref
                    )
