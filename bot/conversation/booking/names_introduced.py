"""Names that are said to be names: "tôi là …", "my name is …", "제 이름은 …". Pure."""

from __future__ import annotations

import re

from .name_shape import SPEAKER, NameHeard, is_a_name, is_a_name_cjk, trimmed

_INTRODUCED = re.compile(
    rf"(?P<sure>(?:ho va ten|ho ten|\bten)(?: day du)?(?: (?:cua )?(?:{SPEAKER}|khach|sep|giam doc|chong|vo|bo|me|nguoi (?:hen|den)))?(?: ?la| ?:|(?= [a-z]))\s*"
    r"|\b(?:nguoi (?:den|hen|di)|dung ten)(?: (?:se )?la\b| ?:)\s*"
    r"|\bmy (?:full )?name(?: is|'s| ?:)\s+|\bname(?: is| ?:)\s*|\bunder (?:the name(?: of)?|my name,?)\s+)"
    rf"|(?P<perhaps>\b{SPEAKER} (?:ten )?la\s+|(?P<comes>\b(?:nguoi (?:den|hen|di)|dung ten)\s+)|\b(?:i am|i'm|im|this is)\s+)"
)
_INTRODUCED_CJK = re.compile(
    r"(?:제 ?이름은|이름은|성함은|성명은?)\s*[:：]?\s*(?P<ko>[가-힣]{2,5}?(?: [가-힣]{1,3})?|[A-Za-z][A-Za-z ]{1,30}?)\s*(?:입니다|이에요|예요|이고|이며|라고|이라고|[,，.。\d]|$)"
    r"|(?:저는|전)\s*(?P<ko_self>[가-힣]{2,4}|[A-Z][A-Za-z ]{1,30}?)(?:이라고 합니다|라고 합니다|입니다|이에요|예요|이고)"
    r"|(?:我的?名字是?叫?|我叫|姓名是?|名字是?叫?)\s*[:：]?\s*(?P<zh>[\u4e00-\u9fff·]{2,6}?|[A-Za-z][A-Za-z ]{1,30}?)\s*(?=[,，。;；、\d]|电话|電話|手机|$)"
    r"|我姓[\u4e00-\u9fff]\s*[,，、。]?\s*(?:名?叫)?(?P<zh_family>[\u4e00-\u9fff]{2,4}?)\s*(?=[,，。;；、\d]|电话|電話|手机|$)"
    r"|我是\s*(?P<zh_self>[\u4e00-\u9fff]{2,4}?|[A-Z][A-Za-z ]{1,30}?)\s*(?=[,，。;；、\d]|电话|電話|手机|$)"
    r"|(?:名前は|氏名は?|なまえは)\s*[:：]?\s*(?P<ja>[\u3040-\u30ff\u4e00-\u9fff々 ]{2,12}?|[A-Za-z][A-Za-z ]{1,30}?)\s*(?:です|と申します|といいます|と言います|[,，、。\d]|$)"
    r"|(?:私は|わたしは)?\s*(?P<ja_self>[\u30a0-\u30ff\u4e00-\u9fff々]{2,10}?|[A-Z][A-Za-z ]{1,30}?)(?:と申します|といいます|と言います)"
)
_STOPS = re.compile(
    r"[,;.\n!?()/|–，。、；]| - |\s(?P<word>so|sdt|dien thoai|dt|tel|phone|telephone|mobile|my|the|mst|ma so|cua|ben|o|tai|muon|can|dat|hen|va|nhe|nha|a"
    r"|de|lam|nop|cong ty|cty|sang|chieu|luc|ngay|thu|hom|and|from|i|at|on|with|for|moi dung|cho|day|day a|dien|lien)(?=\s|$)"
)
_ALSO_NAMES = frozenset("tai dat thu lam luc sang chieu a nha can ben".split())
"""Stops that are syllables of names too: "Bùi Thị Thu Trang", "Lý A Sử"."""
_MIDDLE = ("thi", "van")
_WEEKDAY = re.compile(r"thu (?:[2-7]|hai|ba|tu|nam|sau|bay)\b")


def introduced(text: str, folded: str) -> NameHeard | None:
    for match in _INTRODUCED.finditer(folded):
        if match["comes"] and not text[match.end() : match.end() + 1].isupper():
            continue  # "3 người đi làm …"
        found = trimmed(text, folded, match.end(), _end(text, folded, match.end()))
        if found is not None and is_a_name(text[found.start : found.end], sure=match["sure"] is not None):
            return found
    return None


def introduced_cjk(text: str) -> NameHeard | None:
    for match in _INTRODUCED_CJK.finditer(text):
        kind = match.lastgroup or ""
        name = match[kind].strip()
        if is_a_name_cjk(name):
            return NameHeard(name, *match.span(kind))
    return None


def _end(text: str, folded: str, start: int) -> int:
    """Where the name that begins at `start` ends: at the first word or sign that belongs to no name."""
    for stop in _STOPS.finditer(folded, start):
        word = stop["word"]
        if word not in _ALSO_NAMES or _WEEKDAY.match(folded, stop.start("word")):
            return stop.start()
        before = folded[start : stop.start()].split()
        capitals = text[start].isupper() and text[stop.start("word")].isupper() and not text.isupper()
        if not (capitals or (before and before[-1] in _MIDDLE) or (word == "thu" and before)):
            return stop.start()
    return len(text)
