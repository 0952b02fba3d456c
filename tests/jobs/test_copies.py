from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.options import TranscriptionOptions
from app.jobs.copies import save_copy
from app.store.audio_links import AudioLink
from app.store.library import Library
from app.store.opening import open_database
from tests.support.builders import transcript


def test_a_copy_lies_beside_the_library_and_is_known(tmp_path: Path) -> None:
    database, _ = open_database(tmp_path / "wordlight.db")
    library = Library(database)
    source = tmp_path / "Talk.WAV"
    source.write_bytes(b"sound" * 1000)
    transcript_id = library.add(
        transcript((None, "a b")),
        name="Talk",
        options=TranscriptionOptions(),
        link=AudioLink(str(source)),
        now_ms=1,
    )
    copy = save_copy(library, tmp_path / "copies", transcript_id, source)
    assert copy == tmp_path / "copies" / f"{transcript_id}.wav"
    assert copy.read_bytes() == source.read_bytes()
    assert library.load(transcript_id).copy_path == str(copy)
    source.unlink()
    with pytest.raises(StorageError):
        save_copy(library, tmp_path / "copies", transcript_id, source)
    assert [one.name for one in (tmp_path / "copies").iterdir()] == [copy.name]
    database.close()
