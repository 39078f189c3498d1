"""The Bot API's client: python-telegram-bot, told apart where a request failed before it was sent and where after.

Its own network errors do not say whether Telegram has the message; a reply is sent again by that.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest, HTTPXRequest, RequestData

_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_SHORTEST_PAUSE = 1
"""Seconds, where Telegram asks for a pause without saying how long."""


class NotSent(NetworkError):
    """Telegram surely did nothing: we did not reach it, or it said that it failed."""


class AnswerLost(NetworkError):
    """The request left us and no readable answer came back; Telegram may have done it."""


class BotApiRequest(HTTPXRequest):
    """The library's transport, with answers checked before the library sees them.

    Otherwise an unreadable answer is written to the log as it is, with what was said in it, and a page
    of some proxy with code 403 counts as "the contact blocked us".
    """

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """As the library says. Raises `NotSent`, `AnswerLost` and `RetryAfter`."""
        try:
            code, payload = await super().do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        except TelegramError as error:
            cause = error.__cause__
            reason = type(cause).__name__ if cause is not None else type(error).__name__
            # The message of a transport error may hold the address, and with it the token.
            raise (NotSent if isinstance(cause, _NEVER_LEFT) else AnswerLost)(reason) from None
        answer = _read(payload)
        if 200 <= code <= 299:
            if answer is None or "result" not in answer:
                raise AnswerLost(f"unreadable answer with code {code}")
            return code, payload
        if answer is None:
            # Not Telegram speaking but something on the way: below 500, and 503, it let nothing through.
            raise (NotSent if code < 500 or code == 503 else AnswerLost)(f"foreign answer with code {code}")
        if code == 429 and not (answer.get("parameters") or {}).get("retry_after"):
            raise RetryAfter(_SHORTEST_PAUSE)
        if code >= 500:
            raise NotSent(f"Telegram failed with code {code}")
        return code, payload


class Client:
    """A bot that has not spoken with Telegram yet; `timeout` in seconds for each step of a request.

    It is not initialised, which would call Telegram at once.
    """

    def __init__(self, token: str, api_url: str, *, timeout: float = 10, connections: int = 64) -> None:
        # Asks the library for timedelta instead of a deprecation warning; it reads this at each use.
        os.environ.setdefault("PTB_TIMEDELTA", "1")
        root = api_url.rstrip("/")
        self._requests = [_request(connections, timeout), _request(2, timeout)]
        self.bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )

    async def updates(self, *, offset: int, wait: int, kinds: Sequence[str]) -> list[Any]:
        """The updates from `offset` on as Telegram wrote them, after at most `wait` seconds.

        Asking for an offset confirms all before it. Raises `TelegramError`.
        """
        # Not `Bot.get_updates`: one update that the library cannot read would hold up all of them for
        # ever, and would be written to the log with its text.
        question = urlencode({"offset": offset, "timeout": wait, "allowed_updates": json.dumps(list(kinds))})
        request = self._requests[1]
        patience = wait + (request.read_timeout or 0)
        result: Any = await request.post(f"{self.bot.base_url}/getUpdates?{question}", read_timeout=patience)
        return result if isinstance(result, list) else []

    async def close(self) -> None:
        """Close the connections."""
        # Not `Bot.shutdown`: it does nothing for a bot that was never initialised.
        for request in self._requests:
            await request.shutdown()


def pause_asked(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait."""
    pause: Any = error.retry_after  # the library's own type says int, its setting says timedelta
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)


def _request(connections: int, timeout: float) -> BotApiRequest:
    return BotApiRequest(
        connection_pool_size=connections,
        read_timeout=timeout,
        write_timeout=timeout,
        connect_timeout=min(timeout, 5),
        pool_timeout=timeout,
    )


def _read(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and isinstance(answer.get("ok"), bool) else None
