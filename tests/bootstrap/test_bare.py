from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.bootstrap.bare import SavedWindow


def test_the_window_comes_back_as_it_was_and_keeps_what_a_newer_one_noted(
    tmp_path: Path,
) -> None:
    file = tmp_path / "window.json"
    file.write_text(json.dumps({"geometry": "old", "middle": "#fff", "zoom": 1.5}))
    saved = SavedWindow("new", "#000", "#111")
    saved.save(tmp_path)
    assert SavedWindow.read(tmp_path) == saved
    assert json.loads(file.read_text())["zoom"] == 1.5


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000])
def test_a_file_that_makes_no_sense_gives_the_usual_window_and_is_replaced(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "window.json").write_text(text)
    assert SavedWindow.read(tmp_path) == SavedWindow()
    SavedWindow("new").save(tmp_path)
    assert SavedWindow.read(tmp_path) == SavedWindow("new")
