"""Variants: adds the copies of `nlu.learning.variants` to the training data.

A copy carries the original under `VARIANT_OF`, so that calibration never tests on a copy of what it
trained on. Registered as a featurizer because Rasa runs only those and tokenizers over training data.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.learning.variants import variants

VARIANT_OF = "variant_of"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Variants(GraphComponent):
    """Grows the training data; leaves a message in service alone."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Variants:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        copies = [
            Message({TEXT: copy, INTENT: example.get(INTENT), VARIANT_OF: example.get(TEXT)})
            for example in training_data.intent_examples
            for copy in variants(example.get(TEXT))
        ]
        return training_data.merge(TrainingData(training_examples=copies))
