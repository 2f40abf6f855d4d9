"""YAML text -> plain values that remember their line and column, and back. Repeated keys are an error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from siklus.rules.source import Mark, MarkedMap, fault

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDTH = 1_000


class _Loader(_Base):  # type: ignore[misc]
    """What kind of value a word is does not change from one place to the next: asked once."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.kinds: dict[Any, str] = {}

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """The tag of a node."""
        if kind is not yaml.ScalarNode:
            return str(super().resolve(kind, value, implicit))
        said = (value, implicit)
        return self.kinds.get(said) or self.kinds.setdefault(said, super().resolve(kind, value, implicit))


def read_yaml(path: Path, name: str) -> MarkedMap:
    """The mapping a file holds; ProblemError names the place when it cannot be read."""
    return parse_yaml(path.read_text(encoding="utf-8"), name)


def plain_yaml(path: Path) -> Any:
    """What a file holds, as plain values: for lists of words that no message has to point at."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  a safe loader, see above


def parse_yaml(text: str, name: str) -> MarkedMap:
    """As `read_yaml`, for text at hand."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        value = _build(loader, node, name, {})
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark
        mark = Mark(name, at.line + 1 if at else 1, at.column + 1 if at else 1)
        raise fault("R11", mark, f"cannot read this as YAML: {error.problem}") from None
    finally:
        loader.dispose()
    if not isinstance(value, MarkedMap):
        raise fault("R11", Mark(name, 1, 1), "a knowledge file is a mapping of sections")
    return value


def text_of(document: Mapping[str, Any]) -> str:
    """The YAML text of plain values, in the order they stand."""
    text: str = yaml.dump(dict(document), Dumper=_Dumper, allow_unicode=True, width=_WIDTH, sort_keys=False)
    return text


def line_of(document: Mapping[str, Any]) -> str:
    """Plain values in one line, as examples are written."""
    text: str = yaml.dump(
        dict(document),
        Dumper=_Dumper,
        allow_unicode=True,
        width=_WIDTH,
        sort_keys=False,
        default_flow_style=True,
    )
    return text.strip()


def _build(loader: Any, node: Any, name: str, seen: dict[tuple[str, str], Any]) -> Any:
    if isinstance(node, yaml.MappingNode):
        mapping = MarkedMap(_mark(node, name))
        for key_node, value_node in node.value:
            key, mark = str(_scalar(loader, key_node, name, seen)), _mark(key_node, name)
            if key in mapping:
                raise fault("R21", mark, f"'{key}' stands twice in one mapping")
            mapping.key_marks[key] = mark
            mapping.value_marks[key] = _mark(value_node, name)
            mapping[key] = _build(loader, value_node, name, seen)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, child, name, seen) for child in node.value]
    return _scalar(loader, node, name, seen) if node is not None else None


def _scalar(loader: Any, node: Any, name: str, seen: dict[tuple[str, str], Any]) -> Any:
    """The same few words stand again and again in a file: each is made once."""
    if not isinstance(node, yaml.ScalarNode):
        return loader.construct_object(node, deep=True)
    said = (node.tag, node.value)
    if said not in seen:
        try:
            seen[said] = loader.construct_object(node, deep=True)
        except ValueError:  # what looks like a day, and is none
            raise fault("R11", _mark(node, name), f"{node.value} is no day of the calendar") from None
    return seen[said]


def _mark(node: Any, name: str) -> Mark:
    quoted = 1 if getattr(node, "style", None) in ("'", '"') else 0
    start = node.start_mark
    return Mark(name, start.line + 1, start.column + 1 + quoted)
