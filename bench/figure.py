"""What a figure hands over: its values, its lines for the page, the goals it met or missed, and what it checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the design, what was measured, and the unit of both; lower is better."""

    what: str
    limit: float
    got: float
    unit: str

    @property
    def is_met(self) -> bool:
        """True within the limit."""
        return self.got <= self.limit

    @property
    def words(self) -> str:
        """One line for the page."""
        verdict = "met" if self.is_met else f"missed by {self.got - self.limit:.3g} {self.unit}"
        return f"{self.what}: {self.got:.3g} {self.unit}, goal {self.limit:g} {self.unit}: {verdict}"


@dataclass(slots=True)
class Figure:
    """One measured figure. `table` is (heading, rows) for the page; `checks` say what was found right, or False."""

    name: str
    title: str
    values: Values = field(default_factory=dict)
    heading: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    checks: dict[str, bool] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """False when something that was timed gave a wrong answer: then its times mean nothing."""
        return all(self.checks.values())

    def as_json(self) -> Values:
        """Everything, for the last line of a run."""
        return {
            "figure": self.name,
            "title": self.title,
            "figures": self.values,
            "goals": [
                {
                    "what": goal.what,
                    "limit": goal.limit,
                    "got": goal.got,
                    "unit": goal.unit,
                    "met": goal.is_met,
                }
                for goal in self.goals
            ],
            "checks": self.checks,
            "right": self.is_right,
            "table": [list(self.heading), *map(list, self.rows)],
            "notes": self.notes,
        }


def figure_from(json: Values) -> Figure:
    """The figure again from its last line."""
    heading, *rows = json["table"]
    goals = [Goal(goal["what"], goal["limit"], goal["got"], goal["unit"]) for goal in json["goals"]]
    return Figure(
        json["figure"],
        json["title"],
        json["figures"],
        tuple(heading),
        [tuple(row) for row in rows],
        goals,
        json["checks"],
        json["notes"],
    )
