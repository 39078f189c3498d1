"""`Papers`: the files and the link that come with a booking."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime

from bot.conversation.messages import Attachment
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, State
from bot.domain.procedure import Language

from . import picture
from .calendar_file import MEDIA_TYPE, calendar_file
from .links import Links
from .particulars import Clerk, Particulars

_HAS_A_CODE = frozenset({State.BOOKED, State.ARRIVED})


def _now() -> datetime:
    return datetime.now(UTC)


class SignedPapers:
    """`Papers` behind signed links. `clock` stamps the calendar files."""

    def __init__(self, links: Links, clerk: Clerk, wording: Wording, *, clock: Callable[[], datetime] = _now) -> None:
        self.links = links
        self._clerk = clerk
        self._wording = wording
        self._clock = clock

    def of(self, appointment: Appointment, language: Language) -> tuple[Attachment, ...]:
        """As the port says: of a cancelled appointment the file that takes it out of the calendar, of a hold none."""
        if appointment.state is State.HELD:
            return ()
        path = self.links.path(appointment.id)
        cancelled = appointment.state is State.CANCELLED
        calendar = Attachment(
            title=self._wording.say(
                "papers_calendar_cancelled_title" if cancelled else "papers_calendar_title", language
            ),
            filename=calendar_name(appointment),
            media_type=MEDIA_TYPE,
            path=f"{path}/calendar.ics",
            content=_in_base64(self.calendar(appointment, language)),
        )
        if appointment.state not in _HAS_A_CODE:
            return (calendar,)
        code = Attachment(
            title=self._wording.say("papers_picture_title", language, code=appointment.code),
            filename=f"{appointment.code}.png",
            media_type="image/png",
            path=f"{path}/qr.png",
            content=_in_base64(picture.png(self.scanned_as(appointment))),
            page=path,
        )
        return (code, calendar)

    def link(self, appointment: Appointment) -> str:
        """As the port says."""
        return self.links.address(appointment.id)

    def describe(self, appointment: Appointment, language: Language) -> Particulars:
        """What the page and the file say."""
        return self._clerk.describe(appointment, language)

    def calendar(self, appointment: Appointment, language: Language) -> bytes:
        """The calendar file as it is now."""
        return calendar_file(
            appointment,
            self.describe(appointment, language),
            wording=self._wording,
            language=language,
            link=self.link(appointment),
            now=self._clock(),
        )

    def scanned_as(self, appointment: Appointment) -> str:
        """What the QR picture holds: the link, which any telephone opens; the bare code where there is none."""
        return self.link(appointment) or appointment.code


def calendar_name(appointment: Appointment) -> str:
    """A file name without letters that some telephone garbles."""
    return f"lich-hen-{appointment.code}.ics"


def _in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
