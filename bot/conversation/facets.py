"""The facet a question names in plain words, for turns in which the NLU is away."""

from __future__ import annotations

import re

from bot.domain.procedure import Facet
from bot.domain.vietnamese import fold

_WORDS: dict[Facet, tuple[str, ...]] = {
    Facet.FEE: (
        r"bao nhieu tien|\bphi\b|le phi|chi phi|mat tien|gia bao|\bfees?\b|\bcosts?\b|how much",
        "수수료|비용|费用|多少钱|手数料|費用",
    ),
    Facet.TIME: (
        "bao lau|may ngay|thoi gian|thoi han|khi nao (co|xong)|how long|processing time",
        "기간|얼마나 걸|多久|几天|期間|何日",
    ),
    Facet.FORMS: (
        r"bieu mau|\bmau (don|to khai|so)|to khai|\bforms?\b|template",
        "서식|양식|表格|様式|書式",
    ),
    Facet.LEGAL_BASIS: (
        "can cu|nghi dinh|luat nao|thong tu|quy dinh nao|legal basis|which (law|decree)",
        "법적 근거|法律依据|法的根拠",
    ),
    Facet.DOCUMENTS: (
        r"ho so|giay to|can (nhung )?gi\b|documents?|papers",
        "서류|材料|文件|書類",
    ),
    Facet.PLACE: (
        "o dau|noi nop|cho nao|co quan nao|where|which office",
        "어디|哪里|在哪|どこ",
    ),
    Facet.CONDITIONS: (
        "dieu kien|yeu cau|conditions?|requirements?",
        "조건|요건|条件",
    ),
    Facet.STEPS: (
        r"cac buoc|quy trinh|trinh tu|thu tuc the nao|lam the nao|lam sao|steps?|how (do|can|to)\b",
        "절차|어떻게|步骤|流程|怎么办|手順|手続き",
    ),
}
"""Folded words by facet, the most telling facet first; the second line holds Korean, Chinese and Japanese."""
_PATTERNS = tuple((facet, re.compile("|".join(words))) for facet, words in _WORDS.items())


def facet_named(text: str) -> Facet:
    """The first facet named in `text`; the overview where none is."""
    folded = fold(text)
    return next((facet for facet, words in _PATTERNS if words.search(folded)), Facet.OVERVIEW)
