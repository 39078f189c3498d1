"""Which procedure a question is about: one, one of several (then which question parts them), or none.

Keeps what is known up to date and hands questions to the search and the judgement. Nothing is worded here.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from bot.domain.procedure import Language, Procedure, Text

from .acts import Act
from .city import SyncReport, synchronise
from .city_rules import read_city_rules, with_city_rules
from .continuing import Titles, parted
from .embeddings import E5Embeddings
from .index import IndexReport, IndexUnusable, PassageIndex, Progress
from .judging import OPTIONS, Finding, Judgement, Kin, Match, Question, Verdict, judge
from .kinship import Family, read_families, with_families
from .passages import Passage, passages, read_elsewhere
from .ports import ProcedureStore
from .procedures import BrokenFile, GroupData, LayData, read_groups, read_lay
from .records import by_code
from .retrieval import Retriever
from .shelf import Shelf
from .understanding import QuestionReader, tokens
from .weights import Weights

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

ENOUGH = 0.3
"""Share of the best candidate's probability that one must have which does what was asked."""


@dataclass(frozen=True, slots=True)
class Group:
    """Near-duplicate procedures: what they are together, and the question that parts them.

    `question` is None where nobody wrote one: ask which `title` is meant.
    """

    key: str
    title: Text
    question: Text | None = None


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh found. `index` is None where nothing was to be done or Chroma failed."""

    changed: bool
    procedures: int
    city: SyncReport | None = None
    broken: tuple[BrokenFile, ...] = ()
    index: IndexReport | None = None
    moved_aside: Path | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """All that a question is answered from, replaced as a whole."""

    retriever: Retriever
    groups: Mapping[str, Group]
    kin: Mapping[str, Kin]
    titles: Titles


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
        self._index = index
        self._embeddings = embeddings
        self._judgement = judgement or Judgement()
        self._reader = QuestionReader.load(data)
        self._rules = read_city_rules(data / "city_rules.yml")
        self._weights = Weights.load(data / "retrieval" / "weights.json")
        self._elsewhere = read_elsewhere(data / "retrieval" / "elsewhere.yml")
        self._known: _Known | None = None
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
        return self._known is not None and self._known.retriever.shelf.has_vectors

    @property
    def retriever(self) -> Retriever | None:
        """What searches, for measuring it."""
        return self._known.retriever if self._known else None

    def procedure(self, code: str) -> Procedure | None:
        """The procedure of `code`, the city's record and the catalogue's made one."""
        return self._known.retriever.shelf.procedures.get(code) if self._known else None

    def group(self, key: str) -> Group | None:
        """The group of near-duplicates named `key`."""
        return self._known.groups.get(key) if self._known else None

    def members(self, key: str) -> tuple[str, ...]:
        """The codes of the procedures in the group named `key`."""
        return self._known.kin[key].codes if self._known and key in self._known.kin else ()

    def options(self, codes: Sequence[str]) -> tuple[Procedure, ...]:
        """The procedures of `codes` in that order, unknown ones left out."""
        return tuple(found for code in codes if (found := self.procedure(code)) is not None)

    def has_subject(self, text: str) -> bool:
        """Whether `text` names something to look up, and not only a facet ("thế còn lệ phí?")."""
        return bool(self._reader.read(text).subject)

    async def go_on(self, question: Question) -> Finding | None:
        """The judgement on a question that names only what is to be done to the procedure spoken of.

        None for any other question, and where nothing was spoken of.
        """
        return await asyncio.to_thread(self._go_on, question)

    async def find_beside(self, question: Question) -> Finding | None:
        """The judgement on a question that names only another object ("còn chi nhánh?") than that spoken of.

        None where no procedure does the same to it.
        """
        return await asyncio.to_thread(self._find_beside, question)

    async def prepare(self, text: str) -> None:
        """Embed what `text` is about, the slowest part of a search, while the caller waits for something else."""
        subject = self._reader.read(text).subject
        if subject and self._embeddings is not None and self.compares_meaning:
            await asyncio.to_thread(self._embeddings.query, subject)

    async def find(self, question: Question) -> Finding:
        """Judge `question`. Never raises for what it says; a damaged index only makes it less clever."""
        return await asyncio.to_thread(self._find, question)

    async def refresh(self, progress: Progress | None = None, *, force: bool = False) -> RefreshReport:
        """Read everything again where it changed: the city's files, the store, the index.

        The words are ready first and used at once; the vectors follow.
        """
        async with self._refreshing:
            city = await synchronise(self._data / "procedures", self._store)
            fingerprint = (await self._store.version(), await asyncio.to_thread(self._files))
            if fingerprint == self._fingerprint and not force and self._is_whole():
                return RefreshReport(False, self.size, city, city.broken)
            broken, lay, groups, families = await asyncio.to_thread(self._read_data)
            known = with_families(by_code(await self._store.all()), families)
            procedures = with_city_rules(known, self._rules, datetime.now(UTC).date())
            names = {key: group.title for key, group in groups.items()}
            wanted = await asyncio.to_thread(passages, procedures.values(), lay, self._reader, self._elsewhere, names)
            kin = _kin(procedures, groups)
            titles = await asyncio.to_thread(Titles, procedures, self._reader.acts)
            shelf = await asyncio.to_thread(Shelf, procedures, wanted.values(), self._reader.acts)
            if self._known is None or not self.compares_meaning:
                self._known = _Known(Retriever(shelf, self._reader, self._weights, None, None), groups, kin, titles)
            report, moved = await asyncio.to_thread(self._index_passages, wanted, progress)
            whole = await asyncio.to_thread(self._with_vectors, shelf)
            bare = Retriever(shelf, self._reader, self._weights, None, None)
            self._known = _Known(whole or bare, groups, kin, titles)
            self._fingerprint = fingerprint
            return RefreshReport(True, len(procedures), city, (*city.broken, *broken), report, moved)

    def _is_whole(self) -> bool:
        return self._index is None or self._embeddings is None or self.compares_meaning

    def _files(self) -> tuple[tuple[str, int, int], ...]:
        """What tells whether a data file changed: path, time of change in ns, size."""
        return tuple(
            (str(path), path.stat().st_mtime_ns, path.stat().st_size)
            for folder in ("procedures", "lay", "groups")
            for path in sorted((self._data / folder).rglob("*.yml"))
        )

    def _read_data(self) -> tuple[list[BrokenFile], dict[str, LayData], dict[str, Group], list[Family]]:
        broken: list[BrokenFile] = []
        lay: dict[str, LayData] = {}
        for found in read_lay(self._data / "lay"):
            if isinstance(found, BrokenFile):
                broken.append(found)
            else:
                lay[found[0]] = found[1]
        try:
            groups = read_groups(self._data / "procedures")
        except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
            broken.append(BrokenFile(self._data / "procedures" / "groups.yml", str(error)[:300]))
            groups = {}
        families: list[Family] = []
        for family in read_families(self._data / "groups"):
            if isinstance(family, BrokenFile):
                broken.append(family)
            else:
                families.append(family)
        found_groups = {family.key: Group(family.key, Text(family.name)) for family in families}
        return broken, lay, found_groups | {key: _group(key, data) for key, data in groups.items()}, families

    def _index_passages(
        self, wanted: Mapping[str, Passage], progress: Progress | None
    ) -> tuple[IndexReport | None, Path | None]:
        """Bring the index up to date; a damaged one is moved aside and built anew, once."""
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

    def _with_vectors(self, shelf: Shelf) -> Retriever | None:
        if self._index is None or self._embeddings is None:
            return None
        try:
            vectors = self._index.vectors()
        except IndexUnusable as error:
            log.warning("index unusable at %s: %s", error.place, error.reason)
            return None
        return Retriever(shelf.with_vectors(vectors), self._reader, self._weights, self._embeddings, self._index)

    def _find(self, question: Question) -> Finding:
        known = self._known
        if known is None:
            return Finding(Verdict.NOTHING, lexical_only=True)
        understood = self._reader.read(question.text)
        subject = understood.subject
        current = self.procedure(question.subject) if question.subject else None
        if not subject:
            return self._about_current(known, current)
        also = (current.code,) if current else ()
        try:
            ranking = known.retriever.search(understood, question.language, also=also)
        except IndexUnusable as error:
            log.warning("index unusable at %s: %s", error.place, error.reason)
            known = self._by_words_only(known)
            ranking = known.retriever.search(understood, question.language, also=also)
        finding = judge(subject, ranking, known.retriever.shelf, known.kin, question, self._judgement)
        if understood.elsewhere:  # other provinces have their own offices, fees and forms
            return replace(finding, verdict=Verdict.NOTHING, candidates=finding.candidates[:2], group=None, options=())
        return finding

    def _go_on(self, question: Question) -> Finding | None:
        known, current = self._known, self.procedure(question.subject) if question.subject else None
        if known is None or current is None:
            return None
        understood = self._reader.read(question.text)
        if not understood.only_acts:
            return None
        acts = understood.acts
        family = self.members(current.group) if current.group else ()
        codes = known.titles.siblings(current, acts, family, understood.text)
        if (current.code in codes and len(codes) > 1) or (not codes and known.titles.covers(current, acts)):
            codes = [current.code]
        if not codes:
            words = f"{understood.subject or understood.text} {parted(current.title.vi)[1]}"
            return self._doing(acts, replace(question, text=words, subject=None)) or Finding(
                Verdict.NOTHING, (Match(current, 0.0, {}),)
            )
        matches = tuple(Match(procedure, 1 / len(codes), {}) for procedure in self.options(codes[:OPTIONS]))
        if len(matches) == 1:
            return Finding(Verdict.ANSWER, matches)
        return Finding(Verdict.ASK_WHICH, matches, None, tuple(match.procedure.code for match in matches))

    def _find_beside(self, question: Question) -> Finding | None:
        known, current = self._known, self.procedure(question.subject) if question.subject else None
        subject = self._reader.read(question.text).subject
        if known is None or current is None or not subject:
            return None
        acts = known.titles.acts_of(current.code)
        head = parted(current.title.vi)[0] if question.language is Language.VI else ""
        words = f"{head or self._reader.acts.first_word(acts, question.language)} {subject}"
        return self._doing(acts, replace(question, text=words, subject=None))

    def _doing(self, acts: frozenset[Act], question: Question) -> Finding | None:
        """What is found for `question` among the procedures that do `acts`; None where that is nothing."""
        known = self._known
        if known is None:
            return None
        finding = self._find(question)
        if finding.verdict is Verdict.NOTHING:
            return None
        codes = [match.procedure.code for match in finding.candidates]
        kept = tuple(m for m in finding.candidates if known.titles.does(m.procedure.code, acts))
        if not kept or kept[0].score < ENOUGH * finding.candidates[0].score:
            return None
        if finding.verdict is Verdict.ANSWER or len(kept) == 1 or kept[1].score < self._judgement.close * kept[0].score:
            return replace(finding, verdict=Verdict.ANSWER, candidates=kept, group=None, options=())
        options = tuple(c for c in finding.options if c not in codes or known.titles.does(c, acts))
        return replace(finding, candidates=kept, options=options)

    def _about_current(self, known: _Known, current: Procedure | None) -> Finding:
        """A question with no subject of its own is about the procedure last spoken of."""
        lexical_only = not known.retriever.shelf.has_vectors
        if current is None:
            return Finding(Verdict.NOTHING, lexical_only=lexical_only)
        match = Match(current, 1.0, {})
        return Finding(Verdict.ANSWER, (match,), lexical_only=lexical_only)

    def _by_words_only(self, known: _Known) -> _Known:
        """Go on without Chroma until the next `refresh` has mended it."""
        bare = known.retriever.shelf.without_vectors()
        with self._repairing:
            if self._known is not known:  # another search, or a refresh, was quicker
                return self._known or known
            self._fingerprint = None
        replaced = replace(known, retriever=Retriever(bare, self._reader, self._weights, None, None))
        self._known = replaced
        return replaced


def _kin(procedures: Mapping[str, Procedure], groups: Mapping[str, Group]) -> dict[str, Kin]:
    codes: dict[str, list[str]] = {}
    for code, procedure in procedures.items():
        if procedure.group in groups:
            codes.setdefault(procedure.group or "", []).append(code)
    return {
        key: Kin(tuple(members), frozenset(word for title in _texts(groups[key].title) for word in tokens(title)))
        for key, members in codes.items()
        if len(members) > 1
    }


def _texts(text: Text) -> list[str]:
    return [found for language in Language if (found := text.within(language)) is not None]


def _group(key: str, data: GroupData) -> Group:
    return Group(key, data.title.to_domain(), data.question.to_domain())
