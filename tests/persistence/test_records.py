"""Replies as stored data: files stay with them, and rows of older versions are still read."""

from __future__ import annotations

import json

from bot.conversation.messages import Attachment, Button, Reply
from bot.domain.procedure import Language
from bot.persistence.records import reply_from_data, reply_to_data

FILE = Attachment("Thêm vào lịch", "lich-hen.ics", "text/calendar", "/a/token/calendar.ics", "QkVHSU4=", "/a/token")
REPLY = Reply("booked", "Đã đặt.", Language.VI, (Button("Hủy", "cancel"),), (FILE,))


def test_a_stored_reply_keeps_its_files() -> None:
    data = json.loads(json.dumps(reply_to_data(REPLY, ["t"])))
    assert reply_from_data(data) == (REPLY, ("t",))


def test_a_reply_stored_before_there_were_files_is_read() -> None:
    data = reply_to_data(REPLY, ["t"])
    del data["attachments"]
    assert reply_from_data(data)[0].attachments == ()


def test_a_file_stored_before_it_had_a_page_is_read() -> None:
    data = reply_to_data(REPLY, ["t"])
    del data["attachments"][0]["page"]
    assert reply_from_data(data)[0].attachments[0].page == ""


def test_words_put_before_a_reply_leave_its_files() -> None:
    assert REPLY.preceded_by("Trước hết:").attachments == (FILE,)
