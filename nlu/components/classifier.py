"""Classifier: the intent of an utterance and every intent's probability, best first."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from nlu.learning.intents import Intents, Seen

from .dense import SentenceEmbedding
from .sparse import NgramCounts
from .storing import Learning
from .variants import VARIANT_OF


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class VotingIntentClassifier(Learning, IntentClassifier):
    """`Intents` as a component."""

    kind = Intents

    @classmethod
    def required_components(cls) -> list[type]:
        return [SentenceEmbedding, NgramCounts]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"c": 0.3, "dense_weight": 2.0}

    @classmethod
    def blank(cls, config: dict[str, Any]) -> Intents:
        return Intents(config["c"], config["dense_weight"])

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_data.intent_examples
        self.learnt.fit(
            _seen(examples),
            [example.get(INTENT) for example in examples],
            groups=[example.get(VARIANT_OF) or example.get(TEXT) for example in examples],
            copies=[example.get(VARIANT_OF) is not None for example in examples],
        )
        return self.keep()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if not message.features:  # nothing was said
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
                continue
            chances = self.learnt.probabilities(_seen([message]))[0]
            order = np.argsort(-chances, kind="stable")
            ranking = [{"name": self.learnt.names[i], "confidence": float(chances[i])} for i in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _seen(messages: list[Message]) -> Seen:
    """What the featurizers saw in `messages`."""
    sparse, dense = [], []
    for message in messages:
        counts = message.get_sparse_features(TEXT)[1]
        vector = message.get_dense_features(TEXT)[1]
        if counts is None or vector is None:
            raise ValueError("an utterance reached the classifier without its features")
        sparse.append(counts.features)
        dense.append(vector.features)
    if len(messages) == 1:  # stacking one row costs as much as classifying it
        return Seen(sparse[0], dense[0])
    return Seen(vstack(sparse, format="csr"), np.vstack(dense))
