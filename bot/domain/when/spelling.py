"""Slips of the finger and teencode among the words of the calendar, given back their spelling.

Only words that days and hours are told with, and only spellings that are no Vietnamese word themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.vietnamese import fold

_WORDS = """
thứ chủ nhật tuần tháng ngày chiều sáng trưa tối mùng giờ rưỡi kém nữa trước tới này hôm mốt không hoặc đến rằm giêng
chạp lịch đầu giữa cuối nửa tiếng phút năm mười mươi bốn tám bảy sáu lúc khoảng được mai sau
""".split()

_TEENCODE = {
    "hnay": "hôm nay",
    "hqua": "hôm qua",
    "hni": "hôm nay",
    "nmai": "ngày mai",
    "ngmai": "ngày mai",
    "smai": "sáng mai",
    "thúw": "thứ",
    "thuw": "thu",
    "thưs": "thứ",
    "chìu": "chiều",
    "chiu": "chieu",
    "chjều": "chiều",
    "chjeu": "chieu",
    "ság": "sáng",
    "sag": "sang",
    "thág": "tháng",
    "thag": "thang",
    "tuàn": "tuần",
    "twan": "tuan",
    "trc": "trước",
    "trươc": "trước",
    "rưởi": "rưỡi",
    "rữi": "rưỡi",
    "rưởj": "rưỡi",
    "ruởi": "rưỡi",
    "gìơ": "giờ",
    "giừo": "giờ",
    "nhựt": "nhật",
    "bgio": "bây giờ",
    "bgiờ": "bây giờ",
    "bjo": "bây giờ",
    "hok": "không",
    "hông": "không",
    "khum": "không",
    "dc": "duoc",
    "đc": "được",
}
_GLUED = (
    ("tuần", "sau này tới trước"),
    ("tháng", "sau này tới trước"),
    ("sáng", "mai nay mốt thứ"),
    ("trưa", "mai nay thứ"),
    ("chiều", "mai nay thứ"),
    ("tối", "mai nay thứ"),
    ("ngày", "mai kia mốt"),
    ("hôm", "nay qua kia"),
    ("thứ", "hai ba tư năm sáu bảy"),
    ("chủ", "nhật"),
)
_LETTERS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_TONED = {
    toned: (plain, key)
    for key, letters in {
        "s": "áắấéếíóốớúứý",
        "f": "àằầèềìòồờùừỳ",
        "r": "ảẳẩẻểỉỏổởủửỷ",
        "x": "ãẵẫẽễĩõỗỡũữỹ",
        "j": "ạặậẹệịọộợụựỵ",
    }.items()
    for toned, plain in zip(letters, "aăâeêioôơuưy", strict=True)
}
_REAL_WORDS = frozenset("trau tua tau sua mau nau nay ngay thu thus tahn sagn hom moh".split())
CLOCK_WORDS = frozenset(
    "tháng thang ngày ngay sáng sang sag trưa trua chiều chieu chìu chiu tối toi đêm dem rưỡi ruoi rưởi kém kem".split()
)

"""What is typed onto an hour without a blank: "9hsáng"."""


def slips() -> dict[str, str]:
    """Each slip in lower case with what was meant; unaccented slips of unaccented words stay unaccented."""
    found: dict[str, str] = {}
    for word in _WORDS:
        for slip in (*_swapped(word), *_keys(word), *_doubled(word)):
            found.setdefault(slip, word)
        for slip in (*_swapped(fold(word)), *_doubled(fold(word))):
            found.setdefault(slip, fold(word))
    for first, seconds in _GLUED:
        for second in seconds.split():
            found[first + second] = f"{first} {second}"
            found.setdefault(fold(first + second), fold(f"{first} {second}"))
    known = {*_WORDS, *map(fold, _WORDS)}
    return {slip: word for slip, word in found.items() if slip not in known and slip not in _REAL_WORDS} | _TEENCODE


def _swapped(word: str) -> Iterator[str]:
    """Two neighbours typed in the wrong order: "chiuề", "thnag". Short words swap into other words, so not they."""
    if len(word) > 3:
        for i in range(1, len(word) - 1):
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def _doubled(word: str) -> Iterator[str]:
    """A letter struck twice: "sánng", "chieeu". Of short words that makes other words, so not of them."""
    if len(word) > 3:
        for i in range(1, len(word) - 1):
            yield word[: i + 1] + word[i:]


def _keys(word: str) -> Iterator[str]:
    """What Telex leaves when the keyboard is switched off, the tone after its vowel or at the end: "thuws"."""
    tone = ""
    typed = early = ""
    for letter in word:
        plain, key = _TONED.get(letter, (letter, ""))
        tone = key or tone
        typed += _LETTERS.get(plain, plain)
        early += _LETTERS.get(plain, plain) + key
    if typed + tone != word:
        yield typed + tone
        yield early


SLIPS = slips()
