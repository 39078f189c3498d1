"""Updates: numbered, kept until they were taken, handed out by long poll or brought to a webhook."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.waiting import PATIENCE

from .refusals import conflict

Data = dict[str, Any]
_DEFAULT_KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member", "channel_post"})


@dataclass(slots=True)
class Webhook:
    """Where updates are brought, and how that goes."""

    url: str
    secret: str | None = None
    max_connections: int = 40
    last_error: tuple[int, str] | None = None
    answers: list[int] = field(default_factory=list)


class Updates:
    """The bot's queue of updates. `retry_pause` in seconds doubles with each refusal, up to a second."""

    def __init__(self, *, first: int = 500_000_001, retry_pause: float = 0.05) -> None:
        self.next_number = first
        self.pending: dict[int, Data] = {}
        self.past: dict[int, Data] = {}
        self.kinds = _DEFAULT_KINDS
        self.webhook: Webhook | None = None
        self.retry_pause = retry_pause
        self.held = False
        self._news = asyncio.Condition()
        self.polls = 0
        """How often the bot has asked."""
        self._lanes: dict[int, deque[Data]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._client = httpx.AsyncClient(timeout=PATIENCE)

    def add(self, **content: Data) -> int | None:
        """Queue a new update of one kind; None where the bot did not ask for that kind."""
        kind = next(iter(content))
        if kind not in self.kinds:
            return None
        return self.add_raw({"update_id": self.next_number, **content})

    def add_raw(self, update: Data) -> int:
        """Queue an update as it stands; without a number of its own it gets the next one."""
        number = int(update.setdefault("update_id", self.next_number))
        self.next_number = max(self.next_number, number) + 1
        self.pending[number] = self.past[number] = update
        if not self.held:
            self._offer(update)
        return number

    async def release(self, *, backwards: bool = False) -> None:
        """Offer what was held back, in order or the other way round, one after another."""
        self.held = False
        waiting = sorted(self.pending.items(), reverse=backwards)
        if self.webhook is None:
            self.pending = dict(waiting)
            await self._tell()
            return
        for _, update in waiting:
            await self.bring(update)

    async def poll(self, offset: int, limit: int, wait: float) -> list[Data]:
        """The next updates; asking for an offset forgets all before it. A newer poll ends an older one."""
        if self.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.polls += 1
        mine = self.polls
        await self._tell()
        self._confirm(offset)
        until = asyncio.get_running_loop().time() + wait
        while not (found := [] if self.held else list(self.pending.values())[:limit]):
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                break
            async with self._news:
                try:
                    await asyncio.wait_for(self._news.wait(), left)
                except TimeoutError:
                    break
            if self.polls != mine:
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
        return found

    async def set_webhook(self, webhook: Webhook | None, *, drop: bool) -> None:
        """Bring updates there from now on, also those that wait."""
        self.webhook = webhook
        if drop:
            self.pending.clear()
        await self._tell()
        if webhook is not None and not self.held:
            for update in list(self.pending.values()):
                self._offer(update)

    async def bring(self, update: Data) -> int:
        """Bring one update to the webhook until it is taken; gives the last answer's code."""
        pause = self.retry_pause
        while (webhook := self.webhook) is not None:
            code = await self._post(webhook, update)
            webhook.answers.append(code)
            if 200 <= code <= 299:
                self.pending.pop(update.get("update_id", -1), None)
                return code
            webhook.last_error = (int(time.time()), f"Wrong response from the webhook: {code}")
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 2)
        return 0

    async def close(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._client.aclose()

    def _offer(self, update: Data) -> None:
        if self.webhook is None:
            self._start(self._tell())
            return
        # A chat's updates come one after another, those of different chats side by side.
        chat = _chat_of(update)
        lane = self._lanes.setdefault(chat, deque())
        lane.append(update)
        if len(lane) == 1:
            self._start(self._work(lane))

    async def _work(self, lane: deque[Data]) -> None:
        while lane:
            await self.bring(lane[0])
            lane.popleft()

    async def _post(self, webhook: Webhook, update: Data) -> int:
        headers = {} if webhook.secret is None else {"X-Telegram-Bot-Api-Secret-Token": webhook.secret}
        try:
            return (await self._client.post(webhook.url, json=update, headers=headers)).status_code
        except httpx.HTTPError:
            return 0

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = dict(sorted(self.pending.items())[offset:])
        for number in [number for number in self.pending if number < offset]:
            del self.pending[number]

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._workers.add(task)
        task.add_done_callback(self._workers.discard)


def _chat_of(update: Data) -> int:
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message", content)
            if isinstance(message, dict) and isinstance(message.get("chat"), dict):
                return int(message["chat"].get("id", 0))
    return 0
