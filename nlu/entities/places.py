"""Places: the city's wards of today, its wards and districts of before July 2025, and how people name them.

Read from `data/directory/wards.yml`. A ward's value is its key there; a former ward's are its heirs' keys, all of
them where it was divided or where several shared a name; a former district's is its name folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from bot.domain.vietnamese import fold

Names = dict[str, dict[str, list[str]]]
"""Kind, value, sayings."""

_DISTRICT = ("quận", "q", "huyện", "h")  # one became the other now and then
_PREFIXES = {
    "phường": ("phường", "p"),
    "xã": ("xã", "x"),
    "đặc khu": ("đặc khu", "huyện đảo", "huyện", "đảo"),
    "thị trấn": ("thị trấn", "tt"),
    "quận": _DISTRICT,
    "huyện": _DISTRICT,
    "thành phố": ("thành phố", *_DISTRICT),
    "thị xã": ("thị xã", "tx", *_DISTRICT),
}
_ENGLISH = {"phường": "ward", "xã": "commune", "quận": "district", "huyện": "district"}
AT = ("ở", "tại", "bên", "dưới")
"""Words after which a name alone is a place; without one it may be a person or a street."""
_ELSEWHERE = frozenset({"hải dương", "hà nam", "hà đông", "hà tây", "hòa bình", "hà bắc", "tân an"})
"""Names that mean another province, town or district when said alone."""
_KIND = re.compile("|".join(sorted(_PREFIXES, key=len, reverse=True)), re.IGNORECASE)


def places(file: Path) -> Names:
    """Every saying of every place. Raises `OSError`, `yaml.YAMLError`, `KeyError`."""
    wards = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    today: dict[str, set[str]] = {}
    former: dict[str, set[str]] = {}
    districts: dict[str, set[str]] = {}
    for key, ward in wards.items():
        for said in (*_sayings(f"{ward['kind']} {ward['name']}"), *_alone(ward["name"])):
            today.setdefault(said, set()).add(key)
        for district, units in ward.get("was", {}).items():
            for said in (*_sayings(district), *_alone(_KIND.sub("", district, 1).strip())):
                districts.setdefault(said, set()).add(fold(_KIND.sub("", district, 1).strip()).replace(" ", "_"))
            for unit in units:
                for said in (*_sayings(unit), *_alone(_KIND.sub("", unit, 1).strip())):
                    former.setdefault(said, set()).add(key)
    return {
        "ward": _by_value(today),
        "former_ward": _by_value({said: keys for said, keys in former.items() if said not in today}),
        "former_district": _by_value({s: v for s, v in districts.items() if s not in today and s not in former}),
    }


def _sayings(full: str) -> Iterator[str]:
    kind = _KIND.match(full)
    if kind is None:
        return
    name = full[kind.end() :].strip().lower()
    for prefix in _PREFIXES[kind[0].lower()]:
        yield f"{prefix} {name}"
    if (english := _ENGLISH.get(kind[0].lower())) is not None:
        yield f"{name} {english}"


def _alone(name: str) -> Iterator[str]:
    if name.lower() not in _ELSEWHERE and " " in name:
        yield from (f"{word} {name.lower()}" for word in AT)


def _by_value(sayings: dict[str, set[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for said, keys in sayings.items():
        found.setdefault(",".join(sorted(keys)), []).append(said)
    return found
