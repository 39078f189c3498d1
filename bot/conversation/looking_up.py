"""Looking a question up: its facet, its procedure, the question that parts several, or an honest no.

The only part of a turn that reads the knowledge; it changes nothing but the tracker.
"""

from __future__ import annotations

from bot.domain.procedure import Facet, Procedure
from knowledge.answerer import Answerer, Finding, Group, Question, Verdict
from knowledge.directory import Directory
from knowledge.licences import Licences, LineOfBusiness

from . import answering, conversing, licensing
from .acting import Act
from .choices import ShowMore
from .clarifying import choose
from .facets import facet_named
from .following_up import asks_the_same, facet_of_continuation, is_short, leans_on_the_last, without_correction
from .interpretation import Interpretation
from .outcomes import Route
from .redaction import redact
from .routing import FACET_OF, facet_of
from .speaking import Speaker
from .tracker import Pending, Tracker

LICENCES = "licences"
"""What is pending after a list of licences: which of them the next question is about."""
PERHAPS_OUT_OF_SCOPE = 0.35
"""Above this, a question for which nothing fits is called out of scope rather than unanswered."""
NEAR = 2
"""Procedures offered beside a line of business for which no licence is known."""
FAR = 0.2
"""Below this probability of all candidates together a question about a facet names no procedure of its own."""
HARDLY = 0.05
"""Above this probability of being none of our business, a question is not taken for one about what was spoken of."""
UNSURE = 0.35
"""The same for the best candidate where the others are as good."""
SURE_OF_FACET = 0.9
"""Below this, a facet named in plain words overrules the NLU's."""


