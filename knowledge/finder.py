"""Finding what one question is about, alone or going on from the procedure spoken of, in what is known now. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.procedure import Language, Procedure

from .continuing import parted
from .judging import OPTIONS, Finding, Judgement, Match, Question, Verdict, judge
from .known import Known
from .operations import Operation
from .understanding import QuestionReader

ENOUGH = 0.3
"""Share of the best candidate's probability that one must have which does what was asked."""


class Finder:
    """Finds in `known`. Its methods block for some milliseconds and raise `IndexUnusable` when Chroma fails."""

    def __init__(self, known: Known, reader: QuestionReader, judgement: Judgement) -> None:
        self._known = known
        self._reader = reader
        self._judgement = judgement

    def find(self, question: Question) -> Finding:
        """The judgement on a question."""
        known = self._known
        understood = self._reader.read(question.text)
        current = known.procedure(question.subject)
        if not understood.subject:
            return self._about(current)
        ranking = known.retriever.search(understood, question.language, also=(current.code,) if current else ())
        shelf = known.retriever.shelf
        finding = judge(understood.subject, ranking, shelf, known.kin, question, self._judgement)
        if understood.elsewhere:  # other provinces have their own offices, fees and forms
            return replace(finding, verdict=Verdict.NOTHING, candidates=finding.candidates[:2], group=None, options=())
        return finding

    def go_on(self, question: Question, *, repeating: bool = False) -> Finding | None:
        """The judgement on a question that names only what is to be done to the procedure spoken of.

        With `repeating` it may also name that procedure again, in words of its title ("đóng chi nhánh thì sao?").
        None for any other question, and where nothing was spoken of.
        """
        known, current = self._known, self._known.procedure(question.subject)
        if current is None:
            return None
        understood = self._reader.read(question.text)
        repeats = repeating and understood.operations and known.titles.speaks_of(current, understood.beside)
        if not understood.only_operations and not repeats:
            return None
        wanted = understood.operations
        codes = known.titles.siblings(current, wanted, known.members(current.group), understood.text)
        if (current.code in codes and len(codes) > 1) or (not codes and known.titles.covers(current, wanted)):
            codes = [current.code]
        if not codes:
            words = f"{understood.subject or understood.text} {parted(current.title.vi)[1]}"
            found = self._doing(wanted, replace(question, text=words, subject=None))
            return found or Finding(Verdict.NOTHING, (Match(current, 0.0, {}),))
        procedures = [each for code in codes[:OPTIONS] if (each := known.procedure(code)) is not None]
        matches = tuple(Match(procedure, 1 / len(codes), {}) for procedure in procedures)
        if len(matches) == 1:
            return Finding(Verdict.ANSWER, matches)
        return Finding(Verdict.ASK_WHICH, matches, None, tuple(match.procedure.code for match in matches))

    def find_beside(self, question: Question) -> Finding | None:
        """The judgement on a question that names only another object ("còn chi nhánh?") than that spoken of.

        None where no procedure does the same to it.
        """
        current = self._known.procedure(question.subject)
        subject = self._reader.read(question.text).subject
        if current is None or not subject:
            return None
        wanted = self._known.titles.operations_of(current.code)
        head = parted(current.title.vi)[0] if question.language is Language.VI else ""
        words = f"{head or self._reader.operations.first_word(wanted, question.language)} {subject}"
        return self._doing(wanted, replace(question, text=words, subject=None))

    def _doing(self, wanted: frozenset[Operation], question: Question) -> Finding | None:
        """What is found for `question` among the procedures that do `wanted`; None where that is nothing."""
        titles = self._known.titles
        finding = self.find(question)
        if finding.verdict is Verdict.NOTHING:
            return None
        codes = [match.procedure.code for match in finding.candidates]
        kept = tuple(m for m in finding.candidates if titles.does(m.procedure.code, wanted))
        if not kept or kept[0].score < ENOUGH * finding.candidates[0].score:
            return None
        if finding.verdict is Verdict.ANSWER or len(kept) == 1 or kept[1].score < self._judgement.close * kept[0].score:
            return replace(finding, verdict=Verdict.ANSWER, candidates=kept, group=None, options=())
        options = tuple(c for c in finding.options if c not in codes or titles.does(c, wanted))
        return replace(finding, candidates=kept, options=options)

    def _about(self, current: Procedure | None) -> Finding:
        """A question with no subject of its own is about the procedure last spoken of."""
        lexical_only = not self._known.compares_meaning
        if current is None:
            return Finding(Verdict.NOTHING, lexical_only=lexical_only)
        return Finding(Verdict.ANSWER, (Match(current, 1.0, {}),), lexical_only=lexical_only)
