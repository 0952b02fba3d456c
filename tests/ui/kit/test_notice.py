from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.kit.appearance import Appearance
from app.ui.kit.notice import Notice
from tests.support.fit import settle
from tests.support.heard import faults


@pytest.fixture
def notice(appearance: Appearance, qtbot: QtBot) -> Notice:
    notice = Notice(appearance)
    qtbot.addWidget(notice)
    return notice


def test_what_went_wrong_comes_back_after_what_was_said_over_it(notice: Notice) -> None:
    full = notice.say("The disk is full.", is_bad=True, stays=True)
    notice.say("1 recording is done.", stays=True)
    notice.say("It was exported.")
    assert notice.text == "It was exported."
    assert full.is_shown
    notice.dismiss()
    assert notice.text == "1 recording is done."
    notice.dismiss()
    assert notice.text == "The disk is full."
    assert notice.property("notice") == "bad"
    notice.dismiss()
    assert notice.text == ""
    assert not full.is_shown


def test_what_is_no_longer_true_does_not_come_back(notice: Notice) -> None:
    full = notice.say("The disk is full.", is_bad=True, stays=True)
    done = notice.say("1 recording is done.")
    full.dismiss()
    assert notice.text == "1 recording is done."
    done.dismiss()
    assert notice.text == ""


def test_the_same_is_not_said_twice(notice: Notice) -> None:
    notice.say("The disk is full.", is_bad=True, stays=True)
    notice.say("It was exported.")
    again = notice.say("The disk is full.", is_bad=True, stays=True)
    again.dismiss()
    assert notice.text == ""


def test_the_answer_is_of_what_stands_there(notice: Notice, qtbot: QtBot) -> None:
    answers: list[str] = []
    notice.say(
        "No key.",
        button="Enter it",
        answer=lambda: answers.append("key"),
        is_bad=True,
        stays=True,
    )
    notice.say("Removed.", button="Undo", answer=lambda: answers.append("undo"))
    notice.button.click()
    assert (answers, notice.text) == (["undo"], "No key.")
    notice.button.click()
    assert (answers, notice.text) == (["undo", "key"], "")


def test_what_waits_to_be_dismissed_comes_back_after_what_is_said_in_passing(
    notice: Notice,
) -> None:
    notice.say("A recording that was cut short has been saved.", stays=True)
    passing = notice.say("Copied.")
    assert notice.text == "Copied."
    passing.dismiss()
    assert notice.text == "A recording that was cut short has been saved."

    notice.say("Another thing to decide.", stays=True)  # takes its place
    notice.dismiss()
    assert notice.text == ""


def test_what_is_said_is_heard_with_its_button_and_once(
    notice: Notice, announced: list[str]
) -> None:
    notice.say("The disk is full.", is_bad=True, stays=True)
    notice.say("Removed.", button="Undo")
    notice.dismiss()  # what comes back was heard before
    assert announced == ["The disk is full.", "Removed. Undo"]


def test_what_is_said_is_found_by_ear_with_both_of_its_buttons(
    notice: Notice, qtbot: QtBot
) -> None:
    notice.show()
    qtbot.waitExposed(notice)
    notice.say("Removed.", button="Undo")
    assert faults(notice) == []


@pytest.mark.parametrize(("width", "is_below"), [(700, False), (320, True)])
def test_a_sentence_is_no_narrow_column_beside_its_button(
    notice: Notice, width: int, is_below: bool
) -> None:
    notice.say(
        "The recording could not be found where it was the last time it was played, nor in "
        "the folder beside it.",
        button="Look for it",
        stays=True,
    )
    notice.resize(width, notice.heightForWidth(width))
    settle()
    sentence = notice.findChildren(QLabel)[0]
    assert (notice.button.y() >= sentence.geometry().bottom()) == is_below
    assert sentence.width() > width * 0.75
