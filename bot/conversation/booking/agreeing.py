"""Yes or no about an appointment that exists: "giữ nguyên" is a no, "hủy đi" a yes to cancelling. Pure."""

from __future__ import annotations

import re

from bot.conversation.interpretation import Interpretation
from bot.domain.vietnamese import fold

from .deciding import Decision, decision_in

_SURE = 0.6
_SHORT = 7
"""Words; a longer utterance says something of its own."""
_KEEP = re.compile(
    r"\b(?:giu (?:nguyen|lai|lich)|de (?:nguyen|yen)|van giu"
    r"|(?:khong|ko|k|khoi) (?:huy|doi|chuyen)(?! duoc)|thoi (?:huy|doi|chuyen)(?! duoc| luon| di| giup| cho| nhe))\b"
    r"|\bkeep\b|\bleave it\b|\b(?:do not|don'?t) (?:cancel|move|change)"
    r"|그대로|유지|취소하지 ?마|보류|保留|不取消|别取消|不改|そのまま|キャンセルしない|変更しない"
)
_DO_NOT = re.compile(r"\bđừng (?:hủy|huỷ|đổi|chuyển|dời)|\bdung (?:huy|doi|chuyen)(?! luon| di| giup| cho)")
"""Read with its marks: "đúng hủy" says the opposite, and folded both are one."""
_CANCEL = re.compile(
    r"(?:(?:dung|vang|da|u|uh|ok|yes|thoi|ung|phai|co|roi|chac) )*(?:huy|xoa|bo)"
    r"(?: (?:bo|lich|hen|lich hen|di|luon|giup|nhe|a|toi|em|cho|han))*"
    r"|(?:yes )?(?:please )?cancel(?: it| my appointment| the appointment)?(?: please)?"
    r"|취소(?:해 ?주세요|할게요|합니다)?|取消(?:吧|它)?|キャンセル(?:します|してください)?|取り消してください"
)
_MARKS = re.compile(r"[\s.,!?…、。！？~;:]+")


def _plain(text: str) -> str:
    return _MARKS.sub(" ", fold(text).lower()).strip()


def _keeps(text: str) -> bool:
    return _KEEP.search(_plain(text)) is not None or _DO_NOT.search(text.lower()) is not None


def declines(text: str, said: Interpretation) -> bool:
    """Whether the contact leaves everything as it is."""
    plain = _plain(text)
    if len(plain.split()) > _SHORT:
        return False
    decided = decision_in(text)
    return (
        _keeps(text)
        or decided in (Decision.NO, Decision.STOP)
        or (decided is None and said.probability("deny") >= _SURE)
    )


def agrees(text: str, said: Interpretation) -> bool:
    """Whether it is a plain yes."""
    if declines(text, said) or len(_plain(text).split()) > _SHORT:
        return False
    decided = decision_in(text)
    return decided is Decision.YES or (decided is None and said.probability("affirm") >= _SURE)


def agrees_to_cancel(text: str, said: Interpretation) -> bool:
    """Yes, or the wish to cancel said again: while booking it would mean to stop, here it means to go on."""
    plain = _plain(text)
    if _keeps(text):
        return False
    return _CANCEL.fullmatch(plain) is not None or agrees(text, said)
