"""Vietnamese as people type it: composed letters, folding away diacritics, abbreviations spelt out.

Standard library only and Python 3.10, since the Rasa components use it too.
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = {ord(mark): None for mark in "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"}
_BLANKS = re.compile(r"\s+")

# Short forms as business people type them, several spellings to one long form. Written for this project.
# One meaning only in an owner's question: a short form with two (HĐ: contract or invoice; TT: procedure,
# circular or centre; ĐT: investment or telephone) is left as it is, guessing wrong costs more than it gains.
_SHORT_FORMS = """
gpkd: giấy phép kinh doanh
đkkd dkkd: đăng ký kinh doanh
đkdn dkdn: đăng ký doanh nghiệp
gcn: giấy chứng nhận
gcnđkkd gcndkkd: giấy chứng nhận đăng ký kinh doanh
gcnđkdn gcndkdn erc: giấy chứng nhận đăng ký doanh nghiệp
gcnđkđt gcndkdt gcnđt gcndt irc: giấy chứng nhận đăng ký đầu tư
đki dki đky dky đk dk: đăng ký
hkd: hộ kinh doanh
hkdct: hộ kinh doanh cá thể
dn: doanh nghiệp
dntn: doanh nghiệp tư nhân
cty cti ctty: công ty
ctcp: công ty cổ phần
tnhh: trách nhiệm hữu hạn
mtv: một thành viên
htx: hợp tác xã
vpđd vpdd: văn phòng đại diện
cnhanh: chi nhánh
nđdpl nddpl: người đại diện pháp luật
mst: mã số thuế
gtgt vat: giá trị gia tăng
tndn: thu nhập doanh nghiệp
tncn: thu nhập cá nhân
hđđt hddt: hóa đơn điện tử
pccc: phòng cháy chữa cháy
vsattp vsatp attp: an toàn thực phẩm
antt: an ninh trật tự
gplđ gpld: giấy phép lao động
gpxd: giấy phép xây dựng
gpmt: giấy phép môi trường
đtm dtm: đánh giá tác động môi trường
bvmt: bảo vệ môi trường
fdi: đầu tư nước ngoài
nđt ndt: nhà đầu tư
nnn: người nước ngoài
nvnn: nhân viên nước ngoài
lđnn ldnn: lao động nước ngoài
nlđ nld: người lao động
hđlđ hdld: hợp đồng lao động
bhxh: bảo hiểm xã hội
bhyt: bảo hiểm y tế
bhtn: bảo hiểm thất nghiệp
kcn: khu công nghiệp
kcx: khu chế xuất
kkt: khu kinh tế
ccn: cụm công nghiệp
ubnd: ủy ban nhân dân
hđnd hdnd: hội đồng nhân dân
tthc: thủ tục hành chính
hcc: hành chính công
tthcc ttpvhcc: trung tâm phục vụ hành chính công
dvc: dịch vụ công
dvctt: dịch vụ công trực tuyến
qsdđ qsdd: quyền sử dụng đất
bđs bds: bất động sản
xnk: xuất nhập khẩu
xk: xuất khẩu
nk: nhập khẩu
shtt: sở hữu trí tuệ
sxkd: sản xuất kinh doanh
kd: kinh doanh
sx: sản xuất
xd: xây dựng
cccd: căn cước công dân
sđt sdt: số điện thoại
hs hso: hồ sơ
gtờ gto: giấy tờ
tp: thành phố
hp: hải phòng
ko k kg kh kô hok hong hông hem hk khum: không
dc đc dx đx: được
bn bnhieu bnhiu bnh: bao nhiêu
nhiu nhìu: nhiêu
ntn ntnao nthe: như thế nào
bjo bgio bgiờ: bây giờ
lsao: làm sao
mk mik mih mìn: mình
j gj: gì
z v zậy zay: vậy
r rùi roài: rồi
vs: với
lm lmj: làm
trc: trước
ng ngừi: người
nc: nước
tgian tg: thời gian
cx cũg: cũng
mún mun: muốn
ntin: nhắn tin
hnay: hôm nay
"""
_LONG_FORMS = {
    short: long
    for line in _SHORT_FORMS.strip().splitlines()
    for shorts, long in [line.split(": ")]
    for short in shorts.split()
}
# Words that no Vietnamese syllable looks like, even without diacritics ("that", "long", "it", "the" do).
_ENGLISH_WORDS = """
what how where when which who is are was were does did for need want much many please and of with
without you your we our have has company business licence license permit documents fee fees cost
register registration apply application work foreign investment tax office this if
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_WORD = re.compile(r"(?<![\w./@&?=+-])[^\W\d_]+(?![\w/@&=]|[.-]\w)")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHARES = re.compile(r"\b((?:công ty|cong ty|vốn|von)\s+)cp\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<!\w)[đd]/c(?!\w)", re.IGNORECASE)
_COUNTED = re.compile(r"\d\s*$")  # "500 k" is money, "5 kg" a weight
_NUMBERED = re.compile(r"\s*\d")  # "hem 12" is a lane
_BANG = re.compile(r"\s+bang\b", re.IGNORECASE)  # "hong bang" is a ward


