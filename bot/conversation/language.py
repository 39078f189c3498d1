"""Which of the five languages an utterance is in, decided by script, syllables and common words.

Pure and fast, so that it works while the NLU is away. Unaccented Vietnamese is told from English by the
closed set of Vietnamese syllables.
"""

from __future__ import annotations

import re

from bot.domain.procedure import Language
from bot.domain.vietnamese import fold, is_folded

_HANGUL = re.compile(r"[\uac00-\ud7a3\u3130-\u318f]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_JAPANESE_HAN = re.compile(r"[営業許届働労証図円対応続費]")
"""Letters written so in Japan only; Chinese would use 营业许届动劳证图圆对应续费 or traditional forms."""
_WORD = re.compile(r"[^\W\d_]+")

_ONSETS = "b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|q|r|s|th|tr|t|v|x|"
_RIMES = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|em|en|eng|enh|ech|eo|ep|et|eu|i|ia|ich|iec|iem|ien|ieng|iep|"
    "iet|ieu|im|in|inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oc|oe|oen|oeo|oet|oi|om|on|"
    "ong|op|ot|u|ua|uan|uang|uat|uay|uc|ue|uech|uenh|ui|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|uu|"
    "uy|uya|uych|uyen|uyet|uynh|uyt|uyu|y|yem|yen|yet|yeu"
)
_SYLLABLE = re.compile(f"(?:{_ONSETS})(?:{_RIMES})")

_ENGLISH = frozenset(
    """
    a about after all am an and any apply are as at be before business by can certificate company cost could do
    documents does fee file for form from get give has have hello help hi how i if in is it kind know language law
    licence license long many me must my need no not of office on one open or our papers pay permit please
    procedure register registration requirements restaurant set shop should some speak start steps take tax thank
    thanks that the their there they this time to understand up use want we what when where which who why will with
    without work would yes you your foreign worker investment investor housing english don't much hotline person
    human talk official appointment book cancel store factory import export food
    """.split()
)
_SHARED = frozenset(
    """
    a an am be can do hi him in it long me my on to tax the then there so no one us van hot go
    """.split()
)
"""Words of both languages, which prove little."""
_TEENCODE = frozenset(
    """
    ko k hok hem dc đc bn mk mik j r vs lm trc ntn sdt gpkd dkkd hkd tnhh mst gtgt pccc vsattp attp gplđ gpld fdi
    kcn bhxh nlđ nld nnn ubnd tthc dvc vpđd vpdd cty gp tp hp dn cp ad sop ak hc
    """.split()
)
"""Abbreviations that only a Vietnamese writer uses."""


def detect(text: str, otherwise: Language) -> Language:
    """The language of `text`; `otherwise` where it carries no evidence (numbers, emoji, a shared word)."""
    if _HANGUL.search(text):
        return Language.KO
    if _KANA.search(text):
        return Language.JA
    if _HAN.search(text):
        if otherwise is Language.JA or _JAPANESE_HAN.search(text):
            return Language.JA
        return Language.ZH
    if not is_folded(text):
        return Language.VI
    return _latin(text, otherwise)


def _latin(text: str, otherwise: Language) -> Language:
    english = vietnamese = 0.0
    for word in _WORD.findall(fold(text)):
        if word in _TEENCODE:
            vietnamese += 1
        elif word in _SHARED:
            english += 0.4
            vietnamese += 0.3
        elif word in _ENGLISH:
            english += 1
        elif _SYLLABLE.fullmatch(word):
            vietnamese += 1
        elif len(word) > 2:
            english += 0.8
    if english == vietnamese:
        return otherwise
    return Language.EN if english > vietnamese else Language.VI


SHORT = 4
"""Words; below this, an utterance does not overrule the language the contact chose."""


def language_of(text: str, current: Language, *, chosen: bool) -> Language:
    """The language to answer `text` in, given the conversation's `current` one and whether it was `chosen`."""
    found = detect(text, current)
    by_script = _HANGUL.search(text) or _KANA.search(text) or _HAN.search(text)
    if chosen and not by_script and len(_WORD.findall(text)) < SHORT:
        return current
    return found
