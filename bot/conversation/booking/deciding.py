"""Words that decide: yes, no, stop, another day, as soon as possible, something else. Pure."""

from __future__ import annotations

import enum
import re

from bot.domain.vietnamese import fold


class Decision(enum.StrEnum):
    YES = "yes"
    NO = "no"
    STOP = "stop"
    ANOTHER_DAY = "another_day"
    ANOTHER_TIME = "another_time"
    SOONEST = "soonest"
    ANOTHER_MATTER = "another_matter"
    CHANGE_DETAILS = "change_details"
    WHICH_TIMES = "which_times"
    WAIT = "wait"


_TAIL = r"(?: (?:a|ah|b|e|c|m|ad|shop|nhe|nha|nhen|di|luon|giup|em|anh|chi|ban|toi|minh|oi|roi|day|cam on|voi|cho toi|cho em|ha|nua|r|a r|please|thanks|thank you|it|that))*"
_HEAD = r"(?:(?:da|vang|a|thoi|ok|oke|okie|okay|uh|um|well|oh|please|yes) )*"
_WHOLE: tuple[tuple[Decision, str], ...] = (
    (
        Decision.YES,
        r"(?:(?:ok|oke|okie|okay|vang|da|u|uh|dung|dong y) dat(?: lich| hen)?|ok|oke|okie|okay|okla|dung|dung vay|dung the|chinh xac|xac nhan|dong y|chot|chot lich|dat luon|dat di|vang|da|u|uh|uhm|duoc|dc|co"
        r"|on|tot|nhat tri|chuan|duyet"
        r"|yes|yep|yeah|y|sure|confirm|confirmed|correct|right|go ahead|book|looks good|good|perfect|fine|agreed?|that'?s (?:right|correct|fine|good|it)|it is correct"
        r"|네|예|응|넵|확인|확인합니다|확정|확정할게요|맞아요|맞습니다|좋아요|좋습니다|그렇게 해주세요|예약해 ?주세요"
        r"|好|好的|可以|确认|確認|对|對|是|是的|没问题|行|没错|嗯"
        r"|はい|ええ|確定|確認しました|お願いします|大丈夫|大丈夫です|了解|了解です|いいです|それで|それでお願いします|確定してください|確認|確認します)",
    ),
    (
        Decision.NO,
        r"(?:khong|ko|k|kg|hong|chua|sai|sai roi|chua dung|(?:khong|ko|k|hong) (?:dung|phai)|no|nope|not yet|wrong|incorrect"
        r"|아니|아니요|아니오|틀려요|틀렸어요|不|不对|不是|错了|不行|いいえ|違います|ちがいます)",
    ),
    (
        Decision.STOP,
        r"(?:thoi|huy|huy bo|huy di|huy dat|huy dat lich|huy lich|huy giup|dung|dung lai|bo qua|ngung|thoat|bo di|bo|de sau|de luc khac|khong can|khong can nua"
        r"|stop|(?:no )?cancel(?: it)?|quit|exit|abort|never ?mind|nevermind|forget it|no thanks|not now|later|maybe later"
        r"|취소|취소할게요|취소해 ?주세요|그만|그만할게요|그만둘게요|됐어요|안 할래요|나중에"
        r"|取消|算了|不约了|不预约了|不用了|停|停止|不要了"
        r"|キャンセル|キャンセルします|やめます|やめる|やめておきます|中止|結構です|もういい|いりません)",
    ),
)
_LONE: tuple[tuple[Decision, str], ...] = (
    (Decision.ANOTHER_TIME, r"(?:gio(?: giac)?|thoi gian|ngay gio|(?:the )?(?:time|hour)|시간|时间|時間)"),
    (Decision.ANOTHER_DAY, r"(?:ngay|(?:the )?(?:day|date)|날짜|日期|日にち)"),
    (
        Decision.CHANGE_DETAILS,
        r"(?:ten|ho ten|thong tin|so dien thoai|sdt|so dt|(?:my |the )?(?:name|phone|telephone|number|details)|이름|전화번호|姓名|名字|电话|名前|電話(?:番号)?)",
    ),
    (
        Decision.WAIT,
        r"(?:khoan(?: da)?|tu tu(?: da)?|(?:cho|doi|khoan|dung lai)(?: (?:em|toi|minh|ti|chut|xiu|teo|mot|1|da|ty))+|wait|hold on|one (?:moment|sec|second)|just a (?:moment|sec|second|minute)"
        r"|잠깐만요?|잠시만요?|等一下|稍等|ちょっと待って(?:ください)?)",
    ),
    (Decision.ANOTHER_MATTER, r"(?:viec|thu tuc|dich vu|(?:the )?(?:matter|procedure|service)|업무|事项|手续|用件)"),
)
"""What is to be changed, named alone in answer to that question; and patience asked for."""
_WITHIN: tuple[tuple[Decision, str], ...] = (
    (
        Decision.STOP,
        r"(?:khong|ko|k|khoi|chang|ngung|dung|thoi) (?:muon )?dat (?:lich |hen )?(?:nua|hen|nhe|a|$)|thoi (?:khong|ko|khoi)(?: can| dat| lam|$)|khong dat (?:lich )?nua"
        r"|huy (?:viec )?dat|thoi de (?:sau|khi khac|luc khac|hom khac)|de (?:khi|luc|bua) khac (?:dat|lam|tinh|hen|quay|roi)|khong (?:dat|can|muon) nua|don'?t (?:want|need) (?:it|this|to book|an appointment)"
        r"|no longer (?:want|need)|changed my mind|stop (?:the )?booking|cancel (?:the |this |my )?booking|예약 ?(?:안|취소|하지)|不想?(?:要)?预约|予約(?:を)?(?:やめ|中止|キャンセル)",
    ),
    (
        Decision.WHICH_TIMES,
        r"(?:hom|ngay|bua|gio|luc|khung gio|khi|buoi|lich) nao (?!khac)(?:con |la |thi |em |ben em |dang )*(?:trong|ranh|cho|lich|vang|nhan|tiep|dat duoc)"
        r"|con (?:nhung |cac )?(?:gio|lich|cho|ngay|khung gio)(?: trong)? (?:nao|gi|khong|ko|k)\b(?! khac)|co (?:nhung )?(?:gio|khung gio|ngay) nao"
        r"|^(?:ua |the |vay |a )*(?:may gio|luc may gio|hom nao|ngay nao|gio nao)(?: (?:vay|the|a|nhi|ay|do|co|em|e|duoc|dat))*$"
        r"|what (?:times?|slots?|days?) (?:are|do|is|can)|(?:which|any) (?:times?|slots?|days?)\b.*(?:free|available|open|left)|what time (?:is|was) (?:it|that|my)|when (?:are you|is it) (?:free|available)"
        r"|(?:언제|몇 시).*(?:가능|비어|남)|(?:什么|哪些|几点|哪天).*(?:空|有位|可以|能)|(?:いつ|何時|どの時間).*(?:空|可能|取れ)",
    ),
    (
        Decision.ANOTHER_DAY,
        r"(?:hom|ngay|bua) (?:nao )?khac|doi ngay|another day|other days?|different day|다른 ?날|다른 날짜|换一?天|别的日子|其他日期|改天|別の日|他の日|ほかの日",
    ),
    (
        Decision.ANOTHER_TIME,
        r"(?:gio|luc|lich) khac|doi gio|doi (?:lich|thoi gian)|another (?:time|hour)|other times?|different time|change the time|다른 ?시간|시간 ?변경|시간을 바꾸"
        r"|换个?时间|别的时间|其他时间|改时间|別の時間|他の時間|時間を変",
    ),
    (
        Decision.SOONEST,
        r"som nhat|gan nhat|cang nhanh cang tot|cang som cang tot|(?:luc|gio|ngay|khi|hom|bao gio) ?(?:nao )?cung (?:duoc|dc|ok|dk)|bat ky (?:luc|ngay|gio)|tuy (?:ben )?(?:em|anh|chi|ban|co quan)"
        r"|earliest|soonest|as soon as possible|\basap\b|any ?time|any day|whenever|가장 빠른|최대한 빨리|아무 ?때나|아무 날|最早|最快|尽快|什么时候都|任何时间|随时|一番早い|最短|いつでも|なるべく早",
    ),
    (
        Decision.ANOTHER_MATTER,
        r"(?:thu tuc|viec|dich vu|linh vuc|co quan|so) khac|doi (?:thu tuc|dich vu|viec)|another (?:procedure|service|matter|department)|different (?:procedure|service)|something else"
        r"|다른 ?(?:절차|업무|서비스)|别的手续|其他手续|换个?手续|其他业务|別の手続き|他の手続き|別の用件",
    ),
    (
        Decision.CHANGE_DETAILS,
        r"(?:sua|doi|nham|sai) (?:lai )?(?:thong tin|ten|ho ten|so dien thoai|sdt|so dt|ma so thue|mst)|change (?:my |the )?(?:name|phone|telephone|details|number)|(?:wrong|edit) (?:my )?(?:name|phone|details)"
        r"|정보 ?수정|이름 ?(?:수정|변경)|전화번호 ?(?:수정|변경)|修改信息|改(?:一?下)?(?:姓名|名字|电话|信息)|情報を(?:修正|変更)|名前を(?:修正|変更)",
    ),
)
_THANKS = r"(?: ?(?:谢谢|谢了|麻烦了|감사합니다|고맙습니다|ありがとう(?:ございます)?))?"
_WHOLE_RULES = tuple(
    (decision, re.compile(f"{_HEAD}{words}(?: {words})?{_TAIL}{_THANKS}")) for decision, words in _WHOLE
)
_LONE_RULES = tuple((decision, re.compile(_HEAD + words + _TAIL)) for decision, words in _LONE)
_WITHIN_RULES = tuple((decision, re.compile(words)) for decision, words in _WITHIN)
_BESIDE_A_NAME = r"(?:(?:dạ|vâng|em|anh|chị|mình|tôi) )*{}(?: ạ| nhé)?[.!]?"
_NAME_BY_ITS_MARKS = re.compile(_BESIDE_A_NAME.format("(?:dũng|dụng|hồng|vàng|ý)"))
"""Given names that are "đúng", "hông", "vâng" and "y" but for their marks."""
_NAME_BY_ITS_CAPITAL = re.compile(_BESIDE_A_NAME.format("(?:Huy|Dung|Hong|Vang|Y|HUY|DUNG|HONG)"))
"""Those without any; "Hủy" and "Đúng" have theirs, and who is in a hurry writes "huy"."""
_PUNCTUATION = re.compile(r"[\s.,!?…、。，！？~;:；：]+")
_ANY_HOUR = re.compile(r"gio nao cung|bat ky gio|any ?time|아무 ?때나|任何时间|何時でも")
_PUTS_OFF = re.compile(
    r"\bde (?:toi |em |minh )?(?:(?:mai|mot|sau|hom khac|luc khac|khi khac|bua khac|hom sau|bua sau|tu tu) )+(?:hay )?(?:tinh|xem|noi|hen|lam|dat)\b"
    r"|\bde (?:toi |em |minh |anh |chi )?(?:tinh|xem|suy nghi|nghi|hoi|coi)(?: lai)?(?: (?:sau|da))+"
    r"|\b(?:i'll|let me) think\b|생각해 ?볼게요|考虑一下|考えます"
)
_PARTS = {
    "name": re.compile(r"\bten\b|\bname\b|이름|姓名|名字|名前"),
    "telephone": re.compile(r"dien thoai|\bsdt\b|\bso dt\b|phone|number|전화|电话|電話"),
    "tax_code": re.compile(r"\bthue\b|\bmst\b|\btax\b|세금|税"),
}
_GO_ON = re.compile(
    r"(?:(?:da|vang|ok|cho (?:toi|em)|toi muon|em muon) )*(?:(?:dat|lam|di) tiep|tiep tuc|tiep)(?: (?:dat|lich|hen|di|tuc|nhe|a|nha))*"
    r"|(?:please )?(?:continue|resume|go on|carry on)(?: (?:with )?(?:the |my )?booking)?"
    r"|계속(?:해 ?주세요|할게요|하기|예약)?|继续(?:预约)?|続ける|続けます|続けてください"
)
_ABOUT_BOOKING = re.compile(
    r"(?:dat|lay|hen|dang ky|book)\w* (?:lich|hen|cho|truoc).*(?:(?:mat|ton|co|thu|tinh) (?:phi|tien)|mien phi|bao nhieu tien|phi (?:bao|khong|ko|la)|co (?:bat buoc|can|phai)|bat buoc|the nao\b|nhu the nao|lam sao|ra sao|la gi|de lam gi)"
    r"|(?:co (?:can|phai)|bat buoc|can phai) (?:dat|hen) (?:lich|truoc|hen)"
    r"|(?:is|does|do) .*\b(?:booking|appointments?)\b.*(?:free|cost|charge|required|necessary|work)|how (?:much|does|do i|can i|to) .*\b(?:book|booking|appointment)"
    r"|do i (?:need|have) (?:to (?:book|make)|an appointment)"
    r"|예약.*(?:무료|비용|수수료|어떻게|필수|필요한가|해야 하)|预约.*(?:免费|收费|多少钱|怎么|必须|需要吗)|予約.*(?:無料|料金|費用|どうやって|方法|必要です?か)"
)
_TO_BOOK = re.compile(
    r"\b(?:dat (?:lich|hen)|dat truoc lich|lay lich hen|hen lich|len lich hen|xep lich hen|book (?:lich|hen|cho toi|giup)|dang ky lich hen)\b"
    r"|\b(?:book|make|schedule|arrange|set up|get) (?:me )?(?:an? )?(?:appointment|visit|slot)\b|\bbook me\b"
    r"|예약(?:하고|하려|을? ?(?:하|잡|부탁)|해 ?주|할게|할래|하겠|원)|(?:我?想要?|我要|帮我|请|麻烦).{0,4}预约|预约(?:办理|一下|时间|明|下|周)|予約(?:を?(?:したい|お願い|取りたい|入れ|とりたい)|できますか)"
)
_BOOKED_ALREADY = re.compile(
    r"\b(?:doi|huy|doi lai|xem|tra cuu|kiem tra|da dat|bo) .{0,12}lich|lich (?:hen )?(?:cua toi|da dat)|da dat lich|cancel|move|reschedule|change|my (?:booking|appointment)"
    r"|취소|변경|확인|取消|改|我的预约|キャンセル|変更|確認"
)


