"""Spacing, type and sizes; nothing in the window uses other figures."""

from __future__ import annotations

SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_24, SPACE_32 = 4, 8, 12, 16, 24, 32
TEXT_SMALL, TEXT_BASE, TEXT_READING, TEXT_TITLE, TEXT_DISPLAY = 12, 13, 15, 18, 24
LINE_HEIGHT = 1.25
"""Of a line, for each pixel of its text."""
RADIUS = 6
HIT_SIZE = 28
"""Least height and width of anything that can be clicked."""
ICON_SIZE = 20
BUTTON_ICON_SIZE = 16
"""Of the icon on a button or in a menu."""
