"""Questions that name only what is to be done find the siblings of the procedure spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.procedure import Language, Origin, Procedure, Source, Text
from knowledge.continuing import Titles, parted
from knowledge.operations import Operation
from knowledge.understanding import QuestionReader

READER = QuestionReader.load(Path(__file__).parents[2] / "data")


def titles(*named: tuple[str, str, str]) -> tuple[Titles, dict[str, Procedure]]:
    """Procedures of (code, field, title)."""
    source = Source("", "https://dichvucong.gov.vn", None)
    held = {code: Procedure(code, Text(title), field, Origin.CATALOGUE, source) for code, field, title in named}
    return Titles(held, READER.operations), held


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("bị mất thì nộp những gì", {Operation.REISSUE}),
        ("mat thi lam lai the nao", {Operation.REISSUE}),
        ("thế còn gia hạn?", {Operation.RENEW}),
        ("what about the renewal?", {Operation.RENEW}),
        ("muốn đổi địa chỉ thì sao", {Operation.CHANGE}),
        ("변경하려면요?", {Operation.CHANGE}),
        ("注销呢？", {Operation.END}),
        ("更新の場合は？", {Operation.RENEW}),
    ],
)
def test_words_that_name_only_an_act_are_told(text: str, operations: set[Operation]) -> None:
    understood = READER.read(text)
    assert understood.only_operations
    assert operations <= understood.operations


@pytest.mark.parametrize(
    "text",
    [
        "gia hạn giấy phép lao động",
        "chấm dứt hoạt động chi nhánh",
        "mất bao nhiêu tiền",
        "mất mấy ngày vậy em",
        "cần thêm giấy tờ gì nữa không",
        "注销公司",
        "renew my work permit",
        "lệ phí bao nhiêu",
    ],
)
def test_words_that_name_a_thing_or_no_act_are_not(text: str) -> None:
    assert not READER.read(text).only_operations


def test_the_sibling_speaks_of_the_same_thing() -> None:
    known, held = titles(
        ("1", "a", "Cấp giấy phép chế biến nguyên liệu thuốc lá"),
        ("2", "b", "Cấp lại giấy phép chế biến nguyên liệu thuốc lá"),
        ("3", "a", "Cấp lại giấy phép bán lẻ rượu"),
        ("4", "b", "Sửa đổi, bổ sung giấy phép chế biến nguyên liệu thuốc lá"),
    )
    assert known.siblings(held["1"], frozenset({Operation.REISSUE}), (), "bị mất thì sao") == ["2"]
    assert known.siblings(held["1"], frozenset({Operation.CHANGE}), (), "muốn thay đổi thì sao") == ["4"]
    assert known.siblings(held["1"], frozenset({Operation.PAUSE}), (), "tạm ngừng thì sao") == []


def test_without_one_its_field_is_looked_through() -> None:
    known, held = titles(
        ("1", "enterprise", "Đăng ký thành lập công ty cổ phần"),
        ("2", "enterprise", "Cấp lại giấy chứng nhận đăng ký doanh nghiệp"),
        ("3", "alcohol", "Cấp lại giấy phép bán lẻ rượu"),
    )
    assert known.siblings(held["1"], frozenset({Operation.REISSUE}), (), "bị mất thì sao") == ["2"]


def test_words_of_the_question_choose_among_siblings() -> None:
    known, held = titles(
        ("1", "a", "Đăng ký thành lập hộ kinh doanh"),
        ("2", "a", "Giải thể doanh nghiệp"),
        ("3", "a", "Chấm dứt hoạt động hộ kinh doanh"),
    )
    assert known.siblings(held["1"], frozenset({Operation.END}), ("2", "3"), "muốn giải thể thì sao") == ["2"]


def test_too_many_siblings_are_none() -> None:
    many = [(str(n), "a", f"Cấp lại giấy phép loại {'abcdefg'[n]}") for n in range(7)]
    known, held = titles(("9", "a", "Cấp giấy phép xuất khẩu gạo"), *many)
    assert known.siblings(held["9"], frozenset({Operation.REISSUE}), (), "bị mất thì sao") == []


def test_a_title_is_parted_into_what_is_done_and_to_what() -> None:
    assert parted("Đăng ký thành lập công ty cổ phần") == ("Đăng ký thành lập", "công ty cổ phần")
    assert parted("Hoàn thuế giá trị gia tăng") == ("", "Hoàn thuế giá trị gia tăng")


def test_every_language_has_a_word_for_every_act() -> None:
    for language in Language:
        assert READER.operations.first_word(frozenset(), language)
        for operation in Operation:
            assert READER.operations.first_word(frozenset({operation}), language)
