"""Everything an utterance says to the form: numbers, name, day and hour, a decision, and the words left over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.conversation.ports import TimeReader
from bot.conversation.redaction import redact
from bot.domain.procedure import Language
from bot.domain.when import Reading

from .deciding import Decision, decision_in
from .names import hear_name
from .numbers import Numbers, hear_numbers

NAME_HIDDEN = "[name]"


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard. `rest` is the text without numbers, name, day and hour; `redacted` is what may be kept."""

    text: str
    numbers: Numbers
    name: str | None
    reading: Reading
    decision: Decision | None
    rest: str
    redacted: str

    @property
    def of_details(self) -> bool:
        """Whether it says anything about the person."""
        numbers = self.numbers
        return any((self.name, numbers.telephone, numbers.tax_code, numbers.wrong_telephone, numbers.wrong_tax_code))


def hear(
    text: str,
    now: dt.datetime,
    language: Language,
    read: TimeReader,
    *,
    asked_details: bool = False,
    asked_name: bool = False,
) -> Heard:
    """Hear `text`, written at `now`. A number is read before a day: a telephone never is a date.

    `asked_name`: the details were asked for, and the name is not known yet.
    """
    numbers = hear_numbers(text, asked=asked_details)
    decision = decision_in(text, asked_name=asked_name)
    introduced = hear_name(numbers.rest)
    rest = numbers.rest
    if introduced is not None:
        rest = _blanked(rest, introduced.start, introduced.end)
    # "Mai" and "Tư" are names too: whoever was asked for one and gave a telephone or little else means the name.
    left = None
    if asked_details and introduced is None and decision is None:
        left = hear_name(rest, asked=True, beside_telephone=numbers.telephone is not None)
        if left is not None:
            rest = _blanked(rest, left.start, left.end)
    reading = read(rest, now, language)
    if reading.span is not None:
        rest = _blanked(rest, *reading.span)
    name = introduced or left
    if name is None and not asked_details and (numbers.telephone or numbers.wrong_telephone):
        name = hear_name(rest, beside_telephone=True)
        if name is not None:
            rest = _blanked(rest, name.start, name.end)
    hidden = text if name is None else f"{text[: name.start]}{NAME_HIDDEN}{text[name.end :]}"
    return Heard(text, numbers, name.name if name else None, reading, decision, rest, redact(hidden))


def _blanked(text: str, start: int, end: int) -> str:
    return f"{text[:start]},{' ' * max(end - start - 1, 0)}{text[end:]}"