def normalise(text: str) -> str:
    """`text` in composed form (NFC), control and zero-width characters removed, blanks made one."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if ch in "\t\n\r\u00a0" else ch
        for ch in composed
        if ch in "\t\n\r" or unicodedata.category(ch) not in ("Cc", "Cf", "Cs", "Co")
    )
    return _BLANKS.sub(" ", kept).strip()


def fold(text: str) -> str:
    """`text` in lower case without Vietnamese diacritics: "Hải Phòng, đường" -> "hai phong, duong"."""
    bare = unicodedata.normalize("NFD", text.lower()).translate(_MARKS)
    return unicodedata.normalize("NFC", bare.replace("đ", "d"))


def is_folded(text: str) -> bool:
    """Whether `text` carries no Vietnamese diacritic at all (so it may be unaccented Vietnamese)."""
    return fold(text) == unicodedata.normalize("NFC", text.lower())


def expand(text: str) -> str:
    """`text` with the abbreviations and teencode of business people spelt out, in lower case.

    "xin GPKD cho cty het bn" -> "xin giấy phép kinh doanh cho công ty het bao nhiêu". Codes, addresses,
    sums and English sentences stay as they are: "15/2026/NĐ-CP", "a.k@dn.vn", "500 k", "visa vs permit".
    """
    if is_english(text):
        return text

    def spell_out(match: re.Match[str]) -> str:
        short = match[0].lower()
        long = _LONG_FORMS.get(short)
        if long is None:
            return match[0]
        if short in ("k", "kg", "v") and _COUNTED.search(text[: match.start()]):
            return match[0]
        if short == "hem" and _NUMBERED.match(text[match.end() :]):
            return match[0]
        if short == "hong" and _BANG.match(text[match.end() :]):
            return match[0]
        return long

    return _ADDRESS.sub("địa chỉ", _SHARES.sub(r"\1cổ phần", _WORD.sub(spell_out, text)))


def same_word(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` with its own diacritics or with none ("co", "cổ" are "cổ"; "có" is not).

    The tone may sit on another vowel ("hoà" is "hòa").
    """
    if fold(typed) != fold(meant):
        return False
    return is_folded(typed) or _marks(typed) == _marks(meant)


def is_english(text: str) -> bool:
    """Whether unaccented `text` is English rather than Vietnamese without diacritics.

    Where nothing tells, it is Vietnamese: that is what is typed here.
    """
    words = _LETTERS.findall(text.lower())
    english = sum(word in _ENGLISH for word in words)
    return english > 0 and is_folded(text) and (english >= 2 or 2 * english >= len(words))


def _marks(word: str) -> list[str]:
    letters = unicodedata.normalize("NFD", word.lower())
    return sorted(letter for letter in letters if ord(letter) in _MARKS or letter == "đ")
