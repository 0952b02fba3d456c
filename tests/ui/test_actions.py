from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QKeySequence

from app.ui.actions import (
    TRANSCRIBER_KEYS,
    ActionId,
    Actions,
    find_conflicts,
    pack_keys,
    unpack_keys,
)
from app.ui.kit.appearance import Appearance


def test_every_action_is_there_once_with_a_text(appearance: Appearance) -> None:
    actions = Actions(appearance)
    assert set(actions) == set(ActionId)
    for action_id in ActionId:
        assert actions[action_id].text()
        assert actions.group(action_id)


def test_the_defaults_do_not_want_the_same_key(appearance: Appearance) -> None:
    actions = Actions(appearance)
    assert find_conflicts({one: actions.keys(one) for one in actions}) == {}


def test_neither_does_the_transcriber_preset(appearance: Appearance) -> None:
    actions = Actions(appearance, TRANSCRIBER_KEYS)
    assert find_conflicts({one: actions.keys(one) for one in actions}) == {}
    assert {"Esc", "Space"} <= set(actions.keys(ActionId.PLAY))
    assert [actions.keys(one)[0] for one in (ActionId.BACK, ActionId.FORWARD)] == ["F1", "F2"]


def test_no_default_takes_a_key_of_everyday_editing(appearance: Appearance) -> None:
    actions = Actions(appearance)
    its_own = {"cut-text", "copy-text", "paste-text", "select-all"}
    taken = {key for one in actions if one not in its_own for key in actions.keys(one)}
    everyday = (
        QKeySequence.StandardKey.Copy,
        QKeySequence.StandardKey.Cut,
        QKeySequence.StandardKey.Paste,
        QKeySequence.StandardKey.Save,
        QKeySequence.StandardKey.SelectAll,
    )
    for standard in everyday:
        assert QKeySequence(standard).toString() not in taken


OF_SYSTEMS = {
    # Keys of window managers (GNOME, KDE, Xfce) and of Windows; what types signs with AltGr on
    # Windows; the keys that Orca, NVDA, JAWS and Narrator hold.
    "linux": (
        r"Alt\+F\d+|Alt\+(Space|Tab|Esc|Return|\d)|Ctrl\+Alt\+.*|Meta\+.*|.*Ins.*"
        r"|CapsLock.*|Ctrl\+(Shift\+)?Esc|F10|Num\+.*"
    ),
    # What macOS has for itself; Option with a letter types; Control with Option is
    # VoiceOver's.
    "darwin": (
        r"Alt\+(Shift\+)?\w|Meta\+(?!Ctrl).*|Meta\+(Ctrl\+)?Alt.*|Meta\+Ctrl\+([DFQ]|Space)"
        r"|Ctrl\+[HMQW]|Ctrl\+Alt\+[DHMW]|Ctrl\+(Shift\+)?(Space|Tab|`)|Ctrl\+Shift\+[3456Q]"
    ),
}
OF_SYSTEMS["win32"] = OF_SYSTEMS["linux"]


@pytest.mark.parametrize("platform", OF_SYSTEMS)
def test_no_default_takes_a_key_of_the_system_or_of_screen_readers(
    appearance: Appearance, platform: str
) -> None:
    actions = Actions(appearance, platform=platform)
    # F10 is the system's key for the menu of a program, and does just that.
    its_own = {ActionId.QUIT, ActionId.PROGRAM_MENU}
    bound = {one: actions.keys(one) for one in actions if one not in its_own}
    of_system = re.compile(OF_SYSTEMS[platform])
    taken = [f"{one}: {key}" for one in bound for key in bound[one] if of_system.fullmatch(key)]
    assert taken == []
    assert find_conflicts(bound) == {}
    elsewhere = Actions(appearance, platform="linux")
    for one, keys in bound.items():
        assert keys == actions.default_keys(one)
        assert len(keys) == len(elsewhere.keys(one))


def test_conflicts_are_found_however_they_are_written() -> None:
    found = find_conflicts({ActionId.PLAY: ["ctrl+k"], ActionId.FIND: ["Ctrl+K", "F9"]})
    assert found == {"Ctrl+K": (ActionId.PLAY, ActionId.FIND)}


def test_other_keys_work_at_once_and_show_in_the_tooltip(appearance: Appearance) -> None:
    actions = Actions(appearance)
    actions.rebind({ActionId.FIND: ["F9"]})
    assert actions.keys(ActionId.FIND) == ("F9",)
    assert actions[ActionId.FIND].toolTip() == "Find (F9)"
    actions.rebind({})
    assert actions.keys(ActionId.FIND) == ("Ctrl+F",)


def test_keys_with_spaces_in_their_names_are_kept_whole(appearance: Appearance) -> None:
    actions = Actions(appearance)
    pedals = ("F13", "F24", "Toggle Media Play/Pause", "Launch (0)", "Ctrl+;", "Media Next")
    assert unpack_keys(pack_keys(pedals)) == pedals
    actions.rebind({ActionId.PLAY: pedals})
    assert actions.keys(ActionId.PLAY) == pedals


def test_media_keys_play_and_pause(appearance: Appearance) -> None:
    keys = Actions(appearance).keys(ActionId.PLAY)
    assert {"Media Play", "Media Pause", "Toggle Media Play/Pause"} <= set(keys)


def test_a_key_held_down_plays_or_pauses_once(appearance: Appearance) -> None:
    actions = Actions(appearance)
    assert not actions[ActionId.PLAY].autoRepeat()
    assert actions[ActionId.NEXT_WORD].autoRepeat()


def test_icons_are_put_on_a_step_each(appearance: Appearance) -> None:
    actions = Actions(appearance, is_gradual=True)
    assert all(actions[one].icon().isNull() for one in ActionId)
    count = sum(1 for _ in actions.show_icons())
    with_icon = [one for one in ActionId if not actions[one].icon().isNull()]
    assert count == len(with_icon) > 20
