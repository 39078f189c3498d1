"""The way to a line of business: every step is named, in order, with its reason and what was not verified."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.conversation.acting import Act
from bot.conversation.licensing import Surroundings, licences_for, opens_a_business
from bot.conversation.speaking import Speaker
from bot.conversation.wording import Wording
from bot.domain.procedure import Language, Origin, Procedure, Source, Text
from knowledge.conditional_lines import read_conditional_lines
from knowledge.directory import Directory
from knowledge.licences import LicenceStep, LineOfBusiness

DATA = Path(__file__).resolve().parents[2] / "data"
HELD = Procedure(
    "1.000001",
    Text("Thủ tục có đây", en="A procedure that is here"),
    "x",
    Origin.CITY,
    Source("Trang nguồn", "https://example.vn/1", date(2026, 1, 31)),
)


LISTED = read_conditional_lines(DATA / "conditional_lines.yml").source


@cache
def wording() -> Wording:
    return Wording.read(DATA / "wording")


def the_way(*steps: LicenceStep, conditional: bool | None = None) -> Act:
    line = LineOfBusiness("x", Text("Quán thử", en="A trial shop"), conditional, "66.17/2026/NQ-CP", steps)
    return told(line)


def told(line: LineOfBusiness, today: date = date(2026, 11, 23), perhaps: tuple[Procedure, ...] = ()) -> Act:
    around = Surroundings(Directory.read(DATA / "directory" / "departments.yml"), LISTED)
    return licences_for(Speaker(wording(), Language.VI, today), line, {HELD.code: HELD}, around, perhaps)


def a_step(code: str, *, verified: bool = True, when: str | None = None) -> LicenceStep:
    return LicenceStep(code, Text(when) if when else None, f"căn cứ {code}", verified)


def test_a_step_whose_record_is_not_here_is_named_by_its_code_and_never_left_out() -> None:
    act = the_way(a_step("9.000009", when="Nếu có bếp"), a_step(HELD.code))
    text = act.replies[0].text
    assert "1. Thủ tục mã 9.000009, tra cứu tại https://dichvucong.gov.vn\n   – Nếu có bếp" in text
    assert "2. Thủ tục có đây" in text
    assert [candidate.code for candidate in act.candidates] == [HELD.code]
    assert [citation.url for citation in act.citations] == [HELD.source.url]
    assert not any("9.000009" in button.value for button in act.replies[0].buttons)


@pytest.mark.parametrize("code", [HELD.code, "9.000009"])
def test_what_was_not_verified_says_so(code: str) -> None:
    text = the_way(a_step(code, verified=False)).replies[0].text
    assert "(cần xác minh thêm)" in text
    assert "là gợi ý của chúng tôi" in text
    assert "cần xác minh thêm" not in the_way(a_step(code)).replies[0].text


@pytest.mark.parametrize(
    ("conditional", "said"),
    [(True, "có điều kiện (66.17/2026/NQ-CP)"), (False, "không thấy ngành này"), (None, "chưa đối chiếu được")],
)
def test_whether_a_line_is_conditional_is_said_as_far_as_it_is_known(conditional: bool | None, said: str) -> None:
    assert said in the_way(a_step(HELD.code), conditional=conditional).replies[0].text


OPENING = (
    "mở quán cà phê cần giấy tờ gì . mo tiem nail . kinh doanh homestay cần gì . lập công ty vận tải . "
    "bán rượu cần giấy phép gì . ban ruou can giay phep gi . buôn vật liệu . open a café . setting up? set up a spa . "
    "카페 창업 . 식당을 열려면 . 开咖啡馆 . カフェを始めたい"
)
NOT_OPENING = (
    "giấy phép kinh doanh karaoke . gia han giay phep karaoke . bản sao giấy phép . ủy ban phường ở đâu . "
    "uy ban phuong o dau . ban sao giay phep . "
    "điều kiện kinh doanh vận tải . hộ kinh doanh . chấm dứt văn phòng đại diện . đóng cửa quán . mẫu giáo độc lập . "
    "giấy chứng nhận đầu tư . close my café . lost my licence . 노래방 허가 연장 . 营业执照变更"
)


@pytest.mark.parametrize("text", OPENING.split(" . "))
def test_starting_a_business_is_heard(text: str) -> None:
    assert opens_a_business(text)


@pytest.mark.parametrize("text", NOT_OPENING.split(" . "))
def test_one_certificate_of_a_business_that_runs_is_no_start(text: str) -> None:
    assert not opens_a_business(text)


def test_the_dates_of_the_list_are_told_and_when_it_has_expired() -> None:
    line = LineOfBusiness("x", Text("Quán thử"), True, "66.17/2026/NQ-CP", (a_step(HELD.code),))
    assert "có hiệu lực từ 01/07/2026 đến 28/02/2027" in told(line).replies[0].text
    assert "đã hết hạn" in told(line, date(2027, 3, 1)).replies[0].text


def test_the_list_is_cited_without_a_date_nobody_gave() -> None:
    act = told(LineOfBusiness("x", Text("Quán thử"), True, "66.17/2026/NQ-CP", (a_step(HELD.code),)))
    assert [(citation.url, citation.updated_at) for citation in act.citations][-1] == (LISTED.url, None)
    assert "cập nhật 01/07/2026" not in act.replies[0].text


def test_each_step_names_the_department_in_charge() -> None:
    step = LicenceStep("9.000009", None, "căn cứ", True, "police")
    text = told(LineOfBusiness("x", Text("Quán thử"), True, "nguồn", (step,))).replies[0].text
    assert "Nơi phụ trách: Công an" in text


def test_a_listed_line_without_a_known_licence_is_honest_and_leads_on() -> None:
    line = LineOfBusiness("conditional-9", Text("Nghề thử"), True, "66.17/2026/NQ-CP, số 9", (), whole_way=False)
    act = told(line, perhaps=(HELD,))
    text = act.replies[0].text
    assert "chưa tìm thấy giấy phép riêng của ngành này" in text
    assert "cần đăng ký kinh doanh" in text
    assert HELD.code in "".join(button.value for button in act.replies[0].buttons)
    assert "Có thể anh/chị cần một trong" not in told(line).replies[0].text
