"""When: the day and the hour a contact means, read from Vietnamese as people type it.

`read(text, at)` gives a `Reading`; `at` is the moment of writing, read in Vietnam's time. Pure code on the
standard library, never raises, about a fifth of a millisecond a sentence. Measured by `tests/bench/when.py`
on `data/evaluation/when.yml` and `when_chats.yml`. Other languages are read elsewhere (`bot/when.py`).

What is not written is null: an hour alone has no date, "sáng mai" has no hour. The conventions:

Days
- "ngày kia" and "mốt" are two days on, "ngày kìa" three. A weekday alone or with "tới" is the next one after
  today, so "thứ 5" on a Thursday is a week on; with "này" it may be today; with "tuần sau", "tuần tới" or "sau"
  it is that day of the week after this one. Weeks begin on Monday.
- A day of the month that has passed is next month's, a day and month that has passed is next year's. A day
  written out beside a weekday wins; `conflicting` tells that the two do not agree.
- "mùng 5" is of the solar calendar, as offices use it, unless the lunar one is named: âm, ta, Tết, Giêng, Chạp.
  "rằm" is always lunar. The lunar calendar is Vietnam's (UTC+7).
- "sau Tết" is the sixth day of the first lunar month, when offices are open again. After any other day it is the
  day after. "trước" a day is a range from today to the day before.

Ranges, `date` to `range_end`, both included, never beginning before today unless they are wholly past
- "tuần sau" is Monday to Sunday, its beginning (đầu) Monday and Tuesday, its middle (giữa) Wednesday and
  Thursday, its end (cuối tuần) Saturday and Sunday. A month's beginning, middle and end are its days 1 to 10,
  11 to 20, and 21 to the last. "đầu năm" is January, "giữa năm" June, "cuối năm" December.
- A choice ("thứ 5 hoặc thứ 6") is the range from the first to the last.

Hours
- Hours 1 to 6 with no part of the day are afternoon, since offices are closed at night; "05:30" means what it says.
- `part` is morning, noon, afternoon or evening where the text says so; two different ones cancel out. "đầu giờ"
  and "cuối giờ" are in `edge`. The end of a span of hours is in `until`.

Choosing: what is corrected ("à không", "ý em là", "đổi sang") or refused ("không phải", "trừ", "bận") gives way,
and what is not repeated stays: "9h mai, ý em là 10h" is tomorrow at ten. Days refused are in `excluding`. Lengths
("3 ngày làm việc"), dates of laws and papers, addresses, money, codes and telephone numbers are no dates.
"""

from __future__ import annotations

from .choosing import read
from .reading import Edge, Part, Reading

__all__ = ["Edge", "Part", "Reading", "read"]
