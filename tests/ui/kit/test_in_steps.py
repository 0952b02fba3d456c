"""Long work goes on between the events of the window, in order, and ends by itself."""

from __future__ import annotations

import asyncio
import itertools

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.ui.kit.in_steps import Between, Steps, at_once, in_steps


def numbers(taken: list[int], count: int) -> Steps[str]:
    for number in range(count):
        taken.append(number)
        yield
    return "whole"


def no_time_passes() -> float:
    return 0.0


def test_all_steps_at_once_give_what_they_come_to() -> None:
    taken: list[int] = []
    assert at_once(numbers(taken, 3)) == "whole"
    assert taken == [0, 1, 2]


def test_nothing_is_done_before_the_loop_turns_and_no_timer_is_left(qtbot: QtBot) -> None:
    taken: list[int] = []
    parent = QObject()
    coming = Between(parent, numbers(taken, 5))
    assert taken == []
    qtbot.waitUntil(lambda: coming.is_done)
    assert taken == [0, 1, 2, 3, 4]
    assert not [one for one in parent.findChildren(QTimer) if one.isActive()]


def test_each_long_step_lets_the_events_through(qtbot: QtBot) -> None:
    """A clock on which each look takes a second: no step is followed by another at once."""
    taken: list[int] = []
    seconds = itertools.count()
    seen: list[int] = []
    parent = QObject()
    coming = Between(parent, numbers(taken, 4), clock_s=lambda: float(next(seconds)))
    beat = QTimer(parent)
    beat.timeout.connect(lambda: seen.append(len(taken)))
    beat.start(0)
    qtbot.waitUntil(lambda: coming.is_done)
    assert {1, 2, 3, 4} <= set(seen)


def test_short_steps_are_taken_together(qtbot: QtBot) -> None:
    taken: list[int] = []
    seen: set[int] = set()
    parent = QObject()
    coming = Between(parent, numbers(taken, 1_000), clock_s=no_time_passes)
    beat = QTimer(parent)
    beat.timeout.connect(lambda: seen.add(len(taken)))
    beat.start(0)
    qtbot.waitUntil(lambda: coming.is_done)
    assert seen <= {0, 1_000}


def test_who_needs_it_whole_has_it_now(qtbot: QtBot) -> None:
    taken: list[int] = []
    parent = QObject()
    coming = Between(parent, numbers(taken, 5))
    coming.finish()
    assert taken == [0, 1, 2, 3, 4]
    assert coming.is_done
    coming.finish()
    assert len(taken) == 5


def test_a_step_that_fails_is_told_once_and_ends_it(qtbot: QtBot) -> None:
    def steps() -> Steps[None]:
        yield
        raise ValueError("no such page")

    parent = QObject()
    coming = Between(parent, steps())
    with pytest.raises(ValueError, match="no such page"):
        coming.finish()
    assert coming.is_done


def test_no_step_is_taken_for_what_is_gone(qtbot: QtBot) -> None:
    taken: list[int] = []
    parent = QObject()
    coming = Between(parent, numbers(taken, 5))
    shiboken6.delete(parent)
    turned: list[bool] = []
    QTimer.singleShot(0, lambda: turned.append(True))
    qtbot.waitUntil(lambda: bool(turned))
    assert taken == []
    assert not coming.is_done


async def test_the_loop_goes_on_between_steps_that_are_awaited() -> None:
    taken: list[int] = []
    seen: list[int] = []
    seconds = itertools.count()

    async def look() -> None:
        while len(taken) < 4:
            seen.append(len(taken))
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    steps = numbers(taken, 4)
    assert await in_steps(steps, clock_s=lambda: float(next(seconds))) == "whole"
    await looking
    assert seen == [1, 2, 3]
