"""What is left of a question when courtesy and the asking are taken off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.operations import Operation
from knowledge.understanding import QuestionReader, tokens, with_pairs

from .conftest import ROOT

READER = QuestionReader.load(ROOT / "data")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("xin cap phep lao dong cho nguoi nuoc ngoai het bao nhieu tien", "xin cấp phép lao động cho người nước ngoài"),
        ("Em ơi, mở quán cà phê cần giấy tờ gì ạ?", "mở quán cà phê"),
        ("How long does an investment registration certificate take?", "an investment registration certificate"),
        ("gpld cho nnn het bn tien", "giấy phép lao động cho người nước ngoài"),
        ("khai lệ phí môn bài", "khai lệ phí môn bài"),
        ("工作许可证多少钱？", "工作许可证"),
        ("노동허가서 수수료가 얼마인가요?", "노동허가서"),
    ],
)
def test_a_question_is_searched_for_its_subject(text: str, subject: str) -> None:
    assert READER.read(text).subject == subject


@pytest.mark.parametrize(
    "text",
    [
        "thế còn lệ phí?",
        "nộp ở đâu?",
        "what documents?",
        "how much is it",
        "费用呢？",
        "費用はいくらですか",
        "phí bao nhiêu",
        "",
        "😀😀",
        "???",
        "a",
    ],
)
def test_a_question_that_only_asks_has_no_subject(text: str) -> None:
    assert READER.read(text).subject == ""


def test_accents_make_no_difference_to_what_is_taken_off() -> None:
    assert READER.read("Giải thể công ty mất bao lâu").subject == "Giải thể công ty"
    assert READER.read("giai the cong ty mat bao lau").subject == "giải thể công ty"


def test_for_measuring_a_question_is_read_as_it_was_typed() -> None:
    assert READER.read("giai the cong ty mat bao lau", as_typed=True).subject == "giai the cong ty"


def test_what_is_to_be_done_is_told_in_every_language() -> None:
    asked = {
        "giấy phép lao động bị mất": {Operation.REISSUE},
        "gpld het han": {Operation.RENEW},
        "we moved, change the address on the licence": {Operation.CHANGE},
        "폐업 신고는 어떻게 하나요": {Operation.END},
        "公司想暂停营业": {Operation.PAUSE},
        "営業許可の更新": {Operation.RENEW},
        "mở quán cà phê": set(),
    }
    assert {text: READER.read(text).operations for text in asked} == asked


def test_a_title_is_a_first_issue_unless_it_is_only_for_something_else() -> None:
    titles = {
        "Cấp lại Giấy chứng nhận đủ điều kiện sản xuất mỹ phẩm": {Operation.REISSUE},
        "Gia hạn giấy phép lao động": {Operation.RENEW},
        "Cấp giấy phép lao động": set(),
        "Cấp, cấp lại, gia hạn giấy phép xây dựng": set(),
        "Cấp/cấp lại Giấy chứng nhận khu công nghiệp sinh thái": set(),
        "Chấm dứt hoạt động hộ kinh doanh": {Operation.END},
        "Thông báo tạm ngừng kinh doanh": {Operation.PAUSE},
    }
    assert {title: READER.operations.of_title(title) for title in titles} == titles


def test_words_are_folded_and_unspaced_scripts_cut_in_pairs() -> None:
    assert tokens("Giấy phép") == ["giay", "phep"]
    assert tokens("许可证") == ["许可", "可证"]
    assert with_pairs(["giay", "phep", "moi"]) == ["giay", "phep", "moi", "giay_phep", "phep_moi"]


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    understood = READER.read(text)
    with_pairs(tokens(understood.subject))
