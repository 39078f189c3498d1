"""What `bot ask` prints of a reply."""

from __future__ import annotations

from bot.conversation.messages import Attachment, Reply
from bot.domain.procedure import Language
from bot.headless import Asked, to_data
from tests.builders import a_reply, a_result


def test_files_are_named_by_their_path_and_only_where_there_are_some() -> None:
    file = Attachment("Thêm vào lịch", "lich-hen.ics", "text/calendar", "/a/token/calendar.ics", "QkVHSU4=")
    with_file = Reply("booked", "Đã đặt.", Language.VI, (), (file,))
    told = to_data(Asked(text="x"), a_result(a_reply(), with_file), 1.0)["replies"]
    assert "attachments" not in told[0]
    assert told[1]["attachments"] == [
        {"title": "Thêm vào lịch", "media_type": "text/calendar", "path": "/a/token/calendar.ics"}
    ]
