"""The platform side: updates of many contacts brought to the webhook by a clock, and what came back to whom."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.channels.telegram.webhook import PATH
from tests.fake_telegram import FakeTelegram

from .assistant import NotStarted
from .http_lines import Lines

CONNECTIONS = 40
"""As many as Telegram opens to one webhook by default."""
_SECRET = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(slots=True)
class Volley:
    """Updates of one contact each, by contact. Moments are seconds of the monotonic clock.

    `due` is when an update was to go out, `accepted` when the webhook's 200 was read, `answers` when each
    message to the contact reached the platform.
    """

    due: dict[int, float] = field(default_factory=dict)
    sent: dict[int, float] = field(default_factory=dict)
    accepted: dict[int, float] = field(default_factory=dict)
    refused: dict[int, int] = field(default_factory=dict)
    answers: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    doubled: set[int] = field(default_factory=set)

    @property
    def unanswered(self) -> set[int]:
        return self.due.keys() - self.answers.keys()


class Platform:
    """Plays Telegram to the assistant on `port`; `check` raises where that has ended."""

    def __init__(self, telegram: FakeTelegram, port: int, check: Callable[[], None]) -> None:
        telegram.updates.held = True  # brought by us, so that the moment is known
        # Beyond those of any earlier run in the same folder, which would be taken for repetitions.
        telegram.updates.next_number = int(time.time()) * 1000
        self._telegram = telegram
        self._port = port
        self._check = check

    async def is_registered(self, within: float = 60) -> None:
        """Wait until the assistant has told where its webhook is. Raises `NotStarted`."""
        until = time.monotonic() + within
        while self._telegram.updates.webhook is None:
            self._check()
            if time.monotonic() > until:
                raise NotStarted("the assistant has set no webhook")
            await asyncio.sleep(0.05)

    async def fire(self, texts: Iterator[str], *, a_second: float, seconds: float) -> Volley:
        """Bring updates at an even pace, each of a contact of its own, whether or not earlier ones were accepted."""
        volley = Volley()
        waiting = [self._update(next(texts)) for _ in range(int(a_second * seconds))]
        async with Lines("127.0.0.1", self._port, CONNECTIONS) as lines:
            first = time.monotonic() + 0.1
            posts = []
            for number, (contact, body) in enumerate(waiting):
                volley.due[contact] = first + number / a_second
                await asyncio.sleep(max(0.0, volley.due[contact] - time.monotonic()))
                posts.append(asyncio.create_task(self._post(lines, contact, body, volley)))
            await asyncio.gather(*posts)
        return volley

    async def settle(self, volley: Volley, *, patience: float) -> None:
        """Wait until everyone was answered and nothing more comes, or nothing has come for `patience` seconds."""
        contacts = set(volley.due)
        seen, since = -1, time.monotonic()
        while True:
            calls = self._telegram.calls_of("sendMessage")
            answered = {int(call.parameters["chat_id"]) for call in calls} & contacts
            if len(calls) != seen:
                seen, since = len(calls), time.monotonic()
            if time.monotonic() - since > (3 if answered == contacts else patience):
                break
            await asyncio.sleep(0.2)
        self._check()
        texts: Counter[tuple[int, str]] = Counter()
        for call in calls:
            contact = int(call.parameters["chat_id"])
            if contact in contacts and call.answer == 200:
                volley.answers[contact].append(call.at)
                texts[contact, str(call.parameters["text"])] += 1
        volley.doubled = {contact for (contact, _), count in texts.items() if count > 1}

    def _update(self, text: str) -> tuple[int, bytes]:
        person = self._telegram.person()
        update = self._telegram.updates.pending.pop(person.says(text))
        return person.id, json.dumps(update).encode()

    async def _post(self, lines: Lines, contact: int, body: bytes, volley: Volley) -> None:
        volley.sent[contact] = time.monotonic()
        webhook = self._telegram.updates.webhook
        headers = {_SECRET: webhook.secret} if webhook is not None and webhook.secret is not None else {}
        try:
            code = await lines.post(PATH, body, headers)
        except (OSError, EOFError):
            code = 0
        if code == 200:
            volley.accepted[contact] = time.monotonic()
        else:
            volley.refused[contact] = code
