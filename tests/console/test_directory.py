"""The pages of the directory: rights, what is typed is kept, nobody overwrites anybody unseen, closings."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import zipfile

import pytest
from sqlalchemy import select

from bot.console.directory.forms import time_of
from bot.domain.official import Role
from bot.persistence.booking_rows import (
    AppointmentRow,
    ClosureRow,
    CounterRow,
    DepartmentRow,
    HolidayOverrideRow,
    OpeningRuleRow,
    ServiceRow,
)
from bot.persistence.directory_seeding import seed
from bot.persistence.rows import OutboxRow
from tests.conftest import Database
from tests.console.directory import FOLDER, HOURS, Office, fields, open_office
from tests.offices import MONDAY, city

TUESDAY = MONDAY + dt.timedelta(days=1)
SERVICE = "/directory/services/finance_company"
DEPARTMENT = "/directory/departments/finance/edit"
PAGES = [
    "/directory",
    "/directory/departments/finance",
    SERVICE,
    "/directory/services/new?department=finance",
    "/directory/counters/finance_1",
    "/directory/counters/new?department=finance",
    HOURS,
    "/directory/special-days",
    "/closings",
    "/closings/new",
]
FOR_ADMINISTRATORS = [DEPARTMENT, "/directory/files", "/directory/files/directory.zip"]


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def test_a_head_sees_what_is_theirs(office: Office) -> None:
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    for page in PAGES:
        assert (await head.get(page)).status_code == 200, page
    for page in FOR_ADMINISTRATORS:
        assert (await head.get(page)).status_code == 403, page
    for page in (
        "/directory/departments/health",
        "/directory/counters/health_1/hours",
        "/directory/services/tax_refund",
    ):
        assert (await head.get(page)).status_code == 403, page


async def test_an_administrator_sees_everything(office: Office) -> None:
    administrator = await office.place.signed_in("quantri", Role.ADMINISTRATOR)
    for page in PAGES + FOR_ADMINISTRATORS:
        assert (await administrator.get(page)).status_code == 200, page


async def test_a_clerk_reads_and_changes_nothing(office: Office) -> None:
    clerk = await office.place.signed_in("canbo", departments={"finance": "clerk"})
    assert (await clerk.get("/directory/departments/finance")).status_code == 200
    assert (await clerk.get(HOURS)).status_code == 403
    token = await clerk.csrf("/directory")
    assert (await clerk.post(HOURS, {"do": "save"}, csrf=token)).status_code == 403
    assert (await clerk.post(SERVICE, {}, csrf=token)).status_code == 403
    closing = {"where": "department:finance", "first": "2026-03-03", "last": "2026-03-03", "reason": "x", "do": "close"}
    assert (await clerk.post("/closings", closing, csrf=token)).status_code == 403
    assert await office.audited() == []


async def test_a_head_cannot_close_another_department_nor_everywhere(office: Office) -> None:
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    token = await head.csrf("/closings/new")
    closing = {"first": "2026-03-03", "last": "2026-03-03", "reason": "x", "do": "close", "affected": "0"}
    for where in ("department:health", "counter:health_1", "everywhere"):
        assert (await head.post("/closings", closing | {"where": where}, csrf=token)).status_code == 403
    assert await office.row(ClosureRow) is None


async def test_a_service_is_changed_and_the_trail_says_so(office: Office) -> None:
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    form = await fields(head, SERVICE) | {"duration_minutes": "45"}
    assert (await head.post(SERVICE, form, csrf=form["csrf"])).status_code == 303
    row = await office.row(ServiceRow, ServiceRow.key == "finance_company")
    assert (row.duration_minutes, row.edited_by, row.version) == (45, "truong", 1)
    (entry,) = await office.audited()
    assert (entry.actor, entry.object_key) == ("truong", "finance_company")
    assert (entry.before, entry.after) == ({"duration_minutes": 30}, {"duration_minutes": 45})
    assert await seed(office.database.engine, FOLDER) == []
    assert (await office.row(ServiceRow, ServiceRow.key == "finance_company")).duration_minutes == 45


async def test_saving_a_form_untouched_changes_nothing(office: Office) -> None:
    administrator = await office.place.signed_in("quantri", Role.ADMINISTRATOR)
    for path in (SERVICE, "/directory/counters/finance_1", DEPARTMENT, HOURS):
        form = await fields(administrator, path) | ({"do": "save"} if path == HOURS else {})
        answer = await administrator.post(path, form, csrf=form["csrf"])
        assert answer.status_code == 303, answer.text
    assert (await office.row(CounterRow, CounterRow.key == "finance_1")).edited_by is None
    assert (await office.row(DepartmentRow, DepartmentRow.key == "finance")).edited_by is None


async def test_what_was_typed_wrongly_is_kept_with_its_fault_beside_it(office: Office) -> None:
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    form = await fields(head, SERVICE) | {"title.ko": "", "duration_minutes": "dài", "procedures": "2.001583 9.999999x"}
    answer = await head.post(SERVICE, form, csrf=form["csrf"])
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert "còn thiếu tiếng Hàn" in text
    assert "cần một số nguyên" in text
    assert "không phải mã thủ tục" in text
    assert 'value="dài"' in text
    assert "9.999999x" in text


async def test_two_who_edit_at_once_lose_nothing(office: Office) -> None:
    one = await office.place.signed_in("mot", departments={"finance": "head"})
    two = await office.place.signed_in("hai", departments={"finance": "head"})
    first, second = await fields(one, SERVICE), await fields(two, SERVICE)
    await one.post(SERVICE, first | {"notice_minutes": "60"}, csrf=first["csrf"])
    answer = await two.post(SERVICE, second | {"notice_minutes": "240"}, csrf=second["csrf"])
    assert answer.status_code == 409
    assert "Có người vừa sửa" in html.unescape(answer.text)
    assert 'value="240"' in answer.text
    assert (await office.row(ServiceRow, ServiceRow.key == "finance_company")).notice_minutes == 60
    again = second | {"notice_minutes": "240", "version": "1"}
    assert (await two.post(SERVICE, again, csrf=second["csrf"])).status_code == 303
    assert (await office.row(ServiceRow, ServiceRow.key == "finance_company")).notice_minutes == 240


async def test_a_contact_point_without_its_proof_is_not_saved(office: Office) -> None:
    administrator = await office.place.signed_in("quantri", Role.ADMINISTRATOR)
    form = await fields(administrator, DEPARTMENT)
    point = {"contact_points.1.kind": "telephone", "contact_points.1.value": "0225 000 000"}
    answer = await administrator.post(DEPARTMENT, form | point, csrf=form["csrf"])
    assert answer.status_code == 422
    assert 'id="f-contact_points.1.source-fault"' in answer.text
    proof = {"contact_points.1.source": "https://haiphong.gov.vn/", "contact_points.1.verified_on": "2026-03-01"}
    assert (await administrator.post(DEPARTMENT, form | point | proof, csrf=form["csrf"])).status_code == 303
    row = await office.row(DepartmentRow, DepartmentRow.key == "finance")
    assert row.record["contact_points"][0]["verified_on"] == "2026-03-01"


async def test_a_new_counter_gets_hours_copied_from_another(office: Office) -> None:
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    new = "/directory/counters/new"
    form = await fields(head, f"{new}?department=finance")
    names = {f"name.{code}": "Quầy 4" for code in ("vi", "en", "ko", "zh", "ja")}
    assert (await head.post(new, form | names | {"key": "finance_4"}, csrf=form["csrf"])).status_code == 303
    hours = "/directory/counters/finance_4/hours"
    form = await fields(head, hours)
    copied = await head.post(hours, form | {"do": "copy", "copy_from": "finance_1"}, csrf=form["csrf"])
    assert re.search(r'name="0.0.starts"[^>]* value="08:00"', copied.text)
    assert await office.row(OpeningRuleRow, OpeningRuleRow.edited_by.is_not(None)) is None, "nothing is saved yet"


async def test_monday_is_copied_to_the_other_working_days(office: Office) -> None:
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    form = await fields(head, HOURS) | {"0.0.starts": "07:30", "do": "spread"}
    answer = await head.post(HOURS, form, csrf=form["csrf"])
    assert answer.text.count('value="07:30"') == 5
    assert re.search(r'name="5.0.starts"[^>]* value=""', answer.text)


async def test_hours_that_cannot_be_are_told_beside_their_field(office: Office) -> None:
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    form = await fields(head, HOURS)
    wrong = {
        "do": "save",
        "0.0.ends": "07:00",
        "1.1.starts": "11:00",
        "2.0.ends": "",
        "3.capacity": "0",
        "valid_to": "x",
    }
    answer = await head.post(HOURS, form | wrong, csrf=form["csrf"])
    assert answer.status_code == 422
    for name in ("0.0.ends", "1.1.starts", "2.0.ends", "3.capacity", "valid_to"):
        assert f'id="f-{name}-fault"' in answer.text, name


async def test_shrinking_hours_asks_first_and_then_tells_everybody(office: Office) -> None:
    booked = await office.book("a", city(TUESDAY, 16))
    counter = booked.counter.key
    path = f"/directory/counters/{counter}/hours"
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    form = (
        await fields(head, path)
        | {"do": "save"}
        | {f"{day}.1.{part}": "" for day in range(5) for part in ("starts", "ends")}
    )
    asked = await head.post(path, form, csrf=form["csrf"])
    assert asked.status_code == 409
    assert booked.code in asked.text
    assert (await office.row(CounterRow, CounterRow.key == counter)).version == int(form["version"])
    chosen = {"affected": "1", "handling": "move", "reason": "Đổi giờ làm việc"}
    assert (await head.post(path, form | chosen, csrf=form["csrf"])).status_code == 303
    row = await office.row(AppointmentRow, AppointmentRow.code == booked.code)
    assert row.version == booked.version + 1
    async with office.database.engine.connect() as connection:
        assert "Đổi giờ làm việc" in (await connection.scalars(select(OutboxRow.reply))).one()["text"]


async def test_a_closing_is_looked_at_first_and_then_moves_everybody(office: Office) -> None:
    booked = [await office.book(name, city(TUESDAY, 9)) for name in ("a", "b")]
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    form = await fields(head, "/closings/new") | {
        "where": "department:finance",
        "first": TUESDAY.isoformat(),
        "last": TUESDAY.isoformat(),
        "reason": "Tập huấn",
    }
    looked = await head.post("/closings", form | {"do": "look"}, csrf=form["csrf"])
    assert all(one.code in looked.text for one in booked)
    assert looked.text.count("08:00 04/03/2026") == 2, "both are proposed Wednesday at eight: there are three counters"
    assert await office.row(ClosureRow) is None
    done = await head.post("/closings", form | {"do": "close", "affected": "2", "handling": "move"}, csrf=form["csrf"])
    told = html.unescape((await head.follow(done)).text)
    assert "2 người được chuyển giờ" in told
    rows = [await office.row(AppointmentRow, AppointmentRow.code == one.code) for one in booked]
    assert all(row.during.lower == city(TUESDAY + dt.timedelta(days=1), 8) for row in rows)


async def test_a_closing_that_became_larger_is_shown_again(office: Office) -> None:
    await office.book("a", city(TUESDAY, 9))
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    form = await fields(head, "/closings/new") | {
        "where": "department:finance",
        "first": TUESDAY.isoformat(),
        "last": TUESDAY.isoformat(),
        "reason": "Tập huấn",
        "do": "close",
        "affected": "0",
    }
    answer = await head.post("/closings", form, csrf=form["csrf"])
    assert "Danh sách vừa thay đổi" in html.unescape(answer.text)
    assert await office.row(ClosureRow) is None


async def test_a_closing_sent_twice_closes_once(office: Office) -> None:
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    form = await fields(head, "/closings/new") | {
        "where": "counter:finance_1",
        "first": TUESDAY.isoformat(),
        "last": TUESDAY.isoformat(),
        "starts": "09:00",
        "ends": "11:00",
        "reason": "Sửa máy",
        "do": "close",
        "affected": "0",
    }
    for _ in range(2):
        assert (await head.post("/closings", form, csrf=form["csrf"])).status_code == 303
    row = await office.row(ClosureRow)
    assert (row.starts_at, row.ends_at) == (city(TUESDAY, 9), city(TUESDAY, 11))
    assert [entry.action for entry in await office.audited()] == ["directory.close"]
    token = await head.csrf("/closings")
    assert (await head.post(f"/closings/{row.id}/reopen", {}, csrf=token)).status_code == 303
    assert await office.row(ClosureRow) is None


async def test_a_counter_with_people_to_come_is_not_switched_off(office: Office) -> None:
    booked = await office.book("a", city(TUESDAY, 9))
    head = await office.place.signed_in("truong", departments={"finance": "head"})
    path = f"/directory/counters/{booked.counter.key}"
    form = await fields(head, path)
    del form["active"]
    answer = await head.post(path, form, csrf=form["csrf"])
    assert answer.status_code == 422
    assert "Còn 1 lịch hẹn sắp tới" in html.unescape(answer.text)


async def test_an_administrator_decides_about_a_day(office: Office) -> None:
    administrator = await office.place.signed_in("quantri", Role.ADMINISTRATOR)
    page = html.unescape((await administrator.get("/directory/special-days?year=2026")).text)
    assert "Tết" in page
    assert "Ngày làm việc bù" in page
    token = await administrator.csrf("/directory/special-days")
    decision = {"day": "2026-12-26", "name": "Làm bù", "worked_as": "4"}
    assert (await administrator.post("/directory/special-days", decision, csrf=token)).status_code == 303
    row = await office.row(HolidayOverrideRow)
    assert (row.worked_as, row.edited_by) == (4, "quantri")
    assert await seed(office.database.engine, FOLDER) == []
    assert await office.row(HolidayOverrideRow) is not None, "a start takes back no decision of a page"
    assert (await administrator.post("/directory/special-days/2026-12-26/undecide", {}, csrf=token)).status_code == 303
    assert await office.row(HolidayOverrideRow) is None


async def test_a_day_off_with_people_booked_leads_to_closing_it(office: Office) -> None:
    for name in ("a", "b"):
        await office.book(name, city(TUESDAY, 9))
    administrator = await office.place.signed_in("quantri", Role.ADMINISTRATOR)
    token = await administrator.csrf("/directory/special-days")
    decision = {"day": TUESDAY.isoformat(), "name": "Nghỉ theo quyết định", "worked_as": ""}
    sent = await administrator.post("/directory/special-days", decision, csrf=token)
    page = html.unescape((await administrator.follow(sent)).text)
    assert "Còn 2 lịch hẹn" in page
    form = await fields(administrator, str(sent.headers["location"]).removeprefix("/console"))
    assert (form["first"], form["reason"]) == (TUESDAY.isoformat(), "Nghỉ theo quyết định")
    looked = await administrator.post("/closings", form | {"where": "everywhere", "do": "look"}, csrf=token)
    assert "2 lịch hẹn" in looked.text
    free = decision | {"day": "2026-03-05"}
    sent = await administrator.post("/directory/special-days", free, csrf=token)
    assert "/directory/special-days" in sent.headers["location"], "nobody is booked, so nothing is to be closed"


@pytest.mark.parametrize(
    ("written", "hour"),
    [("08:00", (8, 0)), ("8:00", (8, 0)), ("0730", (7, 30)), ("13h30", (13, 30)), ("8h", (8, 0)), ("17.00", (17, 0))],
)
def test_an_hour_is_written_as_people_write_it(written: str, hour: tuple[int, int]) -> None:
    assert time_of(written) == dt.time(*hour)


@pytest.mark.parametrize("written", ["", "24:00", "8:60", "8:0", "sáng", "08:00 PM", "-1:00", "٠٨:٠٠"])
def test_what_is_no_hour_is_none(written: str) -> None:
    assert time_of(written) is None


async def test_files_go_out_and_come_in_again_checked(office: Office) -> None:
    administrator = await office.place.signed_in("quantri", Role.ADMINISTRATOR)
    packed = (await administrator.get("/directory/files/directory.zip")).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        services = archive.read("services.yml").decode()
    token = await administrator.csrf("/directory/files")

    async def send(text: str) -> str:
        sent = await administrator.http.post(
            "/directory/files", data={"csrf": token}, files={"files": ("services.yml", text.encode(), "text/yaml")}
        )
        return html.unescape((await administrator.follow(sent)).text)

    assert "0 mục mới, 0 mục thay đổi" in await send(services)
    broken = await send(services.replace("duration_minutes: 60", "duration_minutes: 600"))
    assert "services.yml: economic_zone_investment › duration_minutes: không được quá 480" in broken
    assert "1 mục thay đổi" in await send(services.replace("duration_minutes: 60", "duration_minutes: 90", 1))
