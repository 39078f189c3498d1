"""What can go wrong when a reply is delivered, told by what to do next.

* DeliveryError
  x Unreachable    the contact blocked us or left; stop writing to them
  x Rejected       the platform refuses this reply; never retry
  x Throttled      too fast; retry after `retry_after`
  x OutOfWindow    only a template may be sent now
  x PlatformDown   timeout or 5xx; retry later, `perhaps_delivered` says it may have arrived
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.errors import AssistantError


class DeliveryError(AssistantError):
    """A reply did not go out."""


class Unreachable(DeliveryError):
    """The contact blocked us or left."""


class Rejected(DeliveryError):
    """The platform refuses this reply for good."""


class Throttled(DeliveryError):
    """The platform asks us to slow down."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"retry after {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


class OutOfWindow(DeliveryError):
    """The platform allows only templates to this contact now."""


class PlatformDown(DeliveryError):
    """No proper answer from the platform."""

    def __init__(self, reason: str, *, perhaps_delivered: bool) -> None:
        super().__init__(reason)
        self.perhaps_delivered = perhaps_delivered
