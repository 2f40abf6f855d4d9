"""What belongs to no indicator of the account: planning a family, feeding a baby, being referred, nursed, moving in."""

from __future__ import annotations

from collections.abc import Sequence

from seed.days import age_in_months, age_on, iso
from seed.notebook import compact
from seed.people import FEMALE, RELATIVE
from seed.scene import BIDAN, DOKTER, KADER, PERAWAT, POSYANDU, PUSKESMAS, Resident, Scene
from seed.stories.forms import text_of


def tell_everyday(scene: Scene, residents: Sequence[Resident]) -> None:
    """For everybody whom one of these concerns."""
    for person in residents:
        first, last = max(person.first_day, scene.start), min(person.last_day, scene.on)
        if first > last:
            continue
        if person.death is not None:
            _look_into_death(scene, person, person.death)
        _be_born(scene, person, last)
        _plan_family(scene, person, first, last)
        _feed(scene, person, last)
        _wean(scene, person, last)
        _feed_thin_mother(scene, person, last)
        _refer(scene, person, first, last)
        _nurse_to_health(scene, person, first, last)
        _move_in(scene, person, residents, first, last)


def _be_born(scene: Scene, child: Resident, last: int) -> None:
    """How a newborn was found in the first minutes, and what was looked at before it went home."""
    rules, birth = scene.assumptions.first_minutes, child.soul.birth
    if birth < scene.start or birth + 1 > last or not scene.chance(rules.written):
        return
    state = compact({"apgar_1": scene.between(*rules.apgar), "apgar_5": scene.between(*rules.apgar_later)})
    scene.note(child, "keadaan_lahir", birth, state, BIDAN, PUSKESMAS)
    if scene.chance(rules.looked_at):
        oxygen = compact(
            {"spo2_kaki": scene.between(*rules.oxygen), "spo2_tangan": scene.between(*rules.oxygen)}
        )
        scene.note(child, "skrining_bbl", birth + 1, oxygen, BIDAN, PUSKESMAS)


def _plan_family(scene: Scene, woman: Resident, first: int, last: int) -> None:
    """The last service to a woman who lives with a husband and is not pregnant."""
    rules = scene.assumptions.planning
    youngest, oldest = rules.ages
    is_asked = (
        woman.soul.sex == FEMALE and woman.soul.partner is not None and woman.ref not in scene.open_units
    )
    if (
        not is_asked
        or not youngest <= age_on(woman.soul.birth, last) <= oldest
        or not scene.chance(rules.uses)
    ):
        return
    method, days = scene.rng.choices(rules.methods, rules.shares)[0]
    on = max(first, last - scene.between(0, days))
    told = {"cara": method, "konseling": True}
    if method in rules.by_method_kind:
        told["jenis_suntik"] = rules.by_method_kind[method]
    data = compact(told)
    scene.note(woman, "pelayanan_kb", on, data, BIDAN, scene.clinic)


def _feed(scene: Scene, child: Resident, last: int) -> None:
    """On posyandu days a kader asks whether a baby had anything but milk of the mother since yesterday."""
    rules = scene.assumptions.feeding
    if age_in_months(child.soul.birth, last) >= rules.asked_before_last:
        return
    for day in scene.opened(child.soul.birth, last):
        if age_in_months(child.soul.birth, day) < rules.only_milk_until and scene.chance(rules.asked):
            answer = f'{{"eksklusif":{text_of(scene.chance(rules.only_milk))}}}'
            scene.note(child, "asi", day, answer, KADER, POSYANDU)


def _refer(scene: Scene, person: Resident, first: int, last: int) -> None:
    """Sent to the puskesmas or further; most come back with an answer."""
    rules = scene.assumptions.referral
    if not scene.chance(rules.sent):
        return
    on = scene.between(first, last)
    level, to = ("segera", "rs") if scene.chance(rules.at_once) else ("pustu", "puskesmas")
    data = compact({"alasan": "perlu pemeriksaan lanjutan", "ke": to, "tingkat": level})
    scene.note(person, "rujuk", on, data, PERAWAT, scene.clinic)
    answered = on + scene.between(*rules.answered_days)
    if answered <= last and scene.chance(rules.answered):
        told = compact({"hasil": "kembali", "saran": "kontrol di Puskesmas"})
        scene.note(person, "balasan_rujukan", answered, told, DOKTER, PUSKESMAS)
    if scene.chance(rules.asked_back):
        again = compact({"tanggal": iso(on + scene.between(*rules.answered_days)), "urusan": "lain"})
        scene.note(person, "janji", on, again, PERAWAT, scene.clinic)
    if answered > last and on > scene.on - rules.open_days and person.ref not in scene.open_units:
        scene.open_units[person.ref] = "rujukan"


