"""The conversation in the terminal, through pipes."""

from __future__ import annotations

import io
from collections.abc import Sequence

from bot.channels.terminal import Terminal
from bot.conversation.messages import Attachment, Button, InboundMessage, Kind, Reply
from bot.domain.procedure import Language

PORTAL = Button("Cổng dịch vụ công", "", url="https://dichvucong.gov.vn")
CHOICES = (Button("Hồ sơ", "facet:documents:1.1"), PORTAL, Button("Phí", "facet:fee:1.1"))


async def play(typed: str) -> tuple[list[InboundMessage], str]:
    """What was heard and what was written when `typed` comes through a pipe."""
    heard: list[InboundMessage] = []

    async def turn(message: InboundMessage) -> Sequence[Reply]:
        heard.append(message)
        return (Reply("echo", f"câu {len(heard)}", Language.VI, CHOICES if len(heard) == 2 else ()),)

    out = io.StringIO()
    await Terminal(turn, contact="me", source=io.StringIO(typed), out=out).converse()
    return heard, out.getvalue()


async def test_it_greets_then_answers_line_by_line_until_the_pipe_ends() -> None:
    heard, written = await play("mở quán cà phê\n\n  \n/language en\n")
    assert [(m.kind, m.text) for m in heard] == [
        (Kind.COMMAND, "start"),
        (Kind.TEXT, "mở quán cà phê"),
        (Kind.COMMAND, "language en"),
    ]
    assert {str(m.address) for m in heard} == {"terminal:me"}
    assert len({m.event_id for m in heard}) == 3
    assert written.index("câu 1") < written.index("> mở quán cà phê") < written.index("câu 2")


async def test_a_number_taps_the_button_it_stands_beside() -> None:
    heard, written = await play("hỏi\n2\n")
    assert "[1] Hồ sơ" in written
    assert "→ Cổng dịch vụ công: https://dichvucong.gov.vn" in written
    assert "[2] Phí" in written
    assert (heard[2].kind, heard[2].choice) == (Kind.CHOICE, "facet:fee:1.1")


async def test_a_number_that_stands_beside_no_button_is_an_utterance() -> None:
    heard, _ = await play("hỏi\n3\n1\n")
    assert [(m.kind, m.text) for m in heard[2:]] == [(Kind.TEXT, "3"), (Kind.TEXT, "1")]


async def test_quit_leaves_at_once() -> None:
    heard, written = await play("/quit\nkhông ai nghe\n")
    assert [m.text for m in heard] == ["start"]
    assert "không ai nghe" not in written


async def test_a_file_is_a_line_with_its_path() -> None:
    async def turn(_: InboundMessage) -> Sequence[Reply]:
        file = Attachment("Thêm vào lịch", "lich-hen.ics", "text/calendar", "/a/token/calendar.ics", "Q0FMRU5EQVI=")
        return (Reply("booked", "Đã đặt.", Language.VI, (), (file,)),)

    out = io.StringIO()
    await Terminal(turn, contact="me", source=io.StringIO(""), out=out).converse()
    assert "  + Thêm vào lịch: /a/token/calendar.ics\n" in out.getvalue()
