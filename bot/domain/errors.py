"""The root of every error this project raises on purpose."""

from __future__ import annotations


class AssistantError(Exception):
    """Something the assistant foresaw; members say what to do next and carry facts, never sentences."""


class DuplicateMessage(AssistantError):
    """This update was handled already; drop it silently."""

    def __init__(self, channel: str, event_id: str) -> None:
        super().__init__(f"{channel} update {event_id} was handled already")
        self.channel = channel
        self.event_id = event_id


class StaleTracker(AssistantError):
    """Another turn changed this conversation meanwhile; recall it and take the turn again."""

    def __init__(self, conversation: str, version: int) -> None:
        super().__init__(f"conversation {conversation} has moved on from version {version}")
        self.conversation = conversation
        self.version = version
