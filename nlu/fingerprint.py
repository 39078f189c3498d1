"""Fingerprint: one short name for everything a model was trained from.

Standard library only, so that asking whether a training is due costs nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INPUTS = (
    "config.yml",
    "data/nlu",
    "nlu/components",
    "nlu/learning",
    "nlu/entities",
    "knowledge/e5",
    "bot/domain/vietnamese.py",
    "bot/domain/diacritics.py",
    "data/diacritics.json",
    "nlu/uv.lock",
)
_SUFFIXES = frozenset({".py", ".yml", ".yaml", ".json", ".lock"})


def fingerprint(root: Path = ROOT, data: Path | None = None) -> str:
    """16 hexadecimal digits over the names and bytes of every input, `data` in place of `data/nlu`."""
    digest = hashlib.sha256()
    for name in INPUTS:
        place = data if data is not None and name == "data/nlu" else root / name
        for file in _files(place):
            digest.update(f"{name}/{file.relative_to(place).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(
        file
        for file in place.rglob("*")
        if file.is_file() and file.suffix in _SUFFIXES and "__pycache__" not in file.parts
    )
