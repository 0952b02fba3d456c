from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.database import Database
from app.store.job_store import JobStore
from app.store.library import Library
from app.store.opening import open_database
from app.system.locks import Presence


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened, notice = open_database(tmp_path / "wordlight.db")
    assert notice is None
    yield opened
    opened.close()


@pytest.fixture
def presence(tmp_path: Path) -> Iterator[Presence]:
    shown = Presence(tmp_path / "running")
    yield shown
    shown.close()


@pytest.fixture
def library(database: Database) -> Library:
    return Library(database)


@pytest.fixture
def job_store(database: Database, presence: Presence) -> JobStore:
    return JobStore(database, presence)
