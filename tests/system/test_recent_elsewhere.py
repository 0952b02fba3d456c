"""Recent files of macOS and Windows, on a runtime and libraries made of plain C functions."""

from __future__ import annotations

import ctypes
import os
import uuid
from pathlib import Path
from typing import Any

import pytest

from app.system.objective_c import ObjectiveC
from app.system.recent_files import RecentFiles, recent_list
from app.system.recent_on_macos import RecentOnMacos
from app.system.recent_on_windows import RecentOnWindows
from tests.support.fake_com import REFUSED, FakeComObject

A, B = Path("/talks/a.wav").absolute(), Path("/talks/Gespräch „1“.m4a").absolute()


class FakeRuntime:
    """Classes and messages of macOS as far as recent files go; anything else fails a test.

    Attributes:
        told: What the list was told.
        pools: How many pools are open.
    """

    def __init__(self, classes: tuple[str, ...] = ("NSDocumentController", "NSURL")) -> None:
        self.told: list[str] = []
        self.pools = 0
        self._classes = classes
        self._selectors: list[str] = []
        self._urls: list[str] = []
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        self.objc_getClass = ctypes.CFUNCTYPE(pointer, text)(self._class)
        self.sel_registerName = ctypes.CFUNCTYPE(pointer, text)(self._selector)
        self.objc_msgSend = ctypes.CFUNCTYPE(pointer, *[pointer] * 5)(self._message)
        self.objc_autoreleasePoolPush = ctypes.CFUNCTYPE(pointer)(self._push)
        self.objc_autoreleasePoolPop = ctypes.CFUNCTYPE(None, pointer)(self._pop)

    def _class(self, name: bytes) -> int:
        return 100 + self._classes.index(name.decode()) if name.decode() in self._classes else 0

    def _selector(self, name: bytes) -> int:
        self._selectors.append(name.decode())
        return len(self._selectors)

    def _push(self) -> int:
        self.pools += 1
        return 55

    def _pop(self, pool: int) -> None:
        assert pool == 55
        self.pools -= 1

    def _message(self, whom: int, what: int, first: Any, second: Any, third: Any) -> int:
        assert self.pools == 1
        match whom, self._selectors[what - 1]:
            case 100, "sharedDocumentController":
                return 500
            case 101, "fileURLWithFileSystemRepresentation:isDirectory:relativeToURL:":
                assert (second or 0) & 0xFF == 0
                assert not third
                path = ctypes.cast(first, ctypes.c_char_p).value
                assert path is not None
                self._urls.append(os.fsdecode(path))
                return 900 + len(self._urls)
            case 500, "noteNewRecentDocumentURL:":
                self.told.append(self._urls[first - 901])
            case 500, "clearRecentDocuments:":
                assert not first
                self.told.append("cleared")
            case unknown:
                raise AssertionError(unknown)
        return 0


def test_on_macos_files_are_noted_and_the_list_is_cleared() -> None:
    runtime = FakeRuntime()
    recent = RecentOnMacos(lambda: ObjectiveC(runtime))
    assert recent.needs_window_thread
    recent.note([A, B], now_ms=1_000)
    recent.forget()
    assert (runtime.told, runtime.pools) == ([str(A), str(B), "cleared"], 0)


def test_on_macos_without_a_desktop_nothing_happens() -> None:
    runtime = FakeRuntime(classes=())
    recent = RecentOnMacos(lambda: ObjectiveC(runtime))
    recent.note([A], now_ms=1_000)
    recent.forget()
    assert (runtime.told, runtime.pools) == ([], 0)
    RecentOnMacos().forget()  # no runtime at all


def test_a_message_of_another_length_is_not_sent() -> None:
    with pytest.raises(ValueError, match="clearRecentDocuments:"):
        ObjectiveC(FakeRuntime()).tell(500, "clearRecentDocuments:")


class FakeWindows:
    """The two libraries of Windows that know of recent files.

    Attributes:
        told: What was asked, in order.
        destinations: What the program's button lists.
    """

    def __init__(self, answer: int = 0) -> None:
        self.told: list[Any] = []
        self.destinations = FakeComObject({5: ()})
        self._answer = answer

    def load(self, name: str) -> FakeWindows:
        assert name in {"ole32", "shell32"}
        return self

    def CoInitializeEx(self, reserved: None, how: Any) -> int:  # noqa: N802
        self.told.append(("in", reserved, how.value))
        return self._answer

    def CoUninitialize(self) -> None:  # noqa: N802
        self.told.append("out")

    def SHAddToRecentDocs(self, kind: Any, what: Any) -> None:  # noqa: N802
        assert what.value is not None, "that would clear the lists of all programs"
        self.told.append((kind.value, what.value))

    def CoCreateInstance(  # noqa: N802
        self, class_id: bytes, outer: None, where: int, interface: bytes, found: Any
    ) -> int:
        assert uuid.UUID(bytes_le=class_id) == uuid.UUID("86c14003-4d6b-4ef3-a7b4-0506663b2e68")
        assert uuid.UUID(bytes_le=interface) == uuid.UUID(
            "12337d35-94c6-48a0-bce7-6a9c69d4d600"
        )
        assert (outer, where) == (None, 1)
        ctypes.cast(found, ctypes.POINTER(ctypes.c_void_p))[0] = self.destinations.address
        return 0


def test_on_windows_files_are_noted_and_the_list_of_the_button_is_emptied() -> None:
    windows = FakeWindows()
    recent = RecentOnWindows(windows.load, ctypes.CFUNCTYPE)
    assert not recent.needs_window_thread
    recent.note([A, B], now_ms=1_000)
    assert windows.told == [("in", None, 6), (3, str(A)), (3, str(B)), "out"]
    windows.told.clear()
    recent.forget()
    assert windows.told == [("in", None, 6), "out"]
    assert windows.destinations.told == [(5,), (2,)]


def test_on_windows_a_refusal_keeps_nobody_from_anything() -> None:
    windows = FakeWindows(REFUSED)
    recent = RecentOnWindows(windows.load, ctypes.CFUNCTYPE)
    recent.note([A], now_ms=1_000)
    recent.forget()
    assert windows.told == [("in", None, 6)] * 2
    RecentOnWindows().forget()  # no Windows at all


@pytest.mark.parametrize(
    ("platform", "kind"),
    [("linux", RecentFiles), ("darwin", RecentOnMacos), ("win32", RecentOnWindows)],
)
def test_each_system_has_its_own_way(platform: str, kind: type, tmp_path: Path) -> None:
    path = tmp_path / "recently-used.xbel"
    assert isinstance(recent_list(path, leaves_traces=True, platform=platform), kind)
    without = recent_list(None, leaves_traces=False, platform=platform)
    assert isinstance(without, RecentFiles)
    without.note([A], now_ms=1_000)
    assert list(tmp_path.iterdir()) == []
