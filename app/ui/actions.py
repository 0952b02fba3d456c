"""Every action once: its text, its keys, its icon.

Menus, buttons, the key settings and the shortcut sheet all show these; a view
connects to the action it answers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.kit.appearance import Appearance
from app.ui.kit.in_steps import Steps, at_once
from app.ui.kit.platform_keys import keys_on
from app.ui.translate import QT_TRANSLATE_NOOP


class ActionId(StrEnum):
    """An action; its value is what the settings keep."""

    ADD_FILES = "add-files"
    ADD_FOLDER = "add-folder"
    ADD_URL = "add-url"
    RECORD = "record"
    DICTATE = "dictate"
    PASTE = "paste"
    IMPORT = "import"
    LIBRARY = "library"
    EXPORT = "export"
    EXPORT_AGAIN = "export-again"
    TRANSCRIBE_AGAIN = "transcribe-again"
    EXPORT_SELECTED = "export-selected"
    COPY_ALL = "copy-all"
    RENAME = "rename"
    SETTINGS = "settings"
    MODELS = "models"
    REPLACE_IN_LIBRARY = "replace-in-library"
    BACK_UP = "back-up"
    RESTORE = "restore"
    QUIT = "quit"
    UNDO = "undo"
    REDO = "redo"
    HISTORY = "history"
    VERSIONS = "versions"
    FIND = "find"
    REPLACE = "replace"
    APPLY_WORD_LIST = "apply-word-list"
    WORD_LIST = "word-list"
    REMOVE = "remove"
    CANCEL = "cancel"
    RETRY = "retry"
    DO_NEXT = "do-next"
    MOVE_UP = "move-up"
    MOVE_DOWN = "move-down"
    PAUSE_QUEUE = "pause-queue"
    CLEAR_FINISHED = "clear-finished"
    SHOW_DONE = "show-done"
    CHANGE_OPTIONS = "change-options"
    DETAILS = "details"
    REVEAL = "reveal"
    FOLD_QUEUE = "fold-queue"
    PLAY = "play"
    BACK = "back"
    FORWARD = "forward"
    SLOWER = "slower"
    FASTER = "faster"
    NORMAL_SPEED = "normal-speed"
    PREVIOUS_WORD = "previous-word"
    NEXT_WORD = "next-word"
    PREVIOUS_SENTENCE = "previous-sentence"
    NEXT_SENTENCE = "next-sentence"
    PREVIOUS_TURN = "previous-turn"
    NEXT_TURN = "next-turn"
    REPEAT = "repeat"
    LOOP = "loop"
    END_LOOP = "end-loop"
    MUTE = "mute"
    LOUDER = "louder"
    QUIETER = "quieter"
    SKIP_SILENCES = "skip-silences"
    ONLY_SPEAKER = "only-speaker"
    VIDEO = "video"
    FOLLOW = "follow"
    SAY_WORD = "say-word"
    PLAY_HERE = "play-here"
    CORRECT = "correct"
    CARET_TO_SPOKEN = "caret-to-spoken"
    CUT_TEXT = "cut-text"
    COPY_TEXT = "copy-text"
    PASTE_TEXT = "paste-text"
    COPY_WITH_TIMES = "copy-with-times"
    SELECT_ALL = "select-all"
    PAGE_MENU = "page-menu"
    CHANGE_SPEAKER = "change-speaker"
    RENAME_SPEAKER = "rename-speaker"
    SPLIT = "split"
    JOIN_BEFORE = "join-before"
    JOIN_AFTER = "join-after"
    CUT_ANEW = "cut-anew"
    WHO_SPEAKS = "who-speaks"
    HEAR_SPEAKER = "hear-speaker"
    TURN_EARLIER = "turn-earlier"
    TURN_LATER = "turn-later"
    GIVE_1 = "give-1"
    GIVE_2 = "give-2"
    GIVE_3 = "give-3"
    GIVE_4 = "give-4"
    GIVE_5 = "give-5"
    GIVE_6 = "give-6"
    GIVE_7 = "give-7"
    GIVE_8 = "give-8"
    GIVE_9 = "give-9"
    APPROVE = "approve"
    HIGHLIGHT = "highlight"
    NOTE = "note"
    SPEAKERS = "speakers"
    TELL_APART = "tell-apart"
    ALIGN = "align"
    MARK_UNCERTAIN = "mark-uncertain"
    CHECK_WORDS = "check-words"
    CHECK_SPEAKERS = "check-speakers"
    NEXT_UNREVIEWED = "next-unreviewed"
    ONLY_UNREVIEWED = "only-unreviewed"
    PALE_UNHEARD = "pale-unheard"
    DIM_REVIEWED = "dim-reviewed"
    DIM_CERTAIN = "dim-certain"
    DIM_OTHERS = "dim-others"
    FILLERS = "fillers"
    STRIKE = "strike"
    RESTORE_STRUCK = "restore-struck"
    HIDE_STRUCK = "hide-struck"
    BOOKMARK = "bookmark"
    NOTES = "notes"
    LEGEND = "legend"
    PREVIOUS_UNCERTAIN = "previous-uncertain"
    NEXT_UNCERTAIN = "next-uncertain"
    RETIME = "retime"
    START_EARLIER = "start-earlier"
    START_LATER = "start-later"
    START_MUCH_EARLIER = "start-much-earlier"
    START_MUCH_LATER = "start-much-later"
    END_EARLIER = "end-earlier"
    END_LATER = "end-later"
    END_MUCH_EARLIER = "end-much-earlier"
    END_MUCH_LATER = "end-much-later"
    SHIFT_TIMES = "shift-times"
    SNAP_TIMES = "snap-times"
    GIVE_RECORDING = "give-recording"
    AGAIN_SELECTED = "again-selected"
    COMPARE = "compare"
    SPELLING = "spelling"
    FIX_SPELLING = "fix-spelling"
    SHORTCUTS = "shortcuts"
    COMMANDS = "commands"
    NEXT_PANE = "next-pane"
    PREVIOUS_PANE = "previous-pane"
    READ_SPEAKERS = "read-speakers"
    PROGRAM_MENU = "program-menu"
    PRIVACY = "privacy"
    ABOUT = "about"


GIVE_TO = tuple(ActionId(f"give-{number}") for number in range(1, 10))
"""Give what is selected, or the paragraph, to a speaker by their number.

