"""Every colour of the window: a ``Theme`` is a value with all of them in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour, as ``#rrggbb``.

    Attributes:
        name: Its own name, unique.
        is_dark: Whether text is lighter than what it stands on.
        is_high_contrast: Whether shades are given up for contrast.
        window: Behind everything; the page the transcript stands on.
        panel: Behind the queue and the options.
        surface: Fields, menus, dialogs.
        hover: Behind what the pointer is on.
        selection: Behind what is selected.
        line: Thin separators, which nobody needs to see.
        edge: Frames of fields and buttons, scroll handles, the waveform: what shows where
            something is, 3 to 1 on every background above but what is selected.
        text: Text.
        muted: Second lines, times, hints; still 4.5 to 1 on every background above.
        faint: Disabled things and empty tracks.
        accent: The one accent: playing, the play button, focus.
        on_accent: Text and icons on the accent.
        highlight: Behind the word being spoken; text keeps its colour.
        found: Behind a search hit.
        found_line: Under a search hit.
        good: Done.
        bad: Needs attention.
        bad_highlight: Behind a notice of something wrong.
        speakers: Eight colours for names, told apart by colour-blind eyes too.
    """

    name: str
    is_dark: bool
    is_high_contrast: bool
    window: str
    panel: str
    surface: str
    hover: str
    selection: str
    line: str
    edge: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    highlight: str
    found: str
    found_line: str
    good: str
    bad: str
    bad_highlight: str
    speakers: tuple[str, ...]

    @property
    def track(self) -> str:
        """Behind a line that fills: a frame's colour would hide how full it is."""
        return self.hover if self.is_high_contrast else self.line

    def speaker(self, place: int) -> str:
        """Give the colour of the speaker at a place; they repeat after eight."""
        return self.speakers[place % len(self.speakers)]


LIGHT = Theme(
    name="light",
    is_dark=False,
    is_high_contrast=False,
    window="#fcfaf7",
    panel="#f4f0ea",
    surface="#ffffff",
    hover="#ece7df",
    selection="#e6dfd4",
    line="#ddd6cb",
    edge="#857b70",
    text="#211d19",
    muted="#655d54",
    faint="#a79e93",
    accent="#a14e06",
    on_accent="#ffffff",
    highlight="#fbdda6",
    found="#f1e58c",
    found_line="#756300",
    good="#23704a",
    bad="#b3261e",
    bad_highlight="#f9e7e2",
    # Spread apart in OKLab under normal sight, protanopia, deuteranopia and tritanopia.
    speakers=(
        "#4660db",
        "#a85419",
        "#34615e",
        "#6529a9",
        "#971c11",
        "#805d9a",
        "#293871",
        "#65223b",
    ),
)

DARK = Theme(
    name="dark",
    is_dark=True,
    is_high_contrast=False,
    window="#181614",
    panel="#1f1d1a",
    surface="#272421",
    hover="#2c2926",
    selection="#383430",
    line="#3a3632",
    edge="#877f75",
    text="#ece7e0",
    muted="#a8a097",
    faint="#6e675f",
    accent="#f2a93b",
    on_accent="#1d1407",
    highlight="#60430f",
    found="#565017",
    found_line="#d6c93f",
    good="#6cc492",
    bad="#ff8f80",
    bad_highlight="#40231e",
    speakers=(
        "#7391ff",
        "#f7a224",
        "#43cba4",
        "#c4a4fe",
        "#f26753",
        "#a08aa6",
        "#aef2fe",
        "#edee31",
    ),
)

CONTRAST_DARK = Theme(
    name="high-contrast-dark",
    is_dark=True,
    is_high_contrast=True,
    window="#000000",
    panel="#000000",
    surface="#000000",
    hover="#2b2b2b",
    selection="#3d3d3d",
    line="#ffffff",
    edge="#ffffff",
    text="#ffffff",
    muted="#e6e6e6",
    faint="#a0a0a0",
    accent="#ffd60a",
    on_accent="#000000",
    highlight="#5c4a00",
    found="#00506b",
    found_line="#7fd8ff",
    good="#7dffb0",
    bad="#ffa099",
    bad_highlight="#330b07",
    speakers=DARK.speakers,
)

CONTRAST_LIGHT = Theme(
    name="high-contrast-light",
    is_dark=False,
    is_high_contrast=True,
    window="#ffffff",
    panel="#ffffff",
    surface="#ffffff",
    hover="#e3e3e3",
    selection="#d2d2d2",
    line="#000000",
    edge="#000000",
    text="#000000",
    muted="#262626",
    faint="#6a6a6a",
    accent="#7a2f00",
    on_accent="#ffffff",
    highlight="#ffd873",
    found="#fff27a",
    found_line="#574a00",
    good="#004d29",
    bad="#8f0000",
    bad_highlight="#ffeceb",
    speakers=LIGHT.speakers,
)
