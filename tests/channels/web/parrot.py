"""A small assistant behind the real web app: real intake, worker, outbox and server, and a turn that says back."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.dispatcher import Dispatcher
from bot.channels.web.app import create_web_app
from bot.channels.web.health import Check
from bot.channels.web.outbound import WebChannel
from bot.channels.web.serving import WebServer
from bot.channels.web.wakeups import Wakeups
from bot.conversation.messages import Attachment, Button, InboundMessage, Kind, Reply
from bot.conversation.outcomes import TurnResult
from bot.conversation.wording import Wording
from bot.domain.procedure import Language
from bot.persistence.inbox_queue import SqlInboxQueue
from bot.persistence.intake import SqlIntake
from bot.persistence.outbox_queue import SqlOutboxQueue
from bot.persistence.recall import SqlRecall
from bot.persistence.unit_of_work import SqlUnitOfWork
from bot.settings import ROOT, Settings
from bot.worker import TurnTaker, run_worker
from tests.builders import a_result

WORDING = Wording.read(ROOT / "data" / "wording")
MARKUP = '<img src=x onerror="document.title=\'owned\'"><b>đậm</b> &amp; <script>document.title="owned"</script>'
ANSWER = """Cấp giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm (mã 1.003348)
Hồ sơ gồm:
• Đơn đề nghị cấp giấy chứng nhận (1 bản chính)
• Bản sao giấy chứng nhận đăng ký kinh doanh (1 bản sao)
  Không cần chứng thực.
• Bản thuyết minh về cơ sở vật chất, trang thiết bị
Các bước:
1. Nộp hồ sơ tại Trung tâm Phục vụ hành chính công.
2. Cơ quan thẩm định thực tế tại cơ sở.
3. Nhận kết quả trong 20 ngày.
Nguồn: Cổng Dịch vụ công quốc gia, cập nhật 15/10/2025: https://dichvucong.gov.vn/p/home/dvc-tthc.html?ma=1.003348"""


class Parrot:
    """Says back what it hears; some words make it do more."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._recall = SqlRecall(engine)
        self.heard: list[InboundMessage] = []
        self.files: tuple[Attachment, ...] = ()
        """What comes with the reply to "lịch hẹn"."""
        self.free = asyncio.Event()
        """While cleared, no turn ends."""
        self.free.set()

    async def take(self, message: InboundMessage) -> TurnResult:
        self.heard.append(message)
        tracker = await self._recall.tracker(message.address)
        replies = await self._replies(message)
        await self.free.wait()
        result = a_result(*replies)
        async with SqlUnitOfWork(self._engine) as uow:
            await uow.inbox.finish(message, result)
            await uow.trackers.save(tracker)
            await uow.outbox.add(message.address, replies)
            await uow.commit()
        return result

    async def _replies(self, message: InboundMessage) -> tuple[Reply, ...]:
        if message.kind is Kind.COMMAND:
            hint = Language(message.language_hint or "vi")
            buttons = tuple(Button(WORDING.say(f"example_{n}", hint), f"say:example_{n}") for n in (1, 2, 3))
            return (Reply("greet", WORDING.say("greet", hint), hint, buttons),)
        if message.kind is Kind.CHOICE:
            value = message.choice
            if message.token is not None:
                value = await self._recall.choice(message.address, message.token)
            return (Reply("echo", f"Đã chọn {value}", Language.VI),)
        match message.text:
            case "hồ sơ":
                titles = "Tổng quan, Phí, Thời gian, Nơi nộp, Căn cứ pháp lý, Đặt lịch hẹn, Gặp cán bộ".split(", ")
                chips = tuple(Button(title, f"facet:{title}") for title in titles)
                portal = Button("Mở cổng dịch vụ công", "", url="https://dichvucong.gov.vn")
                return (Reply("answer_documents", ANSWER, Language.VI, (*chips, portal)),)
            case "mã độc":
                evil = Button('<b onclick="x">Nút</b>', "evil", url="javascript:document.title='owned'")
                told = Button("<i>Chọn</i>", "told")
                text = f'{MARKUP}\njavascript:alert(1) https://a.example/"onmouseover=x (xem https://b.example/x.)'
                return (Reply("echo", text, Language.VI, (evil, told)),)
            case "lịch hẹn":
                return (Reply("booked", "Đã đặt lịch hẹn.", Language.VI, (Button("Hủy", "cancel"),), self.files),)
            case "xóa":
                return (Reply("mydata_erased", "Đã xóa.", Language.VI),)
            case text if text.startswith("hai "):
                return (Reply("echo", f"{text} 1", Language.VI), Reply("echo", f"{text} 2", Language.VI))
            case text:
                return (Reply("echo", f"Đã nghe: {text}", Language.VI),)


@dataclass
class Assistant:
    """The web app and its worker in this process; can be stopped and started again at the same address."""

    url: str
    engine: AsyncEngine
    settings: Settings
    checks: tuple[Check, ...] = ()
    routers: tuple[APIRouter, ...] = ()
    parrot: Parrot = field(init=False)
    server: WebServer | None = None
    wakeups: Wakeups = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parrot = Parrot(self.engine)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    async def start_server(self) -> None:
        self.wakeups = wakeups = Wakeups()
        app = create_web_app(
            settings=self.settings,
            database_url=self.url,
            engine=self.engine,
            intake=SqlIntake(self.engine),
            wording=WORDING,
            checks=self.checks,
            routers=self.routers,
            wakeups=wakeups,
        )
        self.server = WebServer(app, wakeups, host="127.0.0.1", port=self.settings.port)
        self._serving = asyncio.create_task(self.server.serve())
        while not self.server.started:
            if self._serving.done():
                await self._serving
            await asyncio.sleep(0.01)

    async def stop_server(self) -> float:
        """Stop it as a signal would; gives the seconds it took."""
        if self.server is None:
            return 0.0
        began = asyncio.get_running_loop().time()
        self.server.should_exit = True
        await self._serving
        self.server = None
        return asyncio.get_running_loop().time() - began

    def start_worker(self) -> None:
        dispatcher = Dispatcher(SqlOutboxQueue(self.engine), [WebChannel(self.engine)])

        async def apologise(_message: InboundMessage, incident: str) -> tuple[Reply, ...]:
            return (Reply("apology", incident, Language.VI),)

        taker = TurnTaker(SqlInboxQueue(self.engine), self.parrot.take, apologise, dispatcher.soon)
        self._tasks.append(asyncio.create_task(run_worker(self.url, taker, concurrency=4)))

    async def stop(self) -> None:
        self.parrot.free.set()
        await self.stop_server()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def settings_for(port: int, folder: Path, **changes: object) -> Settings:
    """Settings that no file and no environment variable of the machine has touched."""
    values: dict[str, object] = {"port": port, "var_dir": folder, "rate_per_contact": 600, "rate_per_address": 6000}
    return Settings.model_validate(values | changes)
