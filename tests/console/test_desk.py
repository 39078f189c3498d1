"""The official's day over HTTP: rights, arrivals, the queue, the list as a file, the screen, one appointment."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from sqlalchemy import text

from bot.console.desk.listing import harmless
from bot.domain.booking.appointment import State
from bot.domain.official import Role
from tests.conftest import Database
from tests.console.desk import NINE, TODAY, Desk, id_of, open_desk, send, sit, told
from tests.offices import COMPANY, MONDAY, city, close
from tests.persistence.test_intake import rows
from tests.visiting import call, expect_somebody
from tests.visiting import desk as arriving


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def test_a_day_without_appointments_says_so(desk: Desk) -> None:
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    page = await browser.get(TODAY)
    assert page.status_code == 200
    assert "Hôm nay chưa có lịch hẹn" in page.text
    assert "không có lịch hẹn" in (await browser.get(f"{TODAY}?on=2026-03-05")).text
    assert (await browser.get(f"{TODAY}?on=nonsense")).status_code == 404


async def test_the_only_department_is_opened_at_once(desk: Desk) -> None:
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    for path in ("/day", "/week"):
        assert (await browser.get(path)).headers["location"] == f"/console{path}/finance"


async def test_other_departments_desks_are_refused(desk: Desk, database: Database) -> None:
    code = await expect_somebody(database.engine, desk.counters[0], NINE)
    browser = await desk.place.signed_in("an", departments={"justice": "head"})
    for path in (
        TODAY,
        f"{TODAY}/live",
        f"{TODAY}/list.csv",
        "/week/finance",
        f"/appointments/{code}",
        "/book/finance",
    ):
        refused = await browser.get(path)
        assert refused.status_code == 403, path
        assert "Nguyễn Văn An" not in refused.text
    csrf = await browser.csrf("/day/justice")
    for path in (
        *(f"{TODAY}/{each}" for each in ("arrivals", "walk-ins", "call", "counter", "visits/1/served")),
        f"/appointments/{code}/cancel",
        f"/appointments/{code}/move",
        "/book/finance",
    ):
        assert (await browser.post(path, {"code": code, "version": "0"}, csrf=csrf)).status_code == 403, path
    assert await rows(database, "SELECT count(*) FROM visit") == [(0,)]


async def test_a_stranger_is_asked_to_sign_in(desk: Desk) -> None:
    for path in (TODAY, "/week/finance", "/screen/finance", "/screen/finance?key=guessed"):
        response = await desk.place.browser().get(path)
        assert response.status_code == 303
        assert "/sign-in" in response.headers["location"]


async def test_a_visit_of_another_department_cannot_be_reached_through_ones_own(desk: Desk, database: Database) -> None:
    finance = await desk.place.signed_in("an", departments={"finance": "clerk"})
    await send(finance, f"{TODAY}/walk-ins", service=COMPANY)
    [(visit,)] = await rows(database, "SELECT id FROM visit")
    justice = await desk.place.signed_in("binh", departments={"justice": "clerk"})
    csrf = await justice.csrf("/day/justice")
    await justice.post(f"/day/justice/visits/{visit}/send", {"version": "0", "to": "department:justice"}, csrf=csrf)
    assert await rows(database, "SELECT state, department_key FROM visit") == [("waiting", "finance")]


async def test_the_way_of_a_visit_from_the_code_to_served(desk: Desk, database: Database) -> None:
    code = await expect_somebody(database.engine, desk.counters[0], NINE)
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    assert "Số thứ tự là 1." in await told(browser, f"{TODAY}/arrivals", code=f"  {code[:3].lower()} {code[3:]}")
    assert "Anh/chị chọn quầy" in await told(browser, f"{TODAY}/call", current="")
    await sit(browser, desk.counters[0])
    assert "Đã gọi số 1." in await told(browser, f"{TODAY}/call", current="")
    page = (await browser.get(TODAY)).text
    form = re.search(r'/visits/(\d+)/recall">.*?name="version" value="(\d+)"', page)
    assert form is not None
    again = f"{TODAY}/visits/{form[1]}"
    assert "Còn gọi lại được 2 lần" in await told(browser, f"{again}/recall", version=form[2])
    assert "đã phục vụ" in await told(browser, f"{again}/served", version=int(form[2]) + 1)
    assert await rows(database, "SELECT state FROM appointment") == [("served",)]
    assert "Không còn ai chờ" in await told(browser, f"{TODAY}/call", current="")


async def test_a_scanned_link_arrives_like_its_code(desk: Desk, database: Database) -> None:
    code = await expect_somebody(database.engine, desk.counters[0], NINE)
    path = desk.links.path(await id_of(database, code))
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    assert "là 1." in await told(browser, f"{TODAY}/arrivals", code=f"https://hello.example{path}")
    assert await rows(database, "SELECT state FROM appointment") == [("arrived",)]


async def test_who_cannot_arrive_is_told_what_to_do(desk: Desk, database: Database) -> None:
    tomorrow = await expect_somebody(database.engine, desk.counters[0], NINE + dt.timedelta(days=1))
    cancelled = await expect_somebody(database.engine, desk.counters[0], NINE, state=State.CANCELLED)
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    for typed, expected in (
        (tomorrow, "09:00 03/03/2026, không phải hôm nay"),
        (cancelled, "đã hủy"),
        ("ZZZZZZ", "Không có lịch hẹn nào mang mã"),
        ("<b>xin chào</b>", "không phải mã lịch hẹn"),
    ):
        assert expected in await told(browser, f"{TODAY}/arrivals", code=typed)


async def test_the_list_is_narrowed_and_searched_without_diacritics(desk: Desk, database: Database) -> None:
    one, other = desk.counters
    await expect_somebody(database.engine, one, NINE, name="Nguyễn Văn An")
    await expect_somebody(database.engine, other, NINE, name="Trần Thị Bình", telephone="+84987654321")
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    for query, seen in (("q=tran+thi", "Bình"), ("q=0987+654", "Bình"), (f"counter={one}", "An"), ("q=khong", None)):
        page = (await browser.get(f"{TODAY}?{query}")).text
        assert [name for name in ("Nguyễn Văn An", "Trần Thị Bình") if name in page] == [
            name for name in ("Nguyễn Văn An", "Trần Thị Bình") if seen and name.endswith(seen)
        ]
    assert "Không có ai khớp" in (await browser.get(f"{TODAY}?q=khong")).text


async def test_the_spreadsheet_is_for_heads_and_runs_no_formula(desk: Desk, database: Database) -> None:
    await expect_somebody(database.engine, desk.counters[0], NINE, name='=HYPERLINK("http://evil.example")')
    clerk = await desk.place.signed_in("an", departments={"finance": "clerk"})
    assert (await clerk.get(f"{TODAY}/list.csv")).status_code == 403
    head = await desk.place.signed_in("binh", departments={"finance": "head"})
    response = await head.get(f"{TODAY}/list.csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    heading, line = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert heading[:4] == ["Số", "Giờ", "Quầy", "Trạng thái"]
    assert line[1:4] == ["2026-03-02 09:00", "Quầy 1", "Chưa đến"]
    assert line[5] == '\'=HYPERLINK("http://evil.example")'
    assert line[6] == "0912 345 678"
    assert ("day.exported", "binh") in await rows(database, "SELECT action, actor FROM audit")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_a_formula(begins: str) -> None:
    assert harmless(f"{begins}1") == f"'{begins}1"
    assert harmless("Nguyễn - An") == "Nguyễn - An"


async def test_the_screen_shows_numbers_and_nobodys_name(desk: Desk, database: Database) -> None:
    code = await expect_somebody(database.engine, desk.counters[0], NINE)
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    await send(browser, f"{TODAY}/arrivals", code=code)
    await sit(browser, desk.counters[0])
    await send(browser, f"{TODAY}/call", current="")
    link = re.search(r'/console(/screen/finance\?key=[^"]+)"', (await browser.get(TODAY)).text)
    assert link is not None
    screen = await desk.place.browser().get(link[1])
    assert screen.status_code == 200
    assert "<td>1</td><td>Quầy 1</td>" in screen.text
    for secret in ("Nguyễn", code, "912345678", "Nộp hồ sơ"):
        assert secret not in screen.text
    other = link[1].replace("finance", "justice")
    assert (await desk.place.browser().get(other)).status_code == 303


async def test_the_week_shows_load_holidays_and_closures(desk: Desk, database: Database) -> None:
    await expect_somebody(database.engine, desk.counters[0], NINE)
    tuesday = MONDAY + dt.timedelta(days=1)
    await close(database.engine, city(tuesday, 8), city(tuesday, 12), reason="Tập huấn", department="finance")
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    page = (await browser.get("/week/finance")).text
    assert "1 trên 2 chỗ đã đặt" in page
    assert "Tập huấn" in page
    assert "/console/day/finance?on=2026-03-03" in page
    holiday = (await browser.get("/week/finance?on=2026-04-30")).text
    assert holiday.count('class="note"') == 6  # 27 April in lieu, 30 April, 1 May: for wide and for narrow pages


async def test_an_official_moves_and_cancels_and_the_contact_hears_of_it(desk: Desk, database: Database) -> None:
    await rows(
        database, "INSERT INTO contact (id, channel, external_id) VALUES (gen_random_uuid(), 'web', 'v1') RETURNING 1"
    )
    [(conversation,)] = await rows(
        database,
        "INSERT INTO conversation (id, contact_id, language) SELECT gen_random_uuid(), id, 'en'"
        " FROM contact RETURNING id",
    )
    code = await expect_somebody(
        database.engine, desk.counters[0], NINE + dt.timedelta(days=1), conversation=conversation
    )
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    page = (await browser.get(f"/appointments/{code}?on=2026-03-04")).text
    options = re.findall(r'<option value="(2026-03-04T[^"]+)"', page)
    assert options
    assert "báo cho người hẹn" in await told(browser, f"/appointments/{code}/move", starts_at=options[0])
    assert "báo cho người hẹn" in await told(browser, f"/appointments/{code}/move", starts_at=options[0])  # twice
    assert "ghi lý do" in await told(browser, f"/appointments/{code}/cancel", reason="  ")
    assert "Đã hủy" in await told(browser, f"/appointments/{code}/cancel", reason="Quầy sửa chữa.")
    said = [text for (text,) in await rows(database, "SELECT reply->>'text' FROM outbox ORDER BY sequence")]
    assert len(said) == 2
    assert f"has moved your appointment {code}" in said[0]
    assert "Wednesday 4 March 2026, 08:00" in said[0]
    assert "Reason: Quầy sửa chữa." in said[1]
    assert "demonstration" in said[1]
    history = (await browser.get(f"/appointments/{code}")).text
    assert "từ 09:00 03/03/2026 sang 08:00 04/03/2026" in history
    assert "Quầy sửa chữa" in history
    assert await rows(database, "SELECT change, actor FROM appointment_change WHERE actor = 'an' AND version > 0") == [
        ("moved", "an"),
        ("cancelled", "an"),
    ]


async def test_an_official_books_for_who_telephones_once_however_often_they_click(
    desk: Desk, database: Database
) -> None:
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    page = (await browser.get(f"/book/finance?service={COMPANY}&on=2026-03-03")).text
    starts_at = re.findall(r'<option value="(2026-03-03T[^"]+)"', page)[0]
    fields = {"service": COMPANY, "day": "2026-03-03", "starts_at": starts_at, "name": "Lê Văn Chín", "language": "vi"}
    wrong = await send(browser, "/book/finance", telephone="12", **fields)
    assert wrong.status_code == 422
    assert "Số điện thoại chưa đúng" in wrong.text
    assert "Lê Văn Chín" in wrong.text  # nothing typed is lost
    for _ in range(2):
        assert "Đã đặt lịch hẹn" in await told(browser, "/book/finance", telephone="0912 345 678", **fields)
    assert await rows(database, "SELECT state, name, telephone FROM appointment") == [
        ("booked", "Lê Văn Chín", "+84912345678")
    ]


async def test_the_desk_speaks_english_to_who_chose_it(desk: Desk, database: Database) -> None:
    browser = await desk.place.signed_in("admin", Role.ADMINISTRATOR)
    await rows(database, "UPDATE official SET language = 'en' RETURNING 1")
    page = (await browser.get(TODAY)).text
    assert "No appointments today" in page
    assert "Department of Finance" in page


async def test_what_was_done_is_told_in_the_readers_language_with_a_date_nobody_misreads(
    desk: Desk, database: Database
) -> None:
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    tomorrow = await expect_somebody(database.engine, desk.counters[0], NINE + dt.timedelta(days=1))
    assert "09:00 03/03/2026" in await told(browser, f"{TODAY}/arrivals", code=tomorrow)
    await rows(database, "UPDATE official SET language = 'en' RETURNING 1")
    assert "09:00 3 Mar 2026" in await told(browser, f"{TODAY}/arrivals", code=tomorrow)


async def test_a_code_typed_with_the_vietnamese_keyboard_on_is_explained(desk: Desk) -> None:
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    assert "bộ gõ tiếng Việt" in await told(browser, f"{TODAY}/arrivals", code="Kâ7M2")
    assert "không phải mã lịch hẹn" in await told(browser, f"{TODAY}/arrivals", code="KK77M2X")


async def test_the_list_begins_with_who_is_next_and_shows_who_is_late(desk: Desk, database: Database) -> None:
    late = await expect_somebody(database.engine, desk.counters[0], NINE - dt.timedelta(minutes=30), name="Lê Trễ")
    first = await expect_somebody(database.engine, desk.counters[1], NINE, name="Vũ Đúng")
    await expect_somebody(database.engine, desk.counters[0], city(MONDAY, 15), name="Bùi Chiều")
    async with arriving(database.engine) as (arrivals, _):
        await arrivals.walk_in("finance", None, NINE - dt.timedelta(minutes=40), "an")
        await arrivals.arrive(first, "finance", NINE - dt.timedelta(minutes=10), "an")
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    await sit(browser, desk.counters[0])
    page = (await browser.get(TODAY)).text
    told = re.search(r'class="next-up">(.*?)</p>', page)
    assert told is not None
    assert "Vũ Đúng" in told[1]
    assert "đã đợi 10 phút" in told[1]
    parts = re.findall(r'class="list part-(\w+)"', page)
    assert parts == ["waiting", "late", "expected"]
    listed = page[page.index('class="list part-waiting"') :]
    names = ("Vũ Đúng", "đã đợi 40 phút", "Lê Trễ", "trễ 30 phút", "Bùi Chiều")
    assert [listed.index(name) for name in names] == sorted(listed.index(name) for name in names)
    assert f"absent-{late}" in listed
    by_counter = (await browser.get(f"{TODAY}?by=counter")).text
    assert re.findall(r"<h2>(.*?) <span", by_counter[by_counter.index('class="list') :])[0] == "Chưa phân quầy"
    called = await call(database.engine, desk.counters[0], NINE)
    assert called is not None
    assert called.number == 2, "who is shown as next is called next"


async def test_a_renewal_draws_nothing_where_nothing_changed(desk: Desk, database: Database) -> None:
    code = await expect_somebody(database.engine, desk.counters[0], NINE)
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    mark = (await browser.get(TODAY)).headers["etag"]

    async def again(known: str) -> tuple[int, str]:
        answer = await browser.http.get(f"{TODAY}/live", headers={"If-None-Match": known})
        return answer.status_code, answer.headers["etag"]

    assert await again(mark) == (304, mark)
    await send(browser, f"{TODAY}/arrivals", code=code)
    status, arrived = await again(mark)
    assert (status, arrived != mark) == (200, True)
    await send(browser, f"{TODAY}/walk-ins", service="")
    assert (await again(arrived))[0] == 200
    booked = (await again(""))[1]
    await expect_somebody(database.engine, desk.counters[1], city(MONDAY, 15))
    assert (await again(booked))[0] == 200
    before = (await again(""))[1]
    desk.place.clock.pass_(dt.timedelta(minutes=1))
    assert (await again(before))[0] == 200, "waiting times move on"


async def test_a_page_that_renews_itself_keeps_nobody_signed_in(desk: Desk) -> None:
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    for _ in range(2):
        desk.place.clock.pass_(dt.timedelta(minutes=14))
        renewed = await browser.http.get(f"{TODAY}/live", headers={"X-By-Itself": "1"})
        assert renewed.status_code == 200
    desk.place.clock.pass_(dt.timedelta(minutes=3))
    ended = await browser.http.get(f"{TODAY}/live", headers={"X-By-Itself": "1"})
    assert "/sign-in" in ended.headers["location"]


async def test_who_is_sent_to_another_department_keeps_what_they_come_for(desk: Desk, database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(
            text("""INSERT INTO service (key, department_key, record, duration_minutes, notice_minutes, window_days,
                    cancel_minutes) VALUES ('notary', 'justice', '{"title": {"vi": "Chứng thực"}}', 15, 60, 30, 60)""")
        )
        await connection.execute(
            text(
                """INSERT INTO counter (key, department_key, record)
                VALUES ('j1', 'justice', '{"name": {"vi": "1"}}')"""
            )
        )
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    await send(browser, f"{TODAY}/walk-ins", service=COMPANY)
    await sit(browser, desk.counters[0])
    await send(browser, f"{TODAY}/call", current="")
    page = (await browser.get(TODAY)).text
    assert '<option value="department:justice/notary">Chứng thực</option>' in page
    form = re.search(r'/visits/(\d+)/send">.*?name="version" value="(\d+)"', page)
    assert form is not None
    send_to = f"{TODAY}/visits/{form[1]}/send"
    refused = await told(browser, send_to, version=form[2], to="department:justice/company")
    assert "chọn nơi chuyển đến" in refused
    assert "Sở Tư pháp" in await told(browser, send_to, version=form[2], to="department:justice/notary")
    assert ("justice", "notary", "waiting") in await rows(
        database, "SELECT department_key, service_key, state FROM visit"
    )


async def test_a_booking_by_telephone_takes_tax_code_and_procedure(desk: Desk, database: Database) -> None:
    browser = await desk.place.signed_in("an", departments={"finance": "clerk"})
    form = {
        "service": COMPANY, "day": "2026-03-03", "starts_at": city(MONDAY + dt.timedelta(days=1), 9).isoformat(),
        "name": "Nguyễn Văn An", "telephone": "0912 345 678", "language": "vi", "procedure": "2.001583",
    }  # fmt: skip
    wrong = await browser.post("/book/finance", form | {"tax_code": "0101248142"}, csrf=await browser.csrf(TODAY))
    assert wrong.status_code == 422
    assert "Mã số thuế chưa đúng" in wrong.text
    foreign = await browser.post("/book/finance", form | {"procedure": "9.999999"}, csrf=await browser.csrf(TODAY))
    assert foreign.status_code == 422
    good = await browser.post("/book/finance", form | {"tax_code": "0101248141"}, csrf=await browser.csrf(TODAY))
    assert good.status_code == 303, good.text
    assert await rows(database, "SELECT tax_code, procedure_code FROM appointment") == [("0101248141", "2.001583")]
