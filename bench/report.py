"""`docs/reference/performance.md` from the newest full run of each figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure, Values, figure_from

PAGE = "docs/reference/performance.md"


def write_report(project: Path, found: Sequence[Values]) -> Path:
    """Replaces the page; gives its path."""
    path = project / PAGE
    path.write_text("\n".join(_lines([(figure_from(each), each) for each in found])) + "\n", encoding="utf-8")
    return path


def _lines(figures: Sequence[tuple[Figure, Values]]) -> list[str]:
    lines = [
        "<!-- Made by `python -m bench all` (`make bench`) or `python -m bench page`. Run it again instead of changing this page. -->",
        "# Performance",
        "",
        "The district of 288,582 persons, unless a figure says otherwise. Each figure is one command, `.venv/bin/python -m bench NAME [--quick]`;",
        "its last line is one JSON object. CPU seconds are the figure to trust: cores may be shared, and wall times then count the waiting for",
        "others. Ratios come from rounds that take turns within one run. Goals are those of the design; a missed one is said.",
        "",
        *_machine(figures),
        "",
        "## Goals",
        "",
        "| figure | goal | measured | |",
        "|---|---|---|---|",
    ]
    for figure, _ in figures:
        for goal in figure.goals:
            verdict = "met" if goal.is_met else f"**missed by {goal.got - goal.limit:.3g} {goal.unit}**"
            lines.append(
                f"| {figure.name} | {goal.what} <= {goal.limit:g} {goal.unit} | {goal.got:g} {goal.unit} | {verdict} |"
            )
    for figure, found in figures:
        lines += ["", f"## {figure.title}", "", f"`python -m bench {figure.name}`: {_when(found)}.", ""]
        lines.append("| " + " | ".join(figure.heading) + " |")
        lines.append("|" + "---|" * len(figure.heading))
        lines += ["| " + " | ".join(row) + " |" for row in figure.rows]
        lines.append("")
        lines += [f"- {note}" for note in figure.notes]
        right = [what for what, is_right in figure.checks.items() if is_right]
        wrong = [what for what, is_right in figure.checks.items() if not is_right]
        if right:
            lines.append(f"- Checked: {'; '.join(right)}.")
        lines += [f"- **Wrong**: {what}." for what in wrong]
    return lines


def _when(found: Values) -> str:
    return f"{found['measured']} on {found['commit']}, {found['seconds']} s, load {found['machine']['load']} at the end"


def _machine(figures: Sequence[tuple[Figure, Values]]) -> list[str]:
    machines = [found["machine"] for _, found in figures]
    if not machines:
        return []
    loads = [found["load"] for found in machines]
    one = machines[0]
    return [
        f"Machine: {one['cpu']}, {one['cores']} cores, {one['memory_gib']} GiB, {one['system']}; Python {one['python']}, "
        f"DuckDB {one['duckdb']}, SQLite {one['sqlite']}, Django {one['django']}.",
        f"Load average at the end of each figure: {min(loads)} to {max(loads)} (above {one['cores']}, other work took part of "
        "the cores).",
    ]