class LookingUp:
    """Looks up; one instance serves all conversations of a process."""

    def __init__(self, answerer: Answerer, licences: Licences, directory: Directory) -> None:
        self._answerer = answerer
        self._licences = licences
        self._around = licensing.Surroundings(directory, licences.list_source)

    async def look_up(self, text: str, said: Interpretation, way: Route, tracker: Tracker, speaker: Speaker) -> Act:
        """The answer to `text`, which routing sent `way`."""
        leans = tracker.subject is not None and leans_on_the_last(text)
        listed, tracker.pending = tracker.pending, None
        text = without_correction(text) if leans else text
        facet = asked_facet(text, said)
        if facet is Facet.STATUS and way is Route.ANSWER:
            return answering.status(speaker)
        going_on = await self._answerer.go_on(Question(text, speaker.language, facet, tracker.subject))
        if going_on is not None:
            facet = facet_of_continuation(facet, tracker.facet)
            return self._found(going_on, facet, said, Route.ANSWER, tracker, speaker, text)
        if way is not Route.LICENCE and not self._answerer.has_subject(text):
            if way is Route.OUT_OF_SCOPE:
                return conversing.refuse(speaker, way, None)
            return self._about_the_subject(facet, tracker, speaker, listed)
        if (sibling := self._sibling(text, tracker)) is not None and leans:
            return self.show(sibling, facet_of_continuation(facet, tracker.facet), tracker, speaker)
        line = self._line_of_business(text, way)
        one = line is not None and licensing.names_a_licence(text) and facet_named(text) is not Facet.OVERVIEW
        if line is not None and line.steps and way is Route.LICENCE and not one:
            act = self._licences_for(line, facet, tracker, speaker)
            if act is not None:
                return act
        foreign = None if said.degraded else said.probability("out_of_scope", "manipulate")
        finding = await self._answerer.find(Question(text, speaker.language, facet, tracker.subject, foreign))
        if line is not None and one and self._is_a_step(finding, line):
            return self._found(finding, facet, said, Route.ANSWER, tracker, speaker, text)
        unsure = line is not None and not line.steps and finding.verdict is not Verdict.ANSWER
        if line is not None and (unsure or way is Route.LICENCE or self._says_nothing_of_the_line(finding, facet)):
            act = self._licences_for(line, facet, tracker, speaker, finding)
            if act is not None:
                return act
        if finding.verdict is not Verdict.ANSWER and sibling is not None:
            return self.show(sibling, facet_of_continuation(facet, tracker.facet), tracker, speaker)
        if finding.verdict is not Verdict.ANSWER and tracker.subject and is_short(text):
            question = Question(text, speaker.language, facet, tracker.subject)
            repeated = await self._answerer.go_on(question, repeating=True)
            if repeated is not None and repeated.verdict is Verdict.ANSWER:
                facet = facet_of_continuation(facet, tracker.facet)
                return self._found(repeated, facet, said, Route.ANSWER, tracker, speaker, text)
        if leans and asks_the_same(text):
            facet = facet_of_continuation(facet, tracker.facet)
        if tracker.subject and is_short(text):
            if leans:
                beside = await self._answerer.find_beside(Question(text, speaker.language, facet, tracker.subject))
                if beside is not None and _better(beside, finding):
                    facet = facet_of_continuation(facet, tracker.facet)
                    return self._found(beside, facet, said, way, tracker, speaker, text)
            if self._asks_about_the_subject(finding, facet, said, way):
                return self._about_the_subject(facet, tracker, speaker)
        return self._found(finding, facet, said, way, tracker, speaker, text)

    def show(
        self, procedure: Procedure, facet: Facet, tracker: Tracker, speaker: Speaker, *, case: int | None = None
    ) -> Act:
        """One facet of a procedure, which the conversation is then about."""
        tracker.subject, tracker.facet = procedure.code, facet
        return answering.show(speaker, procedure, facet, case=case)

    def show_more(self, choice: ShowMore, pending: Pending | None, tracker: Tracker, speaker: Speaker) -> Act | None:
        """The next procedures of a group, in the order in which the first ones were shown; None where there are
        none (any more)."""
        group = self._answerer.group(choice.group)
        still = pending is not None and pending.question == choice.group
        options = self._answerer.options(
            pending.options if pending is not None and still else self._answerer.kin(choice.group), choice.group
        )
        if group is None or choice.start >= len(options):
            return None
        utterance = pending.utterance if pending is not None and still else ""
        codes = tuple(option.code for option in options)
        tracker.pending = Pending(choice.group, codes, choice.facet, utterance)
        asked = _question_of(group, speaker)
        shown = Finding(Verdict.ASK_WHICH)
        return answering.ask_which(speaker, options, choice.facet, shown, asked, group=choice.group, start=choice.start)

    def _about_the_subject(
        self, facet: Facet, tracker: Tracker, speaker: Speaker, listed: Pending | None = None
    ) -> Act:
        subject = self._answerer.procedure(tracker.subject) if tracker.subject else None
        if subject is not None:
            return self.show(subject, facet, tracker, speaker)
        options = self._answerer.options(listed.options) if listed is not None else ()
        if listed is None or not options:
            return answering.ask_subject(speaker, facet)
        if len(options) == 1:
            return self.show(options[0], facet, tracker, speaker)
        tracker.pending = Pending("ask_which", listed.options, facet, listed.utterance)
        return answering.ask_which(speaker, options, facet, Finding(Verdict.ASK_WHICH), None)

    def _asks_about_the_subject(self, finding: Finding, facet: Facet, said: Interpretation, way: Route) -> bool:
        """Whether a question for which hardly anything fits asks for a facet so plainly that it means what was
        spoken of."""
        if way is not Route.ANSWER or facet is Facet.OVERVIEW or said.probability(f"ask_{facet}") < SURE_OF_FACET:
            return False
        if said.probability("out_of_scope", "manipulate") > HARDLY:
            return False
        nothing = finding.verdict is Verdict.NOTHING
        return sum(m.score for m in finding.candidates) < FAR if nothing else finding.candidates[0].score < UNSURE

    def _found(
        self,
        finding: Finding,
        facet: Facet,
        said: Interpretation,
        way: Route,
        tracker: Tracker,
        speaker: Speaker,
        text: str,
    ) -> Act:
        match finding.verdict:
            case Verdict.ANSWER:
                best = finding.candidates[0].procedure
                tracker.subject, tracker.facet = best.code, facet
                return answering.show(speaker, best, facet, matches=finding.candidates)
            case Verdict.ASK_WHICH:
                options = self._answerer.options(finding.options, finding.group)
                group = self._answerer.group(finding.group) if finding.group else None
                question = _question_of(group, speaker) if group else None
                codes = tuple(option.code for option in options)
                tracker.pending = Pending(finding.group or "ask_which", codes, facet, redact(text))
                return answering.ask_which(speaker, options, facet, finding, question, group=finding.group)
            case _:
                if way is Route.OUT_OF_SCOPE or said.probability("out_of_scope") > PERHAPS_OUT_OF_SCOPE:
                    return conversing.refuse(speaker, Route.OUT_OF_SCOPE, None)
                return answering.nothing_found(speaker, facet, finding)

    def _sibling(self, text: str, tracker: Tracker) -> Procedure | None:
        """The near-duplicate of the procedure spoken of that `text` names, if it names another one."""
        subject = self._answerer.procedure(tracker.subject) if tracker.subject else None
        if subject is None or subject.group is None:
            return None
        meant = choose(text, self._answerer.options(self._answerer.members(subject.group)))
        return meant if meant is not None and meant.code != subject.code else None

    def _line_of_business(self, text: str, way: Route) -> LineOfBusiness | None:
        """The line of business a question is about, if it asks for licences or speaks of opening one."""
        if way is Route.LICENCE or (way is Route.ANSWER and licensing.opens_a_business(text)):
            return self._licences.find(text)
        return None

    def _is_a_step(self, finding: Finding, line: LineOfBusiness) -> bool:
        """Whether the procedure found is a licence of this line, and not one that most lines need."""
        if finding.verdict is not Verdict.ANSWER:
            return False
        code = finding.candidates[0].procedure.code
        return any(step.code == code for step in line.steps) and not self._licences.is_common(code)

    def _licences_for(
        self, line: LineOfBusiness, facet: Facet, tracker: Tracker, speaker: Speaker, finding: Finding | None = None
    ) -> Act | None:
        held = {p.code: p for p in self._answerer.options([step.code for step in line.steps])}
        if held and len(held) == len(line.steps):  # else the numbers shown are not those of the options
            tracker.subject, tracker.pending = None, Pending(LICENCES, tuple(held), facet, "")
        if not line.steps and line.conditional:
            near = finding.candidates[:NEAR] if finding and finding.verdict is not Verdict.NOTHING else ()
            return licensing.licences_for(speaker, line, held, self._around, [match.procedure for match in near])
        return licensing.licences_for(speaker, line, held, self._around) if held or line.conditional else None

    def _says_nothing_of_the_line(self, finding: Finding, facet: Facet) -> bool:
        """Whether what was found is no better than the way of the whole line.

        Registering a business is the first step of every line: it says nothing about this one.
        """
        if facet not in (Facet.OVERVIEW, Facet.DOCUMENTS, Facet.CONDITIONS, Facet.STEPS):
            return False
        if finding.verdict is not Verdict.ANSWER:
            return True
        return self._licences.is_common(finding.candidates[0].procedure.code)


def _better(beside: Finding, alone: Finding) -> bool:
    """Whether reading a question as one about a neighbour of what was spoken of explains it better than reading it
    alone."""
    if alone.verdict is not Verdict.ANSWER:
        return True
    return beside.candidates[0].score >= alone.candidates[0].score


def _question_of(group: Group, speaker: Speaker) -> str:
    if group.question is not None:
        return group.question.best(speaker.language)[0]
    return speaker.say("ask_which_of", name=group.title.best(speaker.language)[0])


def asked_facet(text: str, said: Interpretation) -> Facet:
    """The facet asked for: the NLU's, or one named in plain words where the NLU is away or unsure."""
    named = facet_named(text)
    heard = None if said.degraded else facet_of(said)
    if heard is None:
        return named
    if named is Facet.OVERVIEW or named is heard:
        return heard
    asked = {facet: said.probability(intent) for intent, facet in FACET_OF.items()}
    unsure = asked[heard] < SURE_OF_FACET * sum(asked.values())
    return named if heard is Facet.OVERVIEW or unsure else heard
