"""Smaller forms of what a bundle cannot leave out; the real libraries where Qt brings them."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import PySide6
import pytest

from tests.packaging.conftest import Load

LIBRARIES = Path(PySide6.__file__).parent / "Qt" / "lib"
ICU = next(iter(sorted(LIBRARIES.glob("libicudata.so.*"))), None)
on_linux = pytest.mark.skipif(ICU is None, reason="only Qt for Linux brings ICU")


@pytest.fixture
def leaner(load: Load) -> ModuleType:
    return load("leaner")


def resources(text: bytes) -> bytes:
    """Make a bundle of resources: a header, the root, indexes, and something in it."""
    header = struct.pack("<H", 24) + b"\xda\x27" + b"\0" * 8 + b"ResB" + b"\0" * 8
    body = text + b"\0" * (-len(text) % 4)
    words = (4 + 16 + len(body)) // 4
    return header + struct.pack("<IIIII", 0, 4, 0, 0, words) + body


def package(leaner: ModuleType, items: dict[str, bytes]) -> bytes:
    header = struct.pack("<H", 24) + b"\xda\x27" + b"\0" * 8 + b"CmnD" + b"\0" * 8
    named = [(name.encode(), items[name]) for name in sorted(items)]
    return header + leaner.table_of(named)


def test_folders_are_left_out_and_the_rest_is_untouched(leaner: ModuleType) -> None:
    kept = {"icu/coll/de.res": resources(b"order"), "icu/root.res": resources(b"root")}
    more = {"icu/curr/de.res": resources(b"Euro"), "icu/zone/a.res": resources(b"Zulu")}

    last = {"icu/zz.res": resources(b"Z")}
    whole = package(leaner, kept | more | last) + b"what follows in the library"
    lean = leaner.without(whole, ("curr", "zone"))

    assert lean == package(leaner, kept | last)


def test_what_is_no_package_is_refused(leaner: ModuleType) -> None:
    with pytest.raises(leaner.NotIcuError):
        leaner.without(b"\0" * 64, ())
    with pytest.raises(leaner.NotIcuError):
        leaner.icu_data(b"\x7fELF" + b"\0" * 64)


ORDER = """
from functools import cmp_to_key
from PySide6.QtCore import QCollator, QLocale
for name in ("sv_SE", "de_DE", "zh_CN", "cs_CZ"):
    order = QCollator(QLocale(name))
    order.setNumericMode(True)
    words = ["z", "ä", "a10", "a2", "öl", "北京", "上海", "chata", "cukr", "Ab"]
    print(name, sorted(words, key=cmp_to_key(order.compare)))
print(QLocale("tr").toUpper("istanbul"))
print([line for line in open("/proc/self/maps") if "/lean/libicudata" in line] != [])
"""


@on_linux
def test_qt_sorts_as_before_with_less_of_icu(leaner: ModuleType, tmp_path: Path) -> None:
    assert ICU is not None
    lean = tmp_path / "lean"
    lean.mkdir()
    target = lean / ICU.name
    leaner.make_leaner(f"lib/{ICU.name}", ICU, target)

    def told(**more: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", ORDER],
            env={"PYTHONUTF8": "1", **more},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()

    assert target.stat().st_size < ICU.stat().st_size / 2
    before, after = told(), told(LD_LIBRARY_PATH=str(lean))
    assert after[:-1] == before[:-1]
    assert (before[-1], after[-1]) == ("False", "True")


@on_linux
def test_the_player_loads_with_hardly_any_of_qt_quick(
    leaner: ModuleType, tmp_path: Path
) -> None:
    for name in leaner.STAND_INS:
        leaner.make_leaner(f"lib/{name}", LIBRARIES / name, tmp_path / name)
    code = (
        "from PySide6.QtCore import QCoreApplication\n"
        "from PySide6.QtMultimedia import QMediaPlayer\n"
        "_application = QCoreApplication([])\n"
        "print(QMediaPlayer().isAvailable())\n"
        "maps = open('/proc/self/maps').read()\n"
        f"print({str(tmp_path)!r} in maps, '/Qt/lib/libQt6Quick' in maps)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"LD_LIBRARY_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["True", "True", "False"]
