"""A fictional district on real places: `plant` fills an empty database with people, two years of records and known answers.

Its own account of whom it served (`KnownAnswers`) stands apart from the rule engines, so that they can be compared with it.
"""

from __future__ import annotations

from seed.account import KnownAnswers, load_known_answers
from seed.geography import SCALES

__all__ = ["SCALES", "KnownAnswers", "load_known_answers"]
