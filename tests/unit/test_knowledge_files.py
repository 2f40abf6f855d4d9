"""What must hold of the knowledge files: approval, sources, words that mean one thing, examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from siklus.library.conflicts import offered, read_settled
from siklus.library.loading import load_book
from siklus.library.sources import cited, read_sources, unknown_citations
from siklus.library.yaml_text import plain_yaml

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
SHORTEST_REASON = 10


def _read(path: Path) -> dict[str, Any]:
    found = plain_yaml(path)
    assert isinstance(found, dict), path
    return found


def _needs(folder: str) -> Iterator[dict[str, Any]]:
    for path in sorted((KNOWLEDGE / "packages" / folder).glob("*.yaml")):
        for item in _read(path)["needs"]:
            yield from item["steps"] if "series" in item else [item]


def test_every_package_form_and_file_of_indicators_stands_in_the_registry() -> None:
    registry = _read(KNOWLEDGE / "registry.yaml")
    files = {
        path.relative_to(KNOWLEDGE).as_posix()
        for folder in ("packages", "indicators", "forms")
        for path in (KNOWLEDGE / folder).rglob("*.yaml")
        if path.name != "terms.yaml"
    }
    entries = [entry for kind in ("packages", "indicators", "forms") for entry in registry[kind].values()]
    assert {entry["file"] for entry in entries} == files
    for name, entry in registry["packages"].items():
        assert _read(KNOWLEDGE / entry["file"])["package"] == name


def test_what_nobody_has_approved_is_a_draft() -> None:
    registry = _read(KNOWLEDGE / "registry.yaml")
    for entry in (e for kind in ("packages", "indicators", "forms") for e in registry[kind].values()):
        assert (entry["status"] == "disetujui") == (entry["approved_by"] != "nobody")


def test_every_citation_names_a_source_of_which_it_is_said_what_was_read() -> None:
    for path in sorted((KNOWLEDGE / "sources").glob("*.yaml")):
        source = _read(path)
        assert source["source"] == path.stem
        assert source["read"] and source["confidence"] in ("read", "general", "ours"), path
    assert unknown_citations(KNOWLEDGE) == []


def test_no_two_sources_are_the_same_regulation() -> None:
    sources = read_sources(KNOWLEDGE)
    names = [name for source in sources for name in source.cite_as]
    numbers = [(source.kind, source.number) for source in sources if source.number]
    assert len(set(names)) == len(names) and len(set(numbers)) == len(numbers)


def test_what_a_district_may_choose_is_argued_and_each_reading_is_cited() -> None:
    silent = []
    for value in offered(load_book()):
        silent += [value.name] if len(str(value.variants[0].get("why", ""))) < SHORTEST_REASON else []
        silent += [
            value.name for variant in value.variants if not {"cites", "confidence", "name"} <= set(variant)
        ]
    assert silent == []


def test_what_is_no_choice_says_what_each_source_says_and_why() -> None:
    sources = read_sources(KNOWLEDGE)
    for one in read_settled(KNOWLEDGE):
        assert one.matter and one.here and len(one.why) >= SHORTEST_REASON, one.matter
        assert [says for says in one.says if not cited([says], sources)] == []


def test_no_written_word_is_understood_as_two_codes_of_one_list() -> None:
    for name, codes in _read(KNOWLEDGE / "vocabulary" / "codes.yaml")["codes"].items():
        meanings: dict[str, str] = {}
        for code, spec in codes.items():
            for word in (code, *spec.get("aliases", ())):
                plain = re.sub(r"[\s/-]+", "_", str(word).casefold())
                assert meanings.setdefault(plain, code) == code, f"{word} in {name}"


def test_a_plausible_value_is_always_a_possible_one() -> None:
    for path in sorted((KNOWLEDGE / "vocabulary").glob("kinds_*.yaml")):
        for kind in _read(path)["kinds"].values():
            for field in kind["fields"].values():
                if "plausible" in field:
                    (low, high), (least, most) = field["plausible"], field["possible"]
                    assert least <= low < high <= most, field["label"]


def test_every_need_of_a_child_has_an_example_of_being_due_and_of_being_done() -> None:
    for need in _needs("bayi_balita"):
        shown = {status for example in need["examples"] for status in _statuses(example)}
        assert {"due", "done"} <= shown, need["need"]


def _statuses(example: dict[str, Any]) -> list[str]:
    return list(example["days"].values()) if "days" in example else [example["expect"]]
