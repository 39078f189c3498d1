"""What no retelling may hold whatever the facts say: orders to a model, talk about itself, markup, promises."""

from __future__ import annotations

import re

from bot.domain.vietnamese import fold

_ORDERS = re.compile(
    r"ignore (?:all |any |the |your )*(?:previous|prior|above|earlier|these|instructions?|rules?|facts?)"
    r"|disregard (?:all|any|the|previous)|forget (?:all|everything|the|your)"
    r"|(?:previous|above|system) (?:instructions?|prompt)"
    r"|system prompt|jailbreak|developer mode|you are now|act as\b|pretend (?:to|that|you)|new instructions?"
    r"|bo qua (?:moi |tat ca |cac |nhung )*(?:huong dan|chi dan|lenh|quy tac|cau lenh|yeu cau)"
    r"|quen (?:moi|het|tat ca) (?:huong dan|lenh)"
    r"|dong vai|lam theo lenh|hay noi (?:rang|le phi|phi)|tra loi rang"
    r"|무시하|지시를|명령을|忽略|无视|無視|指示に従|プロンプト|提示词"
)
_SELF = re.compile(
    r"\bas an? (?:ai|assistant|language model)|language model"
    r"|\bi(?:'m| am) (?:an? )?(?:ai|assistant|bot)\b|\bopenai\b|chatgpt"
    r"|\bi (?:cannot|can't|can not|am unable|apologi[sz]e)|\bsorry\b"
    r"|mo hinh ngon ngu|tri tue nhan tao|la mot (?:ai|tro ly)|toi la tro ly|toi khong the|xin loi|rat tiec"
    r"|인공지능|언어 모델|죄송|人工智能|语言模型|抱歉|对不起|人工知能|言語モデル|申し訳"
    r"|^\s*(?:system|assistant|user|human|ai|tro ly|nguoi dung|facts?|question|answer|output|json)\s*[:：]"
    r"|<\|?\w+\|?>|\[/?inst\]|###|<think",
    re.MULTILINE,
)
_MARKUP = re.compile(
    r"```|`|\*\*|__|^\s*#{1,6}\s|</?\w+[^>]*>|\]\(|^\s*\|.*\||[{}\[\]\\]|&\w+;|\u200b|\u202e|\ufeff", re.MULTILINE
)
_PROMISES = re.compile(
    r"chac chan|dam bao (?:se|rang|anh|ban)|cam ket|cam doan|yen tam|an tam|bao dam (?:se|rang)|100%|\bhua\b"
    r"|guarantee|promise|certainly|definitely|surely|rest assured|no doubt|don't worry|trust (?:me|us)"
    r"|보장|약속|확실|틀림없|안심|保证|保證|肯定|一定(?:能|会)|放心|承诺|保証|約束|確実|安心|間違いなく|きっと"
)


def residue(text: str) -> str | None:
    """The kind of residue in `text`: "orders", "self", "markup" or "promise"; None where it is clean."""
    folded = fold(text)
    for kind, pattern, read in (
        ("orders", _ORDERS, folded),
        ("self", _SELF, folded),
        ("markup", _MARKUP, text),
        ("promise", _PROMISES, folded),
    ):
        if pattern.search(read):
            return kind
    return None
