"""What the form does next: ask for the first thing that is missing, take a place, offer other times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.messages import Reply
from bot.conversation.outcomes import Outcome
from bot.conversation.ports import AppointmentBook, Openings
from bot.domain.booking.offices import Service
from bot.domain.booking.openings import Offer, Wish
from knowledge.answerer import Answerer
from knowledge.composing import Line

from .asking import asked
from .asking_what import ask_service, ask_which_procedure
from .asking_when import ask_time
from .confirming import Confirming
from .exchange import Exchange
from .matching import Matching
from .matters import Matters
from .wishing import wish_in

OFTEN = (
    "finance_company",
    "commune_household",
    "home_affairs_work_permit",
    "tax_registration",
    "public_service_centre_general",
)
"""Services proposed to whoever did not say what for; where these are not offered, the first there are."""
MOST_SERVICES = 5


class Proceeding:
    """Goes on with the form; one instance serves all conversations."""

    def __init__(
        self,
        matching: Matching,
        matters: Matters,
        answerer: Answerer,
        openings: Openings,
        book: AppointmentBook,
        confirming: Confirming,
    ) -> None:
        self._matching = matching
        self._matters = matters
        self._answerer = answerer
        self._openings = openings
        self._book = book
        self._confirming = confirming

    async def go_on(
        self, exchange: Exchange, notes: Sequence[Line] = (), noted: Sequence[Line] = (), *, again: bool = False
    ) -> Act | Deed:
        """Ask for the first thing that is missing; `again`: only repeat, take nothing.

        `noted` is said where the next question does not itself show what was understood.
        """
        asks = exchange.tracker.asks
        service = await self.service(exchange)
        if service is None or (again and asks == "service"):
            return asked(await self.ask_service(exchange, [*notes, *noted], again=asks == "service"))
        if again and asks == "time":
            offer = await self._openings.near(service.key, wish_in(exchange.slots), exchange.now)
            return await self.offer_anew(exchange) if offer.exact else self._offer(exchange, service, offer, notes)
        wish, at = wish_in(exchange.slots), exchange.held_at
        if at is None or not _is_for(wish, at):
            offer = await self._openings.near(service.key, wish, exchange.now)
            if offer.exact is not None and not again:
                return self._confirming.hold(exchange, service, offer.exact.starts_at, notes)
            return self._offer(exchange, service, offer, [*notes, *noted])
        if (until := exchange.hold_until) is not None and until <= exchange.now and not again:
            return self._confirming.hold(exchange, service, at, notes)
        held = await self._book.held(exchange.tracker.address, exchange.slots["hold"], exchange.now)
        return self._confirming.after_hold(exchange, service, held, notes)

    async def offer_anew(self, exchange: Exchange, *, keep: bool = False) -> Act:
        """Other times than the one held."""
        service = await self.service(exchange)
        if service is None:
            return asked(await self.ask_service(exchange))
        wish = wish_in(exchange.slots)
        if not keep or wish.time is not None:
            wish = Wish(first=wish.first, last=wish.last, part=wish.part, excluding=wish.excluding)
        offer = await self._openings.near(service.key, wish, exchange.now)
        return self._offer(exchange, service, offer, ())

    async def hold_the_first(
        self, exchange: Exchange, notes: Sequence[Line] = (), *, in_any_case: bool = False
    ) -> Act | Deed:
        """The first opening that fits, for whoever leaves the choice to us; it is shown before anything is booked.

        `in_any_case`: also where the day wished for cannot be had, as the contact has been told.
        """
        service = await self.service(exchange)
        if service is None:
            return await self.go_on(exchange, notes)
        offer = await self._openings.near(service.key, wish_in(exchange.slots), exchange.now)
        if (offer.why is not None and not in_any_case) or not (offer.exact or offer.openings):
            return self._offer(exchange, service, offer, notes)
        first = offer.exact or min(offer.openings, key=lambda opening: opening.starts_at)
        return self._confirming.hold(exchange, service, first.starts_at, notes)

    async def hold(self, exchange: Exchange, starts_at: dt.datetime) -> Act | Deed:
        """The opening that was picked."""
        service = await self.service(exchange)
        return self._confirming.hold(exchange, service, starts_at) if service else await self.go_on(exchange)

    async def confirm(self, exchange: Exchange, code: str) -> Act | Deed:
        """Book what is held under `code`, once it is known who comes."""
        if not exchange.knows_the_person or not code:
            return await self.go_on(exchange)
        return self._confirming.confirm(exchange, await self.service(exchange), code)

    async def has_booked(self, exchange: Exchange) -> bool:
        """Whether the contact has appointments, which moving and cancelling may be about."""
        return bool(await self._book.of(exchange.tracker.address, exchange.now))

    async def service(self, exchange: Exchange) -> Service | None:
        """The service that the form knows of."""
        return (await self._matching.services()).get(exchange.slots.get("service", ""))

    async def ask_service(self, exchange: Exchange, notes: Sequence[Line] = (), *, again: bool = False) -> Reply:
        """What for; `again`: among what was offered."""
        services = await self._matching.services()
        if again:
            keys = exchange.slots.get("options", "").split(",")
            if options := self._answerer.options(keys):
                return ask_which_procedure(exchange, options, notes)
            if offered := [services[key] for key in keys if key in services]:
                return ask_service(exchange, offered, notes)
        often = [services[key] for key in OFTEN if key in services]
        return ask_service(exchange, often or list(services.values())[:MOST_SERVICES], notes)

    def _offer(self, exchange: Exchange, service: Service, offer: Offer, notes: Sequence[Line]) -> Act:
        reply = ask_time(exchange, service, self._matters.matter_line(exchange, service), offer, notes)
        return asked(reply, Outcome.ASKED if offer.why is None else Outcome.NOT_DONE)


def _is_for(wish: Wish, at: dt.datetime) -> bool:
    return wish.first == at.date() == (wish.last or wish.first) and wish.time == at.time()
