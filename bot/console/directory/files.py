"""The directory by file: taken home as a folder, and read in again after it was checked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Administrator
from bot.console.frame import Frame
from bot.persistence.audit import Entry, record
from bot.persistence.directory_editing import SqlDirectoryEditing
from bot.persistence.directory_store import read, store
from knowledge.offices_checking import FILES, read_offices
from knowledge.offices_writing import write_offices

LARGEST = 2_000_000
"""Bytes of all files together."""


class FilePages:
    """For administrators."""

    def __init__(self, frame: Frame, editing: SqlDirectoryEditing, engine: AsyncEngine) -> None:
        self._frame = frame
        self._editing = editing
        self._engine = engine

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/directory/files", self.show, methods=["GET"])
        router.add_api_route("/directory/files", self.take_in, methods=["POST"])
        router.add_api_route("/directory/files/directory.zip", self.give_out, methods=["GET"])
        return router

    async def show(self, request: Request, official: Administrator) -> Response:
        return self._draw(request, ())

    async def give_out(self, request: Request, official: Administrator) -> Response:
        """All files in one archive."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in (await self._texts()).items():
                archive.writestr(name, text)
        headers = {"Content-Disposition": 'attachment; filename="directory.zip"'}
        return Response(packed.getvalue(), media_type="application/zip", headers=headers)

    async def take_in(self, request: Request, official: Administrator) -> Response:
        """Check the files that were sent, with the others as they are now, and store them where all is well."""
        form = await request.form()
        sent: dict[str, str] = {}
        unknown: list[str] = []
        for upload in form.getlist("files"):
            if not isinstance(upload, UploadFile) or not upload.filename:
                continue
            name = upload.filename.rsplit("/", 1)[-1]
            content = await upload.read(LARGEST + 1)
            if name not in FILES or len(content) > LARGEST:
                unknown.append(name)
                continue
            try:
                sent[name] = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                unknown.append(name)
        overwrite = form.get("overwrite") == "yes"
        await form.close()
        if unknown or not sent:
            return self._draw(request, (), unknown=unknown, nothing=not sent and not unknown, status=422)
        vietnamese = request.state.language == "vi"
        codes = await self._editing.procedure_codes()
        offices, faults = read_offices({**await self._texts(), **sent}, codes or None)
        if faults:
            return self._draw(request, [fault.line(vietnamese=vietnamese) for fault in faults], status=422)
        async with self._engine.begin() as connection:
            done = await store(connection, offices, overwrite=overwrite)
            after = {"files": sorted(sent), "overwrite": overwrite, **done}
            await record(connection, Entry(official.login, "directory.import", "directory", "files", None, after))
        return self._frame.redirect(
            "/directory/files",
            flash="directory_imported",
            new=done["new"],
            changed=done["changed"],
            kept=done["kept"],
            retired=done["retired"],
        )

    async def _texts(self) -> Mapping[str, str]:
        async with self._engine.connect() as connection:
            return write_offices(await read(connection))

    def _draw(
        self,
        request: Request,
        faults: object,
        *,
        unknown: object = (),
        nothing: bool = False,
        status: int = 200,
    ) -> Response:
        return self._frame.page(
            request,
            "directory/files.html",
            status=status,
            faults=faults,
            unknown=unknown,
            nothing=nothing,
            names=FILES,
        )
