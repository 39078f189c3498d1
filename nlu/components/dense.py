"""Dense features: the centred views of the sentence embedding."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from nlu.learning.embedding import CentredEmbedding, embed

from .featurizing import SentenceFeatures


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEmbedding(SentenceFeatures):
    """`CentredEmbedding` as a component."""

    kind = CentredEmbedding

    @classmethod
    def warm_up(cls) -> None:
        embed(["xin chào"])
