"""Diacritics given back: what the neighbours tell, what must not be touched, and how well on real utterances."""

from __future__ import annotations

import json
import time
import unicodedata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diacritics import Restorer
from bot.domain.vietnamese import fold, is_folded
from bot.settings import ROOT

SENTENCES = [
    "thủ tục cấp giấy phép lao động",
    "phí bao nhiêu",
    "pha cà phê",
    "mở quán cà phê ở Hải Phòng",
    "quản lý khu kinh tế",
    "quán ăn ngon",
    "an ninh trật tự",
    "hoà giải, thuỷ sản",
    "bán hàng online cần gì",
    "quý khách",
]
SMALL = Restorer.learn(SENTENCES)
STORED = Restorer.from_json(json.loads((ROOT / "data" / "diacritics.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thu tuc cap giay phep lao dong", "thủ tục cấp giấy phép lao động"),
        ("mo quan ca phe", "mở quán cà phê"),
        ("quan ly khu kinh te", "quản lý khu kinh tế"),
        ("THU TUC o Hai Phong?", "THỦ TỤC ở Hải Phòng?"),
        ("quán ca phe", "quán cà phê"),
        ("an ninh trat tu", "an ninh trật tự"),
        ("hoa giai, thuy san", "hòa giải, thủy sản"),
        ("quy khach", "quý khách"),
    ],
)
def test_the_neighbours_tell_which_word_was_meant(typed: str, meant: str) -> None:
    assert SMALL.restore(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục cấp phép",
        "an ninh trật tự",
        "what documents do I need for thu tuc",
        "GTGT xyz",
        "A7K2M9, 15/2026/TT-BTC",
        "0912 345 678",
        "费用多少",
        "하이퐁",
        "",
        "  ",
        "🙂",
    ],
)
def test_left_alone(text: str) -> None:
    assert SMALL.restore(text) == text


def test_decomposed_text_comes_back_composed() -> None:
    assert SMALL.restore(unicodedata.normalize("NFD", "thủ tuc")) == "thủ tục"


def test_a_model_that_learnt_nothing_changes_nothing() -> None:
    assert Restorer.learn([]).restore("thu tuc") == "thu tuc"


def test_a_stored_model_reads_like_the_learnt_one() -> None:
    again = Restorer.from_json(json.loads(json.dumps(SMALL.to_json())))
    assert again.to_json() == SMALL.to_json()
    assert again.restore("mo quan ca phe") == "mở quán cà phê"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.text("thu tucapepộ. 12Đ", max_size=60))
def test_only_marks_change_and_the_length_never_does(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    restored = STORED.restore(text)
    assert len(restored) == len(composed)
    assert fold(restored) == fold(composed)


def _accented_utterances() -> list[str]:
    entries = yaml.safe_load((ROOT / "data" / "evaluation" / "routing.yml").read_text(encoding="utf-8"))
    return [e["text"] for e in entries if e["language"] == "vi" and not is_folded(e["text"])]


def test_nineteen_of_twenty_syllables_of_real_utterances_come_back() -> None:
    right = words = 0
    for text in _accented_utterances():
        meant, restored = text.lower().split(), STORED.restore(fold(text)).split()
        words += len(meant)
        right += sum(a == b for a, b in zip(meant, restored, strict=True))
    assert words > 1000
    assert right / words >= 0.94


def test_text_with_its_marks_is_hardly_ever_changed() -> None:
    texts = _accented_utterances()
    changed = [text for text in texts if STORED.restore(text) != unicodedata.normalize("NFC", text)]
    assert len(changed) / len(texts) <= 0.03, changed


def test_twenty_words_take_less_than_a_millisecond() -> None:
    text = "toi muon mo quan ca phe o hai phong thi can nhung giay to gi va nop o dau a"
    began = time.thread_time()  # of the processor: others may have it meanwhile
    for _ in range(50):
        STORED.restore(text)
    assert (time.thread_time() - began) / 50 < 0.001
