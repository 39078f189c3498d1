"""Services we do not run yet (hotlines, officials): what will be possible, and where to go today."""

from __future__ import annotations

from bot.domain.procedure import Facet, Procedure
from knowledge.composing import Line
from knowledge.directory import Department

from .acting import Act
from .choices import ShowFacet
from .outcomes import Citation, Outcome, Route
from .speaking import CITY_PORTAL, PORTAL, Speaker

_KEYS = {
    Route.HOTLINE: "refer_hotline",
    Route.ESCALATE: "refer_escalate",
}
ROUTES = frozenset(_KEYS)


def refer(
    speaker: Speaker,
    way: Route,
    *,
    subject: Procedure | None,
    department: Department | None,
    centre: Department | None,
) -> Act:
    """An honest reply that leads on: the portal, the department in charge, the centre's sourced address."""
    lines = [Line(_KEYS[way], {"portal": PORTAL, "city_portal": CITY_PORTAL})]
    citations: list[Citation] = []
    if department is not None:
        lines.append(Line("department_in_charge", {"department": department.name}))
        lines += [
            Line("contact_point", {"kind": point.kind, "value": point.value, "date": point.verified_on})
            for point in department.contact_points
        ]
    if centre is not None and centre.address is not None:
        source = centre.source
        lines.append(Line("centre_place", {"address": centre.address}))
        if source.updated_on is not None:
            lines.append(Line("centre_source", {"title": source.title, "url": source.url, "date": source.updated_on}))
            citations.append(Citation(source.title, source.url, source.updated_on.isoformat()))
    buttons = [speaker.portal_button()]
    if subject is not None:
        buttons += [
            speaker.button(f"button_{facet}", ShowFacet(facet, subject.code))
            for facet in (Facet.DOCUMENTS, Facet.PLACE)
        ]
    elif way is not Route.ESCALATE:
        buttons += speaker.service_buttons()[1:]
    reply = speaker.compose(_KEYS[way], lines, buttons)
    return Act(way, Outcome.REFERRED, (reply,), citations=tuple(citations))
