"""How big a child was for the age, in words: the derived fields of one record, for health workers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from siklus.desk import words
from siklus.rules.derived import Deriver
from siklus.rules.derived_spec import BMI
from siklus.rules.fields import Derived
from siklus.rules.growth import IMPLAUSIBLE, Measured
from siklus.rules.life import Facts


def derived_words(deriver: Deriver, data: Mapping[str, Any], on: int, person: Facts) -> str:
    """`IMT 15,6 · nilai z: BB/U -1,05, PB/U 0,3`; what is implausible says so, what is not known is left out."""
    record = {**dict.fromkeys(deriver.kind.fields), **data, "date": on}
    plain = [
        f"{each.field.label} {words.decimal(value, each.field.places)}"
        for name, each in deriver.kind.derived.items()
        if each.function == BMI and (value := deriver.value(name, record, person)) is not None
    ]
    scored = [each for each in deriver.kind.derived.values() if each.function != BMI]
    if scored:
        child = deriver.measured(record, person)
        told = [said for each in scored if (said := _score(deriver, each, child))]
        if told:
            plain.append(_("nilai z: %(scores)s") % {"scores": ", ".join(told)})
    return " · ".join(plain)


def _score(deriver: Deriver, derived: Derived, child: Measured) -> str:
    found = deriver.score(derived, child)
    if found.value is None:
        return ""
    said = f"{derived.field.label} {words.decimal(found.value, derived.field.places)}"
    return _("%(score)s (tidak wajar, ukur ulang)") % {"score": said} if found.why == IMPLAUSIBLE else said
