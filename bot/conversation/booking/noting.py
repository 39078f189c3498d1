"""Noting every fact of an utterance, in whatever order facts come, before the form goes on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.acting import Act, Deed
from bot.conversation.interpretation import Interpretation
from bot.conversation.outcomes import Route
from bot.conversation.ports import UnitOfWork
from bot.conversation.routing import route
from bot.domain.vietnamese import fold
from knowledge.answerer import Answerer
from knowledge.composing import Line

from .asking import asked
from .asking_what import ask_which_procedure, ask_which_service
from .asking_who import noted
from .deciding import Decision
from .exchange import Exchange
from .hearing import Heard
from .matching import Matched, Matching, NotFound, Unsure
from .matters import Matters
from .proceeding import Proceeding
from .wishing import says_when, take_reading, wish_for, wish_in

_CORRECTION = re.compile(
    r"^(?:(?:a|ah|oh|u|um|em|toi|xin) )*(?:khong(?: phai)?|nham|lon|quen|loi|no|sorry|actually|wait)(?: roi)?\b.{5,}"
    r"|^(?:(?:a|ah|oh|u|um|ma|em|toi) )*thoi (?:cho|chuyen|doi|lam|dat|minh|toi|em|de)\b.{5,}"
    r"|.{5,} (?:co|co ma|moi dung)[.!]?$|^(?:아니|아뇨|不是|不对|いや|違).{3,}"
)


class Noting:
    """Notes facts; one instance serves all conversations."""

    def __init__(self, matching: Matching, matters: Matters, answerer: Answerer, proceeding: Proceeding) -> None:
        self._matching = matching
        self._matters = matters
        self._answerer = answerer
        self._proceeding = proceeding

    async def take(self, exchange: Exchange, heard: Heard, said: Interpretation | None) -> Act | Deed:
        """Note all that was said, then go on."""
        notes = _take_person(exchange, heard)
        offered = exchange.offered
        if (
            take_reading(exchange.slots, heard.reading)
            and heard.reading.date is None
            and heard.reading.time is not None
        ):
            _settle_the_day(exchange, offered)
        unclear = await self._take_matter(exchange, heard, said)
        if unclear is None and heard.decision is Decision.SOONEST and wish_in(exchange.slots).time is None:
            told = not heard.reading.date and bool(offered)
            act: Act | Deed = await self._proceeding.hold_the_first(exchange, notes, in_any_case=told)
        elif unclear is not None:
            act = unclear
        else:
            act = await self._proceeding.go_on(exchange, notes, noted(exchange, heard))
        return redacting(act, heard)

    async def take_subject(self, exchange: Exchange, *, change: bool = False) -> None:
        """Propose what the conversation is about; every question after it says so and offers another matter."""
        subject = self._answerer.procedure(exchange.tracker.subject or "")
        if subject is None or ("service" in exchange.slots and not change):
            return
        if exchange.slots.get("procedure") == subject.code:
            return
        service = self._matching.of_procedure(subject, await self._matching.services())
        if service is not None:
            exchange.change_matter(service.key, subject.code)

    async def _take_matter(self, exchange: Exchange, heard: Heard, said: Interpretation | None) -> Act | None:
        """What the appointment is for; an act where that must be asked first."""
        asks_for_it = exchange.tracker.asks == "service"
        known = "service" in exchange.slots
        if known and not asks_for_it and not _speaks_of_a_matter(heard, said):
            return None
        found = await self._matching.match(heard.rest, said, exchange.speaker, anything=asks_for_it)
        match found:
            case Matched(service, procedure, group):
                exchange.change_matter(service.key, procedure, group)
            case Unsure(procedures=codes) if codes:
                return asked(ask_which_procedure(exchange, self._answerer.options(codes)))
            case Unsure(services=services):
                return asked(ask_which_service(exchange, services, self._matters.department(services[0])))
            case NotFound() if not known:
                named = heard.of_details or says_when(heard.reading)
                understood = noted(exchange, heard) if named else ()
                notes = [*understood, Line("book_not_found")]
                return asked(await self._proceeding.ask_service(exchange, notes))
            case None if not known:
                await self.take_subject(exchange)
        return None


def corrects(heard: Heard) -> bool:
    """Whether something said before is put right: "à không, … cơ"."""
    return _CORRECTION.search(" ".join(fold(heard.rest).replace(",", " ").split())) is not None


def redacting(act: Act | Deed, heard: Heard) -> Act | Deed:
    """`act`, with which only what may be kept of the utterance is kept."""
    if isinstance(act, Act):
        return replace(act, redacted=heard.redacted)
    deed = act

    async def do(uow: UnitOfWork) -> Act:
        return replace(await deed.do(uow), redacted=heard.redacted)

    return Deed(do)


def _take_person(exchange: Exchange, heard: Heard) -> list[Line]:
    """Who comes; gives what is wrong with a number."""
    numbers, notes = heard.numbers, []
    for slot, value in (("name", heard.name), ("telephone", numbers.telephone), ("tax_code", numbers.tax_code)):
        if value is not None:
            exchange.slots[slot] = value
    if numbers.wrong_telephone is not None:
        notes.append(Line("book_wrong_telephone", {"number": numbers.wrong_telephone}))
    if numbers.wrong_tax_code is not None:
        notes.append(Line("book_wrong_tax_code", {"number": numbers.wrong_tax_code}))
    return notes


def _settle_the_day(exchange: Exchange, offered: Sequence[dt.datetime]) -> None:
    """An hour without a day means that hour among what was offered."""
    wish = wish_in(exchange.slots)
    if wish.first is not None and wish.first == wish.last:
        return
    meant = next((each for each in offered if each.time() == wish.time), None)
    if meant is not None:
        wish_for(exchange.slots, meant)


def _speaks_of_a_matter(heard: Heard, said: Interpretation | None) -> bool:
    """Whether another matter may be named beside what was asked: "cho thủ tục … cơ", "đặt lịch … nhé"."""
    folded = fold(heard.rest)
    named = any(words in folded for words in ("thu tuc", "viec", "dich vu", "procedure", "service")) or corrects(heard)
    return named or (said is not None and not said.degraded and route(said) is Route.BOOK and len(folded.split()) > 3)
