"""Which of the five languages an utterance is in, decided by script, syllables and common words.

Pure and fast, so that it works while the NLU is away. Unaccented Vietnamese is told from English by the
closed set of Vietnamese syllables. Measured on `data/evaluation/languages.yml`.
"""

from __future__ import annotations

import re

from bot.domain.procedure import Language
from bot.domain.vietnamese import fold, is_folded

_HANGUL = re.compile(r"[\uac00-\ud7a3\u3130-\u318f]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff々]")
_JAPANESE_HAN = re.compile(
    r"[営労証図円対応続険経済価発関県転広検権売変様処総録団収査働払仮拠薬麺庁塩蔵単実気観訳鉱児駅込]"
    r"|会社|手数料|書類|届出|株式|番目|住所|場合"
)
"""Letters written so in Japan only, neither in the simplified nor in the traditional way, and words of Japan."""
_CHINESE_HAN = re.compile(
    r"[你您吗嗎呢們们么麼怎哪這这请"
    r"业营许动劳证图对续费办问设为书见话说让认论级纸给统约纪贸货贷资质购账车转运进远还选适递邮间闭阅险项"
    r"预领频题额饭馆验员简计订记评试该详语误调产关务协厂厅发变处备复审导层岁师币应张归录总户护报据换"
    r"營證勞圖圓對續險經濟價發關縣轉廣檢權賣變樣產處總錄團據實應會國學廳藥麵號]|請問"
)
"""Letters of simplified or traditional Chinese that Japan writes otherwise, and Chinese particles."""
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u0300-\u0323\u1e00-\u1eff]+")

_ONSETS = "b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|q|r|s|th|tr|t|v|x|"
_RIMES = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|em|en|eng|enh|ech|eo|ep|et|eu|i|ia|ich|iec|iem|ien|ieng|iep|"
    "iet|ieu|im|in|inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oc|oe|oen|oeo|oet|oi|om|on|"
    "ong|op|ot|u|ua|uan|uang|uat|uay|uc|ue|uech|uenh|ui|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|uu|"
    "uy|uya|uych|uyen|uyet|uynh|uyt|uyu|y|yem|yen|yet|yeu"
)
_SYLLABLE = re.compile(f"(?:{_ONSETS})(?:{_RIMES})")

_ENGLISH_FRAME = frozenset(
    """
    and are could did does for from get have how i is my need of our please should the their they want was we were
    what when where which who why will with would you your
    """.split()
)
"""Words that hold an English sentence together, whatever Vietnamese names stand in it."""
_ENGLISH = frozenset(
    """
    a about after all am an any apply as at before business but buy by certificate city company cost district documents
    fee file form give has hello help hi if it kind know land language law licence license many must not office or
    papers pay permit procedure register registration requirements restaurant sell some speak start
    steps take thank thanks that there this time understand up use work yes foreign worker investment investor
    housing english much person human talk official appointment book cancel store factory import export food
    """.split()
)
_SHARED = frozenset(
    """
    a an am be can chat day do go hi him hit hot in it let loan long me met my net no on one say set so sit tax the
    them then there tip to trip us van yes yet
    """.split()
)
"""Words of both languages, which prove little."""
_BORROWED = frozenset(
    """
    cafe camera casino container email facebook fax fdi form gym homestay hotel hotline karaoke logistics
    marketing massage menu ok okay oke okie oki onl online photo pub shop showroom spa studio tiktok tour vat visa
    web website zalo
    """.split()
)
"""Words that a Vietnamese sentence borrows as they are; they prove nothing."""
_TEENCODE = frozenset(
    """
    ko k hok hem dc đc bn mk mik j r vs lm trc ntn sdt gpkd dkkd hkd tnhh mst gtgt pccc vsattp attp gplđ gpld
    dk kcn bhxh nlđ nld nnn ubnd tthc dvc vpđd vpdd cty gp tp hp dn cp ad sop ak hc
    """.split()
)
"""Abbreviations that only a Vietnamese writer uses."""


def detect(text: str, otherwise: Language) -> Language:
    """The language of `text`; `otherwise` where it carries no evidence (numbers, emoji, a shared word)."""
    return by_script(text, otherwise) or _latin(text, otherwise)


def by_script(text: str, otherwise: Language) -> Language | None:
    """Korean, Chinese or Japanese where its letters carry the text; None where they are a name in other words."""
    hangul, kana, han = (len(letters.findall(text)) for letters in (_HANGUL, _KANA, _HAN))
    written = hangul + kana + han
    if not written:
        return None
    words = len(_LATIN_WORD.findall(text))
    # Koreans put English terms into a sentence; Vietnamese put the name of a restaurant into one.
    share = 2 if is_folded(text) else 1
    if written * share < words and otherwise in (Language.VI, Language.EN):
        return None
    if hangul >= kana + han:
        return Language.KO
    if kana or _JAPANESE_HAN.search(text):
        return Language.JA
    return Language.JA if otherwise is Language.JA and not _CHINESE_HAN.search(text) else Language.ZH


def _latin(text: str, otherwise: Language) -> Language:
    words = _LATIN_WORD.findall(text)
    if len(words) == 1 and words[0].lower() in _SHARED:
        return otherwise  # "An" may be a name
    english = vietnamese = 0.0
    for at, written in enumerate(words):
        word = fold(written)
        if word in _BORROWED:
            continue
        # A capital within the sentence is a name, and Hải Phòng stands in English sentences too.
        syllable = 0.3 if at and written.istitle() else 1.0
        if not is_folded(written):
            vietnamese += syllable
        elif word in _TEENCODE:
            vietnamese += 1
        elif word in _SHARED:
            english += 0.4
            vietnamese += 0.3
        elif word in _ENGLISH_FRAME:
            english += 2
        elif word in _ENGLISH:
            english += 1
        elif _SYLLABLE.fullmatch(word):
            vietnamese += syllable
        elif len(word) > 2:
            english += 0.8
    if english == vietnamese:
        return otherwise
    return Language.EN if english > vietnamese else Language.VI


SHORT = 4
"""Words; below this, an utterance does not overrule the language the contact chose."""


def language_of(text: str, current: Language, *, chosen: bool) -> Language:
    """The language to answer `text` in, given the conversation's `current` one and whether it was `chosen`."""
    if chosen and by_script(text, current) is None and len(_LATIN_WORD.findall(text)) < SHORT:
        return current
    return detect(text, current)
