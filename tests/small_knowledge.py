"""A small rule book with something of every kind, for tests that are about what is done with rules, not about rules.

Planning the SQL of the whole book takes longer than all else in a test with three people in it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

_PACKAGES = (
    "bayi_balita/tumbuh", "bayi_balita/imunisasi", "bayi_balita/neonatal", "ibu/anc", "ibu/nifas", "dewasa/dewasa",
    "menular/tb", "lintas/keluarga", "lintas/anggota",
)  # fmt: skip
_INDICATORS = ("spm_anak", "spm_ibu", "spm_penyakit")


def write_small_knowledge(whole: Path, folder: Path) -> None:
    """Copies of the lists and standards of a knowledge folder, and of some packages and indicators."""
    for part in ("vocabulary", "standards"):
        shutil.copytree(whole / part, folder / part)
    rules = (*(f"packages/{name}" for name in _PACKAGES), *(f"indicators/{name}" for name in _INDICATORS))
    for file in ("stages.yaml", "kader.yaml", *(f"{name}.yaml" for name in rules)):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(whole / file, folder / file)