def asks_to_book(text: str) -> bool:
    """Whether `text` surely asks for an appointment, or what booking one is, whatever the NLU made of it."""
    plain = _PUNCTUATION.sub(" ", fold(text))
    if _BOOKED_ALREADY.search(plain):
        return False
    return _TO_BOOK.search(plain) is not None or _ABOUT_BOOKING.search(plain) is not None


def decision_in(text: str, *, asked_name: bool = False) -> Decision | None:
    """What `text` decides; None where it says something else.

    `asked_name`: the contact was just asked for a name, and "Huy" is one.
    """
    if _NAME_BY_ITS_MARKS.fullmatch(text.lower()) or (asked_name and _NAME_BY_ITS_CAPITAL.fullmatch(text)):
        return None
    plain = _PUNCTUATION.sub(" ", fold(text)).strip()
    for decision, words in (*_WHOLE_RULES, *_LONE_RULES):
        if words.fullmatch(plain):
            return decision
    return next((decision for decision, words in _WITHIN_RULES if words.search(plain)), None)


def puts_off(text: str) -> bool:
    """Whether `text` leaves the matter for later: the day in "để mai tính" is none to come on."""
    return _PUTS_OFF.search(_PUNCTUATION.sub(" ", fold(text)).strip()) is not None


def part_to_change(text: str) -> tuple[str, ...]:
    """The slots of the person that `text`, which asks to change details, names; all where it names none."""
    plain = _PUNCTUATION.sub(" ", fold(text))
    return tuple(slot for slot, words in _PARTS.items() if words.search(plain)) or tuple(_PARTS)


def goes_on(text: str) -> bool:
    """Whether `text` asks to go on with what was set aside: "đặt tiếp"."""
    return _GO_ON.fullmatch(_PUNCTUATION.sub(" ", fold(text)).strip()) is not None


def any_hour_of_the_day(text: str) -> bool:
    """Whether only the hour is left to us, and not the day: "giờ nào cũng được"."""
    return _ANY_HOUR.search(_PUNCTUATION.sub(" ", fold(text))) is not None


def asks_about_booking(text: str) -> bool:
    """Whether `text` asks what booking is, costs or takes, and books nothing."""
    return _ABOUT_BOOKING.search(_PUNCTUATION.sub(" ", fold(text))) is not None
