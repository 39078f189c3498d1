"""Words that lean on what was said before, and words that take it back."""

from __future__ import annotations

import pytest

from bot.conversation.following_up import leans_on_the_last, without_correction


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("à không, ý em là chi nhánh", "chi nhánh"),
        ("a nham, ho kinh doanh", "ho kinh doanh"),
        ("ý tôi là công ty cổ phần", "công ty cổ phần"),
        ("no, I mean a branch", "a branch"),
        ("sorry I meant the renewal", "the renewal"),
        ("不对，我是说分公司", "分公司"),
        ("không có hợp đồng thuê nhà thì sao", "không có hợp đồng thuê nhà thì sao"),
        ("không", "không"),
    ],
)
def test_a_correction_is_taken_off(text: str, left: str) -> None:
    assert without_correction(text) == left


@pytest.mark.parametrize(
    "text",
    ["còn vũ trường thì sao", "à nhầm, hộ kinh doanh", "and for a branch?", "时间呢？", "그럼 지점은요?", "費用は？"],
)
def test_a_continuation_leans(text: str) -> None:
    assert leans_on_the_last(text)


@pytest.mark.parametrize("text", ["mở quán karaoke cần gì", "how do I register a company", "公司注册需要什么材料"])
def test_a_question_of_its_own_does_not(text: str) -> None:
    assert not leans_on_the_last(text)
