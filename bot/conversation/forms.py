"""Forms: conversations about one matter over several turns, and the way back into them after a side question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, runtime_checkable

from .acting import Act, Deed
from .choices import Choice
from .interpretation import Interpretation
from .messages import Reply
from .outcomes import Outcome, Route
from .speaking import Speaker
from .tracker import Tracker

_STILL_ASKING = frozenset({Outcome.ASKED, Outcome.DONE, Outcome.NOT_DONE, Outcome.CLARIFIED})
"""After these the contact knows what is wanted next; another question would only be in the way."""


class Form(Protocol):
    """Fills itself from what a contact says. Its methods may read (slowly); what they change they give as a `Deed`."""

    @property
    def routes(self) -> frozenset[Route]:
        """The routes that lead into it."""
        ...

    @property
    def names(self) -> frozenset[str]:
        """The values of `Tracker.form` that are its own."""
        ...

    async def begin(
        self, way: Route, text: str, said: Interpretation | None, tracker: Tracker, speaker: Speaker, now: datetime
    ) -> Act | Deed:
        """Routing sent the turn here; `text` is empty and `said` None where a button did."""
        ...

    async def take(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: datetime
    ) -> Act | Deed | None:
        """The contact wrote while the form was open; None where that is no answer to it."""
        ...

    async def chosen(self, choice: Choice, tracker: Tracker, speaker: Speaker, now: datetime) -> Act | Deed | None:
        """A button was tapped; None where it is none of the form's."""
        ...

    async def question(self, tracker: Tracker, speaker: Speaker, now: datetime) -> Reply | None:
        """What the open form asks, with its buttons, to come back to it; None where it asks nothing."""
        ...


@runtime_checkable
class Overhearing(Protocol):
    """A form that some words lead into whatever else is going on, even while the NLU is away."""

    async def overhear(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: datetime
    ) -> Act | Deed | None:
        """None where nothing of the kind was said."""
        ...


@runtime_checkable
class SettingAside(Protocol):
    """A form that can be set aside and gone on with; any other is closed where this one is set aside."""

    async def set_aside(self, tracker: Tracker, speaker: Speaker, now: datetime) -> Reply | None:
        """Close, and offer to go on later; None where nothing would be lost."""
        ...


class Forms:
    """All forms of the assistant."""

    def __init__(self, forms: Sequence[Form] = ()) -> None:
        self._forms = tuple(forms)

    def leads(self, way: Route) -> bool:
        """Whether `way` leads into a form."""
        return any(way in form.routes for form in self._forms)

    async def begin(
        self, way: Route, text: str, said: Interpretation | None, tracker: Tracker, speaker: Speaker, now: datetime
    ) -> Act | Deed:
        """Open the form that `way` leads into."""
        form = next(form for form in self._forms if way in form.routes)
        return await form.begin(way, text, said, tracker, speaker, now)

    async def take(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: datetime
    ) -> Act | Deed | None:
        """What the open form makes of `text`; None where none is open or this is no answer to it."""
        for listening in self._forms:
            if isinstance(listening, Overhearing) and (
                (act := await listening.overhear(text, said, tracker, speaker, now)) is not None
            ):
                return act
        form = self._open(tracker)
        return await form.take(text, said, tracker, speaker, now) if form is not None else None

    async def chosen(self, choice: Choice, tracker: Tracker, speaker: Speaker, now: datetime) -> Act | Deed | None:
        """What the form makes of a button that is its own, whichever form is open."""
        for form in self._forms:
            if (act := await form.chosen(choice, tracker, speaker, now)) is not None:
                return act
        return None

    async def lead_back(self, act: Act, tracker: Tracker, speaker: Speaker, now: datetime) -> Act:
        """`act` and, where it was a side question, the open form's own question after it."""
        form = self._open(tracker)
        if form is None or act.outcome in _STILL_ASKING:
            return act
        question = await form.question(tracker, replace(speaker, language=tracker.language), now)
        return act if question is None else replace(act, replies=(*act.replies, question))

    async def set_aside(self, act: Act, tracker: Tracker, speaker: Speaker, now: datetime) -> Act:
        """`act`, which begins the conversation anew, and the open form only as an offer after it."""
        form = self._open(tracker)
        offer = await form.set_aside(tracker, speaker, now) if isinstance(form, SettingAside) else None
        tracker.form = tracker.asks = None
        return act if offer is None else replace(act, replies=(*act.replies, offer))

    def _open(self, tracker: Tracker) -> Form | None:
        return next((form for form in self._forms if tracker.form in form.names), None)
