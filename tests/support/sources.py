"""The program's own source, read once for all tests that look at it."""

from __future__ import annotations

import ast
import functools
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TOGETHER = pytest.mark.xdist_group("sources")
"""For tests that read much of the source: in one process it is read once."""


@functools.cache
def tree_of(path: Path) -> ast.Module:
    """Read a module; each is looked at in many ways."""
    with much_stays():
        return ast.parse(path.read_text("utf-8"))


@contextmanager
def much_stays() -> Iterator[None]:
    """Make what stays until the end, and is not to be searched for garbage again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
