"""What a name looks like: how it is cut out of the words around it, and told from other words. Pure."""

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
    "dũng dung tiến tiên thu thanh thành thạnh tuấn huy nhân nhàn nhẫn sang thế nghiệp doanh lập hằng phi thúy trưa hồng ý".split()
) - {"trưa"}
"""Given names that are, but for their marks, words of a question."""
SPEAKER = r"(?:toi|em|minh|chau|anh|chi|con|tui|ben em|ben minh)"
_NO_NAME_CJK = re.compile(
    "외국인|사업가|대표|학생|한국인|사장|외국|商人|外国人|老板|中国人|韩国人|经理|投资|日本人|社長|代表|新人|第一次"
)
_CJK_ASKING = re.compile(
    r"[?？吗呢什么怎哪何か어디무엇뭐언제どう]|얼마|필요|可以|需要|예약|预约|予約|취소|取消|サービス|时间|時間|시간"
)
_PARTICLES = re.compile(
    r"^(?:da|vang|uh?|ok|yes|day|la|ten|va|and|ong|ba|anh|chi|mr|mrs|ms|miss|dr|it's|its|toi|em|minh|thoi|khong phai|a khong|a|no|not)(?=[\s.:]+)[\s.:]*"
    r"|[\s.]+(?:a|ah|nhe|nha|nhe a|day|day a|thoi|ok|va|and|la|moi dung|nhe em|cam on|please|thanks|thank you|co|voi so|voi)$"
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
LONGEST = 6
"""Words of a name."""


@dataclass(frozen=True, slots=True)
class NameHeard:
    name: str
    start: int
    end: int


def trimmed(text: str, folded: str, start: int, end: int) -> NameHeard | None:
    """The name within [start, end) of `text`, without the courtesies around it."""
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
    return NameHeard(in_capitals(text[start:end]), start, end) if end > start else None


def is_a_name(name: str, *, sure: bool, asked: bool = False) -> bool:
    """Whether `name` is one: `sure` where it was said to be one, `asked` where one was asked for."""
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


def has_a_surname(folded: str) -> bool:
    """Whether it begins with a surname that most people know."""
    words = folded.split()
    return 1 < len(words) < LONGEST and words[0] in _COMMON and _PLACES.match(folded) is None


def in_capitals(name: str) -> str:
    """ "nguyễn văn an" as a name is written; whoever used capitals knows better."""
    words = name.split()
    return " ".join(word.capitalize() if name == name.lower() or name == name.upper() else word for word in words)


def is_a_name_cjk(name: str) -> bool:
    """Whether `name`, in Korean, Chinese or Japanese letters, is neither a question nor what somebody is."""
    return not _NO_NAME_CJK.search(name) and not _CJK_ASKING.search(name)
