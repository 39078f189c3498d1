"""Utterances beside the form's question: what is a question of its own, and one that only the kind can answer."""

from __future__ import annotations

import re

from bot.conversation.acting import Act
from bot.conversation.facets import facet_named
from bot.conversation.interpretation import Interpretation
from bot.conversation.looking_up import asked_facet
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.redaction import redact
from bot.conversation.tracker import Pending
from bot.domain.procedure import Facet
from bot.domain.vietnamese import fold
from knowledge.answerer import Answerer

from .asking import asked
from .asking_what import ask_which_kind
from .exchange import Exchange

ELSEWHERE = frozenset(
    {Route.CANCEL, Route.MY_APPOINTMENTS, Route.RESCHEDULE, Route.HOTLINE, Route.ESCALATE, Route.ABUSE, Route.HELP}
)
SURE = 0.6
"""Above this probability of the NLU an utterance is about something else than what the form asked."""
_QUESTION = ("?", "？")
_INTERROGATIVE = re.compile(
    r"(?<!chu )\b(?:gi(?! nua)|nao|sao|dau|bao nhieu|bao lau|may ngay|may tien|khi nao|the nao)\b"
    r"|\b(?:duoc|phai|co .+) (?:khong|ko)\b"
    r"|\b(?:what|which|where|when|how|who|why)\b|얼마|무엇|뭐|어디|언제|어떻게|며칠|什么|哪|多少|多久|怎么|吗|いくら|何|どこ|いつ|どう"
)


def is_a_question(text: str) -> bool:
    """Whether the form, which asked for something else, hears a question."""
    return text.rstrip().endswith(_QUESTION) or facet_named(text) is not Facet.OVERVIEW


def asks_something(text: str) -> bool:
    """The same where a matter was asked for: "hồ sơ đăng ký kinh doanh" names one, "cần hồ sơ gì" does not."""
    return text.rstrip().endswith(_QUESTION) or _INTERROGATIVE.search(fold(text)) is not None


def of_which_kind(exchange: Exchange, text: str, said: Interpretation, answerer: Answerer) -> Act | None:
    """A side question about what is being booked, where only its kind as a whole is known."""
    group = exchange.slots.get("group")
    options = answerer.options(answerer.members(group)) if group is not None else ()
    if not options or answerer.has_subject(text):
        return None
    facet = asked_facet(text, said)
    codes = tuple(option.code for option in options)
    exchange.tracker.pending = Pending("ask_which", codes, facet, redact(text))
    return asked(ask_which_kind(exchange, options, facet), Outcome.CLARIFIED)
