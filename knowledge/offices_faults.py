"""What can be wrong with the directory's files, in words an editor understands, Vietnamese and English.

One entry serves the command line, the import page and the forms of the console.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES: Mapping[str, tuple[str, str]] = {
    "unreadable": ("không đọc được tệp: {reason}", "the file cannot be read: {reason}"),
    "not_a_mapping": ("cần các tên và giá trị, mỗi dòng một tên", "names and values were expected"),
    "twice": ("“{value}” được ghi hai lần", "“{value}” is written twice"),
    "missing": ("còn thiếu", "is missing"),
    "missing_language": ("còn thiếu {language}", "is missing in {language}"),
    "unknown_field": ("không có mục nào tên như vậy", "there is no entry of that name"),
    "bad_key": (
        "“{value}” không dùng làm tên được: chỉ dùng chữ thường không dấu, chữ số và dấu gạch dưới",
        "“{value}” cannot be a name: use small letters, digits and low lines only",
    ),
    "not_a_number": ("cần một số nguyên", "a whole number is needed"),
    "too_small": ("phải từ {limit} trở lên", "must be {limit} or more"),
    "too_large": ("không được quá {limit}", "must not be above {limit}"),
    "empty": ("không được để trống", "must not be empty"),
    "too_long": ("dài quá {limit} ký tự", "is longer than {limit} characters"),
    "bad_code": ("không phải mã thủ tục, ví dụ 2.001583", "is no procedure code such as 2.001583"),
    "bad_url": ("cần một địa chỉ trang web bắt đầu bằng https://", "a web address beginning with https:// is needed"),
    "bad_date": ("cần một ngày, ví dụ 2026-12-31", "a day is needed, for example 2026-12-31"),
    "bad_weekday": ("cần một thứ trong tuần, ví dụ monday", "a weekday is needed, for example monday"),
    "bad_value": ("giá trị không dùng được", "this value cannot be used"),
    "span": (
        "cần hai giờ viết trong dấu nháy, ví dụ '08:00-11:30'",
        "two hours in quotes are needed, for example '08:00-11:30'",
    ),
    "span_order": ("giờ kết thúc phải sau giờ bắt đầu", "the end must be after the beginning"),
    "capacity": (
        "số chỗ (gồm chỗ dành riêng) phải từ 1 đến 50",
        "the places, with those kept back, must be between 1 and 50",
    ),
    "validity": ("ngày bắt đầu phải trước ngày kết thúc", "the first day must be before the last"),
    "address_without_source": (
        "địa chỉ phải kèm nguồn (source) nêu địa chỉ đó",
        "an address needs the source that names it",
    ),
    "unknown_department": ("không có cơ quan “{value}”", "there is no department “{value}”"),
    "unknown_service": ("không có dịch vụ “{value}”", "there is no service “{value}”"),
    "unknown_counter": ("không có quầy “{value}”", "there is no counter “{value}”"),
    "unknown_procedure": ("không có thủ tục mã {value}", "there is no procedure {value}"),
    "other_department": (
        "dịch vụ “{value}” là của cơ quan khác",
        "the service “{value}” belongs to another department",
    ),
    "served_twice": (
        "thủ tục {value} đã thuộc dịch vụ “{other}”",
        "the procedure {value} belongs to the service “{other}” already",
    ),
    "overlap": (
        "{weekday}: {first} và {second} trùng giờ nhau",
        "{weekday}: {first} and {second} overlap",
    ),
    "no_counter": (
        "không quầy nào nhận dịch vụ này, nên không ai đặt lịch được",
        "no counter receives for this service, so nobody can book it",
    ),
    "too_short": (
        "{span} ngắn hơn thời lượng của mọi dịch vụ ({minutes} phút)",
        "{span} is shorter than every service here ({minutes} minutes)",
    ),
}

LANGUAGES = {
    "vi": ("tiếng Việt", "Vietnamese"),
    "en": ("tiếng Anh", "English"),
    "ko": ("tiếng Hàn", "Korean"),
    "zh": ("tiếng Trung", "Chinese"),
    "ja": ("tiếng Nhật", "Japanese"),
}
WEEKDAYS = (
    ("thứ Hai", "Monday"),
    ("thứ Ba", "Tuesday"),
    ("thứ Tư", "Wednesday"),
    ("thứ Năm", "Thursday"),
    ("thứ Sáu", "Friday"),
    ("thứ Bảy", "Saturday"),
    ("Chủ nhật", "Sunday"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: the file, the way to the entry in it, and what is wrong there.

    The facts `language` (a code) and `weekday` (a number) are told in words.
    """

    file: str
    where: tuple[str, ...]
    what: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def say(self, *, vietnamese: bool) -> str:
        """The sentence alone, for beside a field."""
        side = 0 if vietnamese else 1
        facts = dict(self.facts)
        if "language" in facts:
            facts["language"] = LANGUAGES[facts["language"]][side]
        if "weekday" in facts:
            facts["weekday"] = WEEKDAYS[int(facts["weekday"])][side]
        return SENTENCES[self.what][side].format_map(facts)

    def line(self, *, vietnamese: bool = False) -> str:
        """The sentence with its place, for a list."""
        place = f"{self.file}: {' › '.join(self.where)}" if self.where else self.file
        return f"{place}: {self.say(vietnamese=vietnamese)}"
