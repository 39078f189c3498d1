"""Learning: variants, features and the classifier, small but real, and each the same after saving."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bot.domain.vietnamese import fold

from nlu.learning.embedding import CentredEmbedding
from nlu.learning.linear import LinearIntents, joined, softmax
from nlu.learning.ngrams import Ngrams
from nlu.learning.reading import folded, masked, spelt_out, writing
from nlu.learning.recipe import Numbers, Recipe
from nlu.learning.variants import variants

TEXTS = {
    "ask_fee": ["phí bao nhiêu", "lệ phí đăng ký hết bao nhiêu tiền", "how much is the fee", "费用多少", "mất bao nhiêu tiền"],
    "ask_time": ["bao lâu thì xong", "mất mấy ngày", "how long does it take", "需要多长时间", "khi nào có kết quả"],
    "greet": ["xin chào", "chào em", "hello there", "你好", "alo ad ơi"],
}  # fmt: skip
SAID = [text for texts in TEXTS.values() for text in texts]
MEANT = [intent for intent, texts in TEXTS.items() for _ in texts]


@pytest.mark.parametrize(
    ("text", "way"),
    [("phí?", "vi"), ("phi bao nhieu", "bare"), ("how much is it", "en"), ("비용", "ko"), ("手続き", "ja"), ("费用", "zh")],
)  # fmt: skip
def test_ways_of_writing(text: str, way: str) -> None:
    assert writing(text) == way


def test_reading_spells_out_masks_digits_and_keeps_both_ends_of_a_long_story() -> None:
    assert spelt_out("Xin GPKD  cho CTY") == "xin giấy phép kinh doanh cho công ty"
    assert masked("gọi 0912345678 lúc 9h") == "gọi 0000 lúc 0h"
    assert folded("Phí 50.000đ") == "phi 00.000d"
    story = "Chào em, " + "dài dòng " * 500 + "lệ phí bao nhiêu?"
    assert len(spelt_out(story)) <= 801
    assert spelt_out(story).startswith("chào em")
    assert spelt_out(story).endswith("lệ phí bao nhiêu?")


def test_variants_are_the_same_every_time_and_hold_the_unaccented_copy() -> None:
    text = "mở quán cà phê cần giấy tờ gì"
    assert variants(text) == variants(text)
    assert fold(text) in variants(text)
    assert text not in variants(text)


@pytest.mark.parametrize("text", ["", "?", "ok", "费用多少", "비용은 얼마예요", "🙂", "a", "phí"])
def test_variants_of_odd_utterances_exist_or_not_but_never_fail(text: str) -> None:
    assert all(isinstance(copy, str) and copy for copy in variants(text))


def test_embeddings_are_centred_for_each_way_of_writing_and_of_length_one(tmp_path: Path) -> None:
    embedding = CentredEmbedding().fit(SAID)
    rows = embedding.transform([*SAID, "ko biết", ""])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    embedding.save(tmp_path)
    assert np.array_equal(CentredEmbedding.load(tmp_path).transform(SAID), embedding.transform(SAID))


def test_ngrams_see_an_utterance_and_its_unaccented_copy_as_kin(tmp_path: Path) -> None:
    ngrams = Ngrams(1).fit(SAID)
    accented, bare, other = ngrams.transform(["lệ phí bao nhiêu", "le phi bao nhieu", "xin chào"]).toarray()
    assert bare @ accented > 2 * (bare @ other)
    ngrams.save(tmp_path)
    assert abs(Ngrams.load(tmp_path).transform(SAID) - ngrams.transform(SAID)).max() < 1e-6


def test_probabilities_sum_to_one_and_survive_saving(tmp_path: Path) -> None:
    ngrams, embedding = Ngrams(1).fit(SAID), CentredEmbedding().fit(SAID)
    x = joined(ngrams.transform(SAID), embedding.transform(SAID), 2.0)
    linear = LinearIntents().fit(x, MEANT, SAID, [False] * len(SAID))
    chances = linear.probabilities(x)
    assert np.allclose(chances.sum(axis=1), 1)
    assert [linear.intents[i] for i in chances.argmax(axis=1)] == MEANT
    linear.save(tmp_path)
    assert np.allclose(LinearIntents.load(tmp_path).probabilities(x), chances, atol=1e-6)


def test_training_twice_gives_the_same_numbers() -> None:
    numbers = Numbers(fewest=1, c=0.3, dense_weight=2.0)
    one, two = (Recipe(numbers).fit(SAID, MEANT).probabilities(["het bn tien"]) for _ in range(2))
    assert np.array_equal(one, two)


def test_softmax_bears_huge_margins() -> None:
    assert np.allclose(softmax(np.array([[1e6, 0.0], [0.0, 0.0]])), [[1, 0], [0.5, 0.5]])
