"""The audit trail as an administrator reads it: in words, with what was before and what is now, and links to it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.console.audit.facts import Change, Facts
from bot.console.audit.telling import Telling
from bot.domain.official import Role
from bot.domain.procedure import Text
from bot.persistence.audit import Entry, KeptEntry, record
from bot.persistence.audit_names import Names
from bot.persistence.officials import SqlOfficials
from bot.settings import ROOT
from tests.conftest import Database
from tests.console.directory import HOURS, fields, open_office
from tests.console.visiting import WORDING, Browser, Clock, Place

_NAMES = Names(
    officials={},
    departments={"finance": Text("Sở Tài chính", "Department of Finance")},
    services={"general": Text("Tư vấn")},
    counters={"finance_1": Text("Quầy 1", "Counter 1")},
    counter_keys={7: "finance_1"},
    closures=frozenset({4}),
    belongs_to={"finance_1": "finance"},
)
_ACTION = re.compile(r"""(?:Entry\(\s*[\w."]+,\s*|note_visit\(\s*[\w.]+,\s*|_change\()"([a-z_.]+)",""")


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database.engine)


@pytest.fixture
async def administrator(place: Place) -> Browser:
    return await place.signed_in("quan-tri", Role.ADMINISTRATOR)


def _told(
    before: Mapping[str, object] | None, after: Mapping[str, object] | None, language: str = "vi"
) -> list[Change]:
    return Facts(WORDING, language, _NAMES).changes(before, after)


def test_what_stayed_as_it_was_is_not_told() -> None:
    before = {"record": {"name": {"vi": "Quầy 1", "en": "Counter 1"}}, "active": True}
    after = {"record": {"name": {"vi": "Quầy A", "en": "Counter 1"}}, "active": True}
    assert _told(before, after) == [Change("Tên (tiếng Việt)", "Quầy 1", "Quầy A")]


def test_what_was_added_has_nothing_before() -> None:
    assert _told(None, {"counter": 7, "demonstration": False, "reason": None}) == [
        Change("Quầy", None, "Quầy 1"),
        Change("Chỉ để minh họa", None, "không"),
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", [("Vai trò", "Cán bộ", "Quản trị viên"), ("Sở Tài chính", "nhân viên", "phụ trách")]),
        ("en", [("Role", "Official", "Administrator"), ("Department of Finance", "clerk", "head")]),
    ],
)
def test_roles_and_departments_are_told_in_words(language: str, said: list[tuple[str, str, str]]) -> None:
    before = {"role": "official", "departments": {"finance": "clerk"}}
    after = {"role": "administrator", "departments": {"finance": "head"}}
    assert _told(before, after, language) == [Change(*each) for each in said]


def test_hours_are_told_as_the_spans_that_went_and_came() -> None:
    week = [f"{day} 08:00-11:30 1+0" for day in range(5)]
    [hours] = _told({"hours": week}, {"hours": [*week[:4], "4 08:00-11:00 2+1 2026-03-02.."]})
    assert hours.before == "T6 08:00–11:30, 1 chỗ"
    assert hours.after == "T6 08:00–11:00, 2 chỗ và 1 chỗ dành riêng (từ 02/03/2026 đến …)"


def test_contact_points_and_moments_are_told_in_words() -> None:
    point = {"kind": "hotline", "value": "0225.0000000", "source": "https://x.test", "verified_on": "2026-03-02"}
    [points, since] = _told(None, {"contact_points": [point], "starts_at": "2026-03-02T08:00:00+07:00"})
    assert points.after == "đường dây nóng 0225.0000000"
    assert since.after == "08:00 02/03/2026"


