"""Dense features: the centred sentence embedding, one row for each utterance and none for its words."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.learning.embedding import CentredEmbedding, embed

from .storing import keep, recall


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEmbedding(DenseFeaturizer, GraphComponent):
    """Rasa's featurizer contract around `CentredEmbedding`."""

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to set."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        centred: CentredEmbedding | None = None,
    ) -> None:
        super().__init__(name, config)
        self._storage, self._resource = storage, resource
        self._centred = centred or CentredEmbedding()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbedding:
        return cls(config, model_storage, resource, execution_context.node_name)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEmbedding:
        centred = recall(CentredEmbedding.load, model_storage, resource)
        embed(["xin chào"])  # maps the weights now, not while the first contact waits
        return cls(config, model_storage, resource, execution_context.node_name, centred)

    def train(self, training_data: TrainingData) -> Resource:
        self._centred.fit([example.get(TEXT) for example in training_data.intent_examples])
        keep(self._centred, self._storage, self._resource)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            rows = self._centred.transform([message.get(TEXT) for message in spoken])
            for message, row in zip(spoken, rows, strict=True):
                message.add_features(Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
