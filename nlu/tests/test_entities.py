"""Closed-class entities: each kind found as people write it, and what only looks like one left alone."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
import yaml
from bot.domain.vietnamese import fold

from nlu.entities.extraction import Extractor
from nlu.entities.patterns import is_tax_code
from nlu.fingerprint import ROOT

EXTRACTOR = Extractor()


def _found(text: str) -> list[tuple[str, str, str]]:
    return [(e.kind, e.value, text[e.start : e.end]) for e in EXTRACTOR.entities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("số của Sở Xây dựng", [("department", "construction", "Sở Xây dựng")]),
        ("so xay dung o dau", [("department", "construction", "so xay dung")]),
        ("ra UBND phường hay sở KHĐT", [("department", "commune", "UBND phường"), ("department", "finance", "sở KHĐT")]),
        ("where is the customs office", [("department", "customs", "customs office")]),
        ("税务局在哪里", [("department", "tax", "税务局")]),
        ("lap cty tnhh", [("legal_form", "llc", "cty tnhh")]),
        ("cty cp", [("legal_form", "joint_stock", "cty cp")]),
        ("công ty TNHH 1 thành viên", [("legal_form", "llc_one_member", "công ty TNHH 1 thành viên")]),
        ("주식회사 설립", [("legal_form", "joint_stock", "주식회사")]),
        ("mở hkd bán ở nhà", [("legal_form", "household", "hkd")]),
        ("mo quan karaoke", [("line_of_business", "karaoke", "karaoke")]),
        ("sđt 0912.345.678", [("telephone", "+84912345678", "0912.345.678")]),
        ("+84 912 345 678", [("telephone", "+84912345678", "+84 912 345 678")]),
        ("bàn: 0225 3842 123", [("telephone", "+842253842123", "0225 3842 123")]),
        ("mst 0100109106", [("tax_code", "0100109106", "0100109106")]),
        ("0100109106-001", [("tax_code", "0100109106-001", "0100109106-001")]),
        ("mã số thuế 0312345673", [("tax_code", "0312345673", "0312345673")]),
        ("h24.12-251124-0001 xong chưa", [("dossier_code", "H24.12-251124-0001", "h24.12-251124-0001")]),
        ("000.00.12.H24-251124-0001", [("dossier_code", "000.00.12.H24-251124-0001", "000.00.12.H24-251124-0001")]),
        ("hủy lịch A7K2M9", [("appointment_code", "A7K2M9", "A7K2M9")]),
        ("mã HP-B4C5D6", [("appointment_code", "B4C5D6", "HP-B4C5D6")]),
        ("vốn 2 tỷ", [("money", "2000000000 VND", "2 tỷ")]),
        ("vốn 1,5 tỷ đồng", [("money", "1500000000 VND", "1,5 tỷ đồng")]),
        ("1tr5", [("money", "1500000 VND", "1tr5")]),
        ("20.000.000 đồng", [("money", "20000000 VND", "20.000.000 đồng")]),
        ("het 500k", [("money", "500000 VND", "500k")]),
        ("invest 5,000 USD", [("money", "5000 USD", "5,000 USD")]),
        ("có 5 cổ đông", [("count", "5 shareholder", "5 cổ đông")]),
        ("10 nguoi nuoc ngoai", [("count", "10 person", "10 nguoi")]),
        ("khách sạn 20 phòng", [("line_of_business", "lodging", "khách sạn"), ("count", "20 room", "20 phòng")]),
        ("vốn 2 tỷ rưỡi", [("money", "2500000000 VND", "2 tỷ rưỡi")]),
        ("von hai ty ruoi", [("money", "2500000000 VND", "hai ty ruoi")]),
        ("5 triệu", [("money", "5000000 VND", "5 triệu")]),
        ("nửa tỷ", [("money", "500000000 VND", "nửa tỷ")]),
        ("năm trăm nghìn đồng", [("money", "500000 VND", "năm trăm nghìn đồng")]),
        ("$5,000", [("money", "5000 USD", "$5,000")]),
        ("10万越南盾", [("money", "100000 VND", "10万越南盾")]),
        ("3 người lao động", [("count", "3 worker", "3 người lao động")]),
        ("co hai thanh vien", [("count", "2 member", "hai thanh vien")]),
        ("mười lăm công nhân", [("count", "15 worker", "mười lăm công nhân")]),
        ("hai mươi cổ đông", [("count", "20 shareholder", "hai mươi cổ đông")]),
        ("two members", [("count", "2 member", "two members")]),
        ("3个员工", [("count", "3 worker", "3个员工")]),
        ("phường Lê Chân", [("ward", "le_chan", "phường Lê Chân")]),
        ("p. gia vien", [("ward", "gia_vien", "p. gia vien")]),
        ("Le Chan ward", [("ward", "le_chan", "Le Chan ward")]),
        ("đặc khu Cát Hải", [("ward", "cat_hai", "đặc khu Cát Hải")]),
        ("tôi ở Hồng Bàng", [("ward", "hong_bang", "Hồng Bàng")]),
        ("o hong bang", [("ward", "hong_bang", "hong bang")]),
        ("phường Thuỷ Nguyên", [("ward", "thuy_nguyen", "phường Thuỷ Nguyên")]),
        ("phuong cau dat cu", [("former_ward", "gia_vien,le_chan", "phuong cau dat")]),
        ("quận Hồng Bàng", [("former_district", "hong_bang", "quận Hồng Bàng")]),
        ("huyện Thủy Nguyên", [("former_district", "thuy_nguyen", "huyện Thủy Nguyên")]),
        ("UBND phường Lê Chân", [("department", "commune", "UBND phường"), ("ward", "le_chan", "phường Lê Chân")]),
        ("xin gplđ", [("procedure_group", "work-permit", "gplđ")]),
        ("giai the doanh nghiep", [("procedure_group", "closing", "giai the doanh nghiep")]),
        ("建筑许可证", [("procedure_group", "building-permit", "建筑许可证")]),
        ("thiếu CCCD với điều lệ", [("document", "identity_card", "CCCD"), ("document", "charter", "điều lệ")]),
        ("hop dong thue nha", [("document", "lease", "hop dong thue nha")]),
        ("하이퐁 여권", [("document", "passport", "여권")]),
    ],
)  # fmt: skip
def test_found(text: str, found: list[tuple[str, str, str]]) -> None:
    assert _found(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "có phần nào không",  # not cổ phần
        "chị nhanh lên",  # not chi nhánh
        "mã 0100109107",  # wrong check digit, and no telephone either
        "số 0112345678",  # no such telephone prefix
        "0912345",  # too short
        "12/2026/TT-BTC",
        "H24.12-251324-0001",  # month 13
        "abcdef, ABCDEF và 123456",  # an appointment code has letters and digits
        "6 tháng, phòng 201, 5%",
        "thành phố Hải Phòng",
        "o hai phong",  # the city, not two rooms
        "mỗi năm người lao động nghỉ 12 ngày",  # a year, not five workers
        "đường Trần Phú, ông Lê Chân",  # a street and a person
        "ở Hải Dương, ở Hòa Bình",  # towns and provinces of these names
        "đi xa, phương án",  # not xã, not phường
        "2 rưỡi chiều, ba năm, mười tháng",
        "thông tư 99/2025/TT-BTC, 24/7",
        "0100109107789",  # thirteen digits make a tax code only after ten that check
        "tai khoan 19036789012345678",
        "",
        "🙂",
    ],
)
def test_left_alone(text: str) -> None:
    assert _found(text) == []


def test_decomposed_text_is_read_alike_and_offsets_are_its_own() -> None:
    text = unicodedata.normalize("NFD", "hỏi Sở Xây dựng về hộ kinh doanh")
    assert [(e.kind, e.value, unicodedata.normalize("NFC", text[e.start : e.end])) for e in EXTRACTOR.entities(text)] == [
        ("department", "construction", "Sở Xây dựng"),
        ("legal_form", "household", "hộ kinh doanh"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["0100109106", "0200124891", "0300588569"])
def test_published_tax_codes_pass_the_check_digit_and_fail_with_any_other(code: str) -> None:
    assert [d for d in "0123456789" if is_tax_code(code[:9] + d)] == [code[9]]


def test_departments_of_the_lexicon_are_those_of_the_directory() -> None:
    lexicon = yaml.safe_load((Path(__file__).parent.parent / "entities" / "lexicon.yml").read_text("utf-8"))
    directory = yaml.safe_load((ROOT / "data" / "directory" / "departments.yml").read_text("utf-8"))
    assert set(lexicon["department"]) == set(directory)


def test_procedure_groups_of_the_lexicon_are_those_of_the_procedures() -> None:
    lexicon = yaml.safe_load((Path(__file__).parent.parent / "entities" / "lexicon.yml").read_text("utf-8"))
    groups = {
        key for file in ROOT.glob("data/procedures/*/groups.yml") for key in yaml.safe_load(file.read_text("utf-8"))
    }
    assert set(lexicon["procedure_group"]) <= groups


def test_every_ward_is_found_by_its_full_name_with_and_without_diacritics() -> None:
    wards = yaml.safe_load((ROOT / "data" / "directory" / "wards.yml").read_text("utf-8"))
    assert len(wards) == 114
    for key, ward in wards.items():
        full = f"{ward['kind']} {ward['name']}"
        for said in (full, fold(full)):  # Cẩm Giang and Cẩm Giàng are both meant by either
            assert any(kind == "ward" and key in value.split(",") for kind, value, _ in _found(said))


def test_entities_of_an_utterance_take_less_than_a_millisecond() -> None:
    text = "tôi ở phường Lê Chân muốn mở công ty TNHH hai thành viên vốn 2 tỷ rưỡi, gọi 0912 345 678"
    began = time.perf_counter()
    for _ in range(50):
        EXTRACTOR.entities(text)
    assert (time.perf_counter() - began) / 50 < 0.001


def test_no_saying_has_two_meanings_within_its_kind() -> None:
    lexicon = yaml.safe_load((Path(__file__).parent.parent / "entities" / "lexicon.yml").read_text("utf-8"))
    for values in lexicon.values():
        sayings = [said for own in values.values() for said in own]
        assert len(sayings) == len(set(sayings))
