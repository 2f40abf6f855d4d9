"""The newest full run of each figure, kept under var/bench/figures, so that one figure can be measured again alone."""

from __future__ import annotations

import datetime
import json
import subprocess

from bench.figure import Values
from bench.populations import HOME, PROJECT

FOLDER = HOME / "figures"


def keep(found: Values) -> None:
    """Keeps a full run, with its day and the commit it was measured on; a quick run says too little to be kept."""
    if found["quick"]:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    text = json.dumps({**found, "measured": today, "commit": _commit()}, ensure_ascii=False)
    (FOLDER / f"{found['figure']}.json").write_text(text, encoding="utf-8")


def kept(names: list[str]) -> list[Values]:
    """The kept runs of these figures, in their order; what was never measured in full is left out."""
    files = [FOLDER / f"{name}.json" for name in names]
    return [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]


def _commit() -> str:
    """The commit of the working tree, with a star when something in it is not committed; empty without git."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = "*" if git("status", "--porcelain", "--untracked-files=no") else ""
    return git("rev-parse", "--short", "HEAD") + changed
