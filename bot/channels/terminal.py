"""`bot chat`: a conversation in the terminal. A reply's buttons are numbered; typing a number taps one.

Works with pipes as well: each line of input is an utterance, and the end of input ends the conversation.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TextIO

from bot.conversation.messages import Address, Button, InboundMessage, Kind, Reply

NAME = "terminal"
Turn = Callable[[InboundMessage], Awaitable[Sequence[Reply]]]
PROMPT = "> "
_LEAVE = ("/quit", "/exit")


class Terminal:
    """One conversation. `turn` answers a message; `source` and `out` are where we read and write."""

    def __init__(self, turn: Turn, *, contact: str, source: TextIO | None = None, out: TextIO | None = None) -> None:
        self._turn = turn
        self._address = Address(NAME, contact)
        self._source = source or sys.stdin
        self._out = out or sys.stdout
        self._buttons: tuple[Button, ...] = ()

    async def converse(self) -> None:
        """Greet, then answer line by line until `/quit` or the end of input."""
        await self._take(self._message(Kind.COMMAND, text="start"))
        while (line := await self._ask()) is not None:
            said = line.strip()
            if said.lower() in _LEAVE:
                return
            if said:
                await self._take(self._hear(said))

    def _hear(self, said: str) -> InboundMessage:
        if said.isdecimal() and 1 <= int(said) <= len(self._buttons):
            return self._message(Kind.CHOICE, choice=self._buttons[int(said) - 1].value)
        if said.startswith("/") and said[1:2].isalpha():
            return self._message(Kind.COMMAND, text=said[1:])
        return self._message(Kind.TEXT, text=said)

    async def _take(self, message: InboundMessage) -> None:
        replies = await self._turn(message)
        self._buttons = ()
        for reply in replies:
            self._show(reply)
        self._out.flush()

    def _show(self, reply: Reply) -> None:
        self._out.write(f"\n{reply.text}\n")
        for button in reply.buttons:
            if button.url is not None:
                self._out.write(f"  → {button.title}: {button.url}\n")
                continue
            self._buttons += (button,)
            self._out.write(f"  [{len(self._buttons)}] {button.title}\n")
        for file in reply.attachments:
            self._out.write(f"  + {file.title}: {file.path}\n")

    def _message(self, kind: Kind, *, text: str = "", choice: str | None = None) -> InboundMessage:
        return InboundMessage(self._address, uuid.uuid4().hex, kind, datetime.now(UTC), text=text, choice=choice)

    async def _ask(self) -> str | None:
        """The next line; None at the end of input."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()

        def settle(line: str) -> None:
            if not answer.done():
                answer.set_result(line)

        def read() -> None:
            try:
                line = self._read()
            except (EOFError, KeyboardInterrupt):
                line = ""
            loop.call_soon_threadsafe(settle, line)

        # A thread of its own that dies with the process: Ctrl-C need not wait for another line.
        threading.Thread(target=read, daemon=True).start()
        return await answer or None

    def _read(self) -> str:
        self._out.write("\n")
        self._out.flush()
        if self._source is sys.stdin and self._source.isatty():
            return input(PROMPT) + "\n"  # with the line editing of the terminal
        line = self._source.readline()
        # A transcript should show what was said.
        self._out.write(f"{PROMPT}{line.rstrip()}\n" if line else "")
        return line
