"""Replies and buttons in one language: what every act of a turn speaks with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.procedure import Facet, Language, Procedure, Text
from knowledge.composing import Fact, Line, held_facets

from .choices import EXAMPLES, Choice, Say, SetLanguage, ShowFacet, TakeRoute
from .messages import Button, Reply
from .outcomes import Route
from .wording import Wording

PORTAL = "https://dichvucong.gov.vn"
CITY_PORTAL = "https://haiphong.gov.vn"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says sentences of the wording in one language; `today` is the city's date, for cautions about old records."""

    wording: Wording
    language: Language
    today: date

    def say(self, key: str, /, **facts: Fact) -> str:
        return self.wording.say(key, self.language, portal=PORTAL, city_portal=CITY_PORTAL, **facts)

    def reply(self, key: str, buttons: Iterable[Button] = (), /, **facts: Fact) -> Reply:
        """The reply of one sentence."""
        return Reply(key, self.say(key, **facts), self.language, tuple(buttons))

    def compose(self, key: str, lines: Iterable[Line], buttons: Iterable[Button] = ()) -> Reply:
        """The reply of several lines, known under `key`."""
        return Reply(key, self.wording.lines(tuple(lines), self.language), self.language, tuple(buttons))

    def button(self, key: str, choice: Choice) -> Button:
        return Button(self.say(key), str(choice))

    def case_button(self, title: Text, choice: ShowFacet) -> Button:
        return Button(title.best(self.language)[0], str(choice))

    def portal_button(self) -> Button:
        return Button(self.say("button_portal"), "", url=PORTAL)

    def facet_buttons(self, procedure: Procedure, shown: Facet) -> list[Button]:
        """A button for every other facet the record can answer."""
        return [
            self.button(f"button_{facet}", ShowFacet(facet, procedure.code))
            for facet in held_facets(procedure)
            if facet is not shown
        ]

    def service_buttons(self) -> list[Button]:
        """Appointment and person: what an answer alone does not give."""
        return [
            self.button("button_book", TakeRoute(Route.BOOK)),
            self.button("button_person", TakeRoute(Route.ESCALATE)),
        ]

    def way_out_buttons(self) -> list[Button]:
        """Hotline and person: never a dead end."""
        return [
            self.button("button_hotline", TakeRoute(Route.HOTLINE)),
            self.button("button_person", TakeRoute(Route.ESCALATE)),
        ]

    def example_buttons(self) -> list[Button]:
        return [self.button(key, Say(key)) for key in EXAMPLES]

    def language_buttons(self) -> list[Button]:
        return [Button(self.wording.say("language_name", other), str(SetLanguage(other))) for other in Language]

    def procedure_button(self, procedure: Procedure, facet: Facet) -> Button:
        """A button that shows `facet` of a procedure, named in full."""
        return Button(procedure.title.best(self.language)[0], str(ShowFacet(facet, procedure.code)))

    def variant_button(self, procedure: Procedure, facet: Facet) -> Button:
        """The same, named by what tells it apart: only beside the question of its own group is that clear."""
        title = (procedure.variant or procedure.title).best(self.language)[0]
        return Button(title, str(ShowFacet(facet, procedure.code)))
