"""Records: trackers, messages and replies as JSON, and back.

Old data must stay readable: unknown keys are ignored, missing ones take their defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.conversation.interpretation import Interpretation
from bot.conversation.messages import Address, InboundMessage, Reply
from bot.conversation.outcomes import Candidate
from bot.conversation.tracker import Owner, Tracker
from bot.domain.procedure import Language

Data = dict[str, Any]

_MESSAGE = TypeAdapter(InboundMessage)
_TRACKER = TypeAdapter(Tracker)
_REPLY = TypeAdapter(Reply)
_INTERPRETATION = TypeAdapter(Interpretation)
_CANDIDATES = TypeAdapter(tuple[Candidate, ...])


def message_to_data(message: InboundMessage) -> Data:
    """`message` as JSON data."""
    data: Data = _MESSAGE.dump_python(message, mode="json")
    return data


def message_from_data(data: Data) -> InboundMessage:
    """The message in `data`. Raises `pydantic.ValidationError`."""
    return _MESSAGE.validate_python(data)


def tracker_to_data(tracker: Tracker) -> Data:
    """`tracker` as JSON data, without what the conversation's own columns hold."""
    data: Data = _TRACKER.dump_python(tracker, mode="json", exclude={"address", "version", "owner", "language"})
    return data


def tracker_from_data(address: Address, data: Data, *, owner: str, language: str, version: int) -> Tracker:
    """The tracker in `data` with the conversation's columns. Raises `pydantic.ValidationError`."""
    tracker = _TRACKER.validate_python({**data, "address": {"channel": "", "contact": ""}})
    tracker.address = address
    tracker.owner = Owner(owner)
    tracker.language = Language(language)
    tracker.version = version
    return tracker


def reply_to_data(reply: Reply, tokens: Sequence[str]) -> Data:
    """`reply` as JSON data, each button with its token."""
    data: Data = _REPLY.dump_python(reply, mode="json")
    for button, token in zip(data["buttons"], tokens, strict=True):
        button["token"] = token
    return data


def reply_from_data(data: Data) -> tuple[Reply, tuple[str, ...]]:
    """The reply in `data` and the tokens of its buttons. Raises `pydantic.ValidationError`."""
    return _REPLY.validate_python(data), tuple(button["token"] for button in data["buttons"])


def interpretation_to_data(interpretation: Interpretation | None) -> Data:
    """What was understood as JSON data, without the text (kept once, redacted, in its own column)."""
    if interpretation is None:
        return {}
    data: Data = _INTERPRETATION.dump_python(interpretation, mode="json", exclude={"text", "entities"})
    # An entity's value may be a telephone or an identity number: only its kind is kept.
    data["entities"] = [entity.kind for entity in interpretation.entities]
    return data


def candidates_to_data(candidates: tuple[Candidate, ...]) -> list[Any]:
    """Candidates as JSON data, best first."""
    data: list[Any] = _CANDIDATES.dump_python(candidates, mode="json")
    return data
