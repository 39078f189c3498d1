"""Rows kept in runs, those of one owner after those of another: the rows of several owners at once.

With `reduceat` on what they hold this replaces a loop over owners, which took a tenth of a search.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
Held = npt.NDArray[np.bool_]


def rows_of(bounds: Places, places: Places) -> tuple[Places, Places, Held]:
    """The rows of all `places`, where place p has those from `bounds[p]` to before `bounds[p + 1]`.

    Gives the rows one run after another, where each run begins among them, and which of `places` have any rows: the
    others have no run.
    """
    counts = bounds[places + 1] - bounds[places]
    held: Held = counts > 0
    counts = counts[held]
    ends = np.cumsum(counts)
    begins: Places = ends - counts
    rows: Places = np.repeat(bounds[places[held]] - begins, counts) + np.arange(counts.sum())
    return rows, begins, held
