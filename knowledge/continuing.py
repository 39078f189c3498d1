"""Going on from the procedure spoken of: "bị mất thì sao?", "what about the renewal?", "注销呢？".

Such a question names only what is to be done; what it is done to was said before. Searching for its few words would
find whatever procedure has them in its title, so the siblings of the procedure spoken of are looked at instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import log

from bot.domain.procedure import Procedure

from .operations import Operation, OperationReader
from .understanding import tokens

_HEAD = re.compile(
    r"^(thủ tục |thông báo |xin |cho phép |đăng ký |cấp mới |cấp lại |cấp đổi |cấp |gia hạn |điều chỉnh |thay đổi |"
    r"sửa đổi |bổ sung |chấm dứt hoạt động |chấm dứt |thành lập |tạm ngừng |xác nhận |chấp thuận |công nhận |"
    r"thẩm định |[,/] ?|và )+",
    re.IGNORECASE,
)
SAME_OBJECT = 0.6
"""Share of the words (weighed by how rare they are) that two titles must have in common to speak of one thing."""
MANY = 5
"""More than so many siblings cannot be asked about: what is meant must be searched for."""
AS_NEAR = 0.9
"""Siblings at least this near, beside the nearest, may be meant as well."""


class Titles:
    """What the titles of procedures speak of, apart from what is done to it."""

    def __init__(self, procedures: Mapping[str, Procedure], operations: OperationReader) -> None:
        self._operations = operations
        self._padded = {code: f" {' '.join(tokens(each.title.vi))} " for code, each in procedures.items()}
        self._of = {code: operations.of_title(procedure.title.vi) for code, procedure in procedures.items()}
        self._objects = {
            code: frozenset(tokens(operations.without_operations(procedure.title.vi)))
            for code, procedure in procedures.items()
        }
        count = Counter(word for words in self._objects.values() for word in words)
        self._rarity = {word: log(1 + len(procedures) / times) for word, times in count.items()}
        self._fields: dict[str, list[str]] = {}
        for code, procedure in procedures.items():
            self._fields.setdefault(procedure.sector, []).append(code)
        self._holding: dict[str, list[str]] = {}
        for code, words in self._objects.items():
            for word in words:
                self._holding.setdefault(word, []).append(code)

    def siblings(
        self, procedure: Procedure, operations: frozenset[Operation], family: Sequence[str], text: str
    ) -> list[str]:
        """Codes of the procedures that do one of `operations` to what `procedure` is about, nearest first.

        Those of its own `family` are taken without comparing titles; after it come those whose titles speak of the
        same thing, then those of its field. Where titles have pairs of words of `text`, those with the most come alone.
        """
        mine = self._objects.get(procedure.code, frozenset())
        found = [code for code in family if self.does(code, operations)] or self._alike(mine, operations)
        if not found:
            found = [code for code in self._fields.get(procedure.sector, ()) if self.does(code, operations)]
        asked = [f" {a} {b} " for a, b in pairwise(tokens(text))]
        shared = {code: sum(pair in self._padded[code] for pair in asked) for code in found}
        most = max(shared.values(), default=0)
        best = [code for code in found if shared[code] == most] if most else found
        nearest = self._nearest(mine, best)
        return nearest if len(nearest) <= MANY else []

    def _alike(self, mine: frozenset[str], operations: frozenset[Operation]) -> list[str]:
        rarest = sorted(mine, key=lambda word: len(self._holding.get(word, ())))[:3]
        others = {code for word in rarest for code in self._holding.get(word, ())}
        found = (code for code in others if self.does(code, operations))
        return [code for code in found if self._likeness(mine, self._objects[code]) >= SAME_OBJECT]

    def covers(self, procedure: Procedure, operations: frozenset[Operation]) -> bool:
        """Whether the title of `procedure` itself names one of `operations`, alone or beside others."""
        return bool(self._operations.named_in(procedure.title.vi) & operations)

    def speaks_of(self, procedure: Procedure, words: frozenset[str]) -> bool:
        """Whether all of `words`, folded, are of the title of `procedure`."""
        return all(f" {word} " in self._padded[procedure.code] for word in words)

    def does(self, code: str, operations: frozenset[Operation]) -> bool:
        """Whether the procedure of `code` is for one of `operations`; for a first issue where there are none."""
        does = self._of.get(code, frozenset())
        return bool(does & operations) if operations else not does

    def operations_of(self, code: str) -> frozenset[Operation]:
        """What the procedure of `code` does; nothing for a first issue."""
        return self._of.get(code, frozenset())

    def _nearest(self, mine: frozenset[str], codes: Sequence[str]) -> list[str]:
        near = {code: self._likeness(mine, self._objects[code]) for code in codes}
        ordered = sorted(codes, key=lambda code: (-near[code], code))
        return [code for code in ordered if near[code] >= AS_NEAR * near[ordered[0]]]

    def _likeness(self, mine: frozenset[str], other: frozenset[str]) -> float:
        whole = self._weight(mine | other)
        return self._weight(mine & other) / whole if whole else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._rarity.get(word, 0.0) for word in words)


def parted(title: str) -> tuple[str, str]:
    """What a title says is done, and to what: "Đăng ký thành lập", "công ty cổ phần"."""
    head = _HEAD.match(title)
    return (head.group().strip(), title[head.end() :]) if head else ("", title)
