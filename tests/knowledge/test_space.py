"""The space of meanings: what parts questions about one procedure counts less than what parts procedures."""

from __future__ import annotations

import numpy as np

from knowledge.e5.engine import Vectors
from knowledge.passages import Tongue
from knowledge.space import ELSEWHERE, Space, unit

SIZE = 384
EACH = 12
COUNT = 60


def made(noise: float = 6.0) -> tuple[Vectors, list[int], Vectors, Vectors]:
    """Rows of procedures that differ by a weak signal and, within each, along loud directions; fresh questions too."""
    chance = np.random.default_rng(5)
    signals = chance.normal(size=(COUNT, SIZE)).astype(np.float32)
    loud = np.zeros(SIZE, dtype=np.float32)
    loud[:40] = noise
    owners = [place for place in range(COUNT) for _ in range(EACH)]
    rows = signals[owners] + chance.normal(size=(COUNT * EACH, SIZE)) * (0.3 + loud)
    asked = signals + chance.normal(size=(COUNT, SIZE)) * (0.3 + loud)
    return rows.astype(np.float32), owners, asked.astype(np.float32), signals


def test_questions_are_found_behind_the_noise_that_plain_nearness_drowns_in() -> None:
    rows, owners, asked, _ = made()
    space = Space(rows, owners, [Tongue.VI] * len(rows), [False] * len(rows), COUNT)
    places = np.arange(COUNT)
    found = [int(np.argmax(space.nearness(space.place(q, Tongue.VI), places)[2])) for q in asked]
    plain = [owners[int(np.argmax(unit(rows) @ unit(q[None])[0]))] for q in asked]
    assert sum(a == b for a, b in enumerate(found)) > 0.9 * COUNT
    assert sum(a == b for a, b in enumerate(plain)) < 0.8 * COUNT


def test_the_nearest_procedures_hold_the_right_one() -> None:
    rows, owners, asked, _ = made(0.5)
    space = Space(rows, owners, [Tongue.VI] * len(rows), [False] * len(rows), COUNT)
    held = [place in space.nearest(space.place(q, Tongue.VI), 5) for place, q in enumerate(asked)]
    assert sum(held) > 0.95 * COUNT


def test_a_procedure_without_a_single_vector_is_merely_far() -> None:
    rows, owners, asked, _ = made()
    space = Space(rows, owners, [Tongue.VI] * len(rows), [i % EACH == 0 for i in range(len(rows))], COUNT + 1)
    nearest, title, middle = space.nearness(space.place(asked[3], Tongue.VI), np.array([3, COUNT]))
    assert nearest[0] > 0
    assert (nearest[1], title[1], middle[1]) == (0, 0, 0)
    assert nearest[0] >= title[0]


def test_what_belongs_to_no_procedure_is_kept_apart() -> None:
    rows, owners, asked, _ = made()
    away = np.vstack([rows, asked[:1]])
    space = Space(away, [*owners, ELSEWHERE], [Tongue.VI] * len(away), [False] * len(away), COUNT)
    assert len(space) == len(rows)
    assert space.nearness_elsewhere(space.place(asked[0], Tongue.VI)) > 0.999


def test_a_handful_of_passages_is_enough_to_start_with() -> None:
    rows = np.eye(3, SIZE, dtype=np.float32)
    space = Space(rows, [0, 1, 2], [Tongue.VI, Tongue.EN, Tongue.KO], [True] * 3, 3)
    assert int(np.argmax(space.nearness(space.place(rows[1], Tongue.EN), np.arange(3))[0])) == 1
