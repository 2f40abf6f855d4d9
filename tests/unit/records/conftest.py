"""The vocabulary alone, without the rules: enough for the records."""

from __future__ import annotations

from pathlib import Path

import pytest

from siklus.library.yaml_text import read_yaml
from siklus.rules.vocabulary import Vocabulary, build_vocabulary


@pytest.fixture(scope="session")
def vocabulary(project: Path) -> Vocabulary:
    folder = project / "knowledge" / "vocabulary"
    return build_vocabulary((path.name, read_yaml(path, path.name)) for path in sorted(folder.glob("*.yaml")))
