"""Abbreviations and teencode spelt out, and what must not be touched."""

from __future__ import annotations

import pytest

from bot.domain.vietnamese import expand, same_word


@pytest.mark.parametrize(
    ("text", "spelt_out"),
    [
        ("xin GPKD cho CTY TNHH het bn", "xin giấy phép kinh doanh cho công ty trách nhiệm hữu hạn het bao nhiêu"),
        ("đkkd hkd", "đăng ký kinh doanh hộ kinh doanh"),
        ("thành lập cty cp k cần vốn", "thành lập công ty cổ phần không cần vốn"),
        ("cong ty CP", "cong ty cổ phần"),
        ("hs cần j, r nộp ở đâu z?", "hồ sơ cần gì, rồi nộp ở đâu vậy?"),
        ("hem biết", "không biết"),
        ("MST: 0201234567", "mã số thuế: 0201234567"),
        ("Cty.", "công ty."),
        ("đ/c sở ở đâu", "địa chỉ sở ở đâu"),
        ("VPĐD trong KCN, vốn FDI", "văn phòng đại diện trong khu công nghiệp, vốn đầu tư nước ngoài"),
        ("nlđ nnn", "người lao động người nước ngoài"),
    ],
)
def test_spelt_out(text: str, spelt_out: str) -> None:
    assert expand(text) == spelt_out


@pytest.mark.parametrize(
    "text",
    [
        "nghị định 15/2026/NĐ-CP",
        "vốn 500 k",
        "5 kg",
        "hem 12 đường Lê Lợi",
        "phuong hong bang",
        "a.k@dn.vn",
        "https://dvc.gov.vn/k?r=z",
        "FDI company: work permit vs visa",
        "What documents do I need for VAT?",
        "CP",
        "한국어 k-pop",
        "",
    ],
)
def test_left_as_it_is(text: str) -> None:
    assert expand(text) == text


def test_spelling_out_twice_changes_nothing_more() -> None:
    once = expand("xin gpkd cty tnhh mtv ko mất phí, trc khi đc cấp mst")
    assert expand(once) == once


@pytest.mark.parametrize(
    ("typed", "meant", "same"),
    [
        ("co", "cổ", True),
        ("Cổ", "cổ", True),
        ("có", "cổ", False),
        ("hoà", "hòa", True),
        ("do", "đo", True),
        ("đo", "do", False),
    ],
)
def test_same_word(typed: str, meant: str, same: bool) -> None:
    assert same_word(typed, meant) is same
