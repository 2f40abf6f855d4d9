"""The filled-in part of records as JSON text, written out by hand because four million of them are needed."""

from __future__ import annotations

from random import Random

from seed.assumptions import Section


def blood_pressure(systolic: int, diastolic: int, pulse: int | None = None) -> str:
    """Tekanan darah in mmHg, and the pulse where it was counted too."""
    counted = "" if pulse is None else f'"nadi":{pulse},'
    return f'{{"diastolik":{diastolic},{counted}"sistolik":{systolic}}}'


def urgent_or_usual(rng: Random, rules: Section) -> str:
    """A blood pressure within the usual range of `rules`, or now and then one that asks for help at once."""
    source = rules.crisis if rng.random() < rules.crisis.chance else rules
    return blood_pressure(rng.randint(*source.systolic), rng.randint(*source.diastolic))


def glucose(value: int) -> str:
    """Gula darah sewaktu in mg/dL."""
    return f'{{"jenis":"gds","nilai":{value}}}'


def waist(cm: float) -> str:
    """Lingkar perut."""
    return f'{{"lingkar":{cm:.1f}}}'


def body(weight_kg: float, height_cm: float) -> str:
    """Berat and tinggi of a grown-up."""
    return f'{{"berat":{weight_kg:.1f},"tinggi":{height_cm:.1f}}}'


def score(value: int) -> str:
    """A questionnaire that ends in a score."""
    return f'{{"skor":{value}}}'


def text_of(flag: bool) -> str:
    """A JSON yes or no."""
    return "true" if flag else "false"
