"""What the booking form hears: telephones, tax codes, names, decisions, and nothing that was not said."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.booking.deciding import Decision, asks_about_booking, asks_to_book, decision_in
from bot.conversation.booking.hearing import hear
from bot.conversation.booking.names import hear_name
from bot.conversation.booking.numbers import hear_numbers, show_telephone
from bot.conversation.booking.wishing import take_reading, wish_for_another_day, wish_in
from bot.domain.procedure import Language
from bot.domain.when import Part
from bot.when import read_when

MONDAY = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0912345678", "+84912345678"),
        ("sđt:0912345678nhé", "+84912345678"),
        ("An,0912345678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("(+84) 912.345.678", "+84912345678"),
        ("0912 345 678 9h sáng", "+84912345678"),
        ("25/12 0912345678", "+84912345678"),
        ("sdt 912345678", "+84912345678"),
        ("0225 3842 123", "+842253842123"),
        ("+82 10-1234-5678", "+821012345678"),
        ("電話は０９１２３４５６７８です", "+84912345678"),
    ],
)
def test_a_telephone_is_heard_however_it_is_written(text: str, number: str) -> None:
    assert hear_numbers(text).telephone == number


@pytest.mark.parametrize("text", ["091234567", "09123456789", "số của tôi là 098765432"])
def test_a_telephone_with_a_slip_is_told_from_none(text: str) -> None:
    heard = hear_numbers(text, asked=True)
    assert heard.telephone is None
    assert heard.wrong_telephone is not None


@pytest.mark.parametrize("text", ["2.001583", "9h30 ngày 3/12", "2026-12-03", "ngày 10/12/2026", "12.500.000 đồng"])
def test_days_sums_and_procedures_are_no_telephones(text: str) -> None:
    heard = hear_numbers(text, asked=True)
    assert (heard.telephone, heard.tax_code, heard.wrong_telephone, heard.wrong_tax_code) == (None,) * 4
    assert heard.rest == text


@pytest.mark.parametrize(
    ("text", "code"),
    [("mst 0100109106", "0100109106"), ("0100109106-001", "0100109106-001"), ("001085012345", "001085012345")],
)
def test_a_tax_code_is_known_by_its_check_digit(text: str, code: str) -> None:
    assert hear_numbers(text).tax_code == code


def test_a_tax_code_with_a_slip_is_told() -> None:
    heard = hear_numbers("mã số thuế 0100109107")
    assert (heard.tax_code, heard.wrong_tax_code, heard.telephone) == (None, "0100109107", None)


def test_both_numbers_in_one_sentence() -> None:
    heard = hear_numbers("0912345678 mst 0100109106")
    assert (heard.telephone, heard.tax_code) == ("+84912345678", "0100109106")


def test_a_telephone_is_shown_as_at_home() -> None:
    assert show_telephone("+84912345678") == "0912 345 678"
    assert show_telephone("+821012345678").startswith("+82")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tôi là Nguyễn Văn An", "Nguyễn Văn An"),
        ("toi la nguyen van an", "Nguyen Van An"),
        ("tên em là Trần Thị Hoa, sđt", "Trần Thị Hoa"),
        ("my name is john smith", "John Smith"),
        ("I'm John Smith and my phone is", "John Smith"),
        ("저는 김민수입니다", "김민수"),
        ("我叫王小明，电话", "王小明"),
        ("田中太郎と申します", "田中太郎"),
    ],
)
def test_a_name_is_heard_where_it_is_said_to_be_one(text: str, name: str) -> None:
    heard = hear_name(text)
    assert heard is not None
    assert heard.name == name


@pytest.mark.parametrize(
    "text",
    [
        "tôi là giám đốc công ty",
        "tôi là người nước ngoài",
        "i am looking for a permit",
        "tên công ty là gì",
        "đặt tên doanh nghiệp thế nào",
        "저는 외국인입니다",
    ],
)
def test_what_people_are_is_not_their_name(text: str) -> None:
    assert hear_name(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("dạ em Nguyễn Thị Mai ạ", "Nguyễn Thị Mai"),
        ("anh Hùng", "Hùng"),
        ("park min su", "Park Min Su"),
        ("김민수", "김민수"),
    ],
)
def test_asked_for_a_name_the_words_left_are_it(text: str, name: str) -> None:
    heard = hear_name(text, asked=True)
    assert heard is not None
    assert heard.name == name


@pytest.mark.parametrize("text", ["cần gì nữa không", "mang theo giấy tờ gì vậy", "phí bao nhiêu", "ok", "đổi giờ"])
def test_a_question_is_no_name(text: str) -> None:
    assert hear_name(text, asked=True) is None


def test_a_sentence_with_everything_is_heard_whole() -> None:
    text = "cho tôi đặt lịch nộp hồ sơ thành lập công ty sáng thứ 5 tuần sau lúc 9h, tôi là Nguyễn Văn An 0912345678"
    heard = hear(text, MONDAY, Language.VI, read_when)
    assert (heard.name, heard.numbers.telephone) == ("Nguyễn Văn An", "+84912345678")
    assert (heard.reading.date, heard.reading.time) == (date(2026, 12, 3), time(9))
    assert "Nguyễn" not in heard.redacted
    assert "0912345678" not in heard.redacted


def test_names_that_are_also_days_stay_names() -> None:
    heard = hear("Trần Thị Mai, sđt 0987654321", MONDAY, Language.VI, read_when, asked_details=True)
    assert heard.name == "Trần Thị Mai"
    assert heard.reading.empty


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("ok", Decision.YES),
        ("Đúng rồi ạ", Decision.YES),
        ("네", Decision.YES),
        ("好的", Decision.YES),
        ("はい", Decision.YES),
        ("chưa đúng", Decision.NO),
        ("thôi", Decision.STOP),
        ("thôi không đặt nữa", Decision.STOP),
        ("never mind", Decision.STOP),
        ("hôm khác đi", Decision.ANOTHER_DAY),
        ("sớm nhất có thể", Decision.SOONEST),
        ("cho thủ tục khác", Decision.ANOTHER_MATTER),
        ("à không, thứ năm cơ", None),
    ],
)
def test_short_words_decide(text: str, decision: Decision | None) -> None:
    assert decision_in(text) is decision


def test_a_question_about_booking_books_nothing() -> None:
    assert asks_about_booking("đặt lịch có mất phí không?")
    assert asks_about_booking("how do I book an appointment?")
    assert not asks_about_booking("cho tôi đặt lịch sáng mai được không")
    assert not asks_about_booking("book me an appointment")


def test_plain_words_ask_for_an_appointment_and_those_about_a_booked_one_do_not() -> None:
    assert asks_to_book("我想预约办理卡拉OK许可证")
    assert asks_to_book("cho tôi đặt lịch")
    assert not asks_to_book("hủy lịch hẹn đã đặt")
    assert not asks_to_book("đổi lịch hẹn sang thứ sáu")
    assert not asks_to_book("thuê đất cho doanh nghiệp")


def test_a_day_alone_keeps_the_hour_and_an_hour_the_day() -> None:
    slots: dict[str, str] = {}
    for text in ("9h sáng thứ tư", "à không, thứ năm cơ"):
        take_reading(slots, read_when(text, MONDAY))
    assert (wish_in(slots).first, wish_in(slots).time) == (date(2026, 11, 26), time(9))
    take_reading(slots, read_when("đổi sang 10h", MONDAY))
    assert (wish_in(slots).first, wish_in(slots).time) == (date(2026, 11, 26), time(10))
    take_reading(slots, read_when("chiều cơ", MONDAY))
    assert (wish_in(slots).time, wish_in(slots).part) == (None, Part.AFTERNOON)


def test_another_day_is_not_the_one_refused() -> None:
    slots: dict[str, str] = {}
    take_reading(slots, read_when("9h sáng thứ tư", MONDAY))
    wish_for_another_day(slots)
    wish = wish_in(slots)
    assert (wish.first, wish.excluding) == (None, (date(2026, 11, 25),))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("thanh lap cong ty, nguyen van an 0912345678", "Nguyen Van An"),
        ("đặt lịch sáng mai, lê thị hoa, sđt 0912 345 678", "Lê Thị Hoa"),
        ("em tên Tuấn 0912345678", "Tuấn"),
        ("minh ten Dũng, 0912345678", "Dũng"),
        ("tên Nguyễn Văn A, 0912345678", "Nguyễn Văn A"),
        ("họ tên Hồ Thị Bình, 0912345678", "Hồ Thị Bình"),
        ("đăng ký hộ kinh doanh, 0912345678", None),
        ("lam ho so o Le Chan, 0912345678", None),
        ("phi moi truong, 0912345678", None),
    ],
)
def test_a_name_given_with_a_telephone_needs_no_asking(text: str, name: str | None) -> None:
    assert hear(text, MONDAY, Language.VI, read_when).name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tên tôi là Bùi Thị Thu Trang, sđt 0912345678", "Bùi Thị Thu Trang"),
        ("minh ten la bui thi thu, sdt 0912345678", "Bui Thi Thu"),
        ("chị Lan 0345678901 muốn đặt lịch", "Lan"),
        ("đặt lịch cho 3 người đi làm hộ kinh doanh", None),
        ("预约公司注册，电话0912345678", None),
        ("会社設立の予約、田中太郎、電話0912345678", "田中太郎"),
    ],
)
def test_a_name_is_told_from_the_words_around_it(text: str, name: str | None) -> None:
    assert hear(text, MONDAY, Language.VI, read_when).name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("anh An chị Bình, 0912345678", "An"),
        ("Hoàng Anh Tuấn, 0912345678", "Hoàng Anh Tuấn"),
        ("cty tnhh minh an 0912345678", "Cty TNHH Minh An"),
        ("công ty cần mang giấy tờ gì, 0912345678", None),
        ("我姓李，李明，电话 0912345678", "李明"),
    ],
)
def test_who_is_asked_may_name_two_people_or_only_a_company(text: str, name: str | None) -> None:
    assert hear(text, MONDAY, Language.VI, read_when, asked_details=True).name == name
