"""The real store, the real embeddings and a small Chroma folder, shared by the tests of the knowledge."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker

from bot.persistence.procedure_store import SqlProcedureStore
from knowledge.answerer import Answerer
from knowledge.catalogue import CatalogueForm, import_catalogue
from knowledge.embeddings import E5Embeddings
from knowledge.index import PassageIndex
from tests.conftest import Database

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).parent / "data"
SHARED = ROOT.parent / "shared" / "data"
COMPACT = DATA / "compact.jsonl"
PORTAL = DATA / "portal.jsonl"


@pytest.fixture(scope="session")
def embeddings() -> E5Embeddings:
    return E5Embeddings()


@pytest.fixture
def store(database: Database) -> SqlProcedureStore:
    """An empty store."""
    return SqlProcedureStore(async_sessionmaker(database.engine))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A small `data` folder: work permits, karaoke and dance halls among other records, with their lay questions."""
    folder = tmp_path / "content"
    for sector in ("labour", "culture", "food", "tax"):
        shutil.copytree(ROOT / "data" / "procedures" / sector, folder / "procedures" / sector)
    for path in (folder / "procedures").rglob("*exemption*.yml"):
        path.unlink()
    (folder / "lay").mkdir()
    for name in ("labour.yml", "culture.yml", "food.yml", "tax.yml"):
        shutil.copy(ROOT / "data" / "lay" / name, folder / "lay" / name)
    shutil.copytree(ROOT / "data" / "retrieval", folder / "retrieval")
    shutil.copy(ROOT / "data" / "diacritics.json", folder)
    return folder


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a filled Chroma folder is kept after the first test, so that nothing is embedded twice."""
    return tmp_path_factory.mktemp("warm") / "chroma"


@pytest.fixture
def index(tmp_path: Path, embeddings: E5Embeddings, warm: Path) -> Iterator[PassageIndex]:
    """An index of our own in `tmp_path / "chroma"`, already holding what an earlier test put there."""
    folder = tmp_path / "chroma"
    if warm.exists():
        shutil.copytree(warm, folder)
    index = PassageIndex(embeddings, folder)
    yield index
    index.close()
    if not warm.exists() and folder.exists():
        shutil.copytree(folder, warm)


@pytest.fixture
async def answerer(store: SqlProcedureStore, content: Path, index: PassageIndex, embeddings: E5Embeddings) -> Answerer:
    """An answerer that knows `content` and the small catalogue."""
    await import_catalogue(COMPACT, CatalogueForm.COMPACT, store)
    answerer = Answerer(store, content, index, embeddings)
    await answerer.refresh()
    return answerer
