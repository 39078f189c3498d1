"""The engine: texts in, vectors out. Safe to call from several threads at once.

The graph is drawn once from the installed weights (1.5 s) and kept in the cache folder, named by what it was
drawn from, for both environments and all later starts (0.2 s).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .tokens import Tokenizer
from .weights import packed_file, read_weights

Vectors = NDArray[np.float32]

SIZE = 384
MOST_TOKENS = 512
_FORM = "2"
"""Of the graph; a change of `graph.py` counts it up."""
_LAST = ("vector",)
_VIEWS = ("layer7", "layer9", "vector")  # the names `graph.py` gives its outputs
_TOKENS_AT_ONCE = 1024
_SAMPLE = 1 << 20


def cache_folder() -> Path:
    """Where drawn graphs are kept: below `XDG_CACHE_HOME`, else `~/.cache`."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "cung-thanh-cong" / "embedding"


class Engine:
    """Vectors of 384 numbers of length 1. `folder` keeps the graph. Raises `WeightsUnusable`."""

    def __init__(self, folder: Path | None = None) -> None:
        packed = packed_file()
        weights = read_weights(packed)
        self._tokenizer = Tokenizer(weights.vocabulary)
        graph = (folder or cache_folder()) / f"e5-{_digest(packed)}.onnx"
        if not graph.exists():
            from .graph import encoder  # needs onnx, 0.3 s to import: only when there is something to draw

            graph.parent.mkdir(parents=True, exist_ok=True)
            half = graph.with_suffix(f".{os.getpid()}")
            half.write_bytes(encoder(weights).SerializeToString())
            half.replace(graph)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a question is too short to share; many are shared out below
        options.inter_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """One row for each text that searches."""
        return self._encode([f"query: {text}" for text in texts], _LAST)[:, 0]

    def views(self, texts: Sequence[str]) -> Vectors:
        """(n, 3, 384): each text that asks as two middle layers and the last one see it, each view of length 1."""
        views = self._encode([f"query: {text}" for text in texts], _VIEWS)
        lengths: Vectors = np.linalg.norm(views, axis=2, keepdims=True)
        return views / lengths

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text that is to be found."""
        return self._encode([f"passage: {text}" for text in texts], _LAST)[:, 0]

    def _encode(self, texts: Sequence[str], outputs: Sequence[str]) -> Vectors:
        """(texts, outputs, 384)."""
        tokens = [self._tokenizer.tokens(text, MOST_TOKENS) for text in texts]
        rows = np.empty((len(texts), len(outputs), SIZE), dtype=np.float32)
        parts = list(_of_one_length(tokens))
        if len(parts) == 1:
            rows[parts[0]] = self._run([tokens[i] for i in parts[0]], outputs)
            return rows
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            found = threads.map(lambda part: self._run([tokens[i] for i in part], outputs), parts)
            for part, vectors in zip(parts, found, strict=True):
                rows[part] = vectors
        return rows

    def _run(self, tokens: list[list[int]], outputs: Sequence[str]) -> Vectors:
        ids = np.array(tokens, dtype=np.int64)
        position = np.broadcast_to(np.arange(ids.shape[1], dtype=np.int64), ids.shape)
        found = self._session.run(list(outputs), {"ids": ids, "position": np.ascontiguousarray(position)})
        return np.stack(found, axis=1)


def _of_one_length(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Places of texts with equally many tokens, in portions: so nothing needs to be filled up or masked."""
    by_length: dict[int, list[int]] = {}
    for place, text in enumerate(tokens):
        by_length.setdefault(len(text), []).append(place)
    for length, places in by_length.items():
        portion = max(1, _TOKENS_AT_ONCE // length)
        yield from (places[i : i + portion] for i in range(0, len(places), portion))


def _digest(packed: Path) -> str:
    """Of the graph's form and the weights: their size and first and last bytes tell releases apart."""
    digest = hashlib.sha256(f"{_FORM} {packed.stat().st_size}".encode())
    with packed.open("rb") as file:
        digest.update(file.read(_SAMPLE))
        file.seek(-_SAMPLE, os.SEEK_END)
        digest.update(file.read())
    return digest.hexdigest()[:16]
