"""Small talk, help, languages, feedback and refusals: turns that need no source."""

from __future__ import annotations

from .acting import Act
from .choices import EraseData
from .outcomes import Outcome, Route
from .speaking import Speaker

_SMALLTALK = {
    "greet": "greet",
    "goodbye": "goodbye",
    "thank": "thank",
    "ask_identity": "identity",
    "chitchat": "chitchat",
    "affirm": "affirm_nothing",
    "deny": "deny_nothing",
}


def small_talk(speaker: Speaker, intent: str | None) -> Act:
    key = _SMALLTALK.get(intent or "", "greet")
    buttons = speaker.example_buttons() if key in ("greet", "affirm_nothing", "identity", "chitchat") else []
    return Act(Route.SMALLTALK, Outcome.CONVERSED, (speaker.reply(key, buttons),))


def help_with(speaker: Speaker, intent: str | None) -> Act:
    if intent == "change_language":
        return ask_language(speaker)
    return Act(Route.HELP, Outcome.CONVERSED, (speaker.reply("help", speaker.example_buttons()),))


def ask_language(speaker: Speaker) -> Act:
    return Act(Route.HELP, Outcome.CONVERSED, (speaker.reply("language_ask", speaker.language_buttons()),))


def confirm_language(speaker: Speaker) -> Act:
    return Act(Route.HELP, Outcome.CONVERSED, (speaker.reply("language_set", speaker.example_buttons()),))


def take_feedback(speaker: Speaker) -> Act:
    buttons = speaker.service_buttons()[1:]
    return Act(Route.FEEDBACK, Outcome.CONVERSED, (speaker.reply("feedback_thanks", buttons),))


def refuse(speaker: Speaker, way: Route, intent: str | None) -> Act:
    """Decline politely: insults, attempts to talk the bot out of its rules, other people's business."""
    if way is Route.ABUSE:
        return Act(way, Outcome.REFUSED_ABUSE, (speaker.reply("refuse_abuse", speaker.way_out_buttons()),))
    if intent == "manipulate":
        reply = speaker.reply("refuse_manipulation", speaker.example_buttons())
        return Act(Route.OUT_OF_SCOPE, Outcome.REFUSED_MANIPULATION, (reply,))
    buttons = [*speaker.example_buttons(), *speaker.way_out_buttons()]
    return Act(Route.OUT_OF_SCOPE, Outcome.REFUSED_OUT_OF_SCOPE, (speaker.reply("refuse_out_of_scope", buttons),))


def cannot_read(speaker: Speaker, key: str) -> Act:
    """Nothing to read: empty, only emoji, a photo, a button whose meaning is gone."""
    return Act(None, Outcome.UNANSWERABLE_UNREADABLE, (speaker.reply(key, speaker.example_buttons()),))


def show_data(speaker: Speaker, utterances: int, days: int) -> Act:
    reply = speaker.reply(
        "mydata_export", [speaker.button("button_erase", EraseData())], utterances=utterances, days=days
    )
    return Act(Route.HELP, Outcome.CONVERSED, (reply,))


def confirm_erased(speaker: Speaker) -> Act:
    return Act(Route.HELP, Outcome.CONVERSED, (speaker.reply("mydata_erased"),))
