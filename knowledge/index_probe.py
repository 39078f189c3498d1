"""Reads all of an embedded Chroma folder, to be run as a process of its own: `python -m knowledge.index_probe FOLDER`.

Chroma's engine trusts its files: a broken vector file ends the whole process by a segmentation fault. It
must not be the process that answers. Exit status 0 says that everything was read and searched.
"""

from __future__ import annotations

import sys
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings

COLLECTION = "passages-v1"
_PAGE = 2_000
_SEARCHES = 100


def look_through(folder: Path) -> int:
    """Read every passage of the index in `folder` and search for some; how many there are. Raises anything."""
    client = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
    if COLLECTION not in {collection.name for collection in client.list_collections()}:
        return 0
    collection = client.get_collection(COLLECTION, embedding_function=None)
    seen = 0
    while True:
        page = collection.get(include=["embeddings", "metadatas", "documents"], limit=_PAGE, offset=seen)
        if not page["ids"]:
            return seen
        seen += len(page["ids"])
        vectors = np.asarray(page["embeddings"], dtype=np.float32)
        some = vectors[:: max(1, len(vectors) // _SEARCHES)]
        collection.query(query_embeddings=some, n_results=min(10, seen))


if __name__ == "__main__":
    sys.stdout.write(f"{look_through(Path(sys.argv[1]))}\n")
