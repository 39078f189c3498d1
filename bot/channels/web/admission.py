"""Admission: how often one visitor and one network address may send, and which address that is."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from starlette.requests import Request

from bot.channels.limiting import RateLimiter


class Admission:
    """Counts requests that create or send. `trust_proxy`: the nearest proxy names the client's address."""

    def __init__(self, contacts: RateLimiter, networks: RateLimiter, *, trust_proxy: bool) -> None:
        self._contacts = contacts
        self._networks = networks
        self._trust_proxy = trust_proxy

    def wait(self, request: Request, contact: str | None = None) -> timedelta:
        """How long this request must wait; none where it may go on."""
        wait = self._networks.take(network_of(request, trust_proxy=self._trust_proxy))
        if wait or contact is None:
            return wait
        return self._contacts.take(contact)


def network_of(request: Request, *, trust_proxy: bool) -> str:
    """The client's IPv4 address, or its IPv6 /64, which one household or office has to itself."""
    host = request.client.host if request.client is not None else ""
    forwarded = request.headers.get("x-forwarded-for")
    if trust_proxy and forwarded is not None:
        # The last entry is our own proxy's; those before it are whatever the client claims.
        host = forwarded.rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
