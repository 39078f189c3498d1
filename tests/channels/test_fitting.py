"""Fitting: limits are kept, nothing is lost, and a cut falls where a reader would pause."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.fitting import Part, fit, shorten
from bot.channels.port import Capabilities
from bot.channels.splitting import split
from bot.conversation.messages import Attachment, Button, Reply
from bot.domain.procedure import Language

# How fast examples are made depends on what else the machine does.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TELEGRAM = Capabilities(4096, 12, 44, opens_links=True, retries_are_safe=False)
ZALO = Capabilities(2000, 5, 100, opens_links=True, retries_are_safe=False)
TERMINAL = Capabilities(100_000, 0, 60, opens_links=False, retries_are_safe=True)

PLATFORMS = st.builds(
    Capabilities,
    max_text=st.integers(60, 400),
    max_buttons=st.integers(0, 6),
    max_button_title=st.integers(12, 40),
    opens_links=st.booleans(),
    retries_are_safe=st.booleans(),
)
VIETNAMESE = "thủ tục đăng ký kinh doanh hộ cá thể giấy phép xây dựng 1.001612 https://dichvucong.gov.vn/p/1?a=b&c=d"
WORDS = st.sampled_from([*VIETNAMESE.split(), "Nộp", "hồ", "sơ.", "phí!", "15/2026/NĐ-CP", "café", "👨‍👩‍👧", "x" * 39])
GAPS = st.sampled_from([" "] * 20 + ["  ", "\n", "\n\n", "\n  "])
# Of a size chosen first: lists of a strategy's own choosing are mostly too short to be split at all.
TEXTS = (
    st.integers(0, 120)
    .flatmap(lambda size: st.lists(st.tuples(WORDS, GAPS), min_size=size, max_size=size))
    .map(lambda pairs: "".join(word + gap for word, gap in pairs).strip())
)
TITLES = st.text(st.characters(categories=["L", "N", "Zs", "Po"]), min_size=1, max_size=90)
BUTTONS = st.lists(
    st.builds(Button, TITLES, st.just("help"), st.none() | st.just("https://haiphong.gov.vn")), max_size=9
)


def a_reply(text: str, *buttons: Button) -> Reply:
    return Reply("echo", text, Language.VI, buttons)


def fitted(text: str, *buttons: Button, can: Capabilities = TELEGRAM) -> list[Part]:
    return fit(a_reply(text, *buttons), [f"t{n}" for n in range(len(buttons))], can)


def without_marks(parts: list[Part]) -> list[str]:
    if len(parts) == 1:
        return [parts[0].text]
    for number, part in enumerate(parts, start=1):
        assert part.text.startswith(f"({number}/{len(parts)})\n")
    return [part.text.split("\n", 1)[1] for part in parts]


@patiently
@given(TEXTS, BUTTONS, PLATFORMS)
def test_limits_are_kept_and_nothing_is_lost(text: str, buttons: list[Button], can: Capabilities) -> None:
    parts = fitted(text, *buttons, can=can)
    assert all(len(part.text) <= can.max_text and part.text.strip() for part in parts)
    assert all(not part.buttons for part in parts[:-1])
    said = " ".join(without_marks(parts)) if parts else ""
    assert said.split()[: len(text.split())] == unicodedata.normalize("NFC", text).split() or not text.strip()
    shown = parts[-1].buttons if parts else ()
    assert len(shown) <= can.max_buttons
    assert all(0 < len(button.title) <= can.max_button_title for button in shown)
    assert len({button.title for button in shown}) == len(shown)
    everything = re.sub(r"\s", "", said)
    for at, button in enumerate(buttons):
        title = re.sub(r"\s", "", unicodedata.normalize("NFC", button.title)) or "…"
        assert any(one.token == f"t{at}" for one in shown) or title in everything
        if button.url is not None and not can.opens_links:
            assert button.url in everything


@patiently
@given(TEXTS, st.integers(45, 300))
def test_no_word_and_no_address_is_ever_parted(text: str, limit: int) -> None:
    assert [word for part in split(text, limit) for word in part.split()] == text.split()


@patiently
@given(st.text(max_size=600), st.integers(2, 80))
def test_whatever_the_text_only_blanks_are_dropped(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


@patiently
@given(st.text("申请营业执照需要什么材料。、（）abc許可証の手続きー", min_size=100, max_size=600))
def test_text_without_blanks_is_cut_between_ideographs(text: str) -> None:
    parts = split(text, 50)
    assert "".join(parts) == text
    for before, after in pairwise(parts):
        assert not (before[-1] in "abc" and after[0] in "abc") or re.search(r"[abc]{50}", text)


def test_a_long_vietnamese_answer_is_cut_by_letters_not_bytes() -> None:
    text = "ế" * 4096
    assert [part.text for part in fitted(text)] == [text]


def test_letters_typed_in_two_pieces_are_put_together_before_counting() -> None:
    text = unicodedata.normalize("NFD", "Hải Phòng đồng hành cùng doanh nghiệp. ") * 100
    assert len(text) > 4096
    parts = fitted(text)
    assert len(parts) == 1
    assert parts[0].text == unicodedata.normalize("NFC", text)


def test_a_paragraph_is_a_better_place_to_cut_than_a_line_and_a_line_than_a_sentence() -> None:
    sentence = "Nộp hồ sơ tại bộ phận một cửa. "
    assert split(sentence * 3 + "\n\n" + sentence * 3, 150)[0] == (sentence * 3).strip()
    assert split(sentence * 3 + "\n" + sentence * 3, 150)[0] == (sentence * 3).strip()
    assert split(sentence * 6, 150)[0] == (sentence * 4).strip()


def test_the_number_of_an_item_stays_with_its_item() -> None:
    first, second = split("Chuẩn bị hồ sơ đầy đủ theo mẫu rồi nộp 12. Nhận kết quả giải quyết", 43)
    assert (first, second) == ("Chuẩn bị hồ sơ đầy đủ theo mẫu rồi nộp 12.", "Nhận kết quả giải quyết")
    text = "1. Điền đơn\n2. Nộp đơn tại bộ phận một cửa"
    assert split(text, 30) == ["1. Điền đơn\n2. Nộp đơn tại bộ", "phận một cửa"]


def test_indentation_survives_a_cut_between_lines() -> None:
    assert split("• Trực tuyến: 50.000 đồng\n  chưa gồm phí công bố", 30)[1] == "  chưa gồm phí công bố"


def test_nine_thousand_letters_become_numbered_messages_with_buttons_below_the_last() -> None:
    parts = fitted("Giấy đề nghị đăng ký doanh nghiệp.\n" * 260, Button("Phí", "facet:fee:2.001583"))
    assert [part.text.split("\n")[0] for part in parts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert [len(part.buttons) for part in parts] == [0, 0, 1]


def test_an_address_longer_than_a_whole_message_is_still_delivered() -> None:
    address = "https://dichvucong.gov.vn/" + "a" * 9000
    assert "".join(without_marks(fitted(address))) == address


def test_buttons_beyond_the_platforms_number_are_listed_under_their_number() -> None:
    titles = ["Giấy tờ", "Các bước", "Lệ phí", "Thời gian", "Nơi nộp", "Điều kiện", "Căn cứ pháp lý"]
    (part,) = fitted("Thành lập công ty", *(Button(title, "help") for title in titles), can=ZALO)
    assert [button.title for button in part.buttons] == titles[:5]
    assert part.text == "Thành lập công ty\n6. Điều kiện\n7. Căn cứ pháp lý"


def test_where_the_text_lists_the_choices_already_they_are_not_listed_twice() -> None:
    text = "Ý bạn là thủ tục nào?\n1. Hộ kinh doanh\n2. Công ty"
    (part,) = fitted(text, Button("Hộ kinh doanh", "a"), Button("Công ty", "b"), can=TERMINAL)
    assert part.text == text


def test_a_page_that_cannot_be_opened_by_button_becomes_a_line() -> None:
    portal = Button("Mở cổng dịch vụ công", "", url="https://dichvucong.gov.vn")
    (terminal,) = fitted("Nộp trực tuyến:", portal, can=TERMINAL)
    assert terminal.text == "Nộp trực tuyến:\nMở cổng dịch vụ công: https://dichvucong.gov.vn"
    (telegram,) = fitted("Nộp trực tuyến:", portal)
    assert telegram.buttons[0].url == "https://dichvucong.gov.vn"
    (odd,) = fitted("Gọi:", Button("Điện thoại", "", url="tel:+84"))
    assert (odd.text, odd.buttons) == ("Gọi:\nĐiện thoại: tel:+84", ())


def test_an_empty_reply_has_no_parts_and_buttons_alone_get_a_sign_above_them() -> None:
    assert fitted(" \n ") == []
    (part,) = fitted("", Button("Trợ giúp", "help"))
    assert (part.text, len(part.buttons)) == ("…", 1)


@pytest.mark.parametrize(
    ("titles", "limit", "expected"),
    [
        (["Phí", "Thời gian"], 20, ["Phí", "Thời gian"]),
        (["Cấp giấy phép lao động cho người nước ngoài"], 20, ["Cấp giấy phép lao đ…"]),
        (
            ["Đăng ký thành lập công ty cổ phần", "Đăng ký thành lập công ty hợp danh"],
            20,
            ["Đăng ký th…cổ phần", "Đăng ký th…hợp danh"],
        ),
        (
            ["Cấp phép sửa chữa, cải tạo nhà cấp I cho tổ chức", "Cấp phép sửa chữa, cải tạo nhà cấp II cho tổ chức"],
            20,
            ["…I cho tổ chức", "…II cho tổ chức"],
        ),
        (["Phí", "Phí"], 20, ["Phí", "Phí (2)"]),
    ],
)
def test_shortened_titles_can_still_be_told_apart(titles: list[str], limit: int, expected: list[str]) -> None:
    assert shorten(titles, limit) == expected


@patiently
@given(st.lists(TITLES.filter(str.strip).map(lambda title: " ".join(title.split())), max_size=12), st.integers(12, 50))
def test_no_two_titles_are_alike_whatever_they_were(titles: list[str], limit: int) -> None:
    shown = shorten(titles, limit)
    assert len(set(shown)) == len(shown) == len(titles)
    assert all(len(title) <= limit for title in shown)


def test_a_shortened_title_does_not_part_a_letter_from_its_mark() -> None:
    (title,) = shorten(["à" * 9 + "n\u0303\u0301" + "à" * 30], 12)
    assert not unicodedata.combining(title[-2])
    assert title == "à" * 9 + "…"


CODE = Attachment("Mã QR", "ABC234.png", "image/png", "/a/token/qr.png", "")
CALENDAR = Attachment("Thêm vào\nlịch", "lich-hen.ics", "text/calendar", "/a/token/calendar.ics", "")
HOME = "https://tro-ly.example/"


def with_files(carried: set[str], home: str | None = HOME, text: str = "Đã đặt lịch.", title: int = 20) -> list[Part]:
    can = Capabilities(200, 3, 30, True, False, sends_files=frozenset(carried), max_caption=title)
    return fit(Reply("booked", text, Language.VI, (Button("Hủy", "cancel"),), (CODE, CALENDAR)), ["t"], can, home)


def test_files_come_after_the_text_in_their_order() -> None:
    parts = with_files({"image/png", "text/calendar"})
    assert [(part.text, part.file) for part in parts] == [
        ("Đã đặt lịch.", None),
        ("Mã QR", CODE),
        ("Thêm vào lịch", CALENDAR),
    ]
    assert [bool(part.buttons) for part in parts] == [True, False, False]


def test_a_file_the_platform_does_not_carry_becomes_a_link() -> None:
    text, code = with_files({"image/png"})
    assert text.text == "Đã đặt lịch.\nThêm vào lịch: https://tro-ly.example/a/token/calendar.ics"
    assert code.file == CODE


def test_without_a_public_address_nothing_is_linked() -> None:
    assert [part.text for part in with_files(set(), home=None)] == ["Đã đặt lịch."]


def test_a_link_is_not_cut_by_splitting() -> None:
    parts = with_files(set(), text="thủ tục đăng ký kinh doanh " * 30)
    whole = "\n".join(part.text for part in parts)
    assert "https://tro-ly.example/a/token/qr.png" in whole
    assert "https://tro-ly.example/a/token/calendar.ics" in whole
    assert all(len(part.text) <= 200 for part in parts)


def test_the_words_beside_a_file_fit() -> None:
    assert [part.text for part in with_files({"text/calendar"}, title=8) if part.file] == ["Thêm và…"]
