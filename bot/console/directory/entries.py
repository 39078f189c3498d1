"""The pages of departments, services and counters: lists, and a form for each entry."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Administrator, Refused, SignedIn, require
from bot.console.frame import Frame
from bot.domain.official import may
from bot.persistence import directory_rows as as_rows
from bot.persistence.booking_rows import CounterRow, DepartmentRow, ServiceRow
from bot.persistence.directory_editing import ChangedMeanwhile, Keyed, SqlDirectoryEditing, Taken
from bot.persistence.directory_hours import SqlHoursEditing
from knowledge.directory import DepartmentData
from knowledge.offices import CounterData, ServiceData
from knowledge.offices_faults import SENTENCES

from . import forms
from .forms import Faults, Typed

_KEY = re.compile(r"[a-z][a-z0-9_]{1,47}")


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between the entries. `folder`: below /directory."""

    table: Keyed
    folder: str
    model: type[BaseModel]
    parse: forms.Parse
    to_values: Callable[[Any], dict[str, Any]]
    to_data: Callable[[Any], Any]


DEPARTMENT = Kind(
    DepartmentRow,
    "departments",
    DepartmentData,
    forms.department_of,
    as_rows.department_values,
    as_rows.department_data,
)
SERVICE = Kind(ServiceRow, "services", ServiceData, forms.service_of, as_rows.service_values, as_rows.service_data)
COUNTER = Kind(CounterRow, "counters", CounterData, forms.counter_of, as_rows.counter_values, as_rows.counter_data)


