"""Simulation: `/sim/…`, by which another process plays the people and orders trouble."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .api import Call
from .failures import Failure
from .people import Person
from .updates import Updates


class Simulated(Protocol):
    """What the control routes drive."""

    updates: Updates

    @property
    def calls(self) -> list[Call]: ...

    def person(self, number: int | None = None, *, language: str | None = "vi") -> Person: ...

    def order(self, failure: Failure) -> None: ...


def routes(fake: Simulated) -> list[Route]:
    """People at `/sim/people/<id>/<act>`; updates, failures and calls beside them."""

    async def act(request: Request) -> Response:
        person = fake.person(int(request.path_params["id"]))
        body = await _body(request)
        acts: dict[str, Callable[[], Any]] = {
            "text": lambda: person.says(body["text"]),
            "tap": lambda: person.taps_data(body["data"]) if "data" in body else person.taps(body["title"]),
            "edit": lambda: person.edits(body["text"]),
            "photo": lambda: person.sends_photo(body.get("caption")),
            "block": person.blocks,
            "unblock": person.unblocks,
        }
        try:
            return JSONResponse({"update_id": acts[request.path_params["act"]]()})
        except (KeyError, AssertionError, StopIteration) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    async def sees(request: Request) -> Response:
        person = fake.person(int(request.path_params["id"]))
        return JSONResponse([{"number": seen.number, "text": seen.text, "rows": seen.rows} for seen in person.sees])

    async def update(request: Request) -> Response:
        return JSONResponse({"update_id": fake.updates.add_raw(await _body(request))})

    async def again(request: Request) -> Response:
        number = int(request.path_params["number"])
        return JSONResponse({"update_id": fake.updates.add_raw(fake.updates.past[number])})

    async def hold(_: Request) -> Response:
        fake.updates.held = True
        return JSONResponse({})

    async def release(request: Request) -> Response:
        await fake.updates.release(backwards=bool((await _body(request)).get("backwards")))
        return JSONResponse({})

    async def fail(request: Request) -> Response:
        fake.order(Failure(**await _body(request)))
        return JSONResponse({})

    async def calls(_: Request) -> Response:
        return JSONResponse([{"method": call.method, "at": call.at, "answer": call.answer} for call in fake.calls])

    return [
        Route("/sim/people/{id:int}/sees", sees),
        Route("/sim/people/{id:int}/{act}", act, methods=["POST"]),
        Route("/sim/updates", update, methods=["POST"]),
        Route("/sim/updates/{number:int}/again", again, methods=["POST"]),
        Route("/sim/hold", hold, methods=["POST"]),
        Route("/sim/release", release, methods=["POST"]),
        Route("/sim/failures", fail, methods=["POST"]),
        Route("/sim/calls", calls),
    ]


async def _body(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await request.body() or b"{}")
    return found
