"""Which procedure a question is about: one, one of several (then which question parts them), or none.

Keeps what is known up to date and hands questions to the finder, in a thread. Nothing is worded here.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.domain.procedure import Procedure

from .city import SyncReport, synchronise
from .content import traces
from .embeddings import E5Embeddings
from .finder import Finder
from .gathering import Gathering
from .index import IndexReport, IndexUnusable, PassageIndex, Progress
from .judging import Finding, Judgement, Match, Question, Verdict
from .known import Group, Known
from .ports import ProcedureStore
from .procedures import BrokenFile
from .retrieval import Retriever
from .understanding import QuestionReader

__all__ = [
    "Answerer",
    "Finding",
    "Group",
    "Judgement",
    "Match",
    "Question",
    "RefreshReport",
    "Verdict",
]

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh found. `index` is None where nothing was to be done or Chroma failed."""

    changed: bool
    procedures: int
    city: SyncReport | None = None
    broken: tuple[BrokenFile, ...] = ()
    index: IndexReport | None = None
    moved_aside: Path | None = None


class Answerer:
    """Finds procedures. Safe to call at any time: before the first `refresh` it knows nothing."""

    def __init__(
        self,
        store: ProcedureStore,
        data: Path,
        index: PassageIndex | None,
        embeddings: E5Embeddings | None,
        judgement: Judgement | None = None,
    ) -> None:
        """`data` is the folder of content. Without `index` or `embeddings` it ranks by words only."""
        self._store = store
        self._data = data
        self._embeddings = embeddings
        self._judgement = judgement or Judgement()
        self._reader = QuestionReader.load(data)
        self._gathering = Gathering(data, self._reader, index, embeddings)
        self._known: Known | None = None
        self._fingerprint: object = None
        self._refreshing = asyncio.Lock()
        self._repairing = threading.Lock()

    @property
    def size(self) -> int:
        """How many procedures are known."""
        return len(self._known.retriever.shelf.codes) if self._known else 0

    @property
    def compares_meaning(self) -> bool:
        """Whether the dense side works; without it words alone are ranked."""
        return self._known is not None and self._known.compares_meaning

    @property
    def retriever(self) -> Retriever | None:
        """What searches, for measuring it."""
        return self._known.retriever if self._known else None

    def procedure(self, code: str) -> Procedure | None:
        """The procedure of `code`, the city's record and the catalogue's made one."""
        return self._known.procedure(code) if self._known else None

    def group(self, key: str) -> Group | None:
        """The group of near-duplicates named `key`."""
        return self._known.groups.get(key) if self._known else None

    def members(self, key: str) -> tuple[str, ...]:
        """The codes of the procedures whose own group is that named `key`."""
        return self._known.members(key) if self._known else ()

    def kin(self, key: str) -> tuple[str, ...]:
        """The codes of all procedures that the question of the group named `key` may mean."""
        return tuple(self._known.kin[key].variants) if self._known and key in self._known.kin else ()

    def options(self, codes: Sequence[str], group: str | None = None) -> tuple[Procedure, ...]:
        """The procedures of `codes` in that order, unknown ones left out, told apart as in the group named `group`."""
        known = self._known
        return tuple(found for code in codes if known and (found := known.option(code, group)) is not None)

    def has_subject(self, text: str) -> bool:
        """Whether `text` names something to look up, and not only a facet ("thế còn lệ phí?")."""
        return bool(self._reader.read(text).subject)

    async def prepare(self, text: str) -> None:
        """Embed what `text` is about, the slowest part of a search, while the caller waits for something else."""
        subject = self._reader.read(text).subject
        if subject and self._embeddings is not None and self.compares_meaning:
            await asyncio.to_thread(self._embeddings.query, subject)

    async def find(self, question: Question) -> Finding:
        """Judge `question`. Never raises for what it says; a damaged index only makes it less clever."""
        return await asyncio.to_thread(self._find, question)

    async def go_on(self, question: Question, *, repeating: bool = False) -> Finding | None:
        """See `Finder.go_on`."""
        return await asyncio.to_thread(self._ask, lambda finder: finder.go_on(question, repeating=repeating))

    async def find_beside(self, question: Question) -> Finding | None:
        """See `Finder.find_beside`."""
        return await asyncio.to_thread(self._ask, lambda finder: finder.find_beside(question))

    async def refresh(self, progress: Progress | None = None, *, force: bool = False) -> RefreshReport:
        """Read everything again where it changed: the city's files, the store, the index.

        The words are ready first and used at once; the vectors follow.
        """
        async with self._refreshing:
            city = await synchronise(self._data / "procedures", self._store)
            fingerprint = (await self._store.version(), await asyncio.to_thread(traces, self._data))
            if fingerprint == self._fingerprint and not force and self._is_whole():
                return RefreshReport(False, self.size, city, city.broken)
            gathered = await asyncio.to_thread(self._gathering.gather, await self._store.all())
            if self._known is None or not self.compares_meaning:
                self._known = gathered.known
            report, moved = await asyncio.to_thread(self._gathering.index, gathered.passages, progress)
            self._known = await asyncio.to_thread(self._gathering.with_meaning, gathered.known)
            self._fingerprint = fingerprint
            return RefreshReport(True, self.size, city, (*city.broken, *gathered.broken), report, moved)

    def _is_whole(self) -> bool:
        return not self._gathering.has_meaning or self.compares_meaning

    def _find(self, question: Question) -> Finding:
        found = self._ask(lambda finder: finder.find(question))
        return found or Finding(Verdict.NOTHING, lexical_only=True)

    def _ask(self, asking: Callable[[Finder], T]) -> T | None:
        """What the finder says; None where nothing is known yet. Without Chroma it is asked again by words only."""
        known = self._known
        if known is None:
            return None
        try:
            return asking(self._finder(known))
        except IndexUnusable as error:
            log.warning("index unusable at %s: %s", error.place, error.reason)
            return asking(self._finder(self._without_meaning(known)))

    def _finder(self, known: Known) -> Finder:
        return Finder(known, self._reader, self._judgement)

    def _without_meaning(self, known: Known) -> Known:
        """Go on without Chroma until the next `refresh` has mended it."""
        with self._repairing:
            if self._known is not known:  # another search, or a refresh, was quicker
                return self._known or known
            self._fingerprint = None
            self._known = self._gathering.by_words_only(known)
            return self._known
