"""The calendar file of an appointment (RFC 5545), which a telephone opens and puts into its own calendar.

METHOD is PUBLISH and not REQUEST: a request asks its reader to answer an organiser by mail, wants an attendee (so
personal data), and calendars on telephones treat it as somebody else's invitation. A published event is simply
added. The UID never changes, SEQUENCE is the appointment's version: a file of a moved appointment replaces the
event, and one with METHOD CANCEL takes it out again where the calendar obeys it; everywhere else its title says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vUri

from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language

from .particulars import Particulars

MEDIA_TYPE = "text/calendar"
_ORIGIN = "appointments.cung-thanh-cong"
"""Makes our UIDs ours; no host of that name is needed, and moving to another host does not change them."""
_ALARM = timedelta(hours=-2)
_MOST_DOCUMENTS = 30


def calendar_file(
    appointment: Appointment,
    told: Particulars,
    *,
    wording: Wording,
    language: Language,
    link: str,
    now: datetime,
) -> bytes:
    """The file's bytes: UTF-8, lines folded at 75 octets without parting a letter, ended by CRLF.

    `link` may be empty. Nothing in it says who comes.
    """
    cancelled = appointment.state is State.CANCELLED
    title = wording.say("papers_event", language, service=told.service)
    event = Event()
    event.add("uid", f"{appointment.id}@{_ORIGIN}")
    event.add("sequence", appointment.version)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at.astimezone(CITY_TIME))
    event.add("dtend", appointment.ends_at.astimezone(CITY_TIME))
    event.add("summary", wording.say("papers_event_cancelled", language, event=title) if cancelled else title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("description", "\n".join(_description(told, wording, language, link)))
    if told.address is not None:
        event.add("location", ", ".join(filter(None, (told.counter, told.department, told.address))))
    if link:
        event.add("url", vUri(link))
    if not cancelled:
        event.add_component(_alarm(title))
    calendar = Calendar()
    calendar.add("prodid", "-//Cung Thanh Cong//Appointments//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_city_time())
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _description(told: Particulars, wording: Wording, language: Language, link: str) -> list[str]:
    lines = [wording.say("papers_code_line", language, code=told.code)]
    if told.procedure is not None:
        lines.append(told.procedure)
    lines.append(", ".join(filter(None, (told.counter, told.department))))
    if told.instructions is not None:
        lines.append(told.instructions)
    for papers in told.documents:
        heading = wording.say("papers_documents", language)
        lines.append(f"{heading} – {papers.case}:" if papers.case is not None else f"{heading}:")
        lines += (f"• {name}" for name in papers.names[:_MOST_DOCUMENTS])
    if told.demonstration:
        lines.append(wording.say("papers_demonstration", language))
    return [*lines, link] if link else lines


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", _ALARM)
    return alarm


def _city_time() -> Timezone:
    """The city's time, UTC+7 since 13 June 1975 and without summer time, so that a reader needs no table of its own."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001 - local by RFC 5545, 3.6.5
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone = Timezone()
    zone.add("tzid", CITY_TIME.key)
    zone.add_component(standard)
    return zone
