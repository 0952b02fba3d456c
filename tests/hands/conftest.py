"""A desk for tests that do with the program what people do, and see what people see."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.hands.desk import ROOT, Desk
from tests.support.hands.machinery import missing_tools

PICTURES = ROOT / "build" / "hands"
"""Where the screen of a failed test lies afterwards."""


LEFT_HAND = {
    "test_by_ear",
    "test_consent",
    "test_everyone",
    "test_growing",
    "test_queue",
    "test_recording",
}
"""Files that take about half of the time in all."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Two processes for all of them: more windows would take the machine from each other."""
    item.add_marker(pytest.mark.slow)
    item.add_marker(pytest.mark.timeout(180))
    item.add_marker(pytest.mark.xdist_group(hand_of(item.path)))


def hand_of(path: Path) -> str:
    """Say which of two hands does what a file wants; each file has a screen of its own."""
    return "left hand" if path.stem in LEFT_HAND else "right hand"


@pytest.fixture(scope="session")
def _tools() -> None:
    if lacking := missing_tools():
        reason = f"no desk without {', '.join(lacking)} (packaging/machine.py)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a hand do one thing at a time, however tests are shared out among processes."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (PICTURES / f"{hand_of(request.path)}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="module")
def new_desk(_tools: None) -> Iterator[Callable[..., Desk]]:
    """Give further desks, of other sizes for example."""
    desks: list[Desk] = []
    with tempfile.TemporaryDirectory(prefix="desk-", ignore_cleanup_errors=True) as folder:

        def new(*arguments: Any) -> Desk:
            desks.append(Desk(Path(folder, str(len(desks))), *arguments))
            return desks[-1]

        yield new
        for desk in desks:
            desk.close()


@pytest.fixture(scope="module")
def desk(new_desk: Callable[..., Desk]) -> Desk:
    """A desk of the usual size, shared by the tests of a module."""
    return new_desk()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Keep the screen as it was when a test failed, and say where."""
    report: pytest.TestReport = yield
    desks = [one for one in getattr(item, "funcargs", {}).values() if isinstance(one, Desk)]
    if report.failed and report.when != "teardown":
        for number, one in enumerate(desks):
            picture = PICTURES / f"{item.name}{f'-{number}' if number else ''}.png"
            try:
                one.photograph(picture)
            except Exception as error:  # noqa: BLE001 - the test's own failure is to be seen
                report.sections.append(("Screen", f"no picture: {error!r}"))
            else:
                told = picture.with_suffix(".txt").read_text("utf-8")
                short = told if told.startswith("Nothing answers.") else one.in_short()
                what = f"{picture}, and beside it a .txt\n{short}"
                report.sections.append(("Screen", what))
    return report
