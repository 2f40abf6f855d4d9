"""A fictional district on real places: people, two years of records, and the known answers to compare engines with.

`seed.plant.plant` fills an empty database. The account of whom it served stands apart from the engines.
"""

from __future__ import annotations

from seed.account import KnownAnswers, load_known_answers
from seed.geography import SCALES

__all__ = ["SCALES", "KnownAnswers", "load_known_answers"]
