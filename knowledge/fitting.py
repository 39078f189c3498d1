"""Fits the weights of the evidence: `python -m knowledge.fitting --catalogue FILE` writes data/retrieval/weights.json.

Every lay question is searched for in an index that lacks it (five folds); for an eighth of the procedures all their
lay questions are missing, as they are for records that nobody has written any for yet. Questions that are not ours
(`data/retrieval/elsewhere.yml`, the out-of-scope utterances of `data/nlu`) stand for "none". Nothing of
`data/evaluation` is read.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml
from scipy.optimize import minimize

from bot.domain.procedure import Language, Procedure, Text
from bot.domain.vietnamese import fold, is_folded

from .catalogue import CatalogueForm, read_catalogue
from .e5.engine import Vectors
from .embeddings import E5Embeddings
from .kinship import Family, read_families, with_families
from .passages import Kind, Passage, Tongue, passages, read_elsewhere, tongue
from .procedures import BrokenFile, read_groups, read_lay, read_procedures
from .records import by_code
from .retrieval import typed
from .shelf import Asked, Shelf
from .understanding import QuestionReader, tokens
from .weights import AGAINST, SIGNS, Against, Matrix, Scales, Sign, Typed, Weights

Numbers = npt.NDArray[np.float64]

FOLDS = 5
BARE_SHARE = 1 / 8
MOST = 18_000
"""Questions that are fitted on."""
STIFFNESS = 1e-3
"""L2 on the weights."""
FOREIGN_WEIGHT = 3.0
"""How much more one that is not ours counts: there are few of them."""
ASKED_FOR_MOST = 0.5
"""Not fitted, since lay questions are as many for every record. Contacts ask most for the records that the city wrote
itself, and for the first issue of a licence rather than for its reissue or change."""
_EITHER_WAY = frozenset({Sign.ALWAYS, Sign.BARE, Sign.OPERATION_UNSAID, Sign.OPERATION_MISSED})
"""All other signs speak for a procedure or not at all: what speaks against it in these data is their accident."""
_DENSE = frozenset({Sign.NEAREST, Sign.TITLE_NEARNESS, Sign.MIDDLE, Sign.FIRST_IN_MEANING})


@dataclass(frozen=True, slots=True)
class Posed:
    """A question with the evidence for its candidates; `right` are the rows that answer it, none if not ours."""

    kind: Typed
    evidence: Matrix
    against: tuple[float, ...]
    right: tuple[int, ...]
    weight: float


class Content:
    """What there is to index, and the vectors of every text, embedded once and kept in `folder`."""

    def __init__(self, data: Path, catalogue: Path | None, folder: Path) -> None:
        own = [p for p in read_procedures(data / "procedures") if not isinstance(p, BrokenFile)]
        listed = [p for _, p in read_catalogue(catalogue, CatalogueForm.COMPACT)] if catalogue else []
        known = by_code([*own, *(p for p in listed if isinstance(p, Procedure))])
        families = [family for family in read_families(data / "groups") if isinstance(family, Family)]
        self.procedures = with_families(known, families)
        self.lay = dict(entry for entry in read_lay(data / "lay") if not isinstance(entry, BrokenFile))
        self.reader = QuestionReader.load(data)
        self.elsewhere = read_elsewhere(data / "retrieval" / "elsewhere.yml")
        self.titles = {family.key: Text(family.name) for family in families}
        self.titles |= {key: group.title.to_domain() for key, group in read_groups(data / "procedures").items()}
        english = {word for entry in self.lay.values() for text in entry.en for word in tokens(text)}
        vietnamese = {word for entry in self.lay.values() for text in entry.vi for word in tokens(text)}
        self._english, self._vietnamese = english - vietnamese, vietnamese - english
        self._embeddings = E5Embeddings()
        self._file = folder / "fitting-vectors.npz"
        self._known: dict[str, Vectors] = {}
        if self._file.exists():
            with np.load(self._file) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["rows"].astype(np.float32), strict=True))

    def vectors(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """The vector of each text."""
        wanted = {text: hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts}
        new = [text for text, key in wanted.items() if key not in self._known]
        for start in range(0, len(new), 2048):
            part = new[start : start + 2048]
            rows = self._embeddings.passages(part)
            self._known |= dict(zip((wanted[text] for text in part), rows, strict=True))
            _say(f"embedded {start + len(part)} of {len(new)}")
        if len(new) > 100:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            rows16 = np.array(list(self._known.values()), dtype=np.float16)
            np.savez(self._file, keys=np.array(list(self._known)), rows=rows16)
        return {text: self._known[key] for text, key in wanted.items()}

    def language(self, text: str) -> Language:
        """The language of an utterance that carries no note of it, told by letters and by the words of our own."""
        its = tongue(text, Language.VI)
        if its is not Tongue.FOLDED:
            return Language(its.value)
        words = set(tokens(text))
        return Language.EN if len(words & self._english) > len(words & self._vietnamese) else Language.VI

    def passages(self) -> dict[str, Passage]:
        """Everything that is indexed."""
        return passages(self.procedures.values(), self.lay, self.reader, self.elsewhere, self.titles)


def pose(content: Content, foreign: Sequence[str], seed: int = 0) -> Iterator[Posed]:
    """Every question with its evidence, fold after fold."""
    chance = random.Random(seed)
    everything = content.passages()
    asked = _questions(content)
    found = content.vectors([p.text for p in everything.values()])
    vectors = {id_: found[p.text] for id_, p in everything.items()}
    queries = content.vectors(
        {content.reader.read(text).subject or text for _, _, text in asked}
        | {content.reader.read(text).subject or text for text in foreign}
    )
    twins = _twins(content.procedures)
    chosen = chance.sample(asked, min(len(asked), MOST))
    for part in range(FOLDS):
        bare = {code for code in content.lay if chance.random() < BARE_SHARE}
        mine = [each for number, each in enumerate(chosen) if number % FOLDS == part]
        away = [text for number, text in enumerate(foreign) if number % FOLDS == part]
        hidden = {content.reader.subject_of(text) for _, _, text in mine}
        hidden_away = {content.reader.subject_of(text) for text in away}
        kept = {
            id_: p
            for id_, p in everything.items()
            if p.kind in (Kind.TITLE, Kind.OVERVIEW)
            or (p.kind is Kind.QUESTION and p.code not in bare and p.text not in hidden)
            or (p.kind is Kind.ELSEWHERE and p.text not in hidden_away)
        }
        shelf = Shelf(content.procedures, kept.values(), content.reader.operations, vectors)
        for code, language, text in mine:
            yield from _posed(content, shelf, text, language, queries, twins.get(code, {code}), 1.0)
        for text in away:
            yield from _posed(content, shelf, text, content.language(text), queries, set(), FOREIGN_WEIGHT)
        _say(f"fold {part + 1} of {FOLDS}: {len(mine)} questions, {len(away)} that are not ours")


def fit(posed: Sequence[Posed], *, words_only: bool = False) -> Scales:
    """The weights that make the right candidates most probable."""
    unused = [sign is Sign.CITY or (words_only and sign in _DENSE) for sign in SIGNS]
    bounds = [
        (0, 0) if not_used else (None, None) if sign in _EITHER_WAY else (0, None)
        for sign, not_used in zip(SIGNS, unused, strict=True)
    ]
    bounds += [(0, 0) if words_only and each is Against.NEAREST else (0, None) for each in AGAINST]
    rows = np.vstack([each.evidence for each in posed]).astype(np.float64)
    counts = np.array([len(each.evidence) for each in posed])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    against = np.array([each.against for each in posed], dtype=np.float64)
    right = np.zeros(len(rows))
    for start, each in zip(starts, posed, strict=True):
        right[[start + row for row in each.right]] = 1
    ours = np.array([bool(each.right) for each in posed])
    weight = np.array([each.weight for each in posed])

    def loss(values: Numbers) -> tuple[float, Numbers]:
        scores = rows @ values[: len(SIGNS)]
        none = against @ values[len(SIGNS) :]
        highest = np.maximum(np.maximum.reduceat(scores, starts), none)
        powers = np.exp(scores - np.repeat(highest, counts))
        nothing = np.exp(none - highest)
        whole = np.add.reduceat(powers, starts) + nothing
        good = np.where(ours, np.add.reduceat(powers * right, starts), nothing)
        share = powers / np.repeat(whole, counts)
        target = powers * right / np.repeat(np.maximum(good, 1e-12), counts) * np.repeat(ours, counts)
        error = (share - target) * np.repeat(weight, counts)
        slope = np.concatenate([rows.T @ error, against.T @ ((nothing / whole - ~ours) * weight)]) / weight.sum()
        value = float((weight * (np.log(whole) - np.log(np.maximum(good, 1e-12)))).sum() / weight.sum())
        return value + STIFFNESS * float(values @ values), slope + 2 * STIFFNESS * values

    start = np.zeros(len(SIGNS) + len(AGAINST))
    found = (
        minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x.round(3).tolist()
    )
    return Scales(
        signs=_as_asked(dict(zip(SIGNS, found[: len(SIGNS)], strict=True))),
        against=dict(zip(AGAINST, found[len(SIGNS) :], strict=True)),
    )


def _as_asked(signs: dict[Sign, float]) -> dict[Sign, float]:
    unsaid = signs[Sign.OPERATION_UNSAID] - ASKED_FOR_MOST
    return signs | {Sign.CITY: ASKED_FOR_MOST, Sign.OPERATION_UNSAID: round(unsaid, 3)}


def right_first(scales: Scales, posed: Sequence[Posed]) -> float:
    """The share of questions of ours whose likeliest candidate is right."""
    ours = [each for each in posed if each.right]
    hits = [int(np.argmax(scales.probabilities(each.evidence, each.against))) in each.right for each in ours]
    return sum(hits) / (len(hits) or 1)


def _questions(content: Content) -> list[tuple[str, Language, str]]:
    found = []
    for code, entry in content.lay.items():
        if code in content.procedures:
            found += [(code, Language.VI, text) for text in (*entry.vi, *entry.folded)]
            for language in (Language.EN, Language.KO, Language.ZH, Language.JA):
                found += [(code, language, text) for text in getattr(entry, language.value)]
    return found


def _posed(
    content: Content,
    shelf: Shelf,
    text: str,
    language: Language,
    queries: Mapping[str, Vectors],
    right: set[str],
    weight: float,
) -> Iterator[Posed]:
    understood = content.reader.read(text)
    subject = understood.subject or text
    asked = Asked.of(subject, understood.operations, shelf.point(queries[subject], tongue(subject, language)))
    codes, evidence = shelf.weighed(asked)
    rows = tuple(row for row, code in enumerate(codes) if code in right)
    if codes and (rows or not right):  # one that is no candidate teaches nothing
        yield Posed(typed(understood, language), evidence, shelf.against(asked), rows, weight)


def _twins(procedures: Mapping[str, Procedure]) -> dict[str, set[str]]:
    """By code, the codes of all procedures with the same title."""
    by_title: dict[str, set[str]] = {}
    for code, procedure in procedures.items():
        by_title.setdefault(" ".join(tokens(procedure.title.vi)), set()).add(code)
    return {code: codes for codes in by_title.values() for code in codes}


def _out_of_scope(folder: Path) -> list[str]:
    """The utterances of `data/nlu` that are none of our business."""
    found: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu", []):
            if block.get("intent") == "out_of_scope":
                found += [line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")]
    return found


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> None:
    """Fit, print what counts, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path, required=True, help="the whole catalogue, compact form")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--folder", type=Path, default=Path("var"), help="where vectors are kept")
    given = parser.parse_args()
    content = Content(given.data, given.catalogue, given.folder)
    foreign = [*content.elsewhere, *_out_of_scope(given.data / "nlu")]
    foreign += [fold(text) for text in foreign if not is_folded(text)]
    posed = list(pose(content, foreign))
    whole, words_only = {}, {}
    for kind in Typed:
        own = [each for each in posed if each.kind is kind]
        whole[kind] = fit(own)
        words_only[kind] = fit(own, words_only=True)
        _say(
            f"{kind}: {len(own)} questions, right first {right_first(whole[kind], own):.3f}, "
            f"by words alone {right_first(words_only[kind], own):.3f}"
        )
    path = given.data / "retrieval" / "weights.json"
    path.write_text(Weights(whole=whole, words_only=words_only).model_dump_json(indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
