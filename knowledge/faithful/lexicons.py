"""The lexicon of each language."""

from __future__ import annotations

from bot.domain.procedure import Language

from .lexicon import Lexicon
from .lexicon_en import ENGLISH
from .lexicon_ja import JAPANESE
from .lexicon_ko import KOREAN
from .lexicon_vi import VIETNAMESE
from .lexicon_zh import CHINESE

LEXICONS: dict[Language, Lexicon] = {each.language: each for each in (VIETNAMESE, ENGLISH, KOREAN, CHINESE, JAPANESE)}
