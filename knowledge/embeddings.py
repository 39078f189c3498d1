"""Sentence embeddings: multilingual-e5-small behind LangChain's `Embeddings`.

The weights come with a package, nothing is fetched. A question takes 6 ms and other threads run meanwhile: call it
from a thread, never on the event loop.
"""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.embeddings import Embeddings

from .e5.engine import SIZE, Engine, Vectors

_LONGEST = 1_000
"""Characters of a passage that are embedded; the model reads 512 tokens, the rest would only cost time."""
_LONGEST_QUERY = 300
"""Characters of a question: what it is about is said by then, and 1,000 more would cost 0.2 s."""


_REMEMBERED = 2_048
"""Questions whose vector is kept: the buttons' example questions, and one embedded ahead of its search."""


class E5Embeddings(Embeddings):
    """Vectors of 384 numbers of length 1; the prefixes for queries and passages are the model's own."""

    size = SIZE

    def __init__(self) -> None:
        self._engine = Engine()
        self._asked: dict[str, Vectors] = {}

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, to be found.

        Embedded as questions are: that is what most of them are, and right first rose by 0.01 to 0.03.
        """
        return self._engine.queries([text[:_LONGEST] for text in texts])

    def query(self, text: str) -> Vectors:
        """The vector of a text that searches."""
        known = self._asked.get(text)
        if known is None:
            known = self._engine.queries([text[:_LONGEST_QUERY]])[0]
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
