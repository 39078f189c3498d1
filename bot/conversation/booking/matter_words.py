"""The words that name what an appointment is for, freed from those that only ask for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.vietnamese import fold

_FRAME = re.compile(
    r"\b(?:(?:cho|giup|nho|ho) (?:toi|em|minh|anh|chi|chau|tui|e|mk|mik)|(?:toi|em|minh|chau|tui) (?:ten la|la|ten|muon|can|xin|dang ky)|ten (?:(?:toi|em|minh) )?la"
    r"|(?:so dien thoai|dien thoai|sdt|so dt|mst)(?: (?:cua )?(?:toi|em|minh))?(?: la)?|ma so thue(?: (?:cua )?(?:toi|em|minh|cong ty))?(?: la)?(?=\s*:?\s*,\s{3})|lien he|(?<!xe )(?<!van )tai(?! (?:chinh|san|khoan|lieu|xe))|(?<!nha )o(?! to\b)|luc|vao|tai quay|duoc khong|dc ko)\b"
    r"|\b(?:my name is|i am|i'm|i(?: would|'d) like to|i (?:want|need) to|(?:could|can) (?:you|i)|please|for me|(?:my )?(?:phone|telephone|number)(?: number)? is|(?:make|get) an)\b"
    r"|제 ?이름은|저는|입니다|이고|전화번호는?|我叫|电话|我的|名前は|電話番号は|電話は"
    r"|\b(?:dat (?:lich|hen|truoc)(?: hen)?|dang ky (?:lich(?: hen)?|hen)|lay (?:lich|hen|so)(?: hen)?|hen (?:lich|gap|gio|truoc)|len lich(?: hen)?|xep lich(?: hen)?"
    r"|book (?:lich|hen)(?: hen)?|lich hen|cuoc hen|buoi hen|cai hen|dat (?:them |cho (?:ban|nguoi nha|sep|me|bo|vo|chong) (?:toi|em|minh) )?(?:mot |1 )?(?:cai )?(?:lich|hen)(?: hen)?(?: nua)?|nop (?:ho so|hs|hso)|lam (?:thu tuc|ho so|hs)|de lam|ve viec)\b"
    r"|\b(?:book(?:ing)?(?: me)?|appointments?|reserve|schedule|visit|slot)\b"
    r"|(?:방문|상담)? ?예약|접수|싶습니다|싶어요|하고|해 ?주세요|부탁드립니다|부탁드려요|부탁해요|가장 빠른(?: 시간)?|이요(?![가-힣])|잡아|주세요|관련해서|위해|으로|에서|예약을"
    r"|帮我|请|我想要?|我要|预约一?下?|预约|递交材料|提交材料|办理|办"
    r"|予約したい|予約|したいです|お願いします|お願い|取りたい|ください|したい|のため|について|です"
)
FILLERS = frozenset(
    """
    cho toi em minh tui anh chi ban con chau giup nho xin muon can voi nhe nha a ah da vang di luc vao hoi qua tai o den ngay gio buoi sang chieu
    thu tuan nay sau duoc khong dc ko k nhu co the la ten so dien thoai sdt dt mst ma lich hen dat dang ky nop ho so lam viec giay to thu tuc
    ben phia lai voi va roi thoi nua mot cai de ve khac moi ok oke uh u nguoi gap can bo tu van truoc som nhat cang tot hom mai nay day
    nghe theo dung khoang tam chinh xac cua chua biet alo shop oi e c b t m z ho em luon voi them thoi oke okie
    then fine sure great thanks thank
    i i'd id would like to want need an a the please can could you me my us for at on in with make get see come official officer somebody someone
    morning afternoon tomorrow today next this week day time name is phone number and am pm hello hi free available new one set do it
    을 를 은 는 이 가 에 의 으로 로 요 하 합니다 저 저는 제 이름은 입니다 이고 전화번호는 전화번호
    我 想 要 去 在 到 的 了 下 吧 请 我叫 电话 时间 を に で の は が と へ 私 私は
    """.split()
)
CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]")
_SHORT = re.compile(r"\bh[oộ] kd\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;.\n，。、；]")
_BEGUN = re.compile(r"an (?:toan|ninh|uong)|o to")
"""Words that begin like fillers and name something."""
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_CJK_PARTICLES = re.compile(r"[을를은는이가에의요请我想要去在到的了下吧をにでのはがとへ]")


def without_frame(text: str) -> str:
    """`text` without the words that ask for an appointment or introduce somebody."""
    text = _SHORT.sub("hộ kinh doanh", text)
    folded = fold(text)
    if len(folded) != len(text):
        return text
    for match in _FRAME.finditer(folded):
        text = f"{text[: match.start()]}{' ' * (match.end() - match.start())}{text[match.end() :]}"
    return " ".join(text.replace(",", " ").split())


def without_fillers(text: str) -> str:
    """`text` without the words at its ends that name nothing."""
    words = text.split()
    while (
        len(words) > 1
        and _BEGUN.match(f"{fold(words[0])} {fold(words[1])}") is None
        and fold(words[0]).strip(".!?") in FILLERS
    ):
        words.pop(0)
    while words and fold(words[-1]).strip(".!?") in FILLERS:
        words.pop()
    return " ".join(words)


def is_a_subject(core: str) -> bool:
    """Whether words are left that may name what the appointment is for."""
    words = (_CJK_PARTICLES.sub("", fold(word)) if CJK.search(word) else fold(word) for word in _WORD.findall(core))
    return any(word and word not in FILLERS and not re.fullmatch("[a-z]", word) for word in words)


def pieces(text: str, core: str) -> Iterator[str]:
    """What of `text` may name it, where all of `core` together names nothing; each once."""
    parts = [without_fillers(without_frame(part)) for part in _CLAUSE.split(text)]
    for part in dict.fromkeys((without_fillers(core), *parts)):
        if part and part != core and is_a_subject(part):
            yield part
