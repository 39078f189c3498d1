"""The page of a counter's opening hours: a week, copied from a day or a counter; who would fall outside is shown."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Refused, SignedIn, require
from bot.console.frame import Frame
from bot.domain.official import Official, may
from bot.persistence.booking_rows import CounterRow, DepartmentRow
from bot.persistence.directory_editing import ChangedMeanwhile, SqlDirectoryEditing
from bot.persistence.directory_hours import SqlHoursEditing

from . import forms, week
from .forms import Faults, Typed
from .settling import Settle, settled
from .week import Period

NEW = "new"
_WORKING = (1, 2, 3, 4)


class HoursPages:
    """`settle` moves or tells those who fall outside; where it is cut off the sweep goes on."""

    def __init__(self, frame: Frame, editing: SqlDirectoryEditing, hours: SqlHoursEditing, settle: Settle) -> None:
        self._frame = frame
        self._editing = editing
        self._hours = hours
        self._settle = settle

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/directory/counters/{key}/hours", self.show, methods=["GET"])
        router.add_api_route("/directory/counters/{key}/hours", self.save, methods=["POST"])
        return router

    async def show(self, request: Request, official: SignedIn, key: str) -> Response:
        counter = await self._counter(official, key)
        asked = request.query_params.get("period", week.Period((None, None), ()).key)
        every = week.periods(await self._hours.rules([counter.id]))
        period = next((one for one in every if one.key == asked), Period((None, None), ()))
        form = week.to_form(period) | {"version": str(counter.version), "period": asked}
        if asked == NEW:
            form |= {"valid_from": self._frame.clock().date().isoformat()}
        return await self._draw(request, official, counter, every, form, {}, lost=week.has_more(period))

    async def save(self, request: Request, official: SignedIn, key: str) -> Response:
        counter = await self._counter(official, key)
        form = forms.typed(await request.form())
        every = week.periods(await self._hours.rules([counter.id]))
        match form.get("do", ""):
            case "spread":
                return await self._draw(request, official, counter, every, week.spread(form, 0, _WORKING), {})
            case "copy":
                return await self._draw(request, official, counter, every, await self._copied(official, form), {})
        rows, faults = week.read(form, vietnamese=request.state.language == "vi")
        others = [rule for one in every if one.key != form.get("period") for rule in one.rows]
        if not faults and (day := week.overlapping(rows, others)) is not None:
            faults[f"{day}.0.starts"] = self._say(request, "directory_other_period")
        if faults:
            return await self._draw(request, official, counter, every, form, faults, status=422)
        rules = [*rows, *map(_values, others)]
        now = self._frame.clock()
        affected = await self._hours.displaced_by(counter.id, rules, now)
        handling = form.get("handling", "")
        if affected and (handling not in ("move", "inform") or form.get("affected") != str(len(affected))):
            form["affected"] = str(len(affected))
            return await self._draw(request, official, counter, every, form, {}, status=409, affected=affected)
        try:
            count = await self._hours.save_hours(
                key,
                int(form.get("version") or -1),
                rules,
                official.login,
                now,
                handling="move" if handling == "move" else "inform",
                reason=form.get("reason", "")[:200],
            )
        except (ChangedMeanwhile, ValueError):
            current = await self._counter(official, key)
            form["version"] = str(current.version)
            return await self._draw(request, official, current, every, form, {}, status=409, changed=True)
        if not count:
            return self._frame.redirect(f"/directory/departments/{counter.department_key}", flash="directory_saved")
        return await settled(self._frame, self._settle, f"/directory/departments/{counter.department_key}")

    async def _copied(self, official: Official, form: Typed) -> Typed:
        source = await self._editing.one(CounterRow, form.get("copy_from", ""))
        if source is None or not may(official, source.department_key, "manage"):
            return form
        ordinary = week.periods(await self._hours.rules([source.id]))[0]
        kept = {name: form.get(name, "") for name in ("version", "period", "valid_from", "valid_to", "copy_from")}
        return week.to_form(ordinary) | kept

    async def _counter(self, official: Official, key: str) -> Any:
        row = await self._editing.one(CounterRow, key)
        if row is None:
            raise Refused(404, "frame_not_found")
        require(official, row.department_key, "manage")
        return row

    def _say(self, request: Request, key: str) -> str:
        return self._frame.wording.say(key, request.state.language)

    async def _draw(
        self,
        request: Request,
        official: Official,
        counter: Any,
        every: list[Period],
        form: Typed,
        faults: Faults,
        *,
        status: int = 200,
        affected: Any = (),
        changed: bool = False,
        lost: bool = False,
    ) -> Response:
        others = [row for row in await self._editing.counters() if row.key != counter.key and row.active]
        return self._frame.page(
            request,
            "directory/hours.html",
            status=status,
            counter=counter,
            department=await self._editing.one(DepartmentRow, counter.department_key),
            periods=every,
            form=form,
            faults=faults,
            affected=affected,
            changed=changed,
            lost=lost,
            days=week.DAYS,
            spans=week.SPANS,
            others=[row for row in others if may(official, row.department_key, "manage")],
            new=NEW,
        )


def _values(rule: Any) -> dict[str, Any]:
    names = ("weekday", "starts", "ends", "capacity", "reserved", "valid_from", "valid_to")
    return {name: getattr(rule, name) for name in names}