Ctrl with a number is no system's own anywhere: Alt with one types signs on Windows and macOS,
and the Windows key with one starts programs.
"""


DIMS = (ActionId.DIM_REVIEWED, ActionId.DIM_CERTAIN, ActionId.DIM_OTHERS)
"""What may be dimmed on the page; one of them at a time, or none."""


class Group(StrEnum):
    """Under what heading the shortcut sheet lists an action."""

    RECORDINGS = QT_TRANSLATE_NOOP("Actions", "Recordings")
    QUEUE = QT_TRANSLATE_NOOP("Actions", "Queue")
    PLAYBACK = QT_TRANSLATE_NOOP("Actions", "Playback")
    TRANSCRIPT = QT_TRANSLATE_NOOP("Actions", "Transcript")
    PROGRAM = QT_TRANSLATE_NOOP("Actions", "Program")


@dataclass(frozen=True, slots=True)
class _Spec:
    action_id: ActionId
    group: Group
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""


def pack_keys(keys: Sequence[str]) -> str:
    """Write keys as the settings keep them; some have spaces in their names."""
    return "; ".join(keys)


def unpack_keys(text: str) -> tuple[str, ...]:
    """Read what ``pack_keys`` wrote."""
    return tuple(key for key in (one.strip() for one in text.split("; ")) if key)


def _spec(
    action_id: ActionId, group: Group, text: str, keys: str = "", icon: str = ""
) -> _Spec:
    return _Spec(action_id, group, text, unpack_keys(keys), icon)


_PLAY_KEYS = "Esc; Alt+K; Space; Toggle Media Play/Pause; Media Play; Media Pause"
_N = QT_TRANSLATE_NOOP
_A, _G = ActionId, Group
_SPECS: tuple[_Spec, ...] = (
    _spec(_A.ADD_FILES, _G.RECORDINGS, _N("Actions", "Add files…"), "Ctrl+O", "add"),
    _spec(_A.ADD_FOLDER, _G.RECORDINGS, _N("Actions", "Add folder…"), "Ctrl+Shift+O", "folder"),
    _spec(_A.ADD_URL, _G.RECORDINGS, _N("Actions", "Add from URL…"), "Ctrl+U", "link"),
    _spec(_A.RECORD, _G.RECORDINGS, _N("Actions", "Record…"), "Ctrl+Shift+R", "record"),
    _spec(_A.DICTATE, _G.RECORDINGS, _N("Actions", "Dictate…"), "", "edit"),
    _spec(_A.PASTE, _G.RECORDINGS, _N("Actions", "Paste files or paths"), "Ctrl+Shift+V"),
    _spec(_A.IMPORT, _G.RECORDINGS, _N("Actions", "Import transcripts…"), "Ctrl+Shift+I"),
    _spec(_A.LIBRARY, _G.RECORDINGS, _N("Actions", "Library"), "Ctrl+L", "library"),
    _spec(_A.DO_NEXT, _G.QUEUE, _N("Actions", "Move to top"), "Ctrl+Home", "first"),
    _spec(_A.MOVE_UP, _G.QUEUE, _N("Actions", "Move up"), "Ctrl+Up", "up"),
    _spec(_A.MOVE_DOWN, _G.QUEUE, _N("Actions", "Move down"), "Ctrl+Down", "down"),
    _spec(_A.CHANGE_OPTIONS, _G.QUEUE, _N("Actions", "Change options…"), "Ctrl+T", "settings"),
    _spec(_A.CANCEL, _G.QUEUE, _N("Actions", "Cancel"), "Ctrl+.", "close"),
    _spec(_A.RETRY, _G.QUEUE, _N("Actions", "Try again"), "Ctrl+R", "retry"),
    _spec(_A.REMOVE, _G.QUEUE, _N("Actions", "Remove from the queue"), "Del", "remove"),
    _spec(_A.DETAILS, _G.QUEUE, _N("Actions", "Details…"), "Ctrl+I", "info"),
    _spec(_A.REVEAL, _G.QUEUE, _N("Actions", "Show in folder"), "", "folder"),
    _spec(_A.EXPORT_SELECTED, _G.QUEUE, _N("Actions", "Export selected…"), "", "export"),
    _spec(_A.PAUSE_QUEUE, _G.QUEUE, _N("Actions", "Pause the queue"), "Ctrl+Shift+P", "pause"),
    _spec(
        _A.CLEAR_FINISHED, _G.QUEUE, _N("Actions", "Clear finished"), "Ctrl+Shift+Del", "check"
    ),
    _spec(_A.SHOW_DONE, _G.QUEUE, _N("Actions", "Show done recordings")),
    _spec(
        _A.FOLD_QUEUE, _G.QUEUE, _N("Actions", "Show or hide the queue"), "Ctrl+B", "sidebar"
    ),
    _spec(_A.PLAY, _G.PLAYBACK, _N("Actions", "Play or pause"), _PLAY_KEYS, "play"),
    _spec(
        _A.BACK,
        _G.PLAYBACK,
        _N("Actions", "Back a few seconds"),
        "Alt+J; Ctrl+Left",
        "skip-back",
    ),
    _spec(
        _A.FORWARD,
        _G.PLAYBACK,
        _N("Actions", "Forward a few seconds"),
        "Alt+L; Ctrl+Right",
        "skip-forward",
    ),
    _spec(_A.PREVIOUS_WORD, _G.PLAYBACK, _N("Actions", "Previous word"), "Alt+Left"),
    _spec(_A.NEXT_WORD, _G.PLAYBACK, _N("Actions", "Next word"), "Alt+Right"),
    _spec(_A.PREVIOUS_SENTENCE, _G.PLAYBACK, _N("Actions", "Previous sentence"), "Alt+PgUp"),
    _spec(_A.NEXT_SENTENCE, _G.PLAYBACK, _N("Actions", "Next sentence"), "Alt+PgDown"),
    _spec(
        _A.PREVIOUS_TURN,
        _G.PLAYBACK,
        _N("Actions", "Previous turn"),
        "Alt+Up; Media Previous",
        "previous",
    ),
    _spec(
        _A.NEXT_TURN, _G.PLAYBACK, _N("Actions", "Next turn"), "Alt+Down; Media Next", "next"
    ),
    _spec(_A.REPEAT, _G.PLAYBACK, _N("Actions", "Replay the last few seconds"), "Ctrl+D"),
    _spec(
        _A.LOOP,
        _G.PLAYBACK,
        _N("Actions", "Loop the selection or paragraph"),
        "Ctrl+Shift+L",
        "loop",
    ),
    _spec(_A.END_LOOP, _G.PLAYBACK, _N("Actions", "Stop looping"), "Ctrl+Shift+K"),
    _spec(_A.SLOWER, _G.PLAYBACK, _N("Actions", "Slower"), "Ctrl+-"),
    _spec(_A.FASTER, _G.PLAYBACK, _N("Actions", "Faster"), "Ctrl++; Ctrl+="),
    _spec(_A.NORMAL_SPEED, _G.PLAYBACK, _N("Actions", "Normal speed"), "Ctrl+0"),
    _spec(_A.MUTE, _G.PLAYBACK, _N("Actions", "Mute or unmute"), "Ctrl+M", "volume"),
    _spec(_A.LOUDER, _G.PLAYBACK, _N("Actions", "Louder"), "Ctrl+Shift+Up"),
    _spec(_A.QUIETER, _G.PLAYBACK, _N("Actions", "Quieter"), "Ctrl+Shift+Down"),
    _spec(_A.SKIP_SILENCES, _G.PLAYBACK, _N("Actions", "Skip silences"), "Alt+S"),
    _spec(_A.ONLY_SPEAKER, _G.PLAYBACK, _N("Actions", "Play only this speaker"), "Alt+O"),
    _spec(_A.VIDEO, _G.PLAYBACK, _N("Actions", "Show or hide the video"), "Alt+V"),
    _spec(_A.SAY_WORD, _G.PLAYBACK, _N("Actions", "Announce the word being spoken"), "Alt+W"),
    _spec(_A.FOLLOW, _G.PLAYBACK, _N("Actions", "Back to the word being spoken"), "Ctrl+J"),
    _spec(_A.UNDO, _G.TRANSCRIPT, _N("Actions", "Undo"), "Ctrl+Z", "undo"),
    _spec(_A.REDO, _G.TRANSCRIPT, _N("Actions", "Redo"), "Ctrl+Shift+Z; Ctrl+Y", "redo"),
    _spec(_A.HISTORY, _G.TRANSCRIPT, _N("Actions", "History"), "Alt+H", "history"),
    _spec(_A.VERSIONS, _G.TRANSCRIPT, _N("Actions", "Versions…")),
    _spec(_A.PLAY_HERE, _G.TRANSCRIPT, _N("Actions", "Play from here"), "Ctrl+Return", "play"),
    _spec(_A.CUT_TEXT, _G.TRANSCRIPT, _N("Actions", "Cut"), "Ctrl+X"),
    _spec(_A.COPY_TEXT, _G.TRANSCRIPT, _N("Actions", "Copy"), "Ctrl+C", "copy"),
    _spec(_A.PASTE_TEXT, _G.TRANSCRIPT, _N("Actions", "Paste"), "Ctrl+V"),
    _spec(_A.COPY_WITH_TIMES, _G.TRANSCRIPT, _N("Actions", "Copy with times"), "Alt+C"),
    _spec(_A.SELECT_ALL, _G.TRANSCRIPT, _N("Actions", "Select all"), "Ctrl+A"),
    _spec(
        _A.PAGE_MENU,
        _G.TRANSCRIPT,
        _N("Actions", "Transcript menu"),
        "Shift+F10; Menu",
        "more",
    ),
    _spec(
        _A.CORRECT, _G.TRANSCRIPT, _N("Actions", "Correct the word just heard"), "F2", "edit"
    ),
    _spec(
        _A.CARET_TO_SPOKEN,
        _G.TRANSCRIPT,
        _N("Actions", "Move the cursor to the word just heard"),
        "Ctrl+Shift+J",
    ),
    _spec(_A.CHANGE_SPEAKER, _G.TRANSCRIPT, _N("Actions", "Change speaker"), icon="speakers"),
    _spec(
        _A.RENAME_SPEAKER,
        _G.TRANSCRIPT,
        _N("Actions", "Rename speaker…"),
        "Shift+F2",
        "speaker",
    ),
    _spec(_A.SPLIT, _G.TRANSCRIPT, _N("Actions", "Split the paragraph here")),
    _spec(_A.JOIN_BEFORE, _G.TRANSCRIPT, _N("Actions", "Merge with the paragraph before")),
    _spec(_A.JOIN_AFTER, _G.TRANSCRIPT, _N("Actions", "Merge with the paragraph after")),
    _spec(_A.CUT_ANEW, _G.TRANSCRIPT, _N("Actions", "Redo paragraphs…")),
    _spec(_A.WHO_SPEAKS, _G.TRANSCRIPT, _N("Actions", "Who is speaking…"), "Ctrl+Shift+S"),
    _spec(_A.HEAR_SPEAKER, _G.TRANSCRIPT, _N("Actions", "Hear a sample of this speaker")),
    _spec(
        _A.TURN_EARLIER,
        _G.TRANSCRIPT,
        _N("Actions", "Start this turn one word earlier"),
        "Alt+Shift+Left",
    ),
    _spec(
        _A.TURN_LATER,
        _G.TRANSCRIPT,
        _N("Actions", "Start this turn one word later"),
        "Alt+Shift+Right",
    ),
    _spec(_A.GIVE_1, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 1"), "Ctrl+1"),
    _spec(_A.GIVE_2, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 2"), "Ctrl+2"),
    _spec(_A.GIVE_3, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 3"), "Ctrl+3"),
    _spec(_A.GIVE_4, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 4"), "Ctrl+4"),
    _spec(_A.GIVE_5, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 5"), "Ctrl+5"),
    _spec(_A.GIVE_6, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 6"), "Ctrl+6"),
    _spec(_A.GIVE_7, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 7"), "Ctrl+7"),
    _spec(_A.GIVE_8, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 8"), "Ctrl+8"),
    _spec(_A.GIVE_9, _G.TRANSCRIPT, _N("Actions", "Assign to speaker 9"), "Ctrl+9"),
    _spec(_A.APPROVE, _G.TRANSCRIPT, _N("Actions", "Approve paragraph"), "Ctrl+Shift+A"),
    _spec(_A.HIGHLIGHT, _G.TRANSCRIPT, _N("Actions", "Highlight"), "Ctrl+Shift+H", "highlight"),
    _spec(_A.NOTE, _G.TRANSCRIPT, _N("Actions", "Note…"), "Ctrl+Shift+N", "note"),
    _spec(_A.BOOKMARK, _G.TRANSCRIPT, _N("Actions", "Bookmark"), "Ctrl+Shift+B", "bookmark"),
    _spec(_A.NOTES, _G.TRANSCRIPT, _N("Actions", "Show notes"), "Alt+N", "note"),
    _spec(_A.CHECK_WORDS, _G.TRANSCRIPT, _N("Actions", "Check uncertain words"), "Ctrl+F8"),
    _spec(
        _A.CHECK_SPEAKERS,
        _G.TRANSCRIPT,
        _N("Actions", "Check uncertain speakers"),
        "Ctrl+Shift+F8",
    ),
    _spec(
        _A.NEXT_UNREVIEWED,
        _G.TRANSCRIPT,
        _N("Actions", "Next unreviewed paragraph"),
        "F9",
        "next",
    ),
    _spec(_A.ONLY_UNREVIEWED, _G.TRANSCRIPT, _N("Actions", "List what is left to review")),
    _spec(_A.PALE_UNHEARD, _G.TRANSCRIPT, _N("Actions", "Dim what you have not heard yet")),
    _spec(_A.DIM_REVIEWED, _G.TRANSCRIPT, _N("Actions", "Dim what is reviewed")),
    _spec(_A.DIM_CERTAIN, _G.TRANSCRIPT, _N("Actions", "Dim what has no uncertain words")),
    _spec(_A.DIM_OTHERS, _G.TRANSCRIPT, _N("Actions", "Dim the other speakers")),
    _spec(_A.FILLERS, _G.TRANSCRIPT, _N("Actions", "Fillers…"), "Alt+F"),
    _spec(_A.STRIKE, _G.TRANSCRIPT, _N("Actions", "Strike through"), "Ctrl+Shift+X"),
    _spec(_A.RESTORE_STRUCK, _G.TRANSCRIPT, _N("Actions", "Restore all struck-through words")),
    _spec(_A.HIDE_STRUCK, _G.TRANSCRIPT, _N("Actions", "Hide and skip struck-through words")),
    _spec(_A.LEGEND, _G.TRANSCRIPT, _N("Actions", "What the marks mean…"), icon="info"),
    _spec(_A.MARK_UNCERTAIN, _G.TRANSCRIPT, _N("Actions", "Mark uncertain words"), "Alt+U"),
    _spec(_A.NEXT_UNCERTAIN, _G.TRANSCRIPT, _N("Actions", "Next uncertain word"), "F8"),
    _spec(
        _A.PREVIOUS_UNCERTAIN,
        _G.TRANSCRIPT,
        _N("Actions", "Previous uncertain word"),
        "Shift+F8",
    ),
    _spec(_A.FIND, _G.TRANSCRIPT, _N("Actions", "Find"), "Ctrl+F", "find"),
    _spec(_A.APPLY_WORD_LIST, _G.TRANSCRIPT, _N("Actions", "Apply the word list…")),
    _spec(_A.WORD_LIST, _G.TRANSCRIPT, _N("Actions", "Edit the word list…")),
    _spec(_A.REPLACE, _G.TRANSCRIPT, _N("Actions", "Find and replace"), "Ctrl+H"),
    _spec(
        _A.COPY_ALL, _G.TRANSCRIPT, _N("Actions", "Copy the transcript"), "Ctrl+Shift+C", "copy"
    ),
    _spec(_A.RENAME, _G.TRANSCRIPT, _N("Actions", "Rename transcript…"), icon="edit"),
    _spec(_A.EXPORT, _G.TRANSCRIPT, _N("Actions", "Export…"), "Ctrl+E", "export"),
    _spec(_A.EXPORT_AGAIN, _G.TRANSCRIPT, _N("Actions", "Export again"), "Ctrl+Shift+E"),
    _spec(
        _A.SPEAKERS,
        _G.TRANSCRIPT,
        _N("Actions", "Merge or split speakers…"),
        icon="speakers",
    ),
    _spec(_A.TELL_APART, _G.TRANSCRIPT, _N("Actions", "Identify speakers…"), icon="speakers"),
    _spec(_A.ALIGN, _G.TRANSCRIPT, _N("Actions", "Align words with the audio")),
    _spec(_A.TRANSCRIBE_AGAIN, _G.TRANSCRIPT, _N("Actions", "Transcribe again…"), icon="retry"),
    _spec(_A.RETIME, _G.TRANSCRIPT, _N("Actions", "Show word times"), "Alt+R", "wave"),
    _spec(_A.START_EARLIER, _G.TRANSCRIPT, _N("Actions", "Word starts 10 ms earlier"), "F11"),
    _spec(_A.START_LATER, _G.TRANSCRIPT, _N("Actions", "Word starts 10 ms later"), "F12"),
    _spec(
        _A.START_MUCH_EARLIER,
        _G.TRANSCRIPT,
        _N("Actions", "Word starts 50 ms earlier"),
        "Shift+F11",
    ),
    _spec(
        _A.START_MUCH_LATER,
        _G.TRANSCRIPT,
        _N("Actions", "Word starts 50 ms later"),
        "Shift+F12",
    ),
    _spec(_A.END_EARLIER, _G.TRANSCRIPT, _N("Actions", "Word ends 10 ms earlier"), "Ctrl+F11"),
    _spec(_A.END_LATER, _G.TRANSCRIPT, _N("Actions", "Word ends 10 ms later"), "Ctrl+F12"),
    _spec(
        _A.END_MUCH_EARLIER,
        _G.TRANSCRIPT,
        _N("Actions", "Word ends 50 ms earlier"),
        "Ctrl+Shift+F11",
    ),
    _spec(
        _A.END_MUCH_LATER,
        _G.TRANSCRIPT,
        _N("Actions", "Word ends 50 ms later"),
        "Ctrl+Shift+F12",
    ),
    _spec(_A.SHIFT_TIMES, _G.TRANSCRIPT, _N("Actions", "Shift times…"), "Alt+Shift+R"),
    _spec(_A.SNAP_TIMES, _G.TRANSCRIPT, _N("Actions", "Snap times to speech"), "Ctrl+Shift+T"),
    _spec(_A.GIVE_RECORDING, _G.TRANSCRIPT, _N("Actions", "Attach a recording…"), icon="link"),
    _spec(
        _A.AGAIN_SELECTED,
        _G.TRANSCRIPT,
        _N("Actions", "Transcribe the selection again…"),
        icon="retry",
    ),
    _spec(_A.COMPARE, _G.TRANSCRIPT, _N("Actions", "Compare with another transcript…")),
    _spec(_A.SPELLING, _G.TRANSCRIPT, _N("Actions", "Check spelling"), "Shift+F4"),
    _spec(_A.FIX_SPELLING, _G.TRANSCRIPT, _N("Actions", "Spelling")),
    _spec(_A.SETTINGS, _G.PROGRAM, _N("Actions", "Settings…"), "Ctrl+,", "settings"),
    _spec(_A.MODELS, _G.PROGRAM, _N("Actions", "Models on this computer…"), "", "computer"),
    _spec(
        _A.REPLACE_IN_LIBRARY,
        _G.RECORDINGS,
        _N("Actions", "Replace in all transcripts…"),
        "",
    ),
    _spec(_A.BACK_UP, _G.PROGRAM, _N("Actions", "Back up the library…")),
    _spec(_A.RESTORE, _G.PROGRAM, _N("Actions", "Restore the library…")),
    _spec(
        _A.SHORTCUTS, _G.PROGRAM, _N("Actions", "Keyboard shortcuts"), "F1; Ctrl+/", "keyboard"
    ),
    _spec(_A.COMMANDS, _G.PROGRAM, _N("Actions", "Find a command…"), "Ctrl+K", "find"),
    _spec(_A.NEXT_PANE, _G.PROGRAM, _N("Actions", "Next pane"), "F6"),
    _spec(_A.PREVIOUS_PANE, _G.PROGRAM, _N("Actions", "Previous pane"), "Shift+F6"),
    _spec(
        _A.READ_SPEAKERS, _G.PROGRAM, _N("Actions", "Read aloud with speakers"), "Alt+Shift+W"
    ),
    _spec(_A.PROGRAM_MENU, _G.PROGRAM, _N("Actions", "Program menu"), "F10", "more"),
    _spec(_A.PRIVACY, _G.PROGRAM, _N("Actions", "What leaves this computer…"), icon="info"),
    _spec(_A.ABOUT, _G.PROGRAM, _N("Actions", "About Wordlight…"), icon="info"),
    _spec(_A.QUIT, _G.PROGRAM, _N("Actions", "Quit"), "Ctrl+Q"),
)

TRANSCRIBER_KEYS: dict[str, tuple[str, ...]] = {
    ActionId.PLAY: keys_on(sys.platform, unpack_keys(_PLAY_KEYS)),
    ActionId.BACK: keys_on(sys.platform, ("F1", "Alt+J", "Ctrl+Left")),
    ActionId.FORWARD: keys_on(sys.platform, ("F2", "Alt+L", "Ctrl+Right")),
    ActionId.SLOWER: ("F3", "Ctrl+-"),
    ActionId.FASTER: ("F4", "Ctrl++", "Ctrl+="),
    ActionId.SHORTCUTS: ("Ctrl+/",),
    ActionId.CORRECT: ("Ctrl+F2",),
}
"""The keys people who transcribe for a living have in their fingers, as overrides."""

_SWITCHES = {
    ActionId.SHOW_DONE,
    ActionId.APPROVE,
    ActionId.HIGHLIGHT,
    ActionId.SKIP_SILENCES,
    ActionId.ONLY_SPEAKER,
    ActionId.VIDEO,
    ActionId.MARK_UNCERTAIN,
    ActionId.RETIME,
    ActionId.SPELLING,
    ActionId.PALE_UNHEARD,
    ActionId.DIM_REVIEWED,
    ActionId.DIM_CERTAIN,
    ActionId.DIM_OTHERS,
    ActionId.HIDE_STRUCK,
    ActionId.READ_SPEAKERS,
}
_ONCE = _SWITCHES | {ActionId.PLAY, ActionId.MUTE, ActionId.LOOP, ActionId.CORRECT}
"""A key that is held down does these only once."""
_ONLY_IN_QUEUE = {ActionId.REMOVE, ActionId.MOVE_UP, ActionId.MOVE_DOWN, ActionId.DO_NEXT}
"""Their keys mean something else in text, so they work only while the queue has the focus."""
_ONLY_ON_PAGE = {
    ActionId.PLAY_HERE,
    ActionId.CUT_TEXT,
    ActionId.COPY_TEXT,
    ActionId.PASTE_TEXT,
    ActionId.SELECT_ALL,
    ActionId.PAGE_MENU,
}
"""Their keys mean the same in every field and list, so they work in the page's text only."""


