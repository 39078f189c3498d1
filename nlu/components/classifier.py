"""Classifier: the intent of an utterance and every intent's probability, best first."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from nlu.learning.linear import LinearIntents, joined

from .dense import SentenceEmbedding
from .sparse import NgramCounts
from .storing import keep, recall
from .variants import VARIANT_OF


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Rasa's classifier contract around `LinearIntents`."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [SentenceEmbedding, NgramCounts]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"c": 0.3, "dense_weight": 2.0}

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        intents: LinearIntents | None = None,
    ) -> None:
        self._config = config
        self._storage, self._resource = storage, resource
        self._intents = intents or LinearIntents(config["c"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource, recall(LinearIntents.load, model_storage, resource))

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_data.intent_examples
        self._intents.fit(
            self._features(examples),
            [example.get(INTENT) for example in examples],
            groups=[example.get(VARIANT_OF) or example.get(TEXT) for example in examples],
            copies=[example.get(VARIANT_OF) is not None for example in examples],
        )
        keep(self._intents, self._storage, self._resource)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if not message.features:  # nothing was said
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
                continue
            chances = self._intents.probabilities(self._features([message]))[0]
            ranking = [
                {"name": self._intents.intents[i], "confidence": float(chances[i])} for i in np.argsort(-chances)
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _features(self, messages: list[Message]) -> csr_matrix:
        sparse, dense = [], []
        for message in messages:
            counts = message.get_sparse_features(TEXT)[1]
            vector = message.get_dense_features(TEXT)[1]
            if counts is None or vector is None:
                raise ValueError("an utterance reached the classifier without its features")
            sparse.append(counts.features)
            dense.append(vector.features)
        return joined(vstack(sparse, format="csr"), np.vstack(dense), self._config["dense_weight"])
