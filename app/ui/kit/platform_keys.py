"""Keys as the system at hand can have them: some are its own, others type letters there."""

from __future__ import annotations

from collections.abc import Sequence

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ON_MACOS = {
    "Ctrl+M": "Ctrl+Shift+M",  # puts the window into the Dock
    "Ctrl+H": "Ctrl+Alt+F",  # hides the program; this one replaces in other programs, too
    "Alt+F": "Ctrl+Shift+F",  # with Command and Control it fills the screen
}
"""Written as Qt does: Ctrl is the Command key there, Meta the Control key."""


def keys_on(platform: str, keys: Sequence[str]) -> tuple[str, ...]:
    """Give the keys that stand for some on a system.

    Option with a letter types one on macOS: ``@`` for Germans, ``ł`` for Poles. Command and
    Control together do nothing else but what is left out here.

    Args:
        platform: The system, as ``sys.platform`` has it.
        keys: Keys as they are elsewhere.
    """
    return tuple(map(_on_macos, keys)) if platform == "darwin" else tuple(keys)


def _on_macos(key: str) -> str:
    if key in _ON_MACOS:
        return _ON_MACOS[key]
    *held, letter = key.split("+")
    if letter not in _LETTERS or held not in (["Alt"], ["Alt", "Shift"]):
        return key
    return "+".join(("Meta", "Ctrl", *held[1:], letter))
