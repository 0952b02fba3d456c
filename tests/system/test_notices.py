from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.system.notices import notices


def test_from_source_the_packages_tell_their_terms() -> None:
    told = notices()

    assert told.startswith("wordlight ")
    for name in ("httpx", "PySide6_Essentials", "numpy"):
        assert f"\n{name} " in told
    assert "Permission is hereby granted" in told


def test_a_bundle_brings_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "NOTICES.txt").write_text("Qt 6.11.3 „LGPL“", "utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    assert notices() == "Qt 6.11.3 „LGPL“"
