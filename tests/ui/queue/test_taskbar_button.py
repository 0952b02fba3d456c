"""The button in the taskbar of Windows, on a taskbar made of plain C functions."""

from __future__ import annotations

import ctypes

import pytest

from app.ui.queue.taskbar_button import TaskbarButton
from tests.support.fake_com import REFUSED, FakeComObject

_TAKES = {
    3: (),
    9: (ctypes.c_void_p, ctypes.c_ulonglong, ctypes.c_ulonglong),
    10: (ctypes.c_void_p, ctypes.c_int),
}


def test_the_share_of_the_window_is_shown_and_taken_away() -> None:
    taskbar = FakeComObject(_TAKES)
    button = TaskbarButton(taskbar.as_object(), 77)
    button.show(0.25)
    button.show(None)
    assert taskbar.told == [(3,), (10, 77, 2), (9, 77, 250, 1_000), (10, 77, 0)]


def test_what_is_refused_is_told() -> None:
    refusing = FakeComObject(_TAKES | {3: ()}, REFUSED)
    with pytest.raises(OSError, match=r"ITaskbarList3\[3\]: 0x80004005"):
        TaskbarButton(refusing.as_object(), 77)
