"""Eleven needs written by hand in Python, as one would without a rule language: the generated Python is held against it.

The only place beside `knowledge/` where ages and intervals are written, on purpose; a change of those rules shows here
as a difference of answers. One pass over the records, early exits, no tree, the same month tables as generated code.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from siklus.kernel import dates
from siklus.rules.life import Life
from siklus.rules.runtime import add_months, months_between

NEEDS = (
    "hb0", "penta1", "penta2", "penta3", "penta4", "mr1", "mr2", "weigh", "vita_m", "bp_adult", "ht_fu",
)  # fmt: skip
Answer = tuple[str, int, str]
"""Need, unit, status."""

_PENTA = ((2, 0, 3, 0, 0), (3, 1, 4, 2, 28), (4, 1, 5, 2, 28), (18, 12, 24, 13, 0))
_MR = ((9, 0, 12, 0, 0), (18, 6, 24, 7, 0))
"""For each dose: months of age and after the one before when it is due, the same when it is overdue, and so many days
after the one before it counts already (0: from the day it is due)."""


def answers(life: Life, today: int) -> list[Answer]:
    """The status of each of these needs that the person has; none for the dead."""
    person = life.person
    if person["died"] is not None:
        return []
    hb0: list[int] = []
    penta: list[int] = []
    mr: list[int] = []
    written = 0
    weighed = red = blue = measured = None
    refused: dict[str, int] = {}
    openings: list[tuple[int, int]] = []
    closings: list[int] = []
    pressures: list[tuple[int, str | None]] = []
    appointments: list[tuple[int, int, int | None]] = []
    for record in life.records:
        kind, day = record["kind"], record["date"]
        if kind == "imunisasi":
            vaccine = record["vaksin"]
            if vaccine in ("dpt_hb_hib", "heksavalen"):
                penta.append(day)
                written = max(written, record["dosis"] or 0)
            elif vaccine == "mr":
                mr.append(day)
            elif vaccine == "hb0":
                hb0.append(day)
        elif kind == "timbang":
            if record["berat"] is not None and (weighed is None or day > weighed):
                weighed = day
        elif kind == "ukur_td":
            if record["sistolik"] is not None:
                pressures.append((day, record["oleh"]))
                if measured is None or day > measured:
                    measured = day
        elif kind == "vitamin_a":
            if record["kapsul"] == "merah":
                red = day if red is None or day > red else red
            elif record["kapsul"] == "biru":
                blue = day if blue is None or day > blue else blue
        elif kind == "penolakan":
            need = record["kebutuhan"]
            refused[need] = max(day, refused.get(need, day))
        elif kind == "diagnosis":
            if record["kondisi"] == "hipertensi":
                openings.append((day, record["id"]))
        elif kind == "kondisi_selesai":
            if record["kondisi"] == "hipertensi":
                closings.append(day)
        elif kind == "janji" and record["urusan"] == "kontrol_hipertensi":
            appointments.append((day, record["id"], record["tanggal"]))
    key, birth = person["id"], person["birth"]
    found: list[Answer] = []
    if birth is None or months_between(birth, today) < 72:
        found.append(("hb0", key, _first_dose(hb0, birth, refused.get("hb0"), today)))
        found += _series(_PENTA, "penta", key, sorted(penta), written, birth, refused, today)
        found += _series(_MR, "mr", key, sorted(mr), 0, birth, refused, today)
        found.append(("weigh", key, _weighing(weighed, birth, refused.get("weigh"), today)))
        found.append(("vita_m", key, _red_capsule(red, blue, birth, refused.get("vita_m"), today)))
    periods = _hypertension(sorted(openings), sorted(closings)) if openings else []
    if birth is None or months_between(birth, today) >= 15 * 12:
        ill = any(last_day >= today for _, _, _, last_day in periods)
        found.append(("bp_adult", key, _pressure(measured, birth, ill, refused.get("bp_adult"), today)))
    promised = max(appointments)[2] if appointments else None
    for episode, opened, ended, _ in periods:
        status = _control(pressures, opened, ended, promised, refused.get("ht_fu"), today)
        found.append(("ht_fu", episode, status))
    return found


def _ladder(due: int, overdue: int, until: int, refusal: int | None, today: int) -> str:
    """What is left once it is neither done nor excluded."""
    if today < due:
        return "not_yet"
    if today >= until:
        return "missed"
    if refusal is not None and today < refusal + 90:
        return "refused"
    return "overdue" if today >= overdue else "due"


def _first_dose(days: Sequence[int], birth: int | None, refusal: int | None, today: int) -> str:
    if birth is None:
        return "unknown"
    if any(birth <= day < birth + 8 for day in days):
        return "done"
    return _ladder(birth, birth + 1, birth + 8, refusal, today)


def _series(
    steps: Sequence[tuple[int, int, int, int, int]], name: str, key: int, days: Sequence[int], written: int,
    birth: int | None, refused: dict[str, int], today: int,
) -> list[Answer]:  # fmt: skip
    if birth is None:
        return [(f"{name}{number}", key, "unknown") for number in range(1, len(steps) + 1)]
    found: list[Answer] = []
    until, counted = add_months(birth, 60), len(set(days))
    previous: int | None = None
    done: bool | None = True
    for number, (age, apart, late_age, late_apart, early) in enumerate(steps, 1):
        need = f"{name}{number}"
        if number > 1 and previous is None:
            # The dose before is not there: this one waits, unless nobody knows whether that was given.
            status = "unknown" if done is None else "missed" if today >= until else "not_yet"
            if done is False and written >= number and written > counted:
                done = None
            found.append((need, key, status))
            continue
        due, overdue = add_months(birth, age), add_months(birth, late_age)
        opens = due
        if previous is not None:
            due = min(max(due, add_months(previous, apart)), until)
            overdue = min(max(overdue, add_months(previous, late_apart)), until)
            opens = min(previous + early, until) if early else due
        previous = next((day for day in days if day >= opens), None)
        if previous is not None and previous >= until:
            previous = None
        done = previous is not None
        if done:
            status = "done"
        else:
            missing = written >= number and written > counted
            done = None if missing else False
            status = _ladder(due, overdue, until, refused.get(need), today)
            if missing and status != "not_yet":
                status = "unknown"
        found.append((need, key, status))
    return found


def _weighing(weighed: int | None, birth: int | None, refusal: int | None, today: int) -> str:
    month = dates.start_of_month(today)
    if birth is not None and months_between(birth, today) >= 60:
        return "not_applicable"
    if weighed is not None and weighed >= month:
        return "done"
    if birth is None:
        return "unknown"
    return "refused" if refusal is not None and today < refusal + 90 and refusal >= month else "due"


def _red_capsule(
    red: int | None, blue: int | None, birth: int | None, refusal: int | None, today: int
) -> str:
    year, month = dates.start_of_year(today), dates.month_of(today)
    start = add_months(year, 7 if month >= 8 else 1 if month >= 2 else -5)
    following = add_months(start, 1)
    if birth is not None and (
        months_between(birth, following - 1) < 12 or months_between(birth, min(today, following - 1)) >= 60
    ):
        return "not_applicable"
    if red is not None and red >= start:
        return "done"
    if blue is not None and blue >= start:
        return "not_applicable"
    if birth is None:
        return "unknown"
    refusal = refusal if refusal is not None and refusal >= start else None
    return _ladder(max(start, add_months(birth, 12)), following, add_months(start, 2), refusal, today)


def _pressure(measured: int | None, birth: int | None, ill: bool, refusal: int | None, today: int) -> str:
    if ill:
        return "not_applicable"
    if measured is not None:
        due = add_months(measured, 12)
        if today < due:
            return "done"
    elif birth is not None:
        due = add_months(birth, 15 * 12)
    if birth is None:
        return "unknown"
    refusal = refusal if refusal is not None and refusal >= due else None
    return _ladder(due, add_months(due, 1), dates.NEVER, refusal, today)


def _hypertension(
    openings: Sequence[tuple[int, int]], closings: Sequence[int]
) -> list[tuple[int, int, int | None, int]]:
    """(id, opened, ended, last day) of each time of hypertension: a diagnosis after an end begins another one."""
    firsts = [openings[0]]
    firsts += [
        later for before, later in pairwise(openings) if any(before[0] <= end < later[0] for end in closings)
    ]
    found = []
    for place, (opened, key) in enumerate(firsts):
        limit = firsts[place + 1][0] if place + 1 < len(firsts) else dates.NEVER
        ended = next((end for end in closings if opened <= end < limit), None)
        found.append((key, opened, ended, limit - 1 if ended is None else ended))
    return found


def _control(
    pressures: Sequence[tuple[int, str | None]], opened: int, ended: int | None, promised: int | None,
    refusal: int | None, today: int,
) -> str:  # fmt: skip
    if ended is not None:
        return "not_applicable"
    seen = [day for day, role in pressures if day >= opened and role in ("bidan", "perawat", "dokter")]
    last = max(seen, default=None)
    due = opened if last is None else add_months(last, 1)
    overdue = due + 7
    stands = promised is not None and (last is None or promised > last)
    if last is not None and today < due and not (stands and promised is not None and promised <= today):
        return "done"
    if stands and promised is not None:
        due, overdue = promised, promised + 7
    refusal = refusal if refusal is not None and refusal >= due else None
    return _ladder(due, overdue, dates.NEVER, refusal, today)
