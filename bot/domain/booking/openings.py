"""Openings: the bookable times at counters, and what a contact wishes."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from bot.domain.when import Edge, Part


@dataclass(frozen=True, slots=True)
class Opening:
    """A time at which at least one counter can still receive somebody for a service; `places` are left."""

    service: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    places: int


@dataclass(frozen=True, slots=True)
class Wish:
    """When a contact would like to come, as far as they said: days `first` to `last`, an hour or part of the day."""

    first: dt.date | None = None
    last: dt.date | None = None
    time: dt.time | None = None
    until: dt.time | None = None
    part: Part | None = None
    edge: Edge | None = None
    excluding: tuple[dt.date, ...] = ()


class Why(enum.StrEnum):
    """Why a wish cannot be had as it stands."""

    FULL = "full"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    DAY_OFF = "day_off"
    """No counter works on that weekday."""
    OUTSIDE_HOURS = "outside_hours"
    BETWEEN_OPENINGS = "between_openings"
    """Within the hours, but no opening begins at that minute; the nearest are offered."""
    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    NOT_OFFERED = "not_offered"
    """No counter serves this service at all."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be had near a wish.

    `exact` is the opening wished for, where the wish named a day and an hour and a place is left. Otherwise
    `openings` are the nearest, in order of time, and `why` says what is wrong with the wish (None: it only left
    the hour or the day open). `name` is that of the holiday (`name_en` in English, where known) or the closure's
    reason; `hours` are the spans of the
    wished day; `limit` is the first or last moment that may be booked, for `TOO_SOON` and `TOO_FAR`.
    """

    service: str
    exact: Opening | None = None
    openings: tuple[Opening, ...] = ()
    why: Why | None = None
    name: str | None = None
    name_en: str | None = None
    hours: tuple[tuple[dt.time, dt.time], ...] = ()
    limit: dt.datetime | None = None
