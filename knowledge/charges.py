"""Fees and processing times of the catalogue, read with distrust.

The portal's numbers are partly placeholders: 100 where the note says 100.000 đồng, 0 where the note says
"as the Ministry of Finance rules", 1 with the unit "other". A number the note contradicts is dropped and
the note kept, so that an answer shows the source's words rather than a wrong figure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.procedure import Fee, Method, ProcessingTime, Text, TimeUnit

from .cleaning import plain, says_nothing, unbulleted

METHODS = {"Trực tuyến": Method.ONLINE, "Trực tiếp": Method.DIRECT, "Dịch vụ bưu chính": Method.POST}
UNITS = {
    "giờ": TimeUnit.HOUR,
    "ngày": TimeUnit.DAY,
    "ngày làm việc": TimeUnit.WORKING_DAY,
    "tháng": TimeUnit.MONTH,
    "năm": TimeUnit.YEAR,
}
DONG = frozenset({"", "VND", "019b3fb2-b5b8-70ac-85e2-9409ec1eaffa"})
DOLLAR = frozenset({"USD", "019b3fb2-dee2-76ab-aa53-22d4d903a2bb"})
"""The portal writes currencies as words or as its own ids."""

_SMALLEST_FEE = 1_000
"""No fee is below 1,000 đ: a smaller number stands for thousands or for nothing."""
_FREE = re.compile(
    r"^(?:không(?: có| thu(?: phí| lệ phí)?| mất phí| phí)?|miễn(?: phí| lệ phí| thu)?|0 ?(?:đồng|đ|vnđ))\b[\s.;:]*$"
    r"|^không thu\b|^miễn (?:phí|lệ phí)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+(?:,\d+)?)\s*(triệu)?\s*(?:đồng|đ\b|vnđ|vnd|₫)", re.IGNORECASE)
_EQUAL_AMOUNT = re.compile(r"(\d{1,3}(?:[.,]\d{3})+)")


def _amounts(note: str) -> set[int]:
    """Every amount in đồng that `note` names."""
    found: set[int] = set()
    for digits, million in _AMOUNT.findall(note):
        if million:
            found.add(round(float(digits.replace(",", ".")) * 1_000_000))
        else:
            found.add(int(re.sub(r"\D", "", digits)))
    return found


def fee(method: Method, value: float | None, currency: str, note: str, *, local: bool) -> Fee | None:
    """One fee; None where the source says nothing. `amount` is None where only its words can be trusted."""
    words = unbulleted(plain(note))
    text = Text(words) if words else None
    if currency in DOLLAR:
        stated = f"{value:g} USD" if value else None
        together = ": ".join(part for part in (stated, words) if part)
        return Fee(method, None, Text(together), local=local) if together else None
    if currency not in DONG:
        return Fee(method, None, text, local=local) if text else None
    if value is None or value < 0:
        return None if says_nothing(words) else Fee(method, None, text, local=local)
    if value == 0:
        if not words or _FREE.match(words):
            return Fee(method, 0, text, local=local)
        return Fee(method, None, text, local=local)
    if value >= _SMALLEST_FEE:
        return Fee(method, round(value), text, local=local)
    thousands = round(value * 1_000)
    if thousands in _amounts(words) | {int(re.sub(r"\D", "", a)) for a in _EQUAL_AMOUNT.findall(words)}:
        return Fee(method, thousands, text, local=local)
    named = {amount for amount in _amounts(words) if amount >= _SMALLEST_FEE}
    if len(named) == 1:
        return Fee(method, named.pop(), text, local=local)
    unclear = words or f"Nguồn ghi “{value:g}”, không rõ đơn vị."
    return Fee(method, None, Text(unclear), local=local)


def collapse_fees(fees: list[Fee]) -> tuple[Fee, ...]:
    """`fees` without repetitions; those that are the same for every method are said once, for any method.

    A bare 0 beside another fee of the same method is the portal's empty line, not a second fee.
    """
    kept = [
        each
        for each in fees
        if not (
            each.amount == 0
            and each.note is None
            and any(other.method is each.method and (other.amount or other.note) for other in fees)
        )
    ]
    by_method: dict[Method, list[Fee]] = {}
    for each in dict.fromkeys(kept):
        by_method.setdefault(each.method, []).append(replace(each, method=Method.ANY))
    distinct = {tuple(group) for group in by_method.values()}
    if len(by_method) > 1 and len(distinct) == 1:
        return next(iter(distinct))
    return tuple(dict.fromkeys(kept))


def processing_time(
    method: Method, amount: float | str | None, unit: str, note: str, *, local: bool
) -> ProcessingTime | None:
    """How long it takes; None where the source does not say."""
    words = unbulleted(plain(note))
    known = UNITS.get(unit.strip().lower())
    if isinstance(amount, str):
        spoken = plain(amount)
        if re.fullmatch(r"\d+", spoken):
            amount = int(spoken)
        else:
            together = "\n".join(part for part in (spoken, words) if not says_nothing(part))
            return ProcessingTime(method, None, TimeUnit.DAY, Text(together), local) if together else None
    if known is not None and amount:
        if amount == int(amount):
            return ProcessingTime(method, int(amount), known, Text(words) if words else None, local)
        stated = f"{amount:g}".replace(".", ",") + f" {unit.strip().lower()}"
        together = f"{stated}\n{words}" if words and stated not in words else words or stated
        return ProcessingTime(method, None, known, Text(together), local)
    if says_nothing(words):
        return None
    return ProcessingTime(method, None, TimeUnit.DAY, Text(words), local)


def collapse_times(times: list[ProcessingTime]) -> tuple[ProcessingTime, ...]:
    """`times` without repetitions; one that is the same for every method is said once, for any method."""
    if len({each.method for each in times}) > 1:
        anyhow = tuple(dict.fromkeys(replace(each, method=Method.ANY) for each in times))
        if len(anyhow) == 1:
            return anyhow
    return tuple(dict.fromkeys(times))
