"""Sparse features: n-grams of accented and folded text."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.exceptions import InvalidConfigException

from nlu.learning.ngrams import Ngrams

from .featurizing import SentenceFeatures


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramCounts(SentenceFeatures):
    """`Ngrams` as a component."""

    kind = Ngrams

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"fewest": 2}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        if int(config["fewest"]) < 1:
            raise InvalidConfigException("fewest: an n-gram occurs in at least one utterance")

    @classmethod
    def blank(cls, config: dict[str, Any]) -> Ngrams:
        return Ngrams(config["fewest"])
