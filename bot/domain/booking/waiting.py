"""The waiting list: who would come sooner if somebody else gave a place back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.domain.when import Part

from .offices import Service

OFFER = dt.timedelta(minutes=30)
"""How long a freed place is kept for the one it is offered to."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact's wish for a service on a day from `first` to `last`; `offered` is the code of the hold offered."""

    service: Service
    first: dt.date
    last: dt.date
    part: Part | None = None
    procedure: str | None = None
    offered: str | None = None
    offer_until: dt.datetime | None = None
