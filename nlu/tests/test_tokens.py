"""Tokens: what stays whole, what is cut, and offsets that hold in either Unicode form."""

from __future__ import annotations

import unicodedata

import pytest

from nlu.learning.tokens import tokens_of


def _words(text: str) -> list[str]:
    return [word for word, _, _ in tokens_of(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mở quán cà phê, cần giấy tờ gì?", ["Mở", "quán", "cà", "phê", "cần", "giấy", "tờ", "gì"]),
        ("vốn 1.500.000,5 đồng", ["vốn", "1.500.000,5", "đồng"]),
        ("gọi 0912 345 678 nhé", ["gọi", "0912 345 678", "nhé"]),
        ("+84 225-3842-123", ["+84 225-3842-123"]),
        ("hồ sơ H24.12-251124-0001 đâu", ["hồ", "sơ", "H24.12-251124-0001", "đâu"]),
        ("000.00.12.H24-251124-0001", ["000.00.12.H24-251124-0001"]),
        ("gửi a.b@dn.vn hoặc https://dvc.vn/x?y=1", ["gửi", "a.b@dn.vn", "hoặc", "https://dvc.vn/x?y=1"]),
        ("500k với 3D", ["500k", "với", "3D"]),
        ("开公司要多少钱", list("开公司要多少钱")),
        ("会社を作る", list("会社を作る")),
        ("회사 설립 비용", ["회사", "설립", "비용"]),
        ("FDI公司 và 회사ABC", ["FDI", "公", "司", "và", "회사", "ABC"]),
        ("🙂🙂", ["🙂🙂"]),
        ("?!", ["?!"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert _words(text) == words


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_offsets_are_those_of_the_text_as_typed_and_words_are_composed(form: str) -> None:
    text = unicodedata.normalize(form, "Đường Hải Phòng, số 12 ở đâu")
    composed = ["Đường", "Hải", "Phòng", "số", "12", "ở", "đâu"]
    assert [word for word, _, _ in tokens_of(text)] == [unicodedata.normalize("NFC", word) for word in composed]
    for word, start, end in tokens_of(text):
        assert unicodedata.normalize("NFC", text[start:end]) == word
