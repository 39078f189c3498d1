"""Tokenizer: Rasa's contract around `nlu.learning.tokens`."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.learning.tokens import tokens_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(Tokenizer):
    """Rasa's tokenizer contract around `tokens_of`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing we train looks at tokens, and Rasa would fingerprint each of 200,000 four times."""
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return [Token(word, start, end) for word, start, end in tokens_of(message.get(attribute))]
