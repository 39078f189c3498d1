"""Storing: a Rasa component around one thing that learns, made, kept in the model archive and found again.

The only place that knows how; `dense`, `sparse` and `classifier` say what learns.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from typing_extensions import Self


class Learnt(Protocol):
    """What learns; `load` gives back what `save` wrote into a folder of its own."""

    def save(self, folder: Path) -> None: ...

    @classmethod
    def load(cls, folder: Path) -> Self: ...


class Learning(GraphComponent):
    """Holds `self.learnt`: new from `blank` when training, from the archive when serving."""

    kind: type[Learnt]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to refuse, unless a component says so."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, name: str, learnt: Any = None
    ) -> None:
        self.config, self.name = config, name
        self._storage, self._resource = storage, resource
        self.learnt = learnt or self.blank(config)

    @classmethod
    def blank(cls, config: dict[str, Any]) -> Learnt:
        """What has learnt nothing yet, as `config` wants it."""
        return cls.kind()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(config, model_storage, resource, execution_context.node_name)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        with model_storage.read_from(resource) as folder:
            learnt = cls.kind.load(folder)
        cls.warm_up()
        return cls(config, model_storage, resource, execution_context.node_name, learnt)

    @classmethod
    def warm_up(cls) -> None:
        """Read what is read once, now and not while the first contact waits."""

    def keep(self) -> Resource:
        """Write what was learnt into the archive."""
        with self._storage.write_to(self._resource) as folder:
            self.learnt.save(folder)
        return self._resource
