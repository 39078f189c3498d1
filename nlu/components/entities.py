"""Entities: Rasa's contract around `nlu.entities.extraction`."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.entities.extraction import Extractor


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClosedClassEntities(EntityExtractorMixin, GraphComponent):
    """Adds the entities of a message to its output."""

    def __init__(self) -> None:
        self._extractor = Extractor()
        self._extractor.entities("xin chào")  # builds the matcher now, not while the first contact waits

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClosedClassEntities:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = [
                {"entity": kind, "value": value, "start": start, "end": end}
                for kind, value, start, end in self._extractor.entities(message.get(TEXT) or "")
            ]
            message.set(ENTITIES, self.add_extractor_name(found), add_to_output=True)
        return messages
