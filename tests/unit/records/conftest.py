"""The vocabulary alone, without the rules: enough for the records."""

from __future__ import annotations

from pathlib import Path

import pytest

from siklus.library.yaml_text import read_yaml
from siklus.rules.vocabulary import Vocabulary, build_vocabulary


@pytest.fixture(scope="session")
def vocabulary(project: Path) -> Vocabulary:
    folders = (project / "knowledge" / name for name in ("standards", "vocabulary"))
    paths = (path for folder in folders for path in sorted(folder.glob("*.yaml")))
    return build_vocabulary((path.name, read_yaml(path, path.name)) for path in paths)
