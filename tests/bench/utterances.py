"""Utterances: what contacts say in the bench, taken from the evaluation sets in the mixture found there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import yaml

_SEED = 42
_WITHOUT_SETS = (
    "mở quán cà phê cần giấy tờ gì",
    "xin cap phep lao dong cho nguoi nuoc ngoai het bao nhieu tien",
    "How long does an investment registration certificate take?",
    "đặt lịch nộp hồ sơ",
    "cảm ơn bạn",
)


def questions(folder: Path) -> list[str]:
    """Questions about procedures, in an order that is always the same."""
    return _shuffled(_texts(folder / "retrieval.yml"))


def mixed(folder: Path) -> list[str]:
    """Everything contacts say: questions, small talk, what is not our business. Always in the same order."""
    names = ("retrieval", "routing", "refusals")
    return _shuffled(list(dict.fromkeys(text for name in names for text in _texts(folder / f"{name}.yml"))))


def endless(texts: list[str]) -> Iterator[str]:
    """`texts` again and again."""
    while True:
        yield from texts


def _texts(path: Path) -> list[str]:
    if not path.exists():
        return list(_WITHOUT_SETS)
    return [str(entry["text"]) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]


def _shuffled(texts: list[str]) -> list[str]:
    random.Random(_SEED).shuffle(texts)
    return texts
