from __future__ import annotations

from types import ModuleType

import pytest

from tests.packaging.conftest import Load


@pytest.fixture
def machine(load: Load) -> ModuleType:
    return load("machine")


@pytest.mark.parametrize(
    ("system", "processor", "version", "says"),
    [
        ("darwin", "x86_64", (14, 2), "Intel processor"),
        ("darwin", "arm64", (13, 6, 1), "macOS 14 or newer, and this is 13.6.1"),
        ("win32", "arm64", (), "Python for 64-bit x86"),
        ("win32", "x86", (), "Python for 64-bit x86"),
        ("linux", "aarch64", (2, 36), "glibc 2.39 or newer on aarch64, and this is 2.36"),
        ("linux", "x86_64", (2, 31), "glibc 2.34 or newer on x86_64, and this is 2.31"),
        ("linux", "x86_64", (), "another C library"),
        ("linux", "armv7l", (2, 36), "this is armv7l"),
    ],
)
def test_where_it_cannot_run_it_says_why(
    machine: ModuleType, system: str, processor: str, version: tuple[int, ...], says: str
) -> None:
    reason = machine.why_not(machine.Machine(system, processor, version))

    assert says in reason
    assert reason.count(". ") == 0  # one sentence
    assert reason.endswith(".")


@pytest.mark.parametrize(
    ("system", "processor", "version"),
    [
        ("darwin", "arm64", (14,)),
        ("darwin", "arm64", (26, 1)),
        ("win32", "amd64", ()),
        ("linux", "x86_64", (2, 36)),
        ("linux", "aarch64", (2, 39)),
    ],
)
def test_where_it_can_nothing_is_said(
    machine: ModuleType, system: str, processor: str, version: tuple[int, ...]
) -> None:
    assert machine.why_not(machine.Machine(system, processor, version)) is None


def test_this_machine_runs_it(machine: ModuleType) -> None:
    assert machine.why_not(machine.Machine.this_one()) is None