def _nurse_to_health(scene: Scene, child: Resident, first: int, last: int) -> None:
    """A few small children are looked after because they do not thrive, every week or two until they do."""
    rules = scene.assumptions.nursing
    if age_in_months(child.soul.birth, first) >= rules.before_months or not scene.chance(rules.nursed):
        return
    on = scene.between(first, last)
    begins = compact({"cara": "jalan", "masalah": "gizi_kurang"})
    scene.note(child, "mulai_rawat_gizi", on, begins, BIDAN, PUSKESMAS)
    for visit in range(1, rules.visits):
        seen = on + visit * rules.every_days
        if seen <= last:
            scene.note(child, "kontrol_gizi", seen, '{"membaik":true}', BIDAN, PUSKESMAS)
    ends = on + rules.visits * rules.every_days
    if ends <= last:
        scene.note(child, "selesai_rawat_gizi", ends, '{"hasil":"membaik"}', BIDAN, PUSKESMAS)


def _move_in(scene: Scene, person: Resident, residents: Sequence[Resident], first: int, last: int) -> None:
    """Now and then somebody grown moves into the house of another family here."""
    rules = scene.assumptions.events
    is_free = person.is_here and person.soul.partner is None and person.soul.relation == RELATIVE
    if not is_free or not scene.chance(rules.moves_in):
        return
    other = residents[scene.rng.randrange(len(residents))]
    day = max(scene.between(first, last), person.known_from)
    if other.is_here and other.house is not person.house and other.first_day <= day:
        links = {"keluarga": other.house.ref}
        scene.notebook.register("ganti_keluarga", day, {"hubungan": RELATIVE}, links, person=person.ref)


def _look_into_death(scene: Scene, person: Resident, death: int) -> None:
    """The death of a newborn is told, asked about and talked over, step by step; not every step was taken yet."""
    rules = scene.assumptions.infant_death
    if death - person.soul.birth >= rules.before_days:
        return
    when = compact({"golongan": "neonatal", "meninggal": iso(death)})
    steps = (
        ("kematian_keluarga", rules.known_days, when),
        *((kind, days, rules.data) for kind, days in rules.steps),
    )
    on = death
    for kind, days, data in steps:
        on += scene.between(*days)
        if on > scene.on or not scene.chance(rules.goes_on):
            return
        scene.notebook.write(kind, None, on, data, DOKTER, PUSKESMAS, household=person.house.ref)


def _wean(scene: Scene, child: Resident, last: int) -> None:
    """What a kader hears of other food from half a year on."""
    rules = scene.assumptions.feeding
    first_month, last_month = rules.weaned_months
    opened = scene.opened(max(child.soul.birth, child.first_day), last)
    is_weaned = bool(opened) and first_month <= age_in_months(child.soul.birth, opened[-1]) < last_month
    if is_weaned and scene.chance(rules.asked):
        answer = f'{{"sesuai":{text_of(scene.chance(rules.fitting))}}}'
        scene.note(child, "mpasi", opened[-1], answer, KADER, POSYANDU)


def _feed_thin_mother(scene: Scene, woman: Resident, last: int) -> None:
    """Some pregnant women are given food at the posyandu."""
    rules = scene.assumptions.feeding
    opened = scene.opened(last - rules.fed_within_days, last)
    if scene.open_units.get(woman.ref) == "kehamilan" and opened and scene.chance(rules.fed):
        data = compact({"porsi": "satu porsi sehari", "setiap_hari": scene.chance(rules.eaten)})
        scene.note(woman, "mt_ibu", opened[-1], data, BIDAN, POSYANDU)
