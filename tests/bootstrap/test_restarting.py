from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.bootstrap.restarting import start_once_more


def test_a_program_that_is_not_there_any_more_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "removed"))
    problem = start_once_more()
    assert problem is not None
    assert "could not be restarted (No such file" in problem.fill()
