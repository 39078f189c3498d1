"""Numbers that look like a day or an hour and are none: what must not be read.

Telephones, money, measures, codes, papers and their dates, addresses, lengths of time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .other_words import OTHER_WORDS
from .page import Page
from .patterns import Pattern
from .reading import Mention

_PAPERS = (
    "nghị định|nđ|thông tư|tt|luật|bộ luật|quyết định|qđ|công văn|cv|chỉ thị|nghị quyết|nq|văn bản|mẫu|biểu mẫu|"
    "tờ khai|điều|khoản|điểm|mục|chương|phụ lục|tcvn|qcvn|iso|phiên bản|version|v"
)
_PLACES = (
    "phòng|tầng|lầu|ngõ|ngách|hẻm|kiệt|thôn|lô|thửa|đường|phố|quốc lộ|ql|tỉnh lộ|km|bàn|quầy|cửa|cửa số|tuyến|tổ|xóm|"
    "kiot|ki ốt|sạp|gian hàng|khu|tòa|toà|tòa nhà|toà nhà|block|căn|căn hộ|địa chỉ|đ/c|dc|tại|ở"
)
_CODES = "mã|mã số|mst|msdn|cccd|cmnd|căn cước|hộ chiếu|sđt|sdt|đt|điện thoại|hotline|tel|zalo|fax|stk|tài khoản|số|no"
_KINDS = "cấp|cấp độ|loại|nhóm|hạng|quý|lớp|khóa|khoá|kỳ|bậc|hệ số|level"
_UNITS = (
    "người|thành viên|lao động|nhân viên|nhân sự|cổ đông|cổ phần|bản|tờ|bộ|cái|chiếc|m2|m²|m3|m|ha|kg|tấn|tạ|km|cm|mm|"
    "feet|lít|cơ sở|loại|lần|xe|căn|tầng|phòng|suất|hồ sơ|giấy|con|trang|điểm|số tiền|diện tích|vốn|tổng|đơn|món|"
    "ngành|dự án|cửa hàng|chi nhánh|công ty|doanh nghiệp|khách|cán bộ|phần|ý|câu|bước|mẫu|sào|ca|kw|kwh|mw"
)
_SUMS = "tr|triệu|tỷ|tỉ|nghìn|ngàn|đồng|vnđ|vnd|usd|đ|%|phần trăm|củ|chai"
_LENGTHS = "ngày|tuần|tháng|năm|quý|tiếng|phút|hôm"
_LASTING = "trong|trong vòng|vòng|mất|thời hạn|thời gian|kéo dài|chờ|đợi|làm|làm việc|mỗi ngày"
_BEFORE_LENGTHS = (
    f"{_LASTING}|hết|thời hiệu|giá trị|tối đa|tối thiểu|ít nhất|chậm nhất|quá|cần|đủ|hiệu lực|hạn|ngừng|tạm ngừng|nghỉ|"
    "hợp đồng|thuê|mỗi|hơn|gần|dưới|trên|được|có|khoảng"
)
_STILL_TO_COME = r"(?! (?:nữa|sau(?! khi)|tới|trước|nua))"
_LATER_PART = r"(?! ?(?:rưỡi |kém \w+ )?(?:sáng|trưa|chiều|tối|đêm|hôm|ngày|mai|thứ|t[2-7]|cn|chủ nhật))"
_A_DAY = r"(?:/| (?:một|mỗi|1) )(?:ngày|tuần|ca)"

_SIGNS = (
    re.compile(r"\S+@\S+|https?://\S+|(?<!\w)[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|gov|edu)(?!\w)\S*"),
    re.compile(r"(?<!\w)(?!t[2-8]-t?[2-8](?!\w))[a-zđ]+\d+[.\-/]\w[\w./\-]*"),
    re.compile(r"(?<![\w.])\d{1,4}(?:\.\d{3,}){1,}(?!\w)|(?<![\w.])\d+(?:\.\d+){3,}|\d{3,}\.\d+\S*|\d+\.\d{5,}"),
    re.compile(r"\d{5,}(?:-\d+)*"),
    re.compile(r"(?<![\w/.\-])\d+/\d{4}(?:/[\w\-]+)*(?![\w/])|(?<!\w)\d+/(?:\d{4}/)?(?!ng)[a-zđ][\w\-]*"),
    re.compile(r"(?<!\d)(?:24/7|24/24|24h/24h?|24h/7|7/7|24h/ngày)(?![\d/])"),
    re.compile(r"(?<!\d)\d{3,}:\d+|(?<!\d)\d{1,2}:\d(?!\d)"),
    re.compile(r"\d+,\d+"),
)
_PHONE = re.compile(r"(?<![\w/])(?:\+?84|0|1[89]00)[\d .\-]{4,}\d(?![\d/])")
_NUMBERS = (
    Pattern(rf"(?<!\w)(?:{_PAPERS}|{_KINDS})(?: số)?:? ?(?:số )?\d[\w./\-]*(?! ?(?:giờ|h))(?: ?(?:,|và) ?\d+(?!\w))?"),
    Pattern(
        rf"(?<!\w)(?:{_PLACES}|{_CODES})(?: (?:thuế|hồ sơ|thủ tục|nhà|số|máy|bàn))*:? ?"
        r"(?!\d{1,2} ?(?:h|giờ|g\d))\d[\w./\-]*"
    ),
    Pattern(r"(?<!\w)(?:tỷ lệ|tỉ lệ|tỷ số|tỉ số)[^\d,]{0,20}\d+[/:,.]\d+"),
    Pattern(rf"(?<![\w/.])\d(?:[\d.,/]*\d)?(?:(?:k|{_SUMS})(?!\w)| (?:{_SUMS})(?!\w)|(?:tr|triệu|tỷ|tỉ)\d+)"),
    Pattern(rf"(?<![\w/.\-])\d(?:[\d.,/]*\d)?(?:-\d(?:[\d.,]*\d)?)? ?(?:{_UNITS})(?!\w)"),
    Pattern(r"(?<!\w)(?:văn hóa|văn hoá|học vấn|trình độ|lớp)(?: \w+)? \d{1,2}/1[02](?!\d)"),
    Pattern(r"(?<!\w)(?:giảm|miễn|bớt|chiếm|góp|còn lại|ít nhất|quá|hơn) [1-9]/(?:[2-9]|10)(?![\d/])"),
    # Lengths: "trong 15 ngày", "8 giờ một ngày"; "3 ngày nữa" and "2 giờ chiều" are none.
    Pattern(rf"(?<!\w)(?:{_BEFORE_LENGTHS}) (?:khoảng |vòng |tầm )?\d+(?:-\d+)? ?(?:{_LENGTHS})(?!\w){_STILL_TO_COME}"),
    Pattern(
        rf"(?<!\w)(?:{_LASTING}) (?:khoảng |vòng |tầm )?\d+(?:-\d+)? ?(?:giờ|h)(?!\w){_STILL_TO_COME}{_LATER_PART}"
    ),
    Pattern(rf"(?<![\w/])\d+ ?(?:{_LENGTHS})(?: (?:làm việc|liên tục|công)|{_A_DAY})"),
    Pattern(rf"(?<![\w/])\d+ ?(?:h|giờ)(?: (?:làm việc|đồng hồ|liên tục)|{_A_DAY})"),
    Pattern(r"(?<!\w)(?:một|hai|ba|bốn|năm|tám) (?:giờ|tiếng) (?:làm việc|đồng hồ|(?:một|mỗi) ngày)"),
    # The dates of papers and of people.
    Pattern(
        r"(?<!\w)(?:sinh|ngày sinh|sinh ngày|cấp ngày|ngày cấp|cấp|ban hành|ban hành ngày|có hiệu lực(?: từ)?|"
        r"hiệu lực(?: từ)?|ký ngày|số \S+)(?: ngày| từ ngày| từ)?:? \d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}"
    ),
    Pattern(
        r"(?<!\w)(?:quyết định|nghị định|thông tư|luật|công văn|nghị quyết)[^.;?!]{0,40}ngày \d{1,2}/\d{1,2}/\d{4}"
    ),
)
_HOUSE = re.compile(r"(?<![\w/.\-])\d{1,4}/\d{1,3}(?![\d/])")
_DATED = Pattern(
    r"(?:ngày|hôm|lễ|hẹn|vào|lúc|từ|đến|tới|sang|qua|sáng|trưa|chiều|tối|mùng|thứ \w+|t[2-7]|cn|nhật|,|-) ?$"
)
_FRACTION = Pattern(r" ?(?:số|diện tích|thành viên|vốn|tổng|cổ (?:phần|đông)|thuế|tiền|phí|thời gian|giá|chặng)(?!\w)")


def noise(page: Page) -> Iterator[Mention]:
    """What must not be read, in no order; may overlap."""
    for plain in _SIGNS:
        for match in plain.finditer(page.text):
            yield Mention(match.start(), match.end())
    for match in _PHONE.finditer(page.text):
        if sum(letter.isdecimal() for letter in match[0]) >= 8 and not _is_date(match[0]):
            yield Mention(match.start(), match.end())
    for pattern in (*_NUMBERS, *OTHER_WORDS):
        for match in page.find(pattern):
            yield Mention(match.start(), match.end())
    for match in _HOUSE.finditer(page.text):
        if page.before(match.start(), _DATED, reach=12):
            continue
        if (
            page.after(match.end(), _FRACTION)
            or _names_a_street(page, match.end())
            or _names_a_body(page, match.start())
        ):
            yield Mention(match.start(), match.end())
    yield from _names(page)


_DATE = re.compile(r"\d{1,2}([.\-])\d{1,2}\1\d{4}")


def _is_date(digits: str) -> bool:
    return _DATE.fullmatch(digits) is not None


_NEXT_WORD = re.compile(r" (?!(?:lúc|vào|sáng|chiều|trưa|tối|anh|em|chị|tôi|mình|cho|nhé|âm)(?!\w))([^\W\d_]+)")


def _names_a_street(page: Page, place: int) -> bool:
    """Whether a name follows: "12/5 Lê Lợi". A text in capitals tells nothing."""
    match = _NEXT_WORD.match(page.text, place)
    return match is not None and page.typed(match.start(1), match.end(1)).istitle() and not page.original.isupper()


_BODY = "công ty|cty|xí nghiệp|nhà máy|hợp tác xã|htx|trường|bệnh viện|chợ|tập đoàn|doanh nghiệp"
_FORMS = "tnhh|mtv|1tv|một thành viên|cổ phần|cp|tư nhân|tm|dv|xd|sx|vt|đt|và"
_BODY_BEFORE = Pattern(rf"(?<!\w)(?:{_BODY})(?: \w+){{0,4}} $")
_DONE_TO_IT = Pattern(
    r"(?<!\w)(?:thành lập|lập|mở|đăng ký|dk|đk|giải thể|thay đổi|đổi|tạm ngừng|chấm dứt|làm|nộp|lịch|hẹn|xin)"
    r"(?: \w+){0,7} $"
)
_CALLED = Pattern(rf"(?<!\w)(?:(?:{_BODY})(?: (?:{_FORMS})(?!\w))*|(?P<person>họ tên|tên)(?: \w+)?(?: là)?:?) ")
_WORD = re.compile(r"([^\W\d_]+)(?: |(?!\w))")


def _names_a_body(page: Page, place: int) -> bool:
    """Whether a date is some body's name ("xí nghiệp may 19/5"), and not when something is done with it."""
    return page.before(place, _BODY_BEFORE) and not page.before(place, _DONE_TO_IT, reach=60)


def _names(page: Page) -> Iterator[Mention]:
    """Names in capitals: "Công ty Ngày Mai Tươi Sáng", "tôi tên Sáng"."""
    if page.original.isupper():
        return
    for match in page.find(_CALLED):
        end, words = match.end(), 0
        while (word := _WORD.match(page.text, end)) and page.typed(word.start(1), word.end(1)).istitle():
            end, words = word.end(), words + 1
        if words > 1 or (words and match["person"]):
            yield Mention(match.end(), end)
