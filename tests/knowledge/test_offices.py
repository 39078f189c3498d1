"""The directory's files: what ships is whole; what an editor gets wrong is told in plain words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.domain.procedure import Procedure
from knowledge.offices_checking import FILES, Offices, read_offices, texts_of
from knowledge.offices_writing import write_offices
from knowledge.procedures import read_procedures

DATA = Path(__file__).resolve().parents[2] / "data"
TEXTS = texts_of(DATA / "directory")
FINANCE = "finance_general:\n  department: finance\n"


def shipped() -> Offices:
    offices, faults = read_offices(TEXTS)
    assert faults == []
    return offices


def faults(name: str, old: str, new: str) -> list[str]:
    """What is said in Vietnamese of the shipped files with one change."""
    assert old in TEXTS[name]
    return [f.line(vietnamese=True) for f in read_offices({**TEXTS, name: TEXTS[name].replace(old, new, 1)})[1]]


def test_the_shipped_files_are_well_formed_and_name_known_procedures() -> None:
    codes = {p.code for p in read_procedures(DATA / "procedures") if isinstance(p, Procedure)}
    assert sorted(TEXTS) == sorted(FILES)
    assert [fault.line() for fault in read_offices(TEXTS, codes)[1]] == []


def test_every_department_has_a_general_service_counters_and_hours() -> None:
    offices = shipped()
    for key in offices.departments:
        assert offices.services[f"{key}_general"].procedures == ()
        counters = [name for name, counter in offices.counters.items() if counter.department == key]
        assert len(counters) >= 2
        assert all(name in offices.hours for name in counters)


def test_everything_made_up_is_marked_as_a_demonstration() -> None:
    offices = shipped()
    assert all(service.demonstration for service in offices.services.values())
    assert all(counter.demonstration for counter in offices.counters.values())
    for name in ("services.yml", "counters.yml", "hours.yml"):
        header = [line for line in TEXTS[name].splitlines()[:9] if line.startswith("#")]
        assert "DEMONSTRATION" in "".join(header), name


def test_a_counter_has_an_address_only_where_the_citys_records_say_so() -> None:
    offices = shipped()
    received = {
        p.department
        for p in read_procedures(DATA / "procedures")
        if isinstance(p, Procedure) and p.place is not None and "18 đường Hoàng Diệu" in p.place.vi
    }
    for counter in offices.counters.values():
        if counter.address is not None:
            assert counter.source is not None
            assert counter.department in received | {"public_service_centre"}


def test_what_is_written_out_reads_as_the_same_directory() -> None:
    offices = shipped()
    again, found = read_offices(write_offices(offices))
    assert found == []
    assert again == offices


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("services.yml", FINANCE, FINANCE.replace("finance\n", "magic\n"), "không có cơ quan “magic”"),
        ("services.yml", "'2.001583', ", "'2.00158', ", "không phải mã thủ tục, ví dụ 2.001583"),
        ("services.yml", "'2.001199'", "'2.002009'", "thủ tục 2.002009 đã thuộc dịch vụ"),
        ("services.yml", "    ko: 기업 설립 등록\n", "", "title: còn thiếu tiếng Hàn"),
        ("services.yml", "duration_minutes: 30", "duration_minutes: 3", "phải từ 5 trở lên"),
        ("services.yml", "window_days: 30", "windows: 30", "không có mục nào tên như vậy"),
        ("services.yml", "finance_company:", "finance_general:", "“finance_general” được ghi hai lần"),
        ("services.yml", "department: finance", "department: [", "không đọc được tệp"),
        ("counters.yml", "  source: *centre_source\n", "", "địa chỉ phải kèm nguồn"),
        ("counters.yml", "department: customs\n", "department: customs\n  services: [x_y]\n", "không có dịch vụ “x_y”"),
        (
            "counters.yml",
            "department: customs\n",
            "department: customs\n  services: [finance_general]\n",
            "của cơ quan khác",
        ),
        ("hours.yml", "'13:30-17:00'", "'11:00-17:00'", "thứ Hai: 08:00-11:30 và 11:00-17:00 trùng giờ nhau"),
        ("hours.yml", "'13:30-17:00'", "'17:00-13:30'", "giờ kết thúc phải sau giờ bắt đầu"),
        ("hours.yml", "'13:30-17:00'", "buổi chiều", "cần hai giờ viết trong dấu nháy"),
        ("hours.yml", "friday]", "freitag]", "cần một thứ trong tuần"),
        ("hours.yml", "capacity: 1", "capacity: 0", "phải từ 1 đến 50"),
        ("hours.yml", "customs_1:", "customs_9:", "không có quầy “customs_9”"),
        ("holidays.yml", "{}", "ngày mai: {name: Nghỉ}", "cần một ngày, ví dụ 2026-12-31"),
        ("departments.yml", "url: https://", "url: ", "cần một địa chỉ trang web"),
    ],
)
def test_a_mistake_is_told_in_plain_words(name: str, old: str, new: str, said: str) -> None:
    found = faults(name, old, new)
    assert any(line.startswith(name) and said in line for line in found), found


def test_an_unknown_procedure_is_named() -> None:
    found = [fault.line() for fault in read_offices(TEXTS, {"1.000000"})[1]]
    assert any("there is no procedure 2.001583" in line for line in found)


def test_two_periods_that_never_meet_may_have_the_same_hours() -> None:
    rules = """
customs_1:
  - {weekdays: [monday], spans: ['08:00-11:00'], valid_to: 2026-12-31}
  - {weekdays: [monday], spans: ['08:00-11:00'], valid_from: 2027-01-01}
"""
    offices, found = read_offices({**TEXTS, "hours.yml": rules})
    assert found == []
    assert offices.hours["customs_1"][1].valid_from == dt.date(2027, 1, 1)
