"""`bot when` and the reader behind it: a day and an hour in any of the five languages."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.clients import duckling
from bot.clients.foreign_times import read_foreign
from bot.conversation.language import detect
from bot.domain.procedure import Language
from bot.domain.when import Reading, read


class Written(BaseModel):
    """One line of `bot when`'s input; without `language` it is told from the text."""

    model_config = ConfigDict(extra="ignore")

    text: str
    at: AwareDatetime
    language: Language | None = None


def read_when(text: str, at: datetime, language: Language | None = None) -> Reading:
    """The day and the hour that `text`, written at `at` in `language`, means; never raises.

    Vietnamese is read by `bot.domain.when`, the others by Duckling. Where the language is only guessed, both
    read Latin letters and the one that read more of the text is right: "2 pm mai", "9 am on Monday". Without
    Duckling only numbers are read in other languages.
    """
    guess = language or detect(text, Language.VI)
    if guess is Language.VI:
        return read(text, at)
    foreign = duckling.load()
    reading = read_foreign(foreign, text, guess, at) if foreign is not None else Reading()
    if foreign is not None and guess is Language.ZH and language is None:  # "来週" is written in Han letters too
        return max(reading, read_foreign(foreign, text, Language.JA, at), key=_length)
    if guess is Language.EN and language is None:
        return max(reading, read(text, at), key=_length)
    if reading.empty and not any(letter.isalpha() for letter in text):
        return read(text, at)
    return reading


def _length(reading: Reading) -> int:
    return reading.span[1] - reading.span[0] if reading.span else 0


def answer_line(line: str) -> dict[str, Any]:
    """The answer to one line of `bot when`; a broken line gets an `error` that names what is wrong."""
    try:
        written = Written.model_validate_json(line)
    except ValidationError as error:
        return {"error": "; ".join(f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}" for e in error.errors())}
    return to_data(read_when(written.text, written.at, written.language))


def to_data(reading: Reading) -> dict[str, Any]:
    """One line of `bot when`'s output."""
    return {
        "date": reading.date.isoformat() if reading.date else None,
        "time": reading.time.strftime("%H:%M") if reading.time else None,
        "part": reading.part.value if reading.part else None,
        "range_end": reading.range_end.isoformat() if reading.range_end else None,
        "span": list(reading.span) if reading.span else None,
    }


def to_line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
