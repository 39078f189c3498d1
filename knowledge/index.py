"""The vectors of all passages, kept in Chroma through LangChain.

Embedded below `var_dir/chroma` or on a Chroma server. What is unchanged is not embedded again; a build
that was killed goes on where it stopped; a damaged folder is moved aside and built anew. Telemetry is off.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma

from bot.domain.errors import AssistantError

from .e5.engine import Vectors
from .embeddings import E5Embeddings
from .index_probe import COLLECTION
from .passages import Passage

_BATCH = 512
_PAGE = 2_000
_PROBE_TIMEOUT = 120
"""Seconds; reading 10,000 passages takes about 3."""

Progress = Callable[[int, int], None]
"""Told how many passages of how many are in the index."""


class IndexUnusable(AssistantError):
    """Chroma cannot be opened or read; rank lexically meanwhile."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"the index at {place} is unusable: {reason}")
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an update did; `seconds` it took."""

    added: int
    removed: int
    unchanged: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Opened:
    """Chroma as LangChain sees it, for writing, and itself, for searching."""

    store: Chroma
    collection: chromadb.Collection


class PassageIndex:
    """Passages with their vectors. Its methods block: call them from a thread."""

    def __init__(self, embeddings: E5Embeddings, folder: Path, url: str | None = None) -> None:
        """`url` is that of a Chroma server; without it the index lives in `folder`. Opens nothing yet."""
        self.embeddings = embeddings
        self._folder = folder
        self._url = url
        self._opened: _Opened | None = None
        self._is_sound = False

    @property
    def place(self) -> str:
        """Where the index is, for logs."""
        return self._url or str(self._folder)

    def ids(self) -> set[str]:
        """The ids of all indexed passages. Raises `IndexUnusable`."""
        with self._reading() as opened:
            return set(opened.store.get(include=[])["ids"])

    def vectors(self) -> dict[str, Vectors]:
        """The vector of every passage, by id. Raises `IndexUnusable`."""
        found: dict[str, Vectors] = {}
        with self._reading() as opened:
            while True:
                page = opened.store.get(include=["embeddings"], limit=_PAGE, offset=len(found))
                if not page["ids"]:
                    return found
                found |= dict(zip(page["ids"], np.asarray(page["embeddings"], dtype=np.float32), strict=True))

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids of the `count` passages nearest to `vector` with their cosines, best first.

        Raises `IndexUnusable`.
        """
        with self._reading() as opened:
            # LangChain's search fetches every text as well and takes 4.4 ms, this 1.5
            found = opened.collection.query(query_embeddings=vector, n_results=count, include=["distances"])
            return [(id_, 1.0 - d) for id_, d in zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)]

    def update(self, passages: Mapping[str, Passage], progress: Progress | None = None) -> IndexReport:
        """Make the index hold exactly `passages`. Raises `IndexUnusable`.

        Only one process writes to an embedded index at a time; a second one finds the work done.
        """
        began = time.monotonic()
        with self._writing():
            self.close()  # Chroma does not notice what another process wrote, and then finds no id
            here = self.ids()
            missing = [passage for id_, passage in passages.items() if id_ not in here]
            gone = [id_ for id_ in here if id_ not in passages]
            kept = len(passages) - len(missing)
            with self._reading() as opened:
                store = opened.store
                for start in range(0, len(missing), _BATCH):
                    if progress is not None:
                        progress(kept + start, len(passages))
                    batch = missing[start : start + _BATCH]
                    store.add_texts(
                        [passage.text for passage in batch],
                        [{"code": p.code, "kind": p.kind.value, "language": p.language.value} for p in batch],
                        [passage.id for passage in batch],
                    )
                for start in range(0, len(gone), _PAGE):
                    store.delete(gone[start : start + _PAGE])
            if progress is not None:
                progress(len(passages), len(passages))
        return IndexReport(len(missing), len(gone), kept, time.monotonic() - began)

    def repair(self) -> Path | None:
        """Move a damaged embedded index aside, where it went; None for a server's, which is not ours."""
        self.close()
        self._is_sound = False
        if self._url is not None or not self._folder.exists():
            return None
        aside = self._folder.with_name(f"{self._folder.name}.damaged-{time.strftime('%Y%m%dT%H%M%S')}")
        while aside.exists():
            aside = aside.with_name(aside.name + "x")
        shutil.move(self._folder, aside)
        return aside

    def close(self) -> None:
        """Let go of Chroma; the next call opens it again."""
        self._opened = None
        if self._url is None:
            SharedSystemClient.clear_system_cache()

    def _open(self) -> _Opened:
        settings = ChromaSettings(anonymized_telemetry=False)
        if self._url is not None:
            parts = urlsplit(self._url)
            secure = parts.scheme == "https"
            port = parts.port or (443 if secure else 8000)
            client = chromadb.HttpClient(parts.hostname or "localhost", port, ssl=secure, settings=settings)
        else:
            self._probe()
            self._folder.mkdir(parents=True, exist_ok=True)
            client = chromadb.PersistentClient(self._folder, settings=settings)
        store = Chroma(
            COLLECTION,
            self.embeddings,
            client=client,
            collection_configuration={"hnsw": {"space": "cosine", "ef_search": 100}},
        )
        store.similarity_search_by_vector([1.0] + [0.0] * (self.embeddings.size - 1), k=1)
        return _Opened(store, client.get_collection(COLLECTION, embedding_function=None))

    def _probe(self) -> None:
        """Have another process read the folder first, once: a broken file may end the one that reads it."""
        if self._is_sound or not (self._folder / "chroma.sqlite3").exists():
            return
        command = [sys.executable, "-m", "knowledge.index_probe", str(self._folder)]
        root = Path(__file__).resolve().parent.parent
        probe = subprocess.run(  # noqa: S603 - our own module, our own folder
            command, capture_output=True, text=True, timeout=_PROBE_TIMEOUT, cwd=root, check=False
        )
        if probe.returncode != 0:
            last = (probe.stderr.strip().splitlines() or [""])[-1]
            raise IndexUnusable(self.place, f"its reader ended with {probe.returncode}: {last}"[:300])
        self._is_sound = True

    @contextlib.contextmanager
    def _reading(self) -> Iterator[_Opened]:
        try:
            if self._opened is None:
                self._opened = self._open()
            yield self._opened
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except IndexUnusable:
            raise
        except BaseException as error:  # the engine's panics are no `Exception`
            raise IndexUnusable(self.place, f"{type(error).__name__}: {error}"[:300]) from error

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        if self._url is not None:
            yield
            return
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        with self._folder.with_name(self._folder.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
