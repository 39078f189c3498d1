"""The page of conversations in the documentation, made anew from the real turn: `python -m tests.conversations`.

Uses the configured database, model and index; import the national catalogue first, as several of them need it.
"""

from __future__ import annotations

import asyncio
import sys
import uuid
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.conversation.messages import Reply
from bot.headless import Headless, headless
from bot.settings import ROOT, Settings

SCRIPT = ROOT / "tests" / "conversations.yml"
PAGE = ROOT / "docs" / "conversations.md"
HEAD = """# Thirty conversations

What contacts wrote (**bold**) and what the assistant said, word for word, with its buttons in brackets. Made by
`make conversations` from `tests/conversations.yml` with the national catalogue imported; nothing is edited.
"""


class Conversation(BaseModel):
    """What a contact says, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    says: tuple[str, ...]


async def main() -> int:
    """Have every conversation and write the page."""
    conversations = TypeAdapter(list[Conversation]).validate_python(yaml.safe_load(SCRIPT.read_text("utf-8")))
    lines = [HEAD]
    async with headless(Settings(), "docs", _say) as assistant:
        for number, conversation in enumerate(conversations, 1):
            lines += [f"## {number}. {conversation.title}", "", *await had(assistant, conversation)]
            _say(f"{number} of {len(conversations)}: {conversation.title}")
    await asyncio.to_thread(_write, PAGE, "\n".join(lines))
    return 0


async def had(assistant: Headless, conversation: Conversation) -> list[str]:
    """The conversation as lines of the page; a button that was not offered is named so."""
    name = uuid.uuid4().hex
    lines: list[str] = []
    offered: dict[str, str] = {}
    try:
        for said in conversation.says:
            lines += [f"**{said}**", ""]
            title = said.removeprefix("[").removesuffix("]")
            if said.startswith("[") and title not in offered:
                lines += [f"(no such button; offered were: {', '.join(offered)})", ""]
                continue
            result = await (assistant.tap(name, offered[title]) if said.startswith("[") else assistant.say(name, said))
            offered = {button.title: button.value for reply in result.replies for button in reply.buttons}
            lines += [line for reply in result.replies for line in shown(reply)]
    finally:
        await assistant.forget(name)
    return lines


def shown(reply: Reply) -> list[str]:
    """A reply as quoted Markdown, its buttons below it."""
    text = [f"> {line}".rstrip() for line in reply.text.splitlines()]
    buttons = " ".join(f"[{button.title}]" for button in reply.buttons)
    return [*(f"{line}  " if line != ">" else line for line in text), *([">", f"> {buttons}"] if buttons else []), ""]


def _write(page: Path, text: str) -> None:
    page.write_text(text.rstrip() + "\n", encoding="utf-8")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
