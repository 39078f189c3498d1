"""Learning: variants, features and the classifier, small but real, and each the same after saving."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bot.domain.vietnamese import fold
from scipy.sparse import csr_matrix

from nlu.learning.embedding import CentredEmbedding
from nlu.learning.intents import Intents, softmax
from nlu.learning.linear import Seen
from nlu.learning.network import Network
from nlu.learning.ngrams import Ngrams
from nlu.learning.reading import folded, masked, restored, spelt_out, writing
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


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("thu tuc gpkd het bn tien", "thủ tục giấy phép kinh doanh hết bao nhiêu tiền"),
        ("What is the fee", "what is the fee"),
        ("费用 bao nhieu", "费用 bao nhieu"),
    ],
)
def test_reading_gives_diacritics_back(text: str, read: str) -> None:
    assert restored(text) == read


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


def test_an_utterance_alone_counts_like_among_others() -> None:
    ngrams = Ngrams(1).fit(SAID)
    together = ngrams.transform(SAID).toarray()
    for row, text in zip(together, SAID, strict=True):
        assert np.array_equal(ngrams.transform([text]).toarray()[0], row)
    lengths = np.linalg.norm(together, axis=1)
    assert np.allclose(lengths, 2, atol=1e-5)  # four blocks of length one


def test_probabilities_sum_to_one_and_survive_saving(tmp_path: Path) -> None:
    seen = Seen(Ngrams(1).fit(SAID).transform(SAID), CentredEmbedding().fit(SAID).transform(SAID))
    intents = Intents().fit(seen, MEANT, SAID, [False] * len(SAID))
    chances = intents.probabilities(seen)
    assert np.allclose(chances.sum(axis=1), 1)
    assert [intents.names[i] for i in chances.argmax(axis=1)] == MEANT
    intents.save(tmp_path)
    assert np.allclose(Intents.load(tmp_path).probabilities(seen), chances, atol=1e-6)


def test_the_network_learns_what_no_straight_line_tells() -> None:
    random = np.random.default_rng(0)
    points = random.uniform(-1, 1, (2_000, 2)).astype(np.float32)
    either = (points[:, 0] * points[:, 1] > 0).astype(np.int64)
    network = Network().fit(points, either, np.ones(len(points)))
    assert (network.scores(points).argmax(axis=1) == either).mean() > 0.95


def test_probabilities_are_no_boast_where_utterances_contradict() -> None:
    """Of utterances that look alike, seven of ten mean one thing: the vote says about 0.7."""
    random = np.random.default_rng(0)
    rows = 1_500
    truth = np.where(random.random(rows) < 0.7, "a", random.choice(["b", "c"], rows))
    dense = np.ones((rows, 8), np.float32) / np.sqrt(8) + random.normal(0, 0.01, (rows, 8)).astype(np.float32)
    seen = Seen(csr_matrix(np.ones((rows, 1), np.float32)), dense)
    intents = Intents().fit(seen, truth.tolist(), [str(i) for i in range(rows)], [False] * rows)
    assert abs(intents.probabilities(seen).max(axis=1).mean() - 0.7) < 0.08


def test_training_twice_gives_the_same_numbers() -> None:
    numbers = Numbers(fewest=1, c=0.3, dense_weight=2.0)
    one, two = (Recipe(numbers).fit(SAID, MEANT).probabilities(["het bn tien"]) for _ in range(2))
    assert np.array_equal(one, two)


def test_softmax_bears_huge_margins() -> None:
    assert np.allclose(softmax(np.array([[1e6, 0.0], [0.0, 0.0]])), [[1, 0], [0.5, 0.5]])
