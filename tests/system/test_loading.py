"""Modules that are loaded once they are needed."""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from app.system.loading import load_modules, loading

SLOW = """
import threading
who = threading.current_thread()
meant = []
"""


async def test_it_is_imported_in_another_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "needed_late.py").write_text(SLOW, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    await load_modules("needed_late")
    assert sys.modules["needed_late"].who is not threading.current_thread()


async def test_who_comes_meanwhile_waits_until_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f"import time\nlast = time.monotonic() + 0.2\n{_SPIN}\nis_whole = True\n"
    (tmp_path / "needed_by_two.py").write_text(content, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    whole: list[bool] = []

    async def need() -> None:
        await load_modules("needed_by_two")
        whole.append(hasattr(sys.modules["needed_by_two"], "is_whole"))

    first = asyncio.ensure_future(need())
    while "needed_by_two" not in sys.modules:  # noqa: ASYNC110 - another thread is importing it
        await asyncio.sleep(0)
    await asyncio.gather(first, need())
    assert whole == [True, True]


async def test_what_is_not_there_is_said() -> None:
    with pytest.raises(ImportError):
        await load_modules("nobody.wrote.this")


_SPIN = "while time.monotonic() < last:\n    time.sleep(0.01)"


@pytest.mark.parametrize("is_program", [True, False])
def test_what_is_loaded_is_not_looked_through_for_garbage_where_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_program: bool
) -> None:
    """A search takes longer than a window may stand still, whatever thread it is in."""
    kept: list[str] = []
    monkeypatch.setattr(gc, "get_freeze_count", lambda: int(is_program))
    monkeypatch.setattr(gc, "freeze", lambda: kept.append("all there is"))
    (tmp_path / f"large_{is_program}.py").write_text(
        "import gc\nis_on = gc.isenabled()\n", "utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded: Any = None
    for _ in range(2):
        with loading():
            loaded = importlib.import_module(f"large_{is_program}")
    assert not loaded.is_on
    assert gc.isenabled()
    assert kept == ["all there is"] * is_program  # once, not with each look
