"""How the program looks: colours, type, spacing, icons, and where resources lie.

A ``Theme`` is a value with every colour in it. ``Appearance`` keeps the one in use,
follows the system's light, dark and contrast settings while the program runs, and
recolours icons with it. Views are given the ``Appearance`` and ask it when they paint.
"""

from __future__ import annotations

import sys
import weakref
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, cast

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFont,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication

# Spacing and type scales; nothing in the window uses other figures.
SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_24, SPACE_32 = 4, 8, 12, 16, 24, 32
TEXT_SMALL, TEXT_BASE, TEXT_READING, TEXT_TITLE, TEXT_DISPLAY = 12, 13, 15, 18, 24
RADIUS = 6
HIT_SIZE = 28
"""Least height and width of anything that can be clicked."""
ICON_SIZE = 20


class Look(StrEnum):
    """What a person chose in the settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


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
        line: Thin separators and the frames of fields.
        text: Text.
        muted: Second lines, times, hints; still 4.5 to 1 on every background above.
        faint: Disabled things and empty tracks.
        accent: The one accent: playing, the play button, focus.
        on_accent: Text and icons on the accent.
        wash: Behind the word being spoken; text keeps its colour.
        found: Behind a search hit.
        good: Done.
        bad: Needs attention.
        bad_wash: Behind a notice of something wrong.
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
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    wash: str
    found: str
    good: str
    bad: str
    bad_wash: str
    speakers: tuple[str, ...]

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
    text="#211d19",
    muted="#655d54",
    faint="#a79e93",
    accent="#a14e06",
    on_accent="#ffffff",
    wash="#fbdda6",
    found="#f1e58c",
    good="#23704a",
    bad="#b3261e",
    bad_wash="#f9e7e2",
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
    text="#ece7e0",
    muted="#a8a097",
    faint="#6e675f",
    accent="#f2a93b",
    on_accent="#1d1407",
    wash="#60430f",
    found="#565017",
    good="#6cc492",
    bad="#ff8f80",
    bad_wash="#40231e",
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
    text="#ffffff",
    muted="#e6e6e6",
    faint="#a0a0a0",
    accent="#ffd60a",
    on_accent="#000000",
    wash="#5c4a00",
    found="#00506b",
    good="#7dffb0",
    bad="#ffa099",
    bad_wash="#330b07",
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
    text="#000000",
    muted="#262626",
    faint="#6a6a6a",
    accent="#7a2f00",
    on_accent="#ffffff",
    wash="#ffd873",
    found="#fff27a",
    good="#004d29",
    bad="#8f0000",
    bad_wash="#ffeceb",
    speakers=LIGHT.speakers,
)

THEMES = (LIGHT, DARK, CONTRAST_DARK, CONTRAST_LIGHT)


def contrast(one: str, other: str) -> float:
    """Give the WCAG contrast of two colours, 1 to 21."""

    def luminance(colour: str) -> float:
        shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        red, green, blue = (
            share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
            for share in shares
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def resource_path(*parts: str) -> Path:
    """Find a file or folder of ``resources/``.

    Works in the source tree, in an installed wheel (beside ``app`` or inside it), and
    in a frozen bundle.

    Raises:
        FileNotFoundError: It is in none of these places.
    """
    here = Path(__file__).resolve()
    roots = [here.parents[3] / "resources", here.parents[2] / "resources"]
    bundle = getattr(sys, "_MEIPASS", None)  # set by PyInstaller
    if bundle is not None:
        roots.insert(0, Path(bundle) / "resources")
    for root in roots:
        found = root.joinpath(*parts)
        if found.exists():
            return found
    raise FileNotFoundError("/".join(("resources", *parts)))


def make_palette(theme: Theme) -> QPalette:
    """Give Qt's palette of a theme."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for which, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.panel),
        (role.Text, theme.text),
        (role.Button, theme.surface),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.bad),
        (role.PlaceholderText, theme.muted),
        (role.ToolTipBase, theme.surface),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.selection),
        (role.HighlightedText, theme.text),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Light, theme.surface),
        (role.Midlight, theme.hover),
        (role.Mid, theme.line),
        (role.Dark, theme.faint),
        (role.Shadow, theme.line),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, which, QColor(theme.faint))
    return palette


class Iconed(Protocol):
    """What can carry an icon: buttons and actions."""

    def setIcon(self, icon: QIcon, /) -> None:  # noqa: N802 - Qt's name
        """Show an icon."""
        ...


