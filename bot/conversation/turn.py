"""One turn: recall, interpret, route, look up, act, reply. Slow calls come first, then one transaction."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.procedure import Language
from bot.domain.vietnamese import normalise
from knowledge.answerer import Answerer
from knowledge.directory import Directory
from knowledge.licences import Licences

from . import conversing, referring
from .acting import Act, Deed
from .choices import Choice, EraseData, Say, SetLanguage, ShowFacet, ShowMore, TakeRoute, read_choice
from .clarifying import choose
from .commands import Commands
from .following_up import leans_on_the_last, without_correction
from .forms import Forms
from .interpretation import Interpretation, unheard
from .language import language_of
from .looking_up import LICENCES, LookingUp
from .messages import MAX_UTTERANCE, InboundMessage, Kind, Reply
from .outcomes import Outcome, Route, TurnResult
from .ports import Interpreter, InterpreterDown, Recall, UnitOfWorkFactory
from .redaction import redact
from .retelling import Retelling
from .routing import intent_within, route_after
from .speaking import Speaker
from .tracker import Pending, Tracker
from .wording import Wording

CITY_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
_THUMBS_UP = re.compile(r"(?:[👍👌✅🆗][\U0001F3FB-\U0001F3FF\uFE0F]?\s*)+")
"""A sign that says yes in every language; other signs say nothing that can be answered."""


@dataclass(slots=True)
class Heard:
    """What was read from the message before anything is decided."""

    text: str
    cut: bool
    choice: Choice | None
    interpretation: Interpretation | None = None


class Turn:
    """Takes turns; one instance serves all conversations of a process."""

    def __init__(
        self,
        *,
        interpreter: Interpreter,
        answerer: Answerer,
        licences: Licences,
        directory: Directory,
        wording: Wording,
        recall: Recall,
        unit_of_work: UnitOfWorkFactory,
        retention_days: int,
        forms: Forms | None = None,
        retelling: Retelling | None = None,
        on_degraded: Callable[[], None] = lambda: None,
    ) -> None:
        self._interpreter = interpreter
        self._answerer = answerer
        self._looking_up = LookingUp(answerer, licences, directory)
        self._directory = directory
        self._wording = wording
        self._commands = Commands(wording)
        self._recall = recall
        self._unit_of_work = unit_of_work
        self._retention_days = retention_days
        self._forms = forms or Forms()
        self._retelling = retelling or Retelling()
        self._on_degraded = on_degraded

    async def take(self, message: InboundMessage) -> TurnResult:
        """Answer one message and commit what it did.

        Raises `DuplicateMessage` and `StaleTracker`; then nothing was written.
        """
        began = time.perf_counter()
        message = self._commands.read(message)
        tracker = await self._recall.tracker(message.address)
        heard = await self._read(message)
        tracker.language = self._language(message, heard, tracker)
        speaker = Speaker(self._wording, tracker.language, message.sent_at.astimezone(CITY_TIME).date())
        act = await self._act(message, heard, tracker, speaker)
        if isinstance(act, Act):
            act = await self._retelling.retell(act, heard.text, speaker)
            act = await self._forms.lead_back(act, tracker, speaker, message.sent_at)
        async with self._unit_of_work() as uow:
            if isinstance(act, Deed):
                await uow.inbox.claim(message)
                act = await act.do(uow)
            result = self._result(act, heard, tracker, speaker)
            await uow.inbox.finish(message, result)
            if isinstance(heard.choice, EraseData):
                await uow.contacts.erase(message.address, message.sent_at)
                tracker = tracker.forgotten()
            tracker.turns += 1
            await uow.trackers.save(tracker)
            await uow.outbox.add(message.address, result.replies)
            if not isinstance(heard.choice, EraseData):
                elapsed = (time.perf_counter() - began) * 1000
                kept = act.redacted if act.redacted is not None else redact(heard.text)
                await uow.utterances.record(message, kept, result, elapsed)
            await uow.commit()
        return result

    async def _read(self, message: InboundMessage) -> Heard:
        text = normalise(message.text)
        if _THUMBS_UP.fullmatch(text):
            text = "ok"
        value = message.choice
        if value is None and message.token is not None:
            value = await self._recall.choice(message.address, message.token)
        choice = read_choice(value) if value is not None else None
        return Heard(text[:MAX_UTTERANCE], len(text) > MAX_UTTERANCE, choice)

    def _language(self, message: InboundMessage, heard: Heard, tracker: Tracker) -> Language:
        if isinstance(heard.choice, SetLanguage):
            tracker.language_chosen = True
            return heard.choice.language
        if message.kind is Kind.TEXT:
            # A name proves no language: "An" is a word of English too.
            chosen = tracker.language_chosen or tracker.asks == "details"
            return language_of(heard.text, tracker.language, chosen=chosen)
        if tracker.turns == 0 and message.language_hint is not None:
            return next((known for known in Language if message.language_hint.startswith(known)), tracker.language)
        return tracker.language

    async def _act(self, message: InboundMessage, heard: Heard, tracker: Tracker, speaker: Speaker) -> Act | Deed:
        pending, tracker.pending = tracker.pending, None
        if message.kind is Kind.COMMAND:
            return await self._command(message, tracker, speaker)
        if message.kind is Kind.UNSUPPORTED:
            return conversing.cannot_read(speaker, "unsupported")
        if message.kind is Kind.CHOICE:
            if isinstance(heard.choice, Say):
                heard.text = speaker.say(heard.choice.key)
                pending = None  # an example is a new question, whatever we had asked
            else:
                return await self._chosen(heard.choice, tracker, speaker, message.sent_at, pending)
        if not any(ch.isalnum() for ch in heard.text):
            return conversing.cannot_read(speaker, "unreadable")
        if pending is not None:
            options = self._answerer.options(pending.options, pending.question)
            if (meant := choose(heard.text, options)) is not None:
                return self._looking_up.show(meant, pending.facet, tracker, speaker)
            if pending.question == LICENCES:
                tracker.pending = pending  # a question about "it" means one of those listed
        return await self._utterance(heard, tracker, speaker, message.sent_at)

    async def _command(self, message: InboundMessage, tracker: Tracker, speaker: Speaker) -> Act | Deed:
        name, _, rest = normalise(message.text).partition(" ")
        match name.lower():
            case "start":
                greeting = conversing.small_talk(speaker, "greet")
                return await self._forms.set_aside(greeting, tracker, speaker, message.sent_at)
            case "language":
                if rest.lower() in set(Language):
                    choice = SetLanguage(Language(rest.lower()))
                    return await self._chosen(choice, tracker, speaker, message.sent_at)
                return conversing.ask_language(speaker)
            case "mydata":
                held = await self._recall.utterances_held(message.address)
                return conversing.show_data(speaker, held, self._retention_days)
            case _:
                return conversing.help_with(speaker, None)

    async def _chosen(
        self,
        choice: Choice | None,
        tracker: Tracker,
        speaker: Speaker,
        now: datetime,
        pending: Pending | None = None,
    ) -> Act | Deed:
        match choice:
            case ShowFacet(facet, code, case):
                procedure = self._answerer.procedure(code)
                if procedure is None:
                    return conversing.cannot_read(speaker, "stale_button")
                return self._looking_up.show(procedure, facet, tracker, speaker, case=case)
            case ShowMore():
                more = self._looking_up.show_more(choice, pending, tracker, speaker)
                return more if more is not None else conversing.cannot_read(speaker, "stale_button")
            case TakeRoute(way) if self._forms.leads(way):
                return await self._forms.begin(way, "", None, tracker, speaker, now)
            case TakeRoute(way) if way in referring.ROUTES:
                return self._refer(way, tracker, speaker)
            case TakeRoute():
                return conversing.help_with(speaker, None)
            case SetLanguage(language):
                tracker.language, tracker.language_chosen = language, True
                return conversing.confirm_language(replace(speaker, language=language))
            case EraseData():
                tracker.form = None
                return conversing.confirm_erased(speaker)
            case None:
                return conversing.cannot_read(speaker, "stale_button")
            case _:
                act = await self._forms.chosen(choice, tracker, speaker, now)
                return act if act is not None else conversing.cannot_read(speaker, "stale_button")

    async def _utterance(self, heard: Heard, tracker: Tracker, speaker: Speaker, now: datetime) -> Act | Deed:
        # Most utterances are questions: their vector is made while the NLU works, on another core.
        text = without_correction(heard.text) if tracker.subject else heard.text
        said, _ = await asyncio.gather(self._interpret(text), self._answerer.prepare(text))
        heard.interpretation = said
        if (act := await self._forms.take(heard.text, said, tracker, speaker, now)) is not None:
            return act
        way = route_after(said, goes_on=tracker.subject is not None and leans_on_the_last(heard.text))
        if self._forms.leads(way):
            return await self._forms.begin(way, heard.text, said, tracker, speaker, now)
        if way in referring.ROUTES:
            return self._refer(way, tracker, speaker)
        intent = intent_within(said, way)
        match way:
            case Route.SMALLTALK:
                return conversing.small_talk(speaker, intent)
            case Route.HELP:
                return conversing.help_with(speaker, intent)
            case Route.FEEDBACK:
                return conversing.take_feedback(speaker)
            case Route.ABUSE:
                return conversing.refuse(speaker, way, intent)
            case Route.OUT_OF_SCOPE if intent == "manipulate":
                return conversing.refuse(speaker, way, intent)
        return await self._looking_up.look_up(heard.text, said, way, tracker, speaker)

    def _refer(self, way: Route, tracker: Tracker, speaker: Speaker) -> Act:
        subject = self._answerer.procedure(tracker.subject) if tracker.subject else None
        return referring.refer(
            speaker,
            way,
            subject=subject,
            department=self._directory.department(subject.department if subject else None),
            centre=self._directory.department("public_service_centre"),
        )

    async def _interpret(self, text: str) -> Interpretation:
        try:
            return await self._interpreter.interpret(text)
        except InterpreterDown:
            self._on_degraded()
            return unheard(text)

    def _result(self, act: Act, heard: Heard, tracker: Tracker, speaker: Speaker) -> TurnResult:
        replies: tuple[Reply, ...] = act.replies
        if heard.cut:
            replies = (speaker.reply("too_long", limit=MAX_UTTERANCE), *replies)
        return TurnResult(
            language=tracker.language,
            interpretation=heard.interpretation,
            route=act.route,
            outcome=act.outcome,
            replies=replies,
            facet=act.facet,
            candidates=act.candidates,
            citations=act.citations,
            slots=dict(tracker.slots),
            form=tracker.form,
            asks=tracker.asks,
            appointments=act.appointments,
        )


def apology(speaker: Speaker, incident: str) -> TurnResult:
    """What the contact hears when a turn failed for good; `incident` is the id in our log."""
    reply = speaker.reply("apology", speaker.way_out_buttons(), id=incident)
    return TurnResult(speaker.language, None, None, Outcome.ERROR_INTERNAL, (reply,))
