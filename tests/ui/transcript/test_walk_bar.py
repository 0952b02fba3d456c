"""Whoever goes through what is uncertain hears where they are, and what it is about."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.ui.kit.appearance import Appearance
from app.ui.transcript.walk_bar import WalkBar, WalkKind


def test_each_place_is_heard_once_and_so_is_the_end(
    appearance: Appearance, qtbot: QtBot, announced: list[str]
) -> None:
    bar = WalkBar(appearance)
    qtbot.addWidget(bar)
    bar.open(WalkKind.WORDS)
    bar.show_place(1, 2, "“shal”, 20 % sure")
    bar.show_threshold(60, 2)
    bar.show_place(1, 2, "“shal”, 20 % sure")  # something else was edited
    bar.show_place(2, 2, "“meat”, 20 % sure")
    bar.show_place(0, 2, "")
    assert announced == [
        "1 of 2, “shal”, 20 % sure",
        "2 of 2, “meat”, 20 % sure",
        "All checked",
    ]