class Appearance(QObject):
    """The theme in use; follows the system unless told otherwise.

    Attributes:
        theme: The theme in use.
        text_scale: Factor on every text size, 1 normally.

    Signals:
        theme_changed: The theme or the text size is another now.
    """

    theme_changed = Signal()

    def __init__(self, qt_app: QApplication, look: Look = Look.SYSTEM) -> None:
        super().__init__()
        self._qt_app = qt_app
        self._look = look
        self.text_scale = 1.0
        self._pixmaps: dict[tuple[str, int, float, str], QPixmap] = {}
        self._sources: dict[str, bytes] = {}
        self._dressed: list[tuple[weakref.ref[QObject], str, str]] = []
        qt_app.setStyle("Fusion")
        hints = QGuiApplication.styleHints()
        self._ask_scheme()
        self.theme = self._fitting()
        self._put_on()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)

    @property
    def look(self) -> Look:
        """What was chosen."""
        return self._look

    def set_look(self, look: Look) -> None:
        """Take what a person chose, at once."""
        self._look = look
        self._ask_scheme()
        self._on_system_changed()

    def set_text_scale(self, factor: float) -> None:
        """Make all text larger or smaller, at once."""
        if factor != self.text_scale:
            self.text_scale = factor
            self._put_on()
            self.theme_changed.emit()

    def font(
        self, size_px: int = TEXT_BASE, *, weight: int = 400, tabular: bool = False
    ) -> QFont:
        """Give the system's font in a size of the type scale.

        Args:
            size_px: One of the ``TEXT_…`` figures.
            weight: 400 normal, 600 for names and titles.
            tabular: Whether all figures are equally wide, for times.
        """
        font = QFont(self._qt_app.font())
        font.setPixelSize(max(8, round(size_px * self.text_scale)))
        font.setWeight(QFont.Weight(weight))
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def color(self, role: str) -> QColor:
        """Give a colour of the theme by the name of its attribute."""
        return QColor(cast("str", getattr(self.theme, role)))

    def pixmap(
        self, name: str, size: int = ICON_SIZE, ratio: float = 1.0, ink: str = "text"
    ) -> QPixmap:
        """Draw an icon of ``resources/icons``.

        Args:
            name: File name without suffix.
            size: Edge in logical pixels.
            ratio: Device pixels a logical one.
            ink: Attribute of ``Theme``, or a colour as ``#rrggbb``.
        """
        colour = ink if ink.startswith("#") else cast("str", getattr(self.theme, ink))
        place = (name, size, ratio, colour)
        if place not in self._pixmaps:
            self._pixmaps[place] = self._drawn(name, size, ratio, colour)
        return self._pixmaps[place]

    def icon(self, name: str, ink: str = "text") -> QIcon:
        """Give an icon in the theme's colours; ``dress`` keeps it up to date."""
        icon = QIcon()
        ratios = {1.0, self._qt_app.devicePixelRatio()}
        for ratio in ratios:
            icon.addPixmap(self.pixmap(name, ratio=ratio, ink=ink), QIcon.Mode.Normal)
            icon.addPixmap(self.pixmap(name, ratio=ratio, ink="faint"), QIcon.Mode.Disabled)
        return icon

    def dress(self, target: Iconed, name: str, ink: str = "text") -> None:
        """Give a button or an action an icon that follows the theme; again to change it."""
        thing = cast("QObject", target)
        self._dressed = [entry for entry in self._dressed if entry[0]() not in {None, thing}]
        self._dressed.append((weakref.ref(thing), name, ink))
        target.setIcon(self.icon(name, ink))

    def _drawn(self, name: str, size: int, ratio: float, colour: str) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer  # not before the first icon is drawn

        if name not in self._sources:
            self._sources[name] = resource_path("icons", f"{name}.svg").read_bytes()
        knocked_out = self.theme.window.encode()
        # White is what shows through; put in first, for the ink may be white too.
        source = self._sources[name].replace(b"#ffffff", knocked_out)
        renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.encode())))
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        return pixmap

    def _ask_scheme(self) -> None:
        """Let title bars and native dialogs follow a fixed choice too."""
        hints = QGuiApplication.styleHints()
        if self._look is Look.LIGHT:
            hints.setColorScheme(Qt.ColorScheme.Light)
        elif self._look is Look.DARK:
            hints.setColorScheme(Qt.ColorScheme.Dark)
        else:
            hints.unsetColorScheme()

    def _fitting(self) -> Theme:
        hints = QGuiApplication.styleHints()
        is_dark = hints.colorScheme() is Qt.ColorScheme.Dark
        asked = hints.accessibility().contrastPreference()
        if self._look is Look.LIGHT:
            return LIGHT
        if self._look is Look.DARK:
            return DARK
        if self._look is Look.HIGH_CONTRAST:
            is_light = hints.colorScheme() is Qt.ColorScheme.Light
            return CONTRAST_LIGHT if is_light else CONTRAST_DARK
        if asked is Qt.ContrastPreference.HighContrast:
            return CONTRAST_DARK if is_dark else CONTRAST_LIGHT
        return DARK if is_dark else LIGHT

    def _on_system_changed(self) -> None:
        theme = self._fitting()
        if theme is self.theme:
            return
        self.theme = theme
        self._pixmaps.clear()
        self._put_on()
        self.theme_changed.emit()

    def _put_on(self) -> None:
        from app.ui.kit.stylesheet import style_sheet

        self._qt_app.setPalette(make_palette(self.theme))
        self._qt_app.setFont(self.font())
        self._qt_app.setStyleSheet(style_sheet(self.theme, self.text_scale))
        living: list[tuple[weakref.ref[QObject], str, str]] = []
        for entry in self._dressed:
            target = entry[0]()
            if target is not None and shiboken6.isValid(target):
                living.append(entry)
                cast("Iconed", target).setIcon(self.icon(entry[1], entry[2]))
        self._dressed = living


def reduced_motion() -> bool:
    """Whether animation should be left out: the system says so, or somebody listens.

    Qt 6.11 has no way to ask every system; a running screen reader counts too.
    """
    return QAccessible.isActive()
