"""Gathering what is known: records and content made into something to search, and the index brought up to date."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.procedure import Procedure

from .city_rules import read_city_rules, with_city_rules
from .content import Content, read_content
from .continuing import Titles
from .embeddings import E5Embeddings
from .index import IndexReport, IndexUnusable, PassageIndex, Progress
from .kinship import with_families
from .known import Known, kin_of
from .passages import Passage, passages, read_elsewhere
from .procedures import BrokenFile
from .records import by_code
from .retrieval import Retriever
from .shelf import Shelf
from .understanding import QuestionReader
from .weights import Weights

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known by its words only, the passages it is to be found by, and the files that could not be used."""

    known: Known
    passages: Mapping[str, Passage]
    broken: tuple[BrokenFile, ...]


class Gathering:
    """Makes what is known. Its methods block, the longest for minutes: call them from a thread."""

    def __init__(
        self, data: Path, reader: QuestionReader, index: PassageIndex | None, embeddings: E5Embeddings | None
    ) -> None:
        """Raises `OSError`, `yaml.YAMLError`, `ValidationError` where the lists below `data` cannot be used."""
        self._data = data
        self._reader = reader
        self._index = index
        self._embeddings = embeddings
        self._rules = read_city_rules(data / "city_rules.yml")
        self._weights = Weights.load(data / "retrieval" / "weights.json")
        self._elsewhere = read_elsewhere(data / "retrieval" / "elsewhere.yml")

    @property
    def has_meaning(self) -> bool:
        """Whether there is anything to compare meaning with."""
        return self._index is not None and self._embeddings is not None

    def gather(self, records: list[Procedure]) -> Gathered:
        """What `records` and the content say, to be searched by words."""
        content = read_content(self._data)
        joined = with_families(by_code(records), content.families)
        procedures = with_city_rules(joined, self._rules, datetime.now(UTC).date())
        wanted = self._passages(procedures, content)
        shelf = Shelf(procedures, wanted.values(), self._reader.operations)
        titles = Titles(procedures, self._reader.operations)
        bare = Retriever(shelf, self._reader, self._weights, None, None)
        known = Known(bare, content.groups, kin_of(procedures, content.groups, content.families), titles)
        return Gathered(known, wanted, content.broken)

    def index(self, wanted: Mapping[str, Passage], progress: Progress | None) -> tuple[IndexReport | None, Path | None]:
        """Bring the index up to date; a damaged one is moved aside and built anew, once. Gives where it went."""
        if self._index is None or self._embeddings is None:
            return None, None
        moved: Path | None = None
        for again in (False, True):
            try:
                return self._index.update(wanted, progress), moved
            except IndexUnusable as error:
                log.warning("index unusable at %s: %s", error.place, error.reason)
                if not again:
                    moved = self._index.repair()
        return None, moved

    def with_meaning(self, known: Known) -> Known:
        """`known` with the vectors of the index; as it is where there are none."""
        if self._index is None or self._embeddings is None:
            return known
        try:
            vectors = self._index.vectors()
        except IndexUnusable as error:
            log.warning("index unusable at %s: %s", error.place, error.reason)
            return known
        shelf = known.retriever.shelf.with_vectors(vectors)
        whole = Retriever(shelf, self._reader, self._weights, self._embeddings, self._index)
        return replace(known, retriever=whole)

    def by_words_only(self, known: Known) -> Known:
        """`known` without vectors, for when Chroma fails."""
        bare = known.retriever.shelf.without_vectors()
        return replace(known, retriever=Retriever(bare, self._reader, self._weights, None, None))

    def _passages(self, procedures: Mapping[str, Procedure], content: Content) -> dict[str, Passage]:
        names = {key: group.title for key, group in content.groups.items()}
        return passages(procedures.values(), content.lay, self._reader, self._elsewhere, names)