@pytest.mark.parametrize(
    ("kind", "key", "text", "path"),
    [
        ("visit", "finance/2026-03-02/7", "Số 7, Sở Tài chính, 02/03/2026", "/day/finance?on=2026-03-02"),
        ("counter", "finance_1", "Quầy 1, Sở Tài chính", "/directory/counters/finance_1"),
        ("closure", "4", "Khoảng đóng số 4", "/closings"),
        ("closure", "5", "Khoảng đóng số 5", None),
        ("holiday", "2026-09-01", "01/09/2026", "/directory/special-days?year=2026"),
        ("department", "gone", "gone", None),
        ("something new", "1", "1", None),
    ],
)
def test_a_thing_is_named_and_leads_to_its_page_where_there_is_one(
    kind: str, key: str, text: str, path: str | None
) -> None:
    kept = KeptEntry(1, Clock().now, Entry("an", "visit.called", kind, key))
    told = Telling(WORDING, "vi", _NAMES).tell(kept)
    assert (told.what, told.thing.text, told.thing.path) == ("Gọi số", text, path)


def test_every_action_that_is_recorded_has_its_words() -> None:
    """Whoever records something new adds how it is said, in `data/console/audit/`."""
    code = [path.read_text(encoding="utf-8") for path in Path(ROOT / "bot").rglob("*.py")]
    actions = {found for text in code for found in _ACTION.findall(text)} | {"account_deactivated", "visit.served"}
    assert len(actions) > 20
    for action in actions:
        keys = [f"audit_action_{way}{action.replace('.', '_')}" for way in ("", "visit_")]
        assert any(key in WORDING for key in keys), action


async def test_the_page_tells_who_did_what_to_whom_and_leads_there(place: Place, administrator: Browser) -> None:
    await place.add("an")
    account = await SqlOfficials(place.engine).named("an")
    data = {"name": "Nguyễn Văn An", "role": "administrator", "language": "vi", "version": "0"}
    await administrator.post(f"/accounts/{account.id}", data, csrf=await administrator.csrf("/"))
    page = html.unescape((await administrator.get("/audit?actor=quan-tri&kind=official&key=an")).text)
    assert "Sửa tài khoản" in page
    assert re.search(r"Vai trò:</span>.*<del>Cán bộ</del>.*<ins>Quản trị viên</ins>", page)
    assert f'href="/console/accounts/{account.id}">an</a>' in page
    assert "Nguyễn Văn An" not in page.split("<main")[1]
    assert "Không có mục nào" in (await administrator.get("/audit?day=1999-01-01")).text
    assert "không đọc được" in (await administrator.get("/audit?day=hôm-qua")).text


async def test_what_is_looked_for_may_be_a_name_without_marks(database: Database) -> None:
    office = await open_office(database)
    administrator = await office.place.signed_in("quan-tri", Role.ADMINISTRATOR)
    form = await fields(administrator, HOURS)
    form |= {"4.1.starts": "", "4.1.ends": "", "do": "save"}
    assert (await administrator.post(HOURS, form, csrf=form["csrf"])).status_code == 303
    async with database.engine.begin() as connection:
        await record(connection, Entry("an", "directory.change", "counter", "justice_1", {"active": True}))
    page = html.unescape((await administrator.get("/audit?kind=counter&key=tai+chinh+quay+1")).text)
    other = html.unescape((await administrator.get("/audit?kind=counter&key=finance_1")).text)
    assert "Sửa giờ tiếp nhận" in other
    assert "justice_1" not in other
    assert re.search(r"<del>T6 [\d:]+–[\d:]+, \d+ chỗ", other)
    assert page.count("<tr>") <= other.count("<tr>")


async def test_no_key_of_the_program_is_shown_in_the_words_of_a_changed_entry(database: Database) -> None:
    office = await open_office(database)
    administrator = await office.place.signed_in("quan-tri", Role.ADMINISTRATOR)
    for path in ("/directory/services/finance_general", "/directory/counters/finance_1"):
        form = await fields(administrator, path)
        form |= {"title.en": "Another title", "name.en": "Another name", "active": "yes"}
        await administrator.post(path, form, csrf=form["csrf"])
    page = html.unescape((await administrator.get("/audit?kind=service")).text).split("<tbody>")[1]
    assert "Another title" in page
    assert "Tên dịch vụ (tiếng Anh)" in page
    for key in ("record", "title.", "duration_minutes", "finance_general<"):
        assert key not in page, key
