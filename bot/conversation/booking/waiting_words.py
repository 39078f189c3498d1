"""Words about the waiting list: to join it, to leave it, to ask what it is. In five languages, marks or none. Pure."""

from __future__ import annotations

import re

from bot.domain.vietnamese import fold

_LIST = (
    r"(?:danh sach cho|ds cho|dsach cho|hang cho|xep hang cho|wait(?:ing)?[ -]?list"
    r"|대기 ?(?:명단|목록|자|리스트)?|候补|等候名单|等待名单|排队名单|キャンセル待ち|待ちリスト)"
)
_LEAVE = re.compile(
    rf"(?:roi|ra khoi|thoat|huy|bo|xoa|rut|khong (?:cho|muon cho)|leave|remove|quit|cancel|off)\b.*{_LIST}"
    rf"|{_LIST}.*(?:취소|빼|나가|退出|取消|离开|やめ|抜け|取り消|削除|외)|(?:退出|取消|离开).*{_LIST}"
    r"|^(?:thoi )?(?:khong|ko|k) cho (?:nua|tiep)\b"
)
_JOIN = re.compile(
    rf"(?:vao|cho|ghi|dang ky|them|xin|join|put|add|on|get)\b.*{_LIST}|^{_LIST}\W*$"
    rf"|{_LIST}.*(?:등록|올려|넣어|에 |登録|入れ|お願い|希望|加入)"
    rf"|(?:加入|进入|放进|排).*{_LIST}"
    r"|(?:bao|nhan|goi) (?:cho )?(?:toi|em|minh|anh|chi)? ?(?:khi|neu|luc) (?:nao )?co (?:cho|lich) (?:trong|moi)"
    r"|\b(?:tell|notify|let) me (?:know )?(?:when|if) .*(?:free|opens|available|place)"
)
_ASK = re.compile(
    rf"\bco (?:che do |he thong |cai |dich vu |loai )?{_LIST}|\b(?:neu|khi|luc) .*\b(?:het|kin|day|full)\b.*{_LIST}"
    rf"|{_LIST} (?:la (?:gi|sao|the nao)|(?:hoat dong )?(?:nhu )?the nao|hoat dong|de lam gi|bao lau|ra sao)"
    rf"|(?:is|are) there .*{_LIST}|\bdo (?:you|they) (?:have|keep|offer) .*{_LIST}|\bwhat(?:'s| is| does).*{_LIST}"
    rf"|\bhow (?:does|do|long).*{_LIST}"
    rf"|{_LIST}.*(?:있나|있습니까|있어요|있을까|뭐|무엇|어떻게)"
    rf"|有(?:没有)?.{{0,4}}{_LIST}|{_LIST}.*(?:是什么|怎么|如何|吗)"
    rf"|{_LIST}.*(?:あります|ある|ありません|とは|何で|どう)"
)
_WAIT_ON = re.compile(
    r"^(?:co|da|vang|u|ok|oke)? ?(?:toi |em |minh |anh |chi |van |muon |se )*(?:cho|doi) tiep\b"
    r"|^(?:co|da|vang|u|ok|oke) ?,? ?(?:cho (?:toi|em|minh|anh|chi) )?(?:vao|ghi)\b|\bcho (?:toi|em|minh) vao\b"
    r"|\b(?:keep|still|continue) (?:me )?(?:wait|on)|\bput me (?:on|down)|계속 ?(?:기다|대기)"
    r"|继续(?:等|排)|引き続き|待ち続け"
)


def _plain(text: str) -> str:
    return fold(text).lower().strip()


def wants_to_leave(text: str) -> bool:
    return _LEAVE.search(_plain(text)) is not None


def wants_to_join(text: str) -> bool:
    return not wants_to_leave(text) and not asks_about_the_list(text) and _JOIN.search(_plain(text)) is not None


def asks_about_the_list(text: str) -> bool:
    """Whether there is one, what it is, how it works."""
    return not wants_to_leave(text) and _ASK.search(_plain(text)) is not None


def wants_to_wait_on(text: str) -> bool:
    """Said to whoever was just asked whether they want to wait (further)."""
    return _WAIT_ON.search(_plain(text)) is not None
