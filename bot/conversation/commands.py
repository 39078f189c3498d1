"""What a button or command of ours says, typed in words: "dữ liệu của tôi" asks for what /mydata asks for.

Only the whole utterance counts; "help me open a café" is a question. The words are the buttons' own, in all
languages, and typing one does not change the conversation's language: "help" is said everywhere.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.procedure import Language
from bot.domain.vietnamese import fold

from .messages import InboundMessage, Kind
from .wording import Wording

_BUTTONS = {
    "button_help": "help",
    "web_my_data": "mydata",
    "button_erase": "mydata",  # shows first what would be deleted, with the button that does it
    "command_language": "language",
}
_OTHER = {
    "help": "help",
    "menu": "help",
    "du lieu cua toi": "mydata",
    "xem du lieu cua toi": "mydata",
    "delete my data": "mydata",
    "change language": "language",
}
_POLITE = re.compile(r"^[\s/]+|[\s.!?。！？]+$")


class Commands:
    """Knows which utterances mean a command."""

    def __init__(self, wording: Wording) -> None:
        said = {fold(wording.say(key, code)): name for key, name in _BUTTONS.items() for code in Language}
        self._meant = said | _OTHER

    def read(self, message: InboundMessage) -> InboundMessage:
        """The message as the command it means, or as it is."""
        if message.kind is not Kind.TEXT or not message.text:
            return message
        name = self._meant.get(fold(_POLITE.sub("", message.text)))
        return message if name is None else replace(message, kind=Kind.COMMAND, text=name)
