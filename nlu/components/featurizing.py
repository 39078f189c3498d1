"""Featurizing: rows of numbers for whole utterances and none for their words, dense or sparse."""

from __future__ import annotations

import hashlib

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .storing import Learning


class Row(Features):
    """Features of one utterance, fingerprinted by their bytes.

    Rasa fingerprints training data before and after each component and for that writes every number out as
    text: more than a minute for all utterances.
    """

    def fingerprint(self) -> str:
        if self._cached_fingerprint is None:
            digest = hashlib.sha256(f"{self.origin} {self.features.shape}".encode())
            parts = (self.features.data, self.features.indices) if self.is_sparse() else (self.features,)
            for part in parts:
                digest.update(np.ascontiguousarray(part).tobytes())
            self._cached_fingerprint = digest.hexdigest()
        return self._cached_fingerprint


class SentenceFeatures(Learning):
    """Rasa's featurizer contract around what has `fit(texts)` and `transform(texts)`."""

    def train(self, training_data: TrainingData) -> Resource:
        self.learnt.fit([example.get(TEXT) for example in training_data.intent_examples])
        return self.keep()

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            rows = self.learnt.transform([message.get(TEXT) for message in spoken])
            for number, message in enumerate(spoken):
                message.add_features(Row(rows[number : number + 1], FEATURE_TYPE_SENTENCE, TEXT, self.name))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
