"""Storing: how a component keeps what it learnt in Rasa's model archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class Saves(Protocol):
    def save(self, folder: Path) -> None: ...


Learnt = TypeVar("Learnt", bound=Saves)


def keep(learnt: Saves, storage: ModelStorage, resource: Resource) -> None:
    with storage.write_to(resource) as folder:
        learnt.save(folder)


def recall(load: Callable[[Path], Learnt], storage: ModelStorage, resource: Resource) -> Learnt:
    with storage.read_from(resource) as folder:
        return load(folder)
