"""Which service a contact wants to come for, from what they wrote, named or spoke of before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.interpretation import Interpretation
from bot.conversation.ports import Offices
from bot.conversation.speaking import Speaker
from bot.domain.booking.offices import Service
from bot.domain.procedure import Procedure
from knowledge.answerer import Answerer, Finding, Question, Verdict
from knowledge.directory import Directory

from .departments_named import departments_named
from .kinds import names_the_kind
from .matter_words import is_a_subject, pieces, without_fillers, without_frame
from .titles import service_by_title

CENTRE = "public_service_centre"
SURE_OF_SERVICE = 0.7
"""Share of the candidates' probability that one service must have to be taken without asking."""
MOST = 6
"""Services or procedures offered at once."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The service meant, with its procedure or (near-duplicates of one service) their group, as far as known."""

    service: Service
    procedure: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """One of these is meant: procedures by code, or services."""

    procedures: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFound:
    """Something was named, and nothing fits it."""


class Matching:
    """Finds services; one instance serves all conversations."""

    def __init__(self, offices: Offices, answerer: Answerer, directory: Directory) -> None:
        self._offices = offices
        self._answerer = answerer
        self._directory = directory

    async def services(self) -> Mapping[str, Service]:
        """Every service by its key."""
        return {service.key: service for service in await self._offices.services()}

    async def match(
        self, text: str, said: Interpretation | None, speaker: Speaker, *, anything: bool = False
    ) -> Matched | Unsure | NotFound | None:
        """What `text` (without numbers, name, day and hour) names; None where it names nothing.

        `anything`: whatever was written answers the question what the appointment is for.
        """
        services = await self.services()
        departments, core = departments_named(self._directory, text, said)
        core = without_frame(core)
        if is_a_subject(core):
            finding = await self._find(core, text, speaker)
            if finding.verdict is not Verdict.NOTHING:
                found = self._of(finding, services, core)
                if not departments or (isinstance(found, Matched) and found.service.department in departments):
                    return found
            elif not departments and (named := self._by_title(finding, services, core, speaker)) is not None:
                return Matched(named)
            elif anything and finding.candidates and not departments:
                return Unsure(tuple(match.procedure.code for match in finding.candidates))
        if departments:
            return await self._within(departments, text, services, speaker) or self.of_department(
                departments[0], services
            )
        return NotFound() if is_a_subject(core) and (anything or len(core) > _LONG) else None

    async def _find(self, core: str, text: str, speaker: Speaker) -> Finding:
        """What `core` names; where all of it together names nothing, what one piece of it does."""
        whole = await self._answerer.find(Question(core, speaker.language))
        if whole.verdict is not Verdict.NOTHING:
            return whole
        for piece in pieces(text, core):
            finding = await self._answerer.find(Question(piece, speaker.language))
            if finding.verdict is not Verdict.NOTHING:
                return finding
        return whole

    async def _within(
        self, departments: Sequence[str], text: str, services: Mapping[str, Service], speaker: Speaker
    ) -> Matched | None:
        """The service of a department whose own name is part of the matter: "đóng bảo hiểm xã hội cho công ty mới"."""
        core = without_fillers(without_frame(text))
        if len(core.split()) < _TELLING:
            return None
        finding = await self._answerer.find(Question(core, speaker.language))
        found = self._of(finding, services, core) if finding.verdict is Verdict.ANSWER else None
        return found if isinstance(found, Matched) and found.service.department in departments else None

    def _by_title(
        self, finding: Finding, services: Mapping[str, Service], core: str, speaker: Speaker
    ) -> Service | None:
        return service_by_title(core, speaker.language, services.values(), self._likely(finding, services))

    def _likely(self, finding: Finding, services: Mapping[str, Service]) -> dict[str, float]:
        """By service, the weight of what was found."""
        likely: dict[str, float] = defaultdict(float)
        for match in finding.candidates:
            if (service := self.of_procedure(match.procedure, services)) is not None:
                likely[service.key] += match.score
        return likely

    def of_procedure(self, procedure: Procedure, services: Mapping[str, Service]) -> Service | None:
        """The service that lists the procedure, else its department's general one, else the service centre's."""
        own = next((s for s in services.values() if procedure.code in s.procedures), None)
        return own or _general(services, procedure.department) or _general(services, CENTRE)

    def of_department(self, department: str, services: Mapping[str, Service]) -> Matched | Unsure | NotFound:
        """What a department receives contacts for."""
        own = tuple(s for s in services.values() if s.department == department)
        if not own:
            return NotFound()
        return Matched(own[0]) if len(own) == 1 else Unsure(services=_general_last(own))

    def _of(self, finding: Finding, services: Mapping[str, Service], said: str) -> Matched | Unsure | NotFound:
        if finding.verdict is Verdict.ANSWER:
            best = finding.candidates[0].procedure
            service = self.of_procedure(best, services)
            if service is None:
                return NotFound()
            if best.group is not None and not names_the_kind(self._answerer, said, best, service):
                return Matched(service, group=best.group)
            return Matched(service, best.code)
        likely = self._likely(finding, services)
        if not likely:
            return NotFound()
        key = max(likely, key=lambda each: likely[each])
        if likely[key] >= SURE_OF_SERVICE * sum(likely.values()):
            return Matched(services[key], group=finding.group)
        return Unsure(finding.options[:MOST] or tuple(match.procedure.code for match in finding.candidates))


_TELLING = 4
"""Words; a department with fewer beside its name is only a department."""
_LONG = 6
"""Characters; shorter words left over name nothing."""


def _general(services: Mapping[str, Service], department: str | None) -> Service | None:
    return next((s for s in services.values() if s.department == department and not s.procedures), None)


def _general_last(services: Sequence[Service]) -> tuple[Service, ...]:
    return tuple(sorted(services, key=lambda service: not service.procedures))
