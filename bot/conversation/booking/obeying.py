"""Doing what a short word decides, what a place in a list picks, and what a button of the form says."""

from __future__ import annotations

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import BookAt, BookProcedure, BookService, ChangeBooking
from bot.conversation.clarifying import choose, place_named
from knowledge.answerer import Answerer

from .asking import asked
from .confirming import Confirming
from .deciding import Decision, any_hour_of_the_day, part_to_change
from .exchange import PERSON, Exchange
from .hearing import Heard
from .matching import Matching
from .proceeding import Proceeding
from .summing_up import ask_what_to_change
from .wishing import SLOTS, forget, wish_for_another_day


class Obeying:
    """Obeys; one instance serves all conversations."""

    def __init__(self, matching: Matching, answerer: Answerer, proceeding: Proceeding, confirming: Confirming) -> None:
        self._matching = matching
        self._answerer = answerer
        self._proceeding = proceeding
        self._confirming = confirming

    async def decided(self, exchange: Exchange, heard: Heard) -> Act | Deed | None:
        """What a decision does to the form; None where none was heard that it can follow."""
        asks, proceeding = exchange.tracker.asks, self._proceeding
        match heard.decision:
            case Decision.STOP:
                return self._confirming.stop(exchange)
            case Decision.SOONEST if "service" in exchange.slots:
                if not any_hour_of_the_day(heard.text):
                    forget(exchange.slots, SLOTS)
                return await proceeding.hold_the_first(exchange)
            case Decision.ANOTHER_DAY if "service" in exchange.slots:
                wish_for_another_day(exchange.slots)
                return await proceeding.offer_anew(exchange, keep=True)
            case Decision.ANOTHER_TIME if "service" in exchange.slots:
                forget(exchange.slots, ("time", "until"))
                return await proceeding.offer_anew(exchange, keep=True)
            case Decision.ANOTHER_MATTER:
                return asked(await proceeding.ask_service(exchange))
            case Decision.CHANGE_DETAILS:
                forget(exchange.slots, part_to_change(heard.text))
                return await proceeding.go_on(exchange)
            case Decision.YES if asks == "confirm":
                return await proceeding.confirm(exchange, exchange.slots.get("hold", ""))
            case Decision.YES if asks == "time" and exchange.offered:
                # Nothing is booked by it: the day and hour are shown, and can be changed, before they confirm.
                return await proceeding.hold(exchange, exchange.offered[0])
            case Decision.NO if asks == "confirm":
                return asked(ask_what_to_change(exchange))
            case Decision.YES | Decision.NO | Decision.WHICH_TIMES | Decision.WAIT:
                return await proceeding.go_on(exchange, again=True)
        return None

    async def picked(self, exchange: Exchange, text: str) -> Act | Deed | None:
        """One of what was offered, by its place or its words."""
        asks = exchange.tracker.asks
        if asks == "time" and (place := place_named(text, len(exchange.offered))) is not None:
            return await self._proceeding.hold(exchange, exchange.offered[place - 1])
        if asks != "service":
            return None
        keys = [key for key in exchange.slots.get("options", "").split(",") if key]
        procedures = self._answerer.options(keys)
        if procedures and (meant := choose(text, procedures)) is not None:
            return await self.change(exchange, BookProcedure(meant.code))
        if not procedures and (place := place_named(text, len(keys))) is not None:
            return await self.change(exchange, BookService(keys[place - 1]))
        return None

    async def change(
        self, exchange: Exchange, choice: BookProcedure | BookService | BookAt | ChangeBooking
    ) -> Act | Deed:
        """What a button of the form says."""
        services = await self._matching.services()
        match choice:
            case BookProcedure(code):
                procedure = self._answerer.procedure(code)
                service = self._matching.of_procedure(procedure, services) if procedure is not None else None
                if service is not None:
                    exchange.change_matter(service.key, code)
            case BookService(key) if key in services:
                exchange.change_matter(key)
            case BookAt(key, starts_at) if key in services:
                if exchange.slots.get("service") != key:
                    exchange.change_matter(key)
                return self._confirming.hold(exchange, services[key], starts_at)
            case ChangeBooking("time"):
                return await self._proceeding.offer_anew(exchange)
            case ChangeBooking("details"):
                forget(exchange.slots, PERSON)
            case ChangeBooking("service"):
                return asked(await self._proceeding.ask_service(exchange))
        return await self._proceeding.go_on(exchange)
