"""The name among the words that are left over, where one was asked for or a telephone stands beside it. Pure."""

from __future__ import annotations

import re

from bot.domain.vietnamese import fold

from .name_shape import LONGEST, SPEAKER, NameHeard, has_a_surname, is_a_name, is_a_name_cjk, trimmed

_FIELDS = re.compile(
    r"(?:so dien thoai|dien thoai|so dt|sdt|\bdt\b|\bphone(?: number)?|telephone(?: number)?|\btel\b|mobile|\bcell\b|zalo|lien he"
    r"|ma so thue|\bmst\b|ma thue|tax code|tax id|cccd|can cuoc|contact|number"
    r"|전화번호|전화|연락처|번호|휴대폰|电话号码|电话|手机号?|号码|電話番号|電話|携帯|番号|税号|税番号)"
    rf"(?: (?:cua )?{SPEAKER}\b)?(?: la\b| is\b|은|는|は|是)?(?: ?[:：])?"
)
_CJK_TAIL = re.compile(r"(?:입니다|이에요|예요|이고요?|요|です|と申します|といいます|。|\.)+$")
_HANGUL = re.compile(r"[가-힣]{2,5}(?: [가-힣]{1,3})?")
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff々·]{2,10}(?:[ \u3000][\u3040-\u30ff\u4e00-\u9fff々]{1,6})?")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_NO_NAME = frozenset(
    "Ok Oke Okie Okay Da Dạ Vang Vâng U Ừ Uh So Số Day Đây Em Anh Chi Chị Toi Tôi Minh Mình Nhe Nhé Roi Rồi"
    " My Our Me Is It The And Number Phone Call Tel Mobile Contact Yes No".split()
)
"""What may stand alone beside a telephone and is no name, as it would be capitalised."""

_TITLE = re.compile(r"\s*(?:(?:da|vang|chao em|alo)[,\s]+)?(?:anh|chi|ong|ba|co|chu|bac|mr|mrs|ms|miss)\.?\s+")
_TITLE_INSIDE = re.compile(r"\s(?:và |va |với |voi )?(?:anh|chị|chi|ông|ong|bà|ba)\s+")
_CAPITALS = re.compile(r"((?:[^\W\d_a-z][^\W\d_]*)(?: [A-ZÀ-ỸĐ][^\W\d_]*){0,3})(?=\s|,|$)")
_UP_TO_A_NUMBER = re.compile(r"([^\W\d_]+(?: [^\W\d_]+){0,3})\s*,\s{4,}")
_BESIDE_A_NUMBER = re.compile(r"[、，,\s]*,\s{4,}")
"""A telephone or tax code is blanked to a comma and blanks."""
_FAMILY_CJK = re.compile(
    r"(?:[王李张刘陈杨赵黄吴徐孙胡朱郭罗郑梁谢宋唐许韩冯邓曹彭曾萧蔡潘董袁于余叶蒋杜苏魏吕丁沈任姚卢][\u4e00-\u9fff]{1,2}"
    r"|(?:田中|佐藤|鈴木|高橋|伊藤|渡辺|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|清水|山崎|池田|橋本|石川|中島|前田|藤田|小川|岡田|後藤|長谷川|村上|近藤|石井|坂本|遠藤|青木|藤井|西村|福田|太田|三浦|藤原|岡本|松田|中野|原田|小野|田村|竹内|金子|和田|中山|石田|上田|森田)"
    r"[\u3040-\u30ff\u4e00-\u9fff]{1,4}|[김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모][가-힣]{2})"
)
"""Well-known family names with a given name: nobody asked for one, so a matter must not be taken for it."""
_FORMS = "tnhh|mtv|1tv|mot thanh vien|hai thanh vien|co phan|cp|hop danh|tu nhan|tm|dv|xd|sx|va"
_FORMS_IN_CAPITALS = frozenset("tnhh mtv 1tv cp tm dv xd sx htx".split())
_COMPANY = re.compile(
    rf"(?:^|[,;:\n]|\bben )\s*(?:(?:da|vang|toi|em|ben|la) )*(?P<company>(?:cong ty|cty|doanh nghiep|hop tac xa|htx|ho kinh doanh|tap doan)"
    rf"(?P<forms>(?: (?:{_FORMS})\b)*) (?P<own>[^\W\d_]+(?: [^\W\d_]+){{0,7}}?))\s*(?=[,;.\n(–-]|$)"
)


def left_over(text: str, folded: str, *, surname: bool, beside: bool) -> NameHeard | None:
    """The one piece of an answer that looks like a name; `surname`: only one with a well-known surname; `beside`: a
    telephone stood with it."""
    for field in _FIELDS.finditer(folded):
        blank = "," + " " * (field.end() - field.start() - 1)
        text = text[: field.start()] + blank + text[field.end() :]
        folded = folded[: field.start()] + blank + folded[field.end() :]
    at = 0
    for piece in re.split(r"([,;:\n/|–，。、；]|\s-\s|\s{3,})", text):
        start, at = at, at + len(piece)
        if _CJK.search(piece):
            bare = _CJK_TAIL.sub("", piece.strip())
            if surname and not (_FAMILY_CJK.fullmatch(bare) and _BESIDE_A_NUMBER.match(text, at)):
                continue
            shape = _HANGUL if re.search(r"[가-힣]", bare) else _HAN
            if shape.fullmatch(bare) and is_a_name_cjk(bare):
                begin = text.index(bare, start)
                return NameHeard(bare, begin, begin + len(bare))
            continue
        found = trimmed(text, folded, start, _second(text, start, at))
        if found is not None and is_a_name(text[found.start : found.end], sure=False, asked=True):
            if surname and not has_a_surname(folded[found.start : found.end]):
                continue
            if " " not in found.name and not text[found.start].isupper() and (not beside or found.name in _NO_NAME):
                continue  # "ok" is no name, "hoà" beside a telephone is one
            return found
    return _titled(text, folded) if surname else _company(text, folded)


def _second(text: str, start: int, end: int) -> int:
    """Where a second person begins: "anh An chị Bình"."""
    while start < end and not text[start].isalpha():
        start += 1
    for match in _TITLE_INSIDE.finditer(text, start, end):
        if match.start() > start and text[match.end() : match.end() + 1].isupper():
            return match.start()
    return end


def _titled(text: str, folded: str) -> NameHeard | None:
    """Who names themselves by their title, at the beginning: "chị Lan 0912…", "Anh Hùng bên công ty …"."""
    title = _TITLE.match(folded)
    if title is None:
        return None
    named = _CAPITALS.match(text, title.end()) or _UP_TO_A_NUMBER.match(text, title.end())
    if named is None or not is_a_name(named[1], sure=True):
        return None
    return trimmed(text, folded, *named.span(1))


def _company(text: str, folded: str) -> NameHeard | None:
    """A company that comes without naming anybody: "công ty TNHH Minh An"."""
    for match in _COMPANY.finditer(folded):
        words = text[match.start("company") : match.end("company")].split()
        proper = words[len(match["company"].split()) - len(match["own"].split()) :]
        named = match["forms"] or all(word[0].isupper() for word in proper)
        if named and len(proper) <= LONGEST and is_a_name(" ".join(proper), sure=True):
            lower = not any(word[0].isupper() for word in proper)
            name = " ".join(_cased(word) if lower else word for word in words)
            return NameHeard(name, *match.span("company"))
    return None


def _cased(word: str) -> str:
    return word.upper() if fold(word) in _FORMS_IN_CAPITALS else word.capitalize()
