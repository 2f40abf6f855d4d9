"""The seed planted afresh: seconds and peak memory of posyandu, puskesmas and (not when quick) district, into SQLite."""

from __future__ import annotations

from bench.figure import Figure, Goal
from bench.populations import plant_anew, say

GOAL_SECONDS = 240
GOAL_MIB = 1024


def measure(quick: bool) -> Figure:
    """Each scale once; its population stays for the other figures."""
    figure = Figure("seed", "Seed into SQLite")
    figure.heading = ("scale", "persons", "records", "planting, wall s", "rebuild, wall s", "peak, MiB")
    for scale in ("posyandu", "puskesmas") if quick else ("posyandu", "puskesmas", "district"):
        say(f"planting {scale} ...")
        planted = plant_anew(scale)
        figure.values[scale] = {
            "persons": planted.persons, "records": planted.records, "seconds": planted.seconds,
            "rebuild_seconds": planted.rebuild_seconds, "peak_mib": planted.peak_mib,
            "records_a_second": round(planted.records / planted.seconds),
        }  # fmt: skip
        figure.rows.append(
            (scale, f"{planted.persons:,}", f"{planted.records:,}", f"{planted.seconds:.1f}",
             f"{planted.rebuild_seconds:.1f}", f"{planted.peak_mib:.0f}"),
        )  # fmt: skip
        figure.checks[f"{scale}: as many records in the log as the stories told"] = planted.is_complete
        whole = round(planted.seconds + planted.rebuild_seconds, 1)
        figure.goals.append(Goal(f"{scale}, planting with its rebuild, wall", GOAL_SECONDS, whole, "s"))
        figure.goals.append(Goal(f"{scale}, peak memory", GOAL_MIB, planted.peak_mib, "MiB"))
    figure.notes.append(
        "One round each. Memory is that of the planting process and its two story tellers together, shared pages once (PSS, "
        "looked at twice a second), the rebuild at the end included."
    )
    return figure
