"""What the tests of engines share."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from siklus.bulk.javascript import find_node


@pytest.fixture(scope="session")
def compiled(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What runs on phones beside the module, as plain JavaScript."""
    compiler = project / "web/node_modules/typescript-7/bin/tsc"
    if not compiler.is_file():
        pytest.fail("The web project has no packages yet; run ./run setup.")
    out = tmp_path_factory.mktemp("web")
    options = ["--noEmit", "false", "--rewriteRelativeImportExtensions"]
    (out / "package.json").write_text('{"type": "module"}')
    folders = ["-p", str(project / "web"), "--rootDir", str(project / "web/src"), "--outDir", str(out)]
    subprocess.run([find_node(), str(compiler), *folders, *options], check=True)
    return out
