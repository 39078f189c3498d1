"""Sparse features: n-grams of accented and folded text, one row for each utterance and none for its words."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.learning.ngrams import Ngrams

from .storing import keep, recall


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramCounts(SparseFeaturizer, GraphComponent):
    """Rasa's featurizer contract around `Ngrams`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**SparseFeaturizer.get_default_config(), "fewest": 2}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        if int(config["fewest"]) < 1:
            raise InvalidConfigException("fewest: an n-gram occurs in at least one utterance")

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        ngrams: Ngrams | None = None,
    ) -> None:
        super().__init__(name, config)
        self._storage, self._resource = storage, resource
        self._ngrams = ngrams or Ngrams(config["fewest"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramCounts:
        return cls(config, model_storage, resource, execution_context.node_name)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramCounts:
        ngrams = recall(Ngrams.load, model_storage, resource)
        return cls(config, model_storage, resource, execution_context.node_name, ngrams)

    def train(self, training_data: TrainingData) -> Resource:
        self._ngrams.fit([example.get(TEXT) for example in training_data.intent_examples])
        keep(self._ngrams, self._storage, self._resource)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            rows = self._ngrams.transform([message.get(TEXT) for message in spoken])
            for message, row in zip(spoken, rows, strict=True):
                message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
