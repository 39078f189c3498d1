"""Words about coming to an appointment: they will, they cannot, they will be late. In five languages. Pure."""

from __future__ import annotations

import re

from bot.domain.vietnamese import fold

_LONGEST = 16
"""Words; who writes more has something else to say."""
_WILL_COME = re.compile(
    r"^(?:da |vang |ok |u |co )*,? ?(?:toi|em|minh|anh|chi)? ?(?:van |chac chan )?(?:se |van )+(?:den|toi|qua|ra|di)"
    r"(?: duoc| dung gio| dung hen| nhe| a| nha)*[.! ]*$"
    r"|\bi(?:'ll| will) (?:be there|come|attend|make it)\b(?! late)"
    r"|^(?:네,? ?)?(?:꼭 )?(?:갈게요|가겠습니다|참석하겠습니다)"
    r"|我会(?:准时)?(?:来|去|到)|(?:必ず)?(?:行きます|伺います)"
)
_CANNOT = re.compile(
    r"\bban (?:mat )?(?:roi|viec|qua)|\bban dot xuat|\bco viec (?:ban|dot xuat|gap|rieng)"
    r"|\b(?:khong|ko|hong|chang|chua chac) (?:the )?(?:den|toi|di|ra|qua|sap xep) (?:duoc|dc|noi|kip)"
    r"|\bkhong the (?:den|toi|di|ra|qua)\b"
    r"|\b(?:can'?t|can ?not|won'?t be able to|unable to|not able to) (?:make it|come|attend|be there|get there)"
    r"|\bsomething (?:has |have )?c[ao]me up"
    r"|못 ?(?:가|갈)|갈 수 없|참석(?:이|은|하기)? ?(?:못|어렵|불가)|来不了|去不了|不能(?:来|去)|有事来|没空"
    r"|行けな|行けそうにな|伺えな|都合が(?:悪|つか)"
)
_LATE = re.compile(
    r"\b(?:den|qua|ra|vao|bi) (?:hen )?(?:hoi |co the )?(?:muon|tre|cham)\b|\btoi tre\b"
    r"|\b(?:muon|tre|cham) (?:khoang |chung |mat |do )?\d+ ?p"
    r"|\btre (?:hen|gio)\b|\b(?:late|delayed) (?:for|to) (?:my|the|an) appointment"
    r"|\b(?:be|am|i'm|im|'m|are|come|arrive|running|run|get there|show up)"
    r" (?:a (?:bit|little) |\d+ min(?:ute)?s? |half an hour )*late\b"
    r"|늦(?:으면|게 ?(?:도착|가|오)|을 것|어도|어요|을)|迟到|晚到|晚(?:来|点到|一点到)|遅れ|遅刻"
)
_SOONER = re.compile(
    r"\b(?:co|con|xin|cho|lay) .{0,20}\bsom hon\b(?! \d)"
    r"|\b(?:any|an|something|anything) (?:thing )?(?:earlier|sooner)\b"
    r"|더 (?:빠른|이른)|更早|(?:もっと|より)早い"
)
_BRING = re.compile(
    r"\b(?:mang|cam|dem|can|chuan bi) .{0,24}\b(?:den|di|toi|cho|trong|buoi|lich) ?(?:lich |buoi )?hen\b"
    r"|\b(?:hen|lich hen)\b.{0,20}\b(?:mang|cam|dem|chuan bi)\b"
    r"|\bbring .*\b(?:appointment|booking)\b|예약.*(?:가져|준비물|지참)|预约.*(?:带|准备)什么|予約.*(?:持ち物|持って)"
)
_PERSON = re.compile(
    r"\b(?:doi|sua|thay|cap nhat|chinh) (?:lai )?(?:ten|ho ten|so dien thoai|sdt|so dt|nguoi den|nguoi di|thong tin)\b"
    r"|\b(?:change|edit|correct|update) (?:my |the )?(?:name|phone|telephone|number|contact|person)\b"
    r"|(?:이름|전화번호|방문자).*(?:변경|수정|바꾸)|(?:改|修改|更改).{0,4}(?:姓名|名字|电话|联系)|(?:名前|電話番号).*(?:変更|修正)"
)
_OF_APPOINTMENT = re.compile(r"\b(?:lich|hen|nguoi den|nguoi di)\b|appointment|booking|예약|预约|予約")
_ABOUT_PAPERS = re.compile(r"\b(?:nop|han|thue|to khai|ho so|file|filing|tax|declar\w*)\b|신고|申报|申告")


def _plain(text: str) -> str:
    return fold(text).lower().strip()


def will_come(text: str) -> bool:
    return _WILL_COME.search(_plain(text)) is not None and not cannot_come(text)


def cannot_come(text: str) -> bool:
    plain = _plain(text)
    return len(plain.split()) <= _LONGEST and _CANNOT.search(plain) is not None


def comes_late(text: str) -> bool:
    """Late for an appointment, not with a declaration."""
    plain = _plain(text)
    return len(plain.split()) <= _LONGEST and _LATE.search(plain) is not None and _ABOUT_PAPERS.search(plain) is None


def asks_for_sooner(text: str) -> bool:
    """For a place before the one they have."""
    return _SOONER.search(_plain(text)) is not None


def asks_what_to_bring(text: str) -> bool:
    """To an appointment, not to a procedure."""
    return _BRING.search(_plain(text)) is not None


def wants_another_person(text: str) -> bool:
    """Another name or telephone for an appointment that is booked."""
    plain = _plain(text)
    return _PERSON.search(plain) is not None and _OF_APPOINTMENT.search(plain) is not None
