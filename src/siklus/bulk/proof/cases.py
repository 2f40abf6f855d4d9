"""A shrunk difference as a conformance case: YAML with its own closed lists; expected is what the first engine says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from siklus.bulk.proof.comparing import STATE
from siklus.bulk.proof.shrinking import Shrunk
from siklus.bulk.proof.trial import Document, Trial, names_of
from siklus.kernel import dates
from siklus.records.values import to_wire
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.fields import RECORD
from siklus.rules.life import Life
from siklus.rules.vocabulary import HOUSEHOLD, Field, Vocabulary

_LISTS = ("codes", "groups", "person", "household", "kinds", "episodes", "values", "growth")
_OF_PACKAGE = ("per", "for", "let", "values")
_DAYS = ("opens", "due", "overdue", "until")
_SPOKEN = (
    "title",
    "cites",
    "confidence",
    "by",
    "examples",
    "note",
    "title_en",
    "short",
    "short_en",
    "klaster",
    "labels",
    "official",
)
_IMPLIED = ("kind", "id", "date", "unit")
_WIDTH = 110


def as_case(shrunk: Shrunk) -> Document:
    """One file of `conformance/regressions/`: `about` and one case with one row."""
    trial, difference = shrunk.trial, shrunk.difference
    case: Document = {"say": f"{difference.rule or 'one life'}, as {trial.engines[0].name} says"}
    case |= {"vocabulary": _vocabulary(trial), **_rule(trial)}
    case["rows"] = [{**_life(trial), "expect": _expected(trial, case)}]
    return {"about": f"{difference.engine} differed: {_one_line(difference.got)}", "cases": [case]}


def shown(case: Document) -> str:
    """The text of the file."""
    text: str = yaml.safe_dump(case, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return text


def keep_case(case: Document, folder: Path) -> Path:
    """Writes the file under a name of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", str(case["about"]).lower())[:40].strip("-")
    places = (folder / f"{name}{f'-{n}' if n else ''}.yaml" for n in range(len(list(folder.iterdir())) + 1))
    path = next(path for path in places if not path.exists())
    path.write_text(shown(case), encoding="utf-8")
    return path


def _vocabulary(trial: Trial) -> Document:
    found: Document = {}
    for document in trial.documents:
        for section in _LISTS:
            if document.get(section) and "package" not in document and "indicators" not in document:
                found.setdefault(section, {}).update(document[section])
    return found


def _rule(trial: Trial) -> Document:
    """The rule as a case writes it; of a kept state the first rule that is left."""
    packages = [each for each in trial.documents if "package" in each]
    for document in trial.documents:
        package = {
            slot: document[slot] for slot in _OF_PACKAGE if document.get(slot) and document in packages
        }
        about = {"package": package} if package else {}
        about |= {"share": shares} if (shares := _shares(trial)) else {}
        for listed, slot in (
            ("needs", "rule"),
            ("classifications", "classification"),
            ("indicators", "indicator"),
        ):
            for item in document.get(listed) or ():
                if trial.rule in ("", STATE) or trial.rule in names_of(item):
                    return {**about, slot: {k: v for k, v in item.items() if k not in _SPOKEN}}
    return {}


def _shares(trial: Trial) -> Document:
    """What the members of a household share: the lets of all packages of persons."""
    found: Document = {}
    for document in trial.documents if trial.members is not None else ():
        if document.get("per") != HOUSEHOLD and "package" in document:
            for name, said in (document.get("let") or {}).items():
                found[name] = said["is"] if isinstance(said, Mapping) else said
    return found


def _life(trial: Trial) -> Document:
    book = trial.book()
    life = None if book is None else trial.life(book)
    if book is None or life is None:
        return {}
    row = _told(book.vocabulary, life)
    everybody = (life, *(life.members or ()))
    row["today"] = _date(trial.day)
    if any(record["date"] > trial.day for each in everybody for record in each.records):
        row["later"] = True
    return {**row, **({"period": trial.period.name} if trial.period else {})}


def _told(vocabulary: Vocabulary, life: Life) -> Document:
    kinds = vocabulary.kinds
    row = _values(life.person, vocabulary.person if life.members is None else vocabulary.household)
    if life.person["died"] is not None:
        row["died"] = _date(life.person["died"])
    records = sorted(life.records, key=lambda record: (record["date"], record["id"]))
    places = {each["id"]: place for place, each in enumerate(records, 1)}
    row["records"] = [
        {each["kind"]: _date(each["date"]), **_values(each, kinds[each["kind"]].fields, places)}
        for each in records
    ]
    if life.members is not None:
        row["members"] = [_told(vocabulary, member) for member in life.members]
    return row


def _values(
    given: Mapping[str, Any], fields: Mapping[str, Field], places: Mapping[int, int] | None = None
) -> Document:
    """As a row writes them; a record is named by its place, one that is not there by a place behind all others."""
    found: Document = {}
    for name, spec in fields.items():
        value = given.get(name)
        if value is not None and spec.type == RECORD:
            found[name] = (places or {}).get(value, len(places or ()) + 1)
        elif value is not None and name not in _IMPLIED:
            found[name] = _date(value) if spec.type == "date" else to_wire(spec, value)
    return found


def _expected(trial: Trial, case: Document) -> Any:
    """What the first engine answers; a series is asked for each of its steps."""
    book = trial.book()
    life = None if book is None else trial.life(book)
    if book is None or life is None:
        return None
    if "indicator" in case and trial.period is not None:
        answers: list[Any] = book.reference.indicators(life, trial.day, trial.period)
    elif "classification" in case:
        answers = list(book.reference.classes(life, trial.day))
    else:
        answers = list(book.reference.needs(life, trial.day))
    plain = {answer[0]: _answer(answer) for answer in answers}
    names = names_of(
        next((case[slot] for slot in ("rule", "indicator", "classification") if slot in case), {})
    )
    if "steps" in case.get("rule", {}):
        return {name: plain.get(name, "not_applicable") for name in names}
    nothing = {"rule": "not_applicable", "indicator": {"counted": False}}
    return next(
        (plain[name] for name in names if name in plain),
        next((v for k, v in nothing.items() if k in case), None),
    )


def _answer(answer: Any) -> Any:
    if isinstance(answer, NeedAnswer):
        days = {name: _date(getattr(answer, name)) for name in _DAYS}
        return {"status": answer.status, **days, "asks": list(answer.asks)}
    if isinstance(answer, IndicatorAnswer):
        return {"counted": answer.counted, "components": dict(answer.components), "reached": answer.reached}
    assert isinstance(answer, ClassAnswer)
    return {"value": answer.value, "do": answer.do}


def _date(day: int | None) -> datetime.date | None:
    return None if day is None else datetime.date.fromisoformat(dates.iso(day))


def _one_line(value: Any) -> str:
    return " ".join(str(value).split())[:_WIDTH]
