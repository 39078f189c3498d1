"""Answers about a procedure: the exact facet with its source, one question where several fit, or an honest no."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.procedure import Facet, Procedure
from knowledge.answerer import Finding, Match
from knowledge.composing import Line, compose

from .acting import Act
from .choices import ShowFacet, ShowMore
from .outcomes import Candidate, Citation, Outcome, Route
from .speaking import Speaker

MOST_OPTIONS = 6
"""Buttons of a question; more would not be read on a phone."""


def show(
    speaker: Speaker,
    procedure: Procedure,
    facet: Facet,
    *,
    case: int | None = None,
    matches: Sequence[Match] = (),
) -> Act:
    """One facet of one procedure."""
    if facet is Facet.STATUS:
        return status(speaker)
    found = compose(procedure, facet, language=speaker.language, today=speaker.today, case=case)
    buttons = [
        speaker.case_button(title, ShowFacet(Facet.DOCUMENTS, procedure.code, at))
        for at, title in enumerate(found.cases)
    ]
    buttons += speaker.facet_buttons(procedure, facet) + speaker.service_buttons()
    reply = speaker.compose(f"answer_{facet}" if found.holds else "no_fact", found.lines, buttons)
    citations = tuple(
        Citation(source.title, source.url, source.updated_on.isoformat() if source.updated_on else None)
        for source in found.sources
    )
    return Act(
        Route.ANSWER,
        Outcome.ANSWERED if found.holds else Outcome.UNANSWERABLE_NO_FACT,
        (reply,),
        facet,
        candidates(matches) or (Candidate(procedure.code, procedure.title.vi, 1.0),),
        citations,
        composed=found.lines if found.holds and not found.cases else (),
    )


def status(speaker: Speaker) -> Act:
    """Where to look a dossier up: we cannot see it."""
    reply = speaker.reply("answer_status", [speaker.portal_button(), *speaker.service_buttons()[1:]])
    return Act(Route.ANSWER, Outcome.ANSWERED, (reply,), Facet.STATUS)


def ask_which(
    speaker: Speaker,
    options: Sequence[Procedure],
    facet: Facet,
    finding: Finding,
    question: str | None,
    *,
    group: str | None = None,
    start: int = 0,
) -> Act:
    """One question with a button for each procedure that fits; `question` is that of the `group`, if there is one.

    Of many, those likeliest come first, from `start` on, and of a group a button shows the next ones.
    """
    name = speaker.procedure_button if question is None else speaker.variant_button
    left = len(options) - start
    shown = MOST_OPTIONS if left > MOST_OPTIONS + 1 else left  # the last one takes no more room than a button for it
    buttons = [name(option, facet) for option in options[start : start + shown]]
    asked = question or speaker.say("ask_which")
    lines = [Line("option_line", {"number": n, "title": b.title}) for n, b in enumerate(buttons, start + 1)]
    if left > shown:
        lines.append(Line("ask_which_more", {"count": left - shown}))
        if group is not None:
            buttons.append(speaker.button("button_more_options", ShowMore(facet, start + shown, group)))
    reply = speaker.compose("ask_which", lines, buttons)
    return Act(
        Route.ANSWER,
        Outcome.CLARIFIED,
        (reply.preceded_by(asked),),
        facet,
        candidates(finding.candidates),
    )


def ask_subject(speaker: Speaker, facet: Facet) -> Act:
    """A facet was asked for, but of nothing."""
    reply = speaker.reply("ask_subject", speaker.example_buttons())
    return Act(Route.ANSWER, Outcome.CLARIFIED, (reply,), facet)


def nothing_found(speaker: Speaker, facet: Facet, finding: Finding) -> Act:
    """No procedure fits: say so, show the nearest two and the ways out."""
    nearest = [speaker.procedure_button(match.procedure, facet) for match in finding.candidates[:2]]
    key = "nothing_found" if nearest else "nothing_near"
    reply = speaker.reply(key, [*nearest, *speaker.way_out_buttons()])
    return Act(Route.ANSWER, Outcome.UNANSWERABLE_NOTHING_FOUND, (reply,), facet, candidates(finding.candidates))


def candidates(matches: Sequence[Match]) -> tuple[Candidate, ...]:
    """Up to five, best first."""
    return tuple(Candidate(m.procedure.code, m.procedure.title.vi, round(m.score, 4)) for m in matches[:5])
