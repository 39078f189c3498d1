"""Why something could not be done, as a key of the console's wording and its facts."""

from __future__ import annotations

from bot.domain.booking.errors import AppointmentOver, BookingError, OpeningFull, OpeningGone, UnknownAppointment
from bot.domain.booking.visiting import (
    CannotReturn,
    NoMoreRecalls,
    NotConfirmed,
    UnknownVisit,
    VisitChanged,
    VisitError,
    WrongCounter,
    WrongDay,
    WrongDepartment,
)


def explain(error: BookingError | VisitError) -> tuple[str, dict[str, object]]:
    """The sentence for an official: what is the matter, and what to do."""
    match error:
        case UnknownAppointment():
            return "desk_unknown_code", {"code": error.code}
        case WrongDay():
            return "desk_wrong_day", {"code": error.code, "when": error.starts_at}
        case WrongDepartment():
            return "desk_wrong_department", {"code": error.code, "department": error.department}
        case NotConfirmed():
            return "desk_not_confirmed", {"code": error.code}
        case AppointmentOver():
            return f"desk_over_{error.state}", {"code": error.code}
        case CannotReturn():
            return "desk_cannot_return", {}
        case VisitChanged():
            return f"desk_changed_{error.state}", {"number": error.number}
        case NoMoreRecalls():
            return "desk_no_more_recalls", {"number": error.number}
        case WrongCounter():
            return "desk_wrong_counter", {}
        case UnknownVisit():
            return "desk_unknown_visit", {}
        case OpeningFull():
            return "desk_full", {}
        case OpeningGone():
            return f"desk_gone_{error.why.value}", {}
        case _:
            return "desk_not_done", {}
