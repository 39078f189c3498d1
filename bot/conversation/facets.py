"""The facet a question names in plain words, for turns in which the NLU is away or names none."""

from __future__ import annotations

import re

from bot.domain.procedure import Facet
from bot.domain.vietnamese import fold

_WORDS: dict[Facet, tuple[str, ...]] = {
    Facet.STATUS: (
        r"tinh trang (ho so|xu ly|giai quyet)|(tra cuu|kiem tra|theo doi) ho so|ho so .*(den dau|xong chua|toi dau)|"
        r"\b(status|track)\b",
        "진행 상황|처리 상태|办理进度|办理状态|進捗|処理状況",
    ),
    Facet.FEE: (
        r"bao nhieu tien|\bphi\b|le phi|mat tien|gia bao nhieu|\bfees?\b|\bcosts?\b|how much",
        "수수료|비용|얼마(예|인|입|에|죠|냐|\\?|$)|费用|多少钱|手数料|費用|いくら",
    ),
    Facet.TIME: (
        r"bao lau|may ngay|bao nhieu ngay|thoi gian|thoi han|khi nao (co|xong)|how long|how many days|processing time",
        "기간|얼마나 걸|며칠|多久|几天|多长时间|期間|何日|どのくらい",
    ),
    Facet.FORMS: (
        r"bieu mau|\bmau (don|to khai|so|nao)\b|to khai|\bforms?\b|template",
        "서식|양식|表格|様式|書式",
    ),
    Facet.LEGAL_BASIS: (
        r"can cu\b|nghi dinh|luat nao|thong tu|(quy dinh|van ban) nao|legal basis|which (law|decree)",
        "법적 근거|어느 법|法律依据|哪部法|法的根拠|どの法律",
    ),
    Facet.PLACE: (
        r"\bo dau\b|den dau\b|noi nop|cho nao|co quan nao|\bwhere\b|which office",
        "어디|哪里|哪儿|哪裡|在哪|どこ",
    ),
    Facet.DOCUMENTS: (
        r"ho so|giay to|can (nhung )?gi\b|documents?|papers",
        "서류|材料|文件|書類",
    ),
    Facet.CONDITIONS: (
        r"dieu kien|yeu cau|conditions?|requirements?",
        "조건|요건|条件",
    ),
    Facet.STEPS: (
        r"cac buoc|quy trinh|trinh tu|thu tuc the nao|lam the nao|lam sao|\bsteps?\b|\bhow (do|can|to)\b",
        "절차|어떻게|步骤|流程|怎么办|手順|手続き",
    ),
}
"""Folded words by facet, the most telling facet first; the second line holds Korean, Chinese and Japanese."""
_PATTERNS = tuple((facet, re.compile("|".join(words))) for facet, words in _WORDS.items())


def facet_named(text: str) -> Facet:
    """The first facet named in `text`; the overview where none is."""
    folded = fold(text)
    return next((facet for facet, words in _PATTERNS if words.search(folded)), Facet.OVERVIEW)