class EntryPages:
    """Lists and forms. Heads change services and counters of their department, administrators everything."""

    def __init__(self, frame: Frame, editing: SqlDirectoryEditing, hours: SqlHoursEditing) -> None:
        self._frame = frame
        self._editing = editing
        self._hours = hours

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/directory", self.overview, methods=["GET"])
        router.add_api_route("/directory/departments/{key}", self.department, methods=["GET"])
        router.add_api_route("/directory/departments/{key}/edit", self.show_department, methods=["GET"])
        router.add_api_route("/directory/departments/{key}/edit", self.save_department, methods=["POST"])
        for kind, show, save in (
            (SERVICE, self.show_service, self.save_service),
            (COUNTER, self.show_counter, self.save_counter),
        ):
            router.add_api_route(f"/directory/{kind.folder}/{{key}}", show, methods=["GET"])
            router.add_api_route(f"/directory/{kind.folder}/{{key}}", save, methods=["POST"])
        return router

    async def overview(self, request: Request, official: SignedIn) -> Response:
        rows = [row for row in await self._editing.departments() if may(official, row.key, "desk")]
        return self._frame.page(request, "directory/overview.html", rows=rows)

    async def department(self, request: Request, official: SignedIn, key: str) -> Response:
        """A department with its services and counters."""
        require(official, key, "desk")
        row = await self._found(DEPARTMENT, key)
        counters = await self._editing.counters(key)
        hours: dict[int, list[Any]] = {}
        for rule in await self._hours.rules([counter.id for counter in counters]):
            hours.setdefault(rule.counter_id, []).append(rule)
        return self._frame.page(
            request,
            "directory/department.html",
            row=row,
            services=await self._editing.services(key),
            counters=counters,
            hours={id_: as_rows.rule_data(rules) for id_, rules in hours.items()},
            manages=may(official, key, "manage"),
        )

    async def show_department(self, request: Request, _official: Administrator, key: str) -> Response:
        return await self._show(request, DEPARTMENT, key)

    async def save_department(self, request: Request, official: Administrator, key: str) -> Response:
        form = forms.typed(await request.form())
        return await self._save(request, DEPARTMENT, key, key, form, official.login, f"/directory/departments/{key}")

    async def show_service(self, request: Request, official: SignedIn, key: str) -> Response:
        return await self._show_kept(request, official, SERVICE, key)

    async def save_service(self, request: Request, official: SignedIn, key: str) -> Response:
        return await self._save_kept(request, official, SERVICE, key)

    async def show_counter(self, request: Request, official: SignedIn, key: str) -> Response:
        return await self._show_kept(request, official, COUNTER, key)

    async def save_counter(self, request: Request, official: SignedIn, key: str) -> Response:
        return await self._save_kept(request, official, COUNTER, key)

    async def _show_kept(self, request: Request, official: Any, kind: Kind, key: str) -> Response:
        if key == "new":
            department = request.query_params.get("department", "")
            require(official, department, "manage")
            await self._found(DEPARTMENT, department)
            return await self._draw(request, kind, None, _fresh(kind, department), {})
        row = await self._found(kind, key)
        require(official, row.department_key, "manage")
        return await self._show(request, kind, key)

    async def _save_kept(self, request: Request, official: Any, kind: Kind, key: str) -> Response:
        form = forms.typed(await request.form())
        if key == "new":
            department = form.get("department", "")
            await self._found(DEPARTMENT, department)
        else:
            department = (await self._found(kind, key)).department_key
        require(official, department, "manage")
        form["department"] = department  # an entry stays with its department, whatever was sent
        back = f"/directory/departments/{department}"
        return await self._save(
            request, kind, None if key == "new" else key, form.get("key", key), form, official.login, back
        )

    async def _show(self, request: Request, kind: Kind, key: str) -> Response:
        row = await self._found(kind, key)
        try:
            form = forms.to_form(kind.to_data(row))
        except ValidationError:  # a row of before the schema: what can be shown is shown, and must be mended
            form = {"department": getattr(row, "department_key", "")}
        form |= {"version": str(row.version), "active": "yes" if row.active else ""}
        return await self._draw(request, kind, key, form, {})

    async def _save(
        self, request: Request, kind: Kind, shown: str | None, key: str, form: Typed, actor: str, back: str
    ) -> Response:
        """`shown`: the key of an entry that is there; None for a new one that is to be called `key`."""
        vietnamese = request.state.language == "vi"
        data, faults = forms.check(kind.model, kind.parse(form), vietnamese=vietnamese)
        if shown is None and not _KEY.fullmatch(key):
            faults["key"] = SENTENCES["bad_key"][0 if vietnamese else 1].format(value=key)
        if kind is SERVICE and "procedures" not in faults:
            faults |= await self._unknown_procedures(form, vietnamese=vietnamese)
        active = shown is None or bool(form.get("active"))
        if shown is not None and not active:
            count = await self._editing.upcoming(kind.table, shown, self._frame.clock())
            if count:
                faults["active"] = self._say(request, "directory_still_booked", count=count)
        if data is None or faults:
            return await self._draw(request, kind, shown, form, faults, status=422)
        try:
            version = None if shown is None else int(form.get("version") or -1)
            await self._editing.save(kind.table, key, version, {**kind.to_values(data), "active": active}, actor)
        except Taken:
            return await self._draw(
                request, kind, shown, form, {"key": self._say(request, "directory_key_taken")}, status=409
            )
        except (ChangedMeanwhile, ValueError):
            row = await self._found(kind, key)
            theirs = _differences(form, forms.to_form(kind.to_data(row)))
            form["version"] = str(row.version)
            return await self._draw(request, kind, shown, form, {}, status=409, theirs=theirs, by=row.edited_by)
        return self._frame.redirect(back, flash="directory_saved")

    def _say(self, request: Request, key: str, **facts: object) -> str:
        return self._frame.wording.say(key, request.state.language, **facts)

    async def _unknown_procedures(self, form: Typed, *, vietnamese: bool) -> Faults:
        known = await self._editing.procedure_codes()
        unknown = [code for code in form.get("procedures", "").replace(",", " ").split() if known and code not in known]
        if not unknown:
            return {}
        sentence = SENTENCES["unknown_procedure"][0 if vietnamese else 1]
        return {"procedures": sentence.format(value=", ".join(unknown))}

    async def _found(self, kind: Kind, key: str) -> Any:
        row = await self._editing.one(kind.table, key)
        if row is None:
            raise Refused(404, "frame_not_found")
        return row

    async def _draw(
        self,
        request: Request,
        kind: Kind,
        key: str | None,
        form: Typed,
        faults: Faults,
        *,
        status: int = 200,
        theirs: list[tuple[str, str]] | None = None,
        by: str | None = None,
    ) -> Response:
        department = key if kind is DEPARTMENT else form.get("department", "")
        services = await self._editing.services(department or "") if kind is COUNTER else ()
        return self._frame.page(
            request,
            f"directory/{kind.folder}_form.html",
            status=status,
            key=key,
            form=form,
            faults=faults,
            theirs=theirs,
            by=by,
            department=await self._found(DEPARTMENT, department or ""),
            services=[service for service in services if service.active],
            points=range(1, forms.POINTS + 1),
        )


def _fresh(kind: Kind, department: str) -> Typed:
    form = {"department": department, "active": "yes", "demonstration": "", "version": ""}
    if kind is SERVICE:
        form |= {"duration_minutes": "30", "notice_minutes": "120", "window_days": "30", "cancel_minutes": "120"}
    return form


def _differences(mine: Typed, theirs: Typed) -> list[tuple[str, str]]:
    """The fields, by name, where the entry now says something else than the form."""
    return [(name, value) for name, value in theirs.items() if mine.get(name, "") != value]
