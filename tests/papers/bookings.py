"""Appointments for the tests of papers and pages, with everything that does not matter filled in."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, Details, State
from bot.domain.booking.offices import CITY_TIME, Counter, Service
from bot.domain.procedure import Document, DocumentCase, Origin, Procedure, Source, Text
from bot.papers.links import Links
from bot.papers.particulars import Clerk
from bot.papers.signed import SignedPapers
from bot.settings import ROOT
from knowledge.directory import Directory

SECRET = "a-secret-of-the-tests-that-is-long-enough"
PUBLIC = "https://tro-ly.example"
NOW = dt.datetime(2026, 3, 2, 8, 0, tzinfo=CITY_TIME)
THURSDAY_NINE = dt.datetime(2026, 3, 5, 9, 0, tzinfo=CITY_TIME)
NAME, TELEPHONE, TAX_CODE = "Nguyễn Văn An", "+84912345678", "0201234567"
WORDING = Wording.read(ROOT / "data" / "wording")
DIRECTORY = Directory.read(ROOT / "data" / "directory" / "departments.yml")

SERVICE = Service(
    key="finance_company",
    department="finance",
    title=Text("Đăng ký thành lập doanh nghiệp", en="Register a new company"),
    duration=dt.timedelta(minutes=30),
    notice=dt.timedelta(hours=2),
    window=dt.timedelta(days=30),
    cancel_until=dt.timedelta(hours=2),
    documents=(Text("Giấy tờ tùy thân", en="Identity document"),),
    instructions=Text("Xin anh/chị đến trước giờ hẹn 10 phút."),
)
COUNTER = Counter(1, "finance_1", "finance", Text("Quầy 1", en="Counter 1"), Text("số 18 đường Hoàng Diệu; tầng 2"))
PROCEDURE = Procedure(
    code="2.001583",
    title=Text("Đăng ký thành lập công ty TNHH một thành viên"),
    sector="doanh nghiệp",
    origin=Origin.CITY,
    source=Source("Cổng Dịch vụ công quốc gia", "https://dichvucong.gov.vn", None),
    documents=(
        DocumentCase(
            None,
            (
                Document(Text("Giấy đề nghị đăng ký doanh nghiệp"), original=1),
                Document(Text("Điều lệ công ty, có chữ ký của người đại diện theo pháp luật"), original=1, copy=2),
            ),
        ),
    ),
)


def an_appointment(**changes: Any) -> Appointment:
    """A booked appointment on a Thursday at nine, the holder's data with it."""
    booked = Appointment(
        id=uuid.uuid4(),
        code="ABC234",
        service=SERVICE,
        counter=COUNTER,
        place=1,
        starts_at=THURSDAY_NINE.astimezone(dt.UTC),
        ends_at=(THURSDAY_NINE + dt.timedelta(minutes=30)).astimezone(dt.UTC),
        state=State.BOOKED,
        version=1,
        procedure=PROCEDURE.code,
        details=Details(NAME, TELEPHONE, TAX_CODE),
    )
    return replace(booked, **changes)


def papers(public_url: str | None = PUBLIC) -> SignedPapers:
    """As the assistant makes them, with a clock that stands still."""
    clerk = Clerk(WORDING, DIRECTORY, {PROCEDURE.code: PROCEDURE}.get)
    return SignedPapers(Links(SECRET, public_url), clerk, WORDING, clock=lambda: NOW)
