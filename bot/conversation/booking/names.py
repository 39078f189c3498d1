"""The name of the person who will come, as people give it in the five languages. Pure.

Without being asked only what is said to be a name is one; asked, the words that are left over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.vietnamese import fold

_SURNAMES = frozenset(
    """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong mai trinh dao doan lam ha cao
    luu chu quach thai ton tong tang vuong luong kieu khuat nghiem mac au bach chau chung dam dien giang giap hua
    khong khuc kim lai lo ninh nong ong phi phung quan sam son thach than thieu trieu uong van
    """.split()
)
_COMMON = frozenset(
    """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong mai trinh dao doan lam ha cao luu
    """.split()
)
"""Surnames by which a name is known that nobody asked for; the rarer ones are words of other sentences too."""
_PLACES = re.compile(
    r"(?:le chan|ngo quyen|duong kinh|ha noi|ho chi minh|hai phong|an duong|do son|hai duong|ha long|ha nam|cao bang|lam dong|le thanh nghi)\b"
)
_BUSINESS = re.compile(
    r"(?:dang ky|ho so|ho kinh|ho tro|ho gia|cong ty|cty|thu tuc|doanh nghiep|thanh lap|giay to|giay phep|chi nhanh|van phong|cua hang|quan \w+$)\b"
)
"""What begins like a name and is a matter."""
_INTERROGATIVE = frozenset("gi nao sao dau may ai bao khong ko k duoc what how which who where".split())
_GIVEN = frozenset(
    "dũng dung tiến tiên thu thanh thành thạnh tuấn huy nhân nhàn nhẫn sang thế nghiệp doanh lập hằng phi thúy trưa".split()
) - {"trưa"}
"""Given names that are, but for their marks, words of a question."""
_SPEAKER = r"(?:toi|em|minh|chau|anh|chi|con|tui|ben em|ben minh)"
_INTRODUCED = re.compile(
    rf"(?P<sure>(?:ho va ten|ho ten|\bten)(?: day du)?(?: (?:cua )?(?:{_SPEAKER}|khach|nguoi (?:hen|den)))?(?: ?la| ?:|(?= [a-z]))\s*"
    r"|\b(?:nguoi (?:den|hen|di)|dung ten)(?: la| ?:)?\s+"
    r"|\bmy (?:full )?name(?: is|'s| ?:)\s+|\bname(?: is| ?:)\s*|\bunder (?:the name(?: of)?|my name,?)\s+)"
    rf"|(?P<perhaps>\b{_SPEAKER} (?:ten )?la\s+|\b(?:i am|i'm|im|this is)\s+)"
)
_INTRODUCED_CJK = re.compile(
    r"(?:제 ?이름은|이름은|성함은|성명은?)\s*[:：]?\s*(?P<ko>[가-힣]{2,5}?(?: [가-힣]{1,3})?|[A-Za-z][A-Za-z ]{1,30}?)\s*(?:입니다|이에요|예요|이고|이며|라고|이라고|[,，.。\d]|$)"
    r"|(?:저는|전)\s*(?P<ko_self>[가-힣]{2,4}|[A-Z][A-Za-z ]{1,30}?)(?:이라고 합니다|라고 합니다|입니다|이에요|예요|이고)"
    r"|(?:我的?名字是?叫?|我叫|姓名是?|名字是?叫?)\s*[:：]?\s*(?P<zh>[\u4e00-\u9fff·]{2,6}?|[A-Za-z][A-Za-z ]{1,30}?)\s*(?=[,，。;；、\d]|电话|電話|手机|$)"
    r"|我是\s*(?P<zh_self>[\u4e00-\u9fff]{2,4}?|[A-Z][A-Za-z ]{1,30}?)\s*(?=[,，。;；、\d]|电话|電話|手机|$)"
    r"|(?:名前は|氏名は?|なまえは)\s*[:：]?\s*(?P<ja>[\u3040-\u30ff\u4e00-\u9fff々 ]{2,12}?|[A-Za-z][A-Za-z ]{1,30}?)\s*(?:です|と申します|といいます|と言います|[,，、。\d]|$)"
    r"|(?:私は|わたしは)?\s*(?P<ja_self>[\u30a0-\u30ff\u4e00-\u9fff々]{2,10}?|[A-Z][A-Za-z ]{1,30}?)(?:と申します|といいます|と言います)"
)
_NO_NAME_CJK = re.compile(
    "외국인|사업가|대표|학생|한국인|사장|외국|商人|外国人|老板|中国人|韩国人|经理|投资|日本人|社長|代表|新人|第一次"
)
_FIELDS = re.compile(
    r"(?:so dien thoai|dien thoai|so dt|sdt|\bdt\b|\bphone(?: number)?|telephone(?: number)?|\btel\b|mobile|\bcell\b|zalo|lien he"
    r"|ma so thue|\bmst\b|ma thue|tax code|tax id|cccd|can cuoc|contact|number"
    r"|전화번호|전화|연락처|번호|휴대폰|电话号码|电话|手机号?|号码|電話番号|電話|携帯|番号|税号|税番号)"
    rf"(?: (?:cua )?{_SPEAKER}\b)?(?: la\b| is\b|은|는|は|是)?(?: ?[:：])?"
)
_PARTICLES = re.compile(
    r"^(?:da|vang|uh?|ok|yes|day|la|ten|va|and|ong|ba|anh|chi|mr|mrs|ms|miss|dr|it's|its|toi|em|minh|thoi|khong phai|a khong|a|no|not)(?=[\s.:]+)[\s.:]*"
    r"|[\s.]+(?:a|ah|nhe|nha|nhe a|day|day a|thoi|ok|va|and|la|moi dung|nhe em|cam on|please|thanks|thank you|co|voi so|voi)$"
)
_CJK_TAIL = re.compile(r"(?:입니다|이에요|예요|이고요?|요|です|と申します|といいます|。|\.)+$")
_STOPS = re.compile(
    r"[,;.\n!?()/|–，。、；]| - |\s(?:so|sdt|dien thoai|dt|tel|phone|telephone|mobile|my|the|mst|ma so|cua|ben|o|tai|muon|can|dat|hen|va|nhe|nha|a"
    r"|de|lam|nop|cong ty|cty|sang|chieu|luc|ngay|thu|hom|and|from|i|at|on|with|for|moi dung|cho|day|day a|dien|lien)(?=\s|$)"
)
_ASKING = frozenset(
    """
    gi nao sao may bao nhieu khong ko dau duoc dc lai the can phai mang giay to phi tien gio ngay doi huy lich hom muon
    what how where when which who why can could do does is are will would should need bring fee cost please change book
    cancel cong ty cty thanh lap thu tuc ho so giay dang ky cho dung sai vang day cam on thanks thank hello hi chao xin
    giam doc chu sinh vien nguoi nuoc ngoai doanh nghiep nhan looking want interested trying planning going from here
    sang chieu trua toi mai tuan sau
    """.split()
) - {"mai", "toi", "giam", "sau"}
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_HANGUL = re.compile(r"[가-힣]{2,5}(?: [가-힣]{1,3})?")
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff々·]{2,10}(?:[ \u3000][\u3040-\u30ff\u4e00-\u9fff々]{1,6})?")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_CJK_ASKING = re.compile(
    r"[?？吗呢什么怎哪何か어디무엇뭐언제どう]|얼마|필요|可以|需要|예약|预约|予約|취소|取消|サービス|时间|時間|시간"
)
LONGEST = 6
"""Words of a name."""


@dataclass(frozen=True, slots=True)
class NameHeard:
    name: str
    start: int
    end: int


def hear_name(text: str, *, asked: bool = False, beside_telephone: bool = False) -> NameHeard | None:
    """The name in `text`, from which telephones, tax codes, days and hours have been blanked out.

    `beside_telephone`: nobody asked, but a telephone was given with it; then a surname and more is a name.
    """
    folded = fold(text)
    if len(folded) != len(text):  # a letter that folds into two: places would be wrong
        folded = text.lower()
    found = _introduced(text, folded) or _introduced_cjk(text)
    if found is None and (asked or beside_telephone):
        found = _left_over(text, folded, surname=not asked)
    return found


def _introduced(text: str, folded: str) -> NameHeard | None:
    for match in _INTRODUCED.finditer(folded):
        stop = _STOPS.search(folded, match.end())
        end = stop.start() if stop else len(text)
        found = _trimmed(text, folded, match.end(), end)
        if found is not None and _is_a_name(text[found.start : found.end], sure=match["sure"] is not None):
            return found
    return None


def _introduced_cjk(text: str) -> NameHeard | None:
    for match in _INTRODUCED_CJK.finditer(text):
        kind = match.lastgroup or ""
        name = match[kind].strip()
        if not _NO_NAME_CJK.search(name) and not _CJK_ASKING.search(name):
            return NameHeard(name, *match.span(kind))
    return None


def _left_over(text: str, folded: str, *, surname: bool) -> NameHeard | None:
    """The one piece of an answer that looks like a name; `surname`: only one with a well-known surname."""
    for field in _FIELDS.finditer(folded):
        blank = "," + " " * (field.end() - field.start() - 1)
        text = text[: field.start()] + blank + text[field.end() :]
        folded = folded[: field.start()] + blank + folded[field.end() :]
    at = 0
    for piece in re.split(r"([,;:\n/|–，。、；]|\s-\s|\s{3,})", text):
        start, at = at, at + len(piece)
        if _CJK.search(piece):
            if surname:
                continue
            bare = _CJK_TAIL.sub("", piece.strip())
            shape = _HANGUL if re.search(r"[가-힣]", bare) else _HAN
            if shape.fullmatch(bare) and not _CJK_ASKING.search(bare) and not _NO_NAME_CJK.search(bare):
                begin = text.index(bare, start)
                return NameHeard(bare, begin, begin + len(bare))
            continue
        found = _trimmed(text, folded, start, at)
        if found is not None and _is_a_name(text[found.start : found.end], sure=False, asked=True):
            if surname and not _has_a_surname(folded[found.start : found.end]):
                continue
            if " " not in found.name and not text[found.start].isupper():
                continue  # "ok" is no name
            return found
    return None


def _trimmed(text: str, folded: str, start: int, end: int) -> NameHeard | None:
    while True:
        while start < end and not text[start].isalpha():
            start += 1
        while end > start and not text[end - 1].isalpha():
            end -= 1
        cut = _PARTICLES.search(folded[start:end])
        if cut is None or (cut.start() > 0 and _is_an_initial(text[start:end])):
            break
        if cut.start() == 0:
            start += cut.end()
        else:
            end = start + cut.start()
    return NameHeard(_in_capitals(text[start:end]), start, end) if end > start else None


def _is_a_name(name: str, *, sure: bool, asked: bool = False) -> bool:
    words = name.split()
    if not 1 <= len(words) <= LONGEST or not all(_WORD.fullmatch(word.rstrip(".")) for word in words):
        return False
    plain = [fold(word) for word in words]
    if _BUSINESS.match(" ".join(plain)) or any(word in _INTERROGATIVE for word in plain):
        return False
    if plain[0] in _SURNAMES and len(words) > 1:
        return True
    if sure and len(words) == 1 and plain[0] in map(fold, _GIVEN):
        return True
    if any(word in _ASKING and said.lower() not in _GIVEN for word, said in zip(plain, words, strict=True)):
        return sure and plain[0] not in _ASKING
    if sure:
        return True
    return all(word[0].isupper() for word in words) if not asked else len(words) <= 5


def _is_an_initial(name: str) -> bool:
    """Whether the "A" of "Nguyễn Văn A" is one, and no "ạ"."""
    return name[-1].isupper() and name[-2:-1] == " " and any(letter.islower() for letter in name)


def _has_a_surname(folded: str) -> bool:
    words = folded.split()
    return 1 < len(words) < LONGEST and words[0] in _COMMON and _PLACES.match(folded) is None


def _in_capitals(name: str) -> str:
    """ "nguyễn văn an" as a name is written; whoever used capitals knows better."""
    words = name.split()
    return " ".join(word.capitalize() if name == name.lower() or name == name.upper() else word for word in words)
