"""The waiting list: joining it when a day is full, leaving it, and answering when a freed place is offered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import TakeRoute
from bot.conversation.messages import Button
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import UnitOfWork
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.errors import OpeningGone
from bot.domain.booking.waiting import OFFER, Waiting
from bot.domain.vietnamese import fold
from knowledge.composing import Fact, Line

from .managing_choices import JoinWaiting, LeaveWaiting
from .scene import Scene
from .telling import days, leave_button, moment, waiting_line

_LIST = (
    r"(?:danh sach cho|ds cho|hang cho|wait(?:ing)? ?list"
    r"|대기 ?(?:명단|목록|자|리스트)?|候补|等候名单|等待名单|排队名单|キャンセル待ち|待ちリスト)"
)
_LEAVE = re.compile(
    rf"(?:roi|ra khoi|thoat|huy|bo|xoa|rut|khong (?:cho|muon cho)|leave|remove|quit|cancel|off)\b.*{_LIST}"
    rf"|{_LIST}.*(?:취소|빼|나가|退出|取消|离开|やめ|抜け|取り消|削除|외)|(?:退出|取消|离开).*{_LIST}"
)
_JOIN = re.compile(
    rf"(?:vao|cho|ghi|dang ky|them|xin|join|put|add|on|get)\b.*{_LIST}|^{_LIST}\W*$"
    rf"|{_LIST}.*(?:등록|올려|넣어|에 |登録|入れ|お願い|希望|加入)"
    rf"|(?:加入|进入|放进|排).*{_LIST}"
    r"|(?:bao|nhan|goi) (?:cho )?(?:toi|em|minh|anh|chi)? ?(?:khi|neu|luc) (?:nao )?co (?:cho|lich) (?:trong|moi)"
    r"|\b(?:tell|notify|let) me (?:know )?(?:when|if) .*(?:free|opens|available|place)"
)


def wants_to_leave(text: str) -> bool:
    return _LEAVE.search(fold(text).lower()) is not None


def wants_to_join(text: str) -> bool:
    return not wants_to_leave(text) and _JOIN.search(fold(text).lower()) is not None


def join(scene: Scene, choice: JoinWaiting) -> Deed:
    """Wait for a place; who waits already waits for this instead."""
    procedure = scene.slots.get("procedure")

    async def do(uow: UnitOfWork) -> Act:
        speaker = scene.speaker
        try:
            waiting = await uow.appointments.wait(
                scene.tracker.address,
                choice.service,
                choice.first,
                choice.last,
                choice.part,
                scene.now,
                procedure=procedure,
            )
        except OpeningGone:
            return Act(Route.BOOK, Outcome.NOT_DONE, (speaker.reply("book_not_offered", speaker.service_buttons()),))
        facts: dict[str, Fact] = {
            "service": waiting.service.title,
            "days": days(scene, waiting),
            "minutes": int(OFFER.total_seconds() // 60),
        }
        leave = speaker.button("button_leave_waiting", LeaveWaiting(waiting.service.key))
        return Act(Route.BOOK, Outcome.DONE, (speaker.reply("waiting_joined", [leave], **facts),))

    scene.close()
    return Deed(do)


def join_what(scene: Scene) -> Act:
    """Somebody wants to wait, but for what was not said."""
    buttons = [scene.speaker.button("button_book", TakeRoute(Route.BOOK))]
    return Act(Route.BOOK, Outcome.CLARIFIED, (scene.speaker.reply("waiting_for_what", buttons),))


def leave(scene: Scene, waiting: Waiting) -> Deed:
    async def do(uow: UnitOfWork) -> Act:
        await uow.appointments.leave(scene.tracker.address, waiting.service.key, scene.now)
        buttons = [scene.speaker.button("button_book", TakeRoute(Route.BOOK))]
        reply = scene.speaker.reply("waiting_left", buttons, service=waiting.service.title)
        return Act(Route.MY_APPOINTMENTS, Outcome.DONE, (reply,))

    return Deed(do)


def leave_which(scene: Scene, waiting: Sequence[Waiting]) -> Act:
    buttons = [leave_button(scene, each) for each in waiting]
    lines = [Line("waiting_leave_which"), *(waiting_line(scene, each) for each in waiting)]
    return Act(Route.MY_APPOINTMENTS, Outcome.ASKED, (scene.speaker.compose("waiting_leave_which", lines, buttons),))


def not_on_the_list(scene: Scene) -> Act:
    buttons = [scene.speaker.button("button_book", TakeRoute(Route.BOOK))]
    return Act(Route.MY_APPOINTMENTS, Outcome.NOT_DONE, (scene.speaker.reply("waiting_nowhere", buttons),))


def lapsed(scene: Scene, waiting: Sequence[Waiting]) -> Act:
    """That the place is gone, and whether they still wait."""
    speaker = scene.speaker
    key = "waiting_offer_lapsed_still_on" if waiting else "waiting_offer_lapsed_off"
    buttons: list[Button] = [leave_button(scene, each) for each in waiting]
    buttons.append(speaker.button("button_book", TakeRoute(Route.BOOK)))
    return Act(Route.BOOK, Outcome.NOT_DONE, (speaker.reply(key, buttons),))


def refuse(scene: Scene, waiting: Waiting, hold: Appointment) -> Deed:
    """Give the place back and ask whether to go on waiting."""

    async def do(uow: UnitOfWork) -> Act:
        await uow.appointments.release(scene.tracker.address, hold.code, scene.now)
        speaker = scene.speaker
        stay = JoinWaiting(waiting.service.key, waiting.first, waiting.last, waiting.part)
        buttons = [
            speaker.button("button_stay_waiting", stay),
            speaker.button("button_leave_waiting", LeaveWaiting(waiting.service.key)),
        ]
        facts: dict[str, Fact] = {"when": moment(scene, hold.starts_at), "service": waiting.service.title}
        return Act(Route.BOOK, Outcome.DONE, (speaker.reply("waiting_offer_refused", buttons, **facts),))

    return Deed(do)
