"""What an utterance does to the open form: the first thing that fits, or nothing."""

from __future__ import annotations

import re

from bot.conversation.acting import Act, Deed
from bot.conversation.interpretation import Interpretation
from bot.conversation.outcomes import Route
from bot.conversation.ports import TimeReader
from bot.conversation.routing import route
from knowledge.answerer import Answerer
from knowledge.composing import Line

from .codes import codes_in
from .confirming import Confirming
from .deciding import Decision, puts_off
from .exchange import FORM, Exchange
from .hearing import Heard, hear
from .move_shifts import shift_in
from .names import hear_name
from .noting import Noting, corrects
from .obeying import Obeying
from .proceeding import Proceeding
from .straying import ELSEWHERE, SURE, asks_something, is_a_question, of_which_kind
from .wishing import says_when, wish_for

_BARE_HOUR = re.compile(r"(0?[789]|1[0-7])")
"""A number alone that is no place in the list offered."""
_NO_ANSWER_HERE = frozenset({"affirm", "deny"})
"""Small talk that would sound as if the form were forgotten."""
_SHORT = 3
"""Words; a longer utterance that answers nothing is looked up."""


class Following:
    """Follows the contact; one instance serves all conversations."""

    def __init__(
        self,
        read_time: TimeReader,
        answerer: Answerer,
        obeying: Obeying,
        noting: Noting,
        proceeding: Proceeding,
        confirming: Confirming,
    ) -> None:
        self._read_time = read_time
        self._answerer = answerer
        self._obeying = obeying
        self._noting = noting
        self._proceeding = proceeding
        self._confirming = confirming

    def hear(self, exchange: Exchange, text: str) -> Heard:
        """What `text` says, in the light of what was asked."""
        slots, now, language = exchange.slots, exchange.now, exchange.speaker.language
        is_open = exchange.tracker.form == FORM
        asked = is_open and exchange.tracker.asks == "details"
        asked_name = asked and "name" not in slots
        heard = hear(text, now, language, self._read_time, asked_details=asked, asked_name=asked_name)
        if is_open and not asked and "service" in slots and heard.name is None and _may_hold_a_name(heard):
            again = hear(text, now, language, self._read_time, asked_details=True)
            return again if again.name is not None else heard
        return heard

    async def follow(self, exchange: Exchange, heard: Heard, said: Interpretation) -> Act | Deed | None:
        """What `heard` makes of the form; None where it is none of its business."""
        asks, way = exchange.tracker.asks, route(said)
        if puts_off(heard.text) and not heard.of_details:
            return self._confirming.stop(exchange)
        if exchange.held_at is not None and (shift := shift_in(heard.text)) is not None:
            wish_for(exchange.slots, exchange.held_at + shift)
            return await self._proceeding.go_on(exchange)
        says_something = heard.of_details or says_when(heard.reading)
        if not says_something:
            if (act := await self._obeying.decided(exchange, heard)) is not None:
                return act
            if (act := await self._obeying.picked(exchange, heard.text)) is not None:
                return act
            if asks == "time" and (bare := _BARE_HOUR.fullmatch(heard.text.strip())) is not None:
                return await self._noting.take(exchange, self.hear(exchange, f"{int(bare[1])}h"), None)
        elif heard.decision is Decision.STOP and heard.reading.empty:
            return self._confirming.stop(exchange)
        if says_something or way is Route.BOOK or (corrects(heard) and way not in ELSEWHERE):
            return await self._noting.take(exchange, heard, said)
        if way in ELSEWHERE and said.confidence > SURE:
            return await self._of_this_booking(exchange, heard, way)
        if asks_something(heard.text) if asks == "service" else is_a_question(heard.text):
            return of_which_kind(exchange, heard.text, said, self._answerer)
        if asks != "service" and _is_not_understood(heard.text, way, said):
            return await self._proceeding.go_on(exchange, [Line("book_not_understood")], again=True)
        if asks == "service":
            if way is Route.FEEDBACK or (way is Route.SMALLTALK and said.confidence > SURE):
                return None
            return await self._noting.take(exchange, heard, said)
        return of_which_kind(exchange, heard.text, said, self._answerer) if way is Route.ANSWER else None

    async def _of_this_booking(self, exchange: Exchange, heard: Heard, way: Route) -> Act | Deed | None:
        """Moving or cancelling means the booking under way for who has no other."""
        if way not in (Route.RESCHEDULE, Route.CANCEL) or codes_in(heard.text).named is not None:
            return None
        if await self._proceeding.has_booked(exchange):
            return None
        if way is Route.CANCEL:
            return self._confirming.stop(exchange)
        return await self._proceeding.offer_anew(exchange)


def _may_hold_a_name(heard: Heard) -> bool:
    """Whether a name is to be looked for though something else was asked: beside a telephone, or written as one."""
    if heard.numbers.telephone is not None:
        return True
    if heard.decision is not None or says_when(heard.reading):
        return False
    found = hear_name(heard.text, beside_telephone=True)
    return found is not None and len(found.name) == len(heard.text.strip()) and heard.text.istitle()


def _is_not_understood(text: str, way: Route, said: Interpretation) -> bool:
    """Whether words fit nothing: better said so than answered with whatever is nearest."""
    if way is Route.SMALLTALK:
        return said.confidence <= SURE or said.intent in _NO_ANSWER_HERE
    return not said.degraded and said.confidence <= SURE and len(text.split()) <= _SHORT
