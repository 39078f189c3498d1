"""Parts of the day: "buổi sáng", "đầu giờ chiều", "tối"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.vietnamese import fold

from .page import Page
from .patterns import Pattern
from .reading import Edge, Part, PartMention

_PARTS = {
    "sang": Part.MORNING,
    "trua": Part.NOON,
    "chieu": Part.AFTERNOON,
    "toi": Part.EVENING,
    "dem": Part.EVENING,
    "khuya": Part.EVENING,
    "som": Part.MORNING,
}
_PART = Pattern(
    r"(?<!\w)(?:(?P<edge>đầu|cuối) (?:giờ|buổi) )?(?P<noun>(?:vào )?(?:buổi|ban) )?(?:chiều (?=tối))?"
    r"(?P<part>sáng|trưa|chiều|tối|đêm|khuya)(?: (?:sớm|muộn))?(?!\w)"
)
_EARLY = Pattern(r"(?<!\w)(?P<part>sớm) (?=mai(?!\w))")
_TYPED_BARE = Pattern(
    r"(?<!\w)(?P<part>sang)(?= (?:mai|nay|mốt)(?!\w))"
    r"|(?:\dh|\d giờ|h\d\d) (?P<after>sang)(?= ?$| ?[,.?!]| (?:nhé|nha|ạ|thứ|t[2-7]|ngày|được)(?!\w))"
)
_EDGE_ALONE = Pattern(r"(?<!\w)(?P<edge>đầu|cuối) (?:giờ|buổi)(?! (?:sáng|trưa|chiều|tối|đêm|khuya))(?!\w)")

_HOUR_BEFORE = Pattern(r"(?:\d ?(?:h|giờ|g)?|giờ|rưỡi|phút|h\d\d|:\d\d|kém \w+) $")
_WEEKDAY_BEFORE = Pattern(r"(?<!\w)(?:thứ ?|t)\d $")
_DAY_BEFORE = Pattern(r"(?:mai|kia|mốt|thứ \w+|t[2-7]|cn|nhật|nay|\d[/.\-]\d+|ngày \d+|sau|tới|này|,) $")
_DAY_AFTER = Pattern(
    r" (?:nay|mai|mốt|kia|hôm|ngày|thứ|t[2-7](?!\w)|cn(?!\w)|chủ nhật|mùng|\d{1,2}[/.\-]\d"
    r"|\d{1,2} ?(?:h|giờ|g\d|rưỡi)|đầu tuần|cuối tuần)"
)
_ENDING = Pattern(r" ?(?:$|[,.?!;]|(?:được|duoc|dc|nhé|nhe|nha|ạ|a|đi|thôi|thoi|ko|không|k|hay|hoặc|cũng)(?!\w))")
_I_AM = Pattern(r" (?:đến|co|có|qua|lên|muốn|sẽ|ra|nộp|cần|đi|bận|rảnh|được|mới|không|ko|xin|đặt|hẹn|là)(?!\w)")
_MOVED = Pattern(
    r"(?<!\w)(?:đổi|chuyển|dời|lùi|hoãn|dịch|rời|hẹn lại)"
    r"(?: (?:lịch|hẹn|cuộc|giờ|ngày|buổi|hôm|từ|thứ|t[2-7]|cn|\d+|giúp|giùm|hộ|cho|em|tôi|mình|anh|chị|e|lại|luôn|"
    r"sáng|chiều|mai|nay|ca)(?: \w+){0,5})? $"
)
"""The appointment is moved: "đổi lịch … sang mai". In "hoan thue sang mai" nothing is."""


def parts(page: Page) -> Iterator[PartMention]:
    """Every part of the day on the page."""
    for match in page.find(_PART):
        word = fold(match["part"])
        named = bool(match["noun"] or match["edge"])
        doubtful = page.folded or word in ("dem", "khuya")
        if doubtful and not _is_meant(page, word, match.start(), match.end(), named=named):
            continue
        edge = _edge(match["edge"])
        yield PartMention(match.start(), match.end(), _PARTS[word], edge, night=word in ("dem", "khuya"))
    for match in page.find(_EARLY):
        yield PartMention(match.start("part"), match.end("part"), Part.MORNING)
    for match in () if page.folded else page.find(_TYPED_BARE):
        word = "part" if match["part"] else "after"
        yield PartMention(match.start(word), match.end(word), Part.MORNING)
    for match in page.find(_EDGE_ALONE):
        yield PartMention(match.start(), match.end(), None, _edge(match["edge"]))


def _edge(word: str | None) -> Edge | None:
    return None if word is None else Edge.START if fold(word) == "dau" else Edge.END


def _is_meant(page: Page, word: str, start: int, end: int, *, named: bool) -> bool:
    """Whether "sang" is sáng and not sang, "toi" tối and neither tôi nor tới, by what stands beside it."""
    if named or word == "trua":
        return True
    beside_an_hour = page.before(start, _HOUR_BEFORE) and not page.before(start, _WEEKDAY_BEFORE)
    before_a_day = page.after(end, _DAY_AFTER) is not None
    if word in ("sang", "chieu"):
        if word == "sang" and page.before(start, _MOVED) and not page.before(start, _SANG):
            return False
        if word == "chieu" and page.before(start, _SANG):
            return True
        alone = page.after(end, _ENDING) is not None
        return before_a_day or beside_an_hour or (alone and (start == 0 or page.before(start, _DAY_BEFORE)))
    if word == "toi":
        if page.after(end, _TONIGHT) is not None:
            return True
        return beside_an_hour and page.after(end, _I_AM) is None
    return beside_an_hour or before_a_day


_SANG = Pattern(r"(?<!\w)(?:sang|qua|vào|hoặc|hay|đến|tới|thành|là|mà|thì|chọn|lấy|rảnh) $")
_TONIGHT = Pattern(r" (?:nay|hôm nay|mai(?= ?$| ?[,.?!]| \d))(?!\w)")