class Actions(QObject):
    """All actions as ``QAction``, with the keys in force.

    Args:
        appearance: Colours the icons.
        overrides: Keys that differ from the default, by action id; empty for none.
        platform: The system, which has keys of its own.
        is_gradual: Whether the icons are left to ``show_icons``.
    """

    def __init__(
        self,
        appearance: Appearance,
        overrides: Mapping[str, Sequence[str]] | None = None,
        platform: str = sys.platform,
        *,
        is_gradual: bool = False,
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self._platform = platform
        self._specs = {spec.action_id: spec for spec in _SPECS}
        self._actions: dict[ActionId, QAction] = {}
        for spec in _SPECS:
            action = QAction(QCoreApplication.translate("Actions", spec.text), self)
            action.setObjectName(spec.action_id)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setCheckable(spec.action_id in _SWITCHES)
            action.setAutoRepeat(spec.action_id not in _ONCE)
            self._actions[spec.action_id] = action
        for action_id in _ONLY_IN_QUEUE:
            self._actions[action_id].setShortcutContext(
                Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
        for action_id in _ONLY_ON_PAGE:
            self._actions[action_id].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.rebind(overrides or {})
        if not is_gradual:
            at_once(self.show_icons())

    def show_icons(self) -> Steps[None]:
        """Put on the icons, a step each."""
        for spec in _SPECS:
            if spec.icon:
                self._appearance.apply_icon(self._actions[spec.action_id], spec.icon)
                yield

    def __getitem__(self, action_id: ActionId) -> QAction:
        """Give an action."""
        return self._actions[action_id]

    def __iter__(self) -> Iterator[ActionId]:
        """Go through all actions in the order of the shortcut sheet."""
        return iter(self._specs)

    def group(self, action_id: ActionId) -> str:
        """Give the heading an action stands under."""
        return QCoreApplication.translate("Actions", self._specs[action_id].group)

    def group_of(self, action_id: ActionId) -> Group:
        """Give under what heading an action stands, whatever the language."""
        return self._specs[action_id].group

    def label(self, action_id: ActionId) -> str:
        """Give an action's text without the dots."""
        text = QCoreApplication.translate("Actions", self._specs[action_id].text)
        return text.rstrip("…")

    def default_keys(self, action_id: ActionId) -> tuple[str, ...]:
        """Give the keys an action has unless somebody chose others."""
        return keys_on(self._platform, self._specs[action_id].keys)

    def keys(self, action_id: ActionId) -> tuple[str, ...]:
        """Give the keys in force, as they are stored."""
        return tuple(
            one.toString(QKeySequence.SequenceFormat.PortableText)
            for one in self._actions[action_id].shortcuts()
        )

    def rebind(self, overrides: Mapping[str, Sequence[str]]) -> None:
        """Put other keys in force at once; actions not named get their default keys."""
        for action_id, action in self._actions.items():
            keys = overrides.get(action_id, self.default_keys(action_id))
            action.setShortcuts([QKeySequence.fromString(one) for one in keys])
            self._show_keys_in_tooltip(action_id)

    def attach(self, window: QWidget, queue: QWidget) -> None:
        """Make the keys work: those of the queue in it, all others in the window.

        Those that only the page of text has wait for ``attach_page``.
        """
        for action_id, action in self._actions.items():
            if action_id not in _ONLY_ON_PAGE:
                (queue if action_id in _ONLY_IN_QUEUE else window).addAction(action)

    def attach_page(self, page: QWidget) -> None:
        """Make the keys work that are for the page of text alone."""
        page.addActions([self._actions[action_id] for action_id in _ONLY_ON_PAGE])

    def tooltip(self, action_id: ActionId) -> str:
        """Give an action's text with its first key, for a button."""
        shortcut = self._actions[action_id].shortcut()
        keys = shortcut.toString(QKeySequence.SequenceFormat.NativeText)
        return f"{self.label(action_id)} ({keys})" if keys else self.label(action_id)

    def _show_keys_in_tooltip(self, action_id: ActionId) -> None:
        self._actions[action_id].setToolTip(self.tooltip(action_id))


def find_conflicts(
    bindings: Mapping[ActionId, Sequence[str]],
) -> dict[str, tuple[ActionId, ...]]:
    """Find keys that two or more actions want, whatever way they are written."""
    wanted: dict[str, list[ActionId]] = {}
    for action_id, keys in bindings.items():
        for key in keys:
            sequence = QKeySequence.fromString(key)
            portable = sequence.toString(QKeySequence.SequenceFormat.PortableText)
            if portable and action_id not in wanted.setdefault(portable, []):
                wanted[portable].append(action_id)
    return {key: tuple(ids) for key, ids in wanted.items() if len(ids) > 1}
