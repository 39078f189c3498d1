"""The vectors in a real Chroma: built once, resumed, mended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.domain.procedure import Language
from knowledge.e5.engine import Vectors
from knowledge.embeddings import E5Embeddings
from knowledge.index import IndexUnusable, PassageIndex
from knowledge.passages import Kind, Passage

TEXTS = ("mở quán cà phê", "gia hạn giấy phép lao động", "đăng ký mã số thuế", "giải thể công ty")


def passages(texts: tuple[str, ...] = TEXTS) -> dict[str, Passage]:
    found = [Passage(f"9.{i:06}", Kind.QUESTION, Language.VI, text) for i, text in enumerate(texts)]
    return {passage.id: passage for passage in found}


@pytest.fixture
def index(tmp_path: Path, embeddings: E5Embeddings) -> PassageIndex:
    """An empty index."""
    return PassageIndex(embeddings, tmp_path / "chroma")


def test_the_nearest_passage_is_found(index: PassageIndex, embeddings: E5Embeddings) -> None:
    wanted = passages()
    index.update(wanted)
    (best, cosine), *_ = index.nearest(embeddings.query("kéo dài work permit"), 4)
    assert wanted[best].text == "gia hạn giấy phép lao động"
    assert 0.5 < cosine <= 1.0


def test_only_what_changed_is_embedded_again(index: PassageIndex) -> None:
    first = index.update(passages())
    again = index.update(passages())
    fewer = index.update(passages((*TEXTS[:3], "đăng ký nội quy lao động")))
    assert (first.added, first.unchanged) == (4, 0)
    assert (again.added, again.removed, again.unchanged) == (0, 0, 4)
    assert (fewer.added, fewer.removed, fewer.unchanged) == (1, 1, 3)
    assert set(index.vectors()) == set(passages((*TEXTS[:3], "đăng ký nội quy lao động")))


def test_the_index_is_still_there_after_a_restart(
    index: PassageIndex, embeddings: E5Embeddings, tmp_path: Path
) -> None:
    index.update(passages())
    index.close()
    assert PassageIndex(embeddings, tmp_path / "chroma").ids() == set(passages())


def _build(folder: Path, count: int) -> None:
    PassageIndex(E5Embeddings(), folder).update(_many(count))


def _many(count: int) -> dict[str, Passage]:
    return passages(tuple(f"giấy phép số {i}" for i in range(count)))


def test_a_build_that_was_killed_goes_on_where_it_stopped(tmp_path: Path, embeddings: E5Embeddings) -> None:
    folder = tmp_path / "chroma"
    builder = multiprocessing.get_context("spawn").Process(target=_build, args=(folder, 2_000))
    builder.start()
    index = PassageIndex(embeddings, folder)
    deadline = time.monotonic() + 300
    indexed = 0
    while indexed == 0 and time.monotonic() < deadline:
        time.sleep(0.3)
        if (folder / "chroma.sqlite3").exists():
            try:
                indexed = len(index.ids())
            except IndexUnusable:  # the other process is making its tables just now
                index.close()
    assert builder.pid is not None
    os.kill(builder.pid, signal.SIGKILL)
    builder.join()
    index.close()
    before = index.ids()
    assert 0 < len(before) < 2_000
    wanted = dict(list(_many(2_000).items())[: len(before) + 10]) | {
        id_: passage for id_, passage in _many(2_000).items() if id_ in before
    }
    report = index.update(wanted)
    assert report.unchanged == len(before)
    assert index.ids() == set(wanted)


def test_what_another_process_indexed_is_seen_after_an_update(
    index: PassageIndex, embeddings: E5Embeddings, tmp_path: Path
) -> None:
    index.update(_many(5))
    assert len(index.nearest(embeddings.query("giấy phép"), 20)) == 5
    other = multiprocessing.get_context("spawn").Process(target=_build, args=(tmp_path / "chroma", 9))
    other.start()
    other.join()
    assert index.update(_many(9)).added == 0
    assert len(index.vectors()) == 9
    assert len(index.nearest(embeddings.query("giấy phép"), 20)) == 9


@pytest.mark.parametrize("damage", ["garbage", "cut", "middle", "unread pages"])
def test_a_damaged_folder_is_noticed_and_can_be_moved_aside(index: PassageIndex, damage: str) -> None:
    index.update(passages())
    index.close()
    file = Path(index.place) / "chroma.sqlite3"
    content = file.read_bytes()
    spoiled = {
        "garbage": b"\x00garbage" * 5_000,
        "cut": content[: len(content) // 2],
        "unread pages": b"".join(
            b"\xff" * 4_096 if number > 10 and number % 3 == 0 and page else page
            for number, page in enumerate(content[i : i + 4_096] for i in range(0, len(content), 4_096))
        ),
        "middle": content[:8_192] + b"\xff" * 60_000 + content[68_192:],
    }
    file.write_bytes(spoiled[damage])
    with pytest.raises(IndexUnusable):
        index.ids()
    aside = index.repair()
    assert aside is not None
    assert (aside / "chroma.sqlite3").exists()
    assert index.update(passages()).added == 4


class QuickEmbeddings(E5Embeddings):
    """Vectors without meaning, at once."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.random.default_rng(len(texts)).normal(size=(len(texts), self.size)).astype(np.float32)


@pytest.mark.parametrize("name", ["data_level0.bin", "header.bin", "index_metadata.pickle"])
def test_a_vector_file_that_would_end_the_process_is_noticed(tmp_path: Path, name: str) -> None:
    """Chroma 1.5 dies of the first two by a segmentation fault; it writes them from 1,000 passages on."""
    folder = tmp_path / "chroma"
    quick = QuickEmbeddings()
    PassageIndex(quick, folder).update(_many(1_200))
    (file,) = folder.glob(f"*/{name}")
    size = file.stat().st_size
    if name == "header.bin":
        os.truncate(file, size // 2)
    else:
        file.write_bytes(os.urandom(size))
    index = PassageIndex(quick, folder)
    with pytest.raises(IndexUnusable):
        index.ids()
    assert index.repair() is not None
    assert index.update(_many(10)).added == 10


def test_a_server_that_is_away_is_unusable_and_nothing_is_moved(tmp_path: Path, embeddings: E5Embeddings) -> None:
    index = PassageIndex(embeddings, tmp_path / "chroma", "http://127.0.0.1:9")
    with pytest.raises(IndexUnusable):
        index.ids()
    assert index.repair() is None
