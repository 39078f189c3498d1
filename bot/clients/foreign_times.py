"""Days and hours in English, Korean, Chinese and Japanese: Duckling's findings put on the conventions of
`bot.domain.when`, so that "Monday" or "at 9" means the same in every language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from bot.domain.procedure import Language
from bot.domain.when import Part, Reading

from .duckling import Duckling, Expression, Moment
from .east_asian import rewrite

_VIETNAM = timezone(timedelta(hours=7))
_HALF_DAY, _DAY, _WEEK = timedelta(hours=12), timedelta(days=1), timedelta(weeks=1)
_FRIDAY, _WEEKEND_BEGINS = 4, 18

_PARTS = {
    Part.MORNING: re.compile(r"\bmorning\b|오전|아침|早上|上午|[明今]早|午前|朝", re.IGNORECASE),
    Part.NOON: re.compile(r"\bnoon\b|\bmidday\b|정오|점심|中午|正午", re.IGNORECASE),
    Part.AFTERNOON: re.compile(r"\bafternoon\b|오후|下午|午後", re.IGNORECASE),
    Part.EVENING: re.compile(r"\bevening\b|\btonight\b|저녁|밤|晚上|夜", re.IGNORECASE),
}
_NEVER = re.compile(r"\s*(?:now|right now|as soon as possible|asap|24/7|7/7|지금|现在|今)\s*", re.IGNORECASE)
_CLOCK_UNITS = re.compile(r"hour|minute|min\b|시간|\d ?시|분|小时|小時|分|時間|点", re.IGNORECASE)
_DAY_UNITS = re.compile(r"\b(?:days?|weeks?|months?)\b|\d ?(?:일|주|개월|天|日|周|月)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\S+@\S+|https?://\S+|\b(?:circular|decree|resolution|decision|law|directive)(?: no\.?)? ?\d[\w/.\-]*",
    re.IGNORECASE,
)
"""Neither these nor the numbers of laws are read."""
_EDGE = re.compile(
    r"\b(?:(?P<d>early|(?:the )?(?:beginning|start) of)|(?P<g>mid|(?:the )?middle of))[ -]$", re.IGNORECASE
)
_RANGE = re.compile(r"\s*(?:to|until|till|through|-|–|~|〜|到|至|부터|から)\s*", re.IGNORECASE)
_CHOICE = re.compile(r"\s*(?:,|or|and|or on|或|或者|还是|和|か|または|や|と|이나|나|또는|혹은)\s*", re.IGNORECASE)
_CORRECTION = re.compile(
    r"\b(?:sorry|i mean|actually|rather|make it|instead|but|no)\b|不是|改|应该|應該"
    r"|ではなく|じゃなく|いや|変更|아니|말고|대신|에서",
    re.IGNORECASE,
)
_MOVING = re.compile(r"\b(?:move|change|reschedul\w*|postpone|shift|switch)\b|改|変更|변경|옮", re.IGNORECASE)
_REFUSED = re.compile(
    r"(?:\b(?:not|except|instead of|can'?t (?:do|make)|cannot (?:do|make))(?: on)?|不是|除了)\s*$", re.IGNORECASE
)


@dataclass(slots=True)
class _Piece:
    start: int
    end: int
    day: date | None = None
    last: date | None = None
    hour: time | None = None


def read_foreign(duckling: Duckling, text: str, language: Language, at: datetime) -> Reading:
    """The day and the hour that `text` means; an empty `Reading` where it means none. `at` as for `read`."""
    now = at.astimezone(_VIETNAM) if at.tzinfo else at.replace(tzinfo=_VIETNAM)
    hidden = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    written, places = rewrite(hidden, language, now.date())
    known = Language.ZH if language is Language.JA else language
    found = duckling.times(written, known, now)
    pieces = [piece for one in found if (piece := _piece(one, written, now)) is not None]
    meant = _meant([piece for piece in pieces if not _REFUSED.search(written[: piece.start])], written)
    part = _part(text)
    if not meant and part is None:
        return Reading()
    days = [piece for piece in meant if piece.day is not None]
    first = min((piece.day for piece in days if piece.day), default=None)
    last = max((piece.last or piece.day for piece in days if piece.day), default=None)
    if first is not None and last is not None and first < now.date() <= last:
        first = now.date()
    hour = next((piece.hour for piece in reversed(meant) if piece.hour is not None), None)
    span = (places[meant[0].start], places[max(piece.end for piece in meant)]) if meant else None
    return Reading(date=first, time=hour, part=part, range_end=last if last != first else None, span=span)


def _meant(pieces: list[_Piece], text: str) -> list[_Piece]:
    """The pieces that hold: a later one corrects, completes, or joins those before."""
    meant: list[_Piece] = []
    for piece in pieces:
        between = text[meant[-1].end : piece.start] if meant else ""
        moving = _RANGE.fullmatch(between) is not None and _MOVING.search(text[: piece.start]) is not None
        joined = _RANGE.fullmatch(between) or _CHOICE.fullmatch(between)
        dated = any(old.day for old in meant)
        if piece.day and dated and (moving or _CORRECTION.search(between)):
            for old in meant:
                old.day = old.last = None
            meant = [*(old for old in meant if old.hour and not piece.hour), piece]
        elif not meant or not piece.day or not dated or joined:
            meant.append(piece)
    return meant


def _piece(found: Expression, text: str, now: datetime) -> _Piece | None:
    body = text[found.start : found.end]
    if _NEVER.fullmatch(body) or not found.moments:
        return None
    moment = found.moments[0]
    piece = _Piece(found.start, found.end)
    if moment.interval:
        return _interval(piece, found.moments, text, now)
    if moment.at is None or moment.grain in ("year", "quarter"):
        return None
    if moment.grain in ("week", "month"):
        piece.day = moment.at.date()
        piece.last = piece.day + timedelta(days=6) if moment.grain == "week" else _month_end(piece.day)
        return _part_of(piece, moment.grain, text)
    if _has_day(found.moments):
        piece.day = _next_day(found.moments, now.date())
    if moment.grain != "day" and not (
        _DAY_UNITS.search(body) and not _CLOCK_UNITS.search(body) and _is_now(moment, now)
    ):
        piece.hour = _office_hour(found.moments)
    return piece


def _part_of(piece: _Piece, grain: str, text: str) -> _Piece:
    """Its beginning or middle, where that is what is said: "early next week"."""
    edge = _EDGE.search(text[: piece.start])
    if edge is not None and piece.day is not None:
        begins, length = {("week", "d"): (0, 1), ("week", "g"): (2, 1), ("month", "d"): (0, 9)}.get(
            (grain, edge.lastgroup or ""), (10, 9)
        )
        piece.day += timedelta(days=begins)
        piece.last = piece.day + timedelta(days=length)
    return piece


def _interval(piece: _Piece, moments: tuple[Moment, ...], text: str, now: datetime) -> _Piece | None:
    first, until = moments[0].at, moments[0].until
    begins = first or now
    ends = until - timedelta(microseconds=1) if until is not None else begins
    if _is_weekly(moments) and begins.date() == now.date():
        begins, ends = begins + _WEEK, ends + _WEEK
    weekend = begins.weekday() == _FRIDAY and begins.hour == _WEEKEND_BEGINS and ends - begins > _DAY
    if weekend:
        begins += _DAY  # Duckling's weekend begins on Friday evening, ours on Saturday
    timed = not weekend and moments[0].grain in ("hour", "minute") and first is not None and until is not None
    if timed and _part(text[piece.start : piece.end]) is None and first is not None and not _is_now(moments[0], now):
        piece.day = ends.date() if _has_day(moments) else None
        piece.hour = _office_hour(moments)
        return piece
    if timed and not _has_day(moments):
        return None  # a part of the day alone
    piece.day = begins.date() if begins.date() >= now.date() or until is None else now.date()
    if ends.date() > piece.day:
        piece.last = ends.date()
        if _MOVING.search(text[: piece.start]):
            piece.day, piece.last = piece.last, None  # "move it from Tuesday to Friday"
    return piece


def _has_day(moments: tuple[Moment, ...]) -> bool:
    """Whether the expression names a day: one that does not comes round every day, or twice where it is "at 9"."""
    times = [moment.until or moment.at for moment in moments]
    first, last = times[0], times[-1]
    return len(times) < 3 or first is None or last is None or last - first > 2 * _DAY or last == first


def _next_day(moments: tuple[Moment, ...], today: date) -> date | None:
    """Of a weekday the next after today, as in Vietnamese."""
    first = moments[0].at
    if first is None:
        return None
    return first.date() + _WEEK if _is_weekly(moments) and first.date() == today else first.date()


def _is_weekly(moments: tuple[Moment, ...]) -> bool:
    first = moments[0].at
    return first is not None and any(moment.at is not None and moment.at - first == _WEEK for moment in moments)


def _office_hour(moments: tuple[Moment, ...]) -> time | None:
    """The hour; where it may be morning or afternoon, 7 to 12 as written and 1 to 6 in the afternoon."""
    first = moments[0].at
    if first is None:
        return None
    second = moments[1].at if len(moments) > 1 else None
    hour = first.hour
    if second is not None and abs(second - first) == _HALF_DAY:
        hour = hour % 12 or 12
        hour += 12 if hour < 7 else 0
    return time(hour, first.minute)


def _is_now(moment: Moment, now: datetime) -> bool:
    return moment.at is not None and moment.at.hour == now.hour and moment.at.minute in (0, now.minute)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY


def _part(text: str) -> Part | None:
    """The one part of the day that `text` names."""
    named = [part for part, words in _PARTS.items() if words.search(text)]
    return named[0] if len(named) == 1 else None
