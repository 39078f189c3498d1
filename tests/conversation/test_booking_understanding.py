"""How much of what contacts say to book is understood, on `data/evaluation/booking.yml`; `-s` prints the figures."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping

import yaml

from bot.domain.procedure import Language
from bot.headless import Headless
from bot.settings import ROOT

from .booking_set import Facts, Said, Score, lines, table, understood

LINES = lines()
SERVICES = yaml.safe_load((ROOT / "data" / "directory" / "services.yml").read_text(encoding="utf-8"))
SERVED_BY = {code: key for key, service in SERVICES.items() for code in service.get("procedures", ())}
OPENERS = {
    Language.VI: "đặt lịch",
    Language.EN: "I want to make an appointment",
    Language.KO: "예약하고 싶습니다",
    Language.ZH: "我要预约",
    Language.JA: "予約したいです",
}


def test_who_comes_when_and_what_they_decide_is_heard() -> None:
    scores: defaultdict[str, Score] = defaultdict(Score)
    for said in LINES:
        scores[said.way].add(said, said.details, understood(said))
    print(f"\n{table(scores)}")  # noqa: T201 - these are the figures
    assert share(scores) >= 0.96


async def test_what_the_appointment_is_for_is_understood(assistant: Headless) -> None:
    scores: defaultdict[str, Score] = defaultdict(Score)
    for said in LINES:
        if said.asks in (None, "service"):
            scores[said.way].add(said, said.matter, await matter(assistant, said))
    print(f"\n{table(scores)}")  # noqa: T201 - these are the figures
    assert share(scores) >= 0.90


def share(scores: Mapping[str, Score]) -> float:
    """Of all facts, those understood."""
    return sum(score.right for score in scores.values()) / sum(score.all for score in scores.values())


async def matter(assistant: Headless, said: Said) -> Facts:
    """The service that the form takes `said` to be for, or the department where only that was said.

    Where it asks which of some procedures is meant, that is understood if one service receives them all.
    """
    conversation = uuid.uuid4().hex
    if said.asks is not None:
        await assistant.say(conversation, OPENERS[said.language], said.at)
    result = await assistant.say(conversation, said.text, said.at)
    kept = result.slots.get("service") or result.slots.get("options", "")
    services = {SERVED_BY.get(key, key) for key in kept.split(",") if key}
    departments = {SERVICES[key]["department"] for key in services if key in SERVICES}
    if "department" in said.matter:
        return {"department": departments.pop()} if len(departments) == 1 else {}
    return {"service": services.pop()} if len(services) == 1 else {}
