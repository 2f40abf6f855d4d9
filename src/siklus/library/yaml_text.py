"""YAML text -> plain values that remember their line and column, and back. Repeated keys are an error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from siklus.rules.source import Mark, MarkedMap, fault

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDTH = 1_000


def read_yaml(path: Path, name: str) -> MarkedMap:
    """The mapping a file holds; ProblemError names the place when it cannot be read."""
    return parse_yaml(path.read_text(encoding="utf-8"), name)


def plain_yaml(path: Path) -> Any:
    """What a file holds, as plain values: for lists of words that no message has to point at."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


def parse_yaml(text: str, name: str) -> MarkedMap:
    """As `read_yaml`, for text at hand."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        value = _build(loader, node, name)
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


def _build(loader: Any, node: Any, name: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        mapping = MarkedMap(_mark(node, name))
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node, deep=True))
            if key in mapping:
                raise fault("R21", _mark(key_node, name), f"'{key}' stands twice in one mapping")
            mapping.key_marks[key] = _mark(key_node, name)
            mapping.value_marks[key] = _mark(value_node, name)
            mapping[key] = _build(loader, value_node, name)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, child, name) for child in node.value]
    return loader.construct_object(node, deep=True) if node is not None else None


def _mark(node: Any, name: str) -> Mark:
    quoted = 1 if getattr(node, "style", None) in ("'", '"') else 0
    return Mark(name, node.start_mark.line + 1, node.start_mark.column + 1 + quoted)
