"""Records nobody would write, checked and read by Python and by the phone: the same kept, the same words."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from siklus.bulk.javascript import find_node
from siklus.kernel import dates
from siklus.library.loading import load_book
from siklus.library.phone import knowledge_words
from siklus.records.checks import Surroundings, check_record
from siklus.records.drafts import StoredRecord
from siklus.records.naming import OwnRecord
from siklus.records.values import Reader
from siklus.rules.fields import RECORD, Field

TODAY = dates.parse_day("2026-11-21")
DRAFTS = 3000
_NAMES = ("1-7", "1-8", "12-345", "2097151-4294967295")
_SIGNS = "aeiounkt_ -/1Éßı日\u00a0"
_STRANGE: list[Any] = [
    None, "", True, False, 0, -1, 7, 7.5, 1e-7, 1e22, 0.1, 2.675, 99999, "8,2", "ya", [], [1, "x", None],
    {"a": {"b": True}}, "2026-02-29", "2024-02-29", "20261121", "2026-W47-6", "0000-01-01", "9999-12-31", "besok",
    "bcg", " BCG ", "it's",
]  # fmt: skip


class _Drafts:
    """Drafts of every kind: right values, beside the limits, of wrong types, under mistyped names."""

    def __init__(self, seed: int) -> None:
        self.random, self.vocabulary = random.Random(seed), load_book().vocabulary
        self.needs = [need.name for need in load_book().needs]

    def draw(self, count: int) -> Iterator[dict[str, Any]]:
        kinds = list(self.vocabulary.kinds.values())
        for _ in range(count):
            kind = self.random.choice(kinds)
            fields = [spec for spec in kind.fields.values() if spec.name not in ("date", "oleh", "tempat")]
            chosen = self.random.sample(fields, self.random.randint(0, min(6, len(fields))))
            data = {self.name(spec.name): self.value(spec) for spec in chosen}
            if self.random.random() < 0.2:
                data[
                    self.random.choice(["oleh", "tempat", "date", "toString", "isian_2031", "__proto__"])
                ] = self.random.choice(_STRANGE)
            yield {
                "kind": kind.name if self.random.random() < 0.95 else self.slip(kind.name),
                "on": TODAY + self.random.randint(-900, 3),
                "data": data,
                "by_role": self.random.choice(["", "bidan", "Bidan Desa", "dukun", "kader"]),
                "place_kind": self.random.choice(["", "posyandu", "PKM", "pasar"]),
                "around": {
                    "today": TODAY,
                    "birth": self.random.choice([None, TODAY - 400]),
                    "died": self.random.choice([None, None, TODAY - 100]),
                    "needs": self.random.choice([None, self.needs]),
                    "records": self.random.choice([None, self.own()]),
                },
            }

    def own(self) -> dict[str, dict[str, Any]]:
        """Records of the person, one of them unknown to this vocabulary."""
        kinds = [*self.vocabulary.kinds, "jenis_2031"]
        openers = [each for episode in self.vocabulary.episodes.values() for each in episode.openers]
        found = [{"kind": self.random.choice(kinds)} for _ in _NAMES]
        for each in self.random.sample(found, len(found) // 2):
            opener = self.random.choice(openers)
            data = {} if opener.field is None else {opener.field: opener.value}
            each |= {"kind": opener.kind, "data": data if self.random.random() < 0.8 else {}}
        return {
            name: {"data": {}, **each, "is_void": self.random.random() < 0.2}
            for name, each in zip(_NAMES, found, strict=True)
        }

    def name(self, name: str) -> str:
        return name if self.random.random() < 0.9 else self.slip(name)

    def slip(self, word: str) -> str:
        """A slip of the pen or two."""
        letters = list(word)
        for _ in range(self.random.randint(1, 3)):
            place = self.random.randrange(len(letters) + 1)
            if self.random.random() < 0.5 and len(letters) > 1:
                letters.pop(min(place, len(letters) - 1))
            else:
                letters.insert(place, self.random.choice(_SIGNS))
        return "".join(letters)

    def value(self, spec: Field) -> Any:
        way = self.random.random()
        if way < 0.25:
            return self.random.choice(_STRANGE)
        if spec.codes is not None:
            return self.word(spec.codes)
        if spec.type == "need":
            return self.random.choice(
                [self.random.choice(self.needs), self.slip(self.random.choice(self.needs))]
            )
        if spec.type == RECORD:
            return self.random.choice([*_NAMES, "9-9", "2097152-1", self.slip("1-7")])
        if spec.type == "date":
            return dates.iso(TODAY + self.random.randint(-400, 400))
        if spec.type == "bool":
            return self.random.random() < 0.5
        if spec.type == "text":
            return self.slip("Siti Aminah")
        low, high = spec.possible or (0, 100)
        drawn = self.random.choice([low, high, self.random.uniform(low, high)]) * self.random.choice(
            [1, 1, 10, 0.1]
        )
        return round(drawn, self.random.choice([spec.places, spec.places, spec.places + 1]))

    def word(self, codes: str) -> str:
        """A word, an alias or a label, sometimes in capitals, sometimes mistyped."""
        code = self.random.choice(list(self.vocabulary.codes[codes].values()))
        word = self.random.choice([code.name, code.label, *code.aliases])
        changed = self.random.random()
        if changed < 0.2:
            return f" {word.upper()}\t"
        return self.slip(word) if changed < 0.4 else word


def test_the_phone_checks_as_the_server_does(project: Path, compiled: Path, tmp_path: Path) -> None:
    drafts = list(_Drafts(7).draw(DRAFTS))
    knowledge, asked = tmp_path / "knowledge.json", tmp_path / "asked"
    knowledge.write_text(json.dumps(knowledge_words(load_book())), encoding="utf-8")
    asked.write_text("".join(f"{json.dumps(draft)}\n" for draft in drafts), encoding="utf-8")
    command = [find_node(), str(project / "web/tools/check-records.mjs"), str(compiled), str(knowledge)]
    with asked.open("rb") as lines:
        replies = (
            subprocess.run(command, stdin=lines, capture_output=True, check=True).stdout.decode().splitlines()
        )
    different, told = [], set()
    for draft, reply in zip(drafts, replies, strict=True):
        expected = _checked_here(draft)
        told.update(text[:3] for text in (*expected["problems"], *expected["odd"]))
        if json.loads(reply) != expected:
            different.append((draft, expected, json.loads(reply)))
    assert different == []
    assert told == {f"K{number:02}" for number in range(1, 16)}


def _checked_here(draft: dict[str, Any]) -> dict[str, Any]:
    written = {name: value for name, value in draft.items() if name != "around"}
    own = draft["around"]["records"]
    records = own and {name: OwnRecord(**each) for name, each in own.items()}
    around = Surroundings(**{**draft["around"], "records": records})
    found = check_record(**written, vocabulary=load_book().vocabulary, around=around)
    row = StoredRecord(
        id=1, seq=1, kind=draft["kind"], person=None, household=None, on=draft["on"], root=1,
        data=found.data, by_role=found.by_role, place_kind=found.place_kind,
    )  # fmt: skip
    return {
        "read": Reader(load_book().vocabulary).record(row),
        "data": dict(found.data),
        "by_role": found.by_role,
        "place_kind": found.place_kind,
        "problems": [str(problem) for problem in found.problems],
        "odd": [str(problem) for problem in found.odd],
    }
