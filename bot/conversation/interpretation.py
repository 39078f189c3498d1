"""What the NLU understood of one utterance."""

from __future__ import annotations

from dataclasses import dataclass

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the utterance that means something: `value` is normalised, `start`..`end` index `text`."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Interpretation:
    """An utterance with its intent, every intent's probability (best first) and its entities.

    `degraded` says that the NLU did not answer and nothing below is known.
    """

    text: str
    intent: str | None
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    degraded: bool = False

    def probability(self, *intents: str) -> float:
        """The summed probability of `intents`."""
        return sum(p for name, p in self.ranking if name in intents)


def unheard(text: str) -> Interpretation:
    """The interpretation of an utterance while the NLU is away."""
    return Interpretation(text=text, intent=None, confidence=0.0, degraded=True)
