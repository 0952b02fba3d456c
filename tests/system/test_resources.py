from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.system.resources import resource_path


def test_the_source_tree_has_them_beside_the_program() -> None:
    assert resource_path("icons", "wordlight.svg").is_file()


def test_a_missing_one_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/none\.svg"):
        resource_path("icons", "none.svg")


def test_a_frozen_bundle_has_them_where_it_unpacks_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    assert resource_path("icons") == tmp_path / "resources" / "icons"
