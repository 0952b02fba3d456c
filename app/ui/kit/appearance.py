"""How the program looks now: the theme in use, fonts, icons in its colours.

``Appearance`` follows the system's light, dark and contrast settings while the program
runs, and recolours icons with it. Views are given it and ask it when they paint.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton

from app.core.preferences import Settings, ThemeChoice
from app.system.resources import resource_path
from app.ui.kit.desktop_portal import DesktopPortal
from app.ui.kit.stylesheet import style_sheet
from app.ui.kit.themes import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Theme
from app.ui.kit.tokens import BUTTON_ICON_SIZE, ICON_SIZE, SPACE_4, TEXT_BASE, TEXT_READING

_MIRRORED = frozenset({"left", "right", "undo", "redo", "sidebar"})
"""Icons that point to where reading begins or ends, so they turn round with it."""


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


@dataclass(frozen=True, slots=True)
class SystemLook:
    """How the system is set.

    Attributes:
        scheme: Light or dark, if it says.
        contrast: Whether it wants more contrast than usual.
    """

    scheme: Qt.ColorScheme
    contrast: Qt.ContrastPreference


def system_look(portal: DesktopPortal | None = None) -> SystemLook:
    """Ask how the system is set now; what the desktop's portal says goes before Qt's word."""
    hints = QGuiApplication.styleHints()
    scheme, contrast = hints.colorScheme(), hints.accessibility().contrastPreference()
    if portal is not None and portal.scheme is not Qt.ColorScheme.Unknown:
        scheme = portal.scheme
    if portal is not None and portal.wants_contrast:
        contrast = Qt.ContrastPreference.HighContrast
    return SystemLook(scheme, contrast)


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
        line_chars: About how many characters a line of the text to read has at most.

    Signals:
        theme_changed: The theme, the text size or the text to read looks another way now.
    """

    theme_changed = Signal()

    def __init__(
        self,
        qt_app: QApplication,
        choice: ThemeChoice = ThemeChoice.SYSTEM,
        *,
        ask: Callable[[], SystemLook] | None = None,
        portal: DesktopPortal | None = None,
    ) -> None:
        """Put the theme on.

        Args:
            qt_app: The application.
            choice: What was chosen.
            ask: Asks how the system is set.
            portal: The desktop's, if it has one.
        """
        super().__init__()
        self._ask = ask or partial(system_look, portal)
        self._qt_app = qt_app
        self._choice = choice
        self.text_scale = 1.0
        self.line_chars = Settings().line_chars
        self._reading_family = ""
        self._is_changing = False
        self._icons: dict[tuple[str, str, int, int, float, bool], QIcon] = {}
        self._pixmaps: dict[tuple[str, int, float, str, bool], QPixmap] = {}
        self._sources: dict[str, bytes] = {}
        self._with_icons: weakref.WeakKeyDictionary[QObject, tuple[str, str, int]] = (
            weakref.WeakKeyDictionary()
        )
        qt_app.setStyle("Fusion")
        hints = QGuiApplication.styleHints()
        self._ask_scheme()
        self.theme = self._fitting()
        self._put_on()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)
        if portal is not None:
            portal.changed.connect(self._on_system_changed)

    @property
    def choice(self) -> ThemeChoice:
        """What was chosen."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Take what a person chose, at once."""
        self.change(choice=choice)

    def set_text_scale(self, factor: float) -> None:
        """Make all text larger or smaller, at once."""
        self.change(text_scale=factor)

    def change(
        self,
        *,
        choice: ThemeChoice | None = None,
        text_scale: float | None = None,
        reading_family: str | None = None,
        line_chars: int | None = None,
    ) -> None:
        """Look another way in one switch, however much of it changes; at once.

        Args:
            choice: The theme that was chosen; ``None`` here and below for the same as before.
            text_scale: Factor on every text size.
            reading_family: The font of the text to read; empty for the one of other text.
            line_chars: About how many characters a line of that text has at most.
        """
        before = self._worn
        self._is_changing = True  # Qt tells of the scheme while it is asked for
        if choice is not None and choice is not self._choice:
            self._choice = choice
            self._ask_scheme()
        if text_scale is not None:
            self.text_scale = text_scale
        if reading_family is not None:
            self._reading_family = reading_family
        if line_chars is not None:
            self.line_chars = line_chars
        self._is_changing = False
        self._switch_from(before)

    def reading_font(self) -> QFont:
        """Give the font of the text to read; what it lacks comes from the system's."""
        font = self.font(TEXT_READING)
        if self._reading_family:
            font.setFamilies([self._reading_family, *font.families()])
        return font

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
        self, name: str, size: int = ICON_SIZE, ratio: float = 1.0, foreground: str = "text"
    ) -> QPixmap:
        """Draw an icon of ``resources/icons``.

        Args:
            name: File name without suffix.
            size: Edge in logical pixels.
            ratio: Device pixels a logical one.
            foreground: Attribute of ``Theme``, or a colour as ``#rrggbb``.
        """
        colour = (
            foreground
            if foreground.startswith("#")
            else cast("str", getattr(self.theme, foreground))
        )
        place = (name, size, ratio, colour, self._is_mirrored())
        if place not in self._pixmaps:
            self._pixmaps[place] = self._drawn(name, size, ratio, colour)
        return self._pixmaps[place]

    def scaled(self, pixels: int) -> int:
        """Give a length that grows with the text, as icons and marks do."""
        return round(pixels * self.text_scale)

    def icon(
        self, name: str, foreground: str = "text", size: int = BUTTON_ICON_SIZE, air: int = 0
    ) -> QIcon:
        """Give an icon in the theme's colours; ``apply_icon`` keeps it up to date.

        Args:
            name: File name without suffix.
            foreground: Attribute of ``Theme``, or a colour as ``#rrggbb``.
            size: Edge in logical pixels beside text of the usual size.
            air: What is left free behind it, before the text of a button.
        """
        sharpest = self._qt_app.devicePixelRatio()
        place = (name, foreground, size, air, sharpest, self._is_mirrored())
        if place not in self._icons:
            self._icons[place] = self._made_icon(name, foreground, size, air)
        return self._icons[place]

    def _made_icon(self, name: str, foreground: str, size: int, air: int) -> QIcon:
        icon = QIcon()
        edge = self.scaled(size)
        mode = QIcon.Mode
        for ratio in {1.0, self._qt_app.devicePixelRatio()}:
            usual = self._aired(self.pixmap(name, edge, ratio, foreground), air)
            for one in (mode.Normal, mode.Selected):  # Qt would make what is selected pale
                icon.addPixmap(usual, one)
            faint = self.pixmap(name, edge, ratio, "faint")
            icon.addPixmap(self._aired(faint, air), mode.Disabled)
        return icon

    def apply_icon(
        self,
        target: Iconed,
        name: str,
        foreground: str = "text",
        size: int = BUTTON_ICON_SIZE,
    ) -> None:
        """Give a button or an action an icon that follows the theme; again to change it.

        Args:
            target: What gets it.
            name: File name without suffix.
            foreground: Attribute of ``Theme``, or a colour as ``#rrggbb``.
            size: Edge in logical pixels beside text of the usual size.
        """
        self._with_icons[cast("QObject", target)] = name, foreground, size
        self._put_icon(target, name, foreground, size)

    def _put_icon(self, target: Iconed, name: str, foreground: str, size: int) -> None:
        air = SPACE_4 if _has_text_beside(target) else 0
        if isinstance(target, QAbstractButton):
            edge = self.scaled(size)
            target.setIconSize(QSize(edge + air, edge))
        target.setIcon(self.icon(name, foreground, size, air))

    def _aired(self, pixmap: QPixmap, air: int) -> QPixmap:
        """Give a picture with room behind it, where reading goes on."""
        if not air:
            return pixmap
        ratio = pixmap.devicePixelRatio()
        wide = QPixmap(pixmap.width() + round(air * ratio), pixmap.height())
        wide.setDevicePixelRatio(ratio)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        painter.drawPixmap(air if self._is_mirrored() else 0, 0, pixmap)
        painter.end()
        return wide

    def _is_mirrored(self) -> bool:
        return self._qt_app.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _drawn(self, name: str, size: int, ratio: float, colour: str) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer  # not before the first icon is drawn

        if name not in self._sources:
            self._sources[name] = resource_path("icons", f"{name}.svg").read_bytes()
        knocked_out = self.theme.window.encode()
        # White is what shows through; put in first, for the foreground may be white too.
        source = self._sources[name].replace(b"#ffffff", knocked_out)
        renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.encode())))
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        if name in _MIRRORED and self._is_mirrored():
            painter.translate(size, 0)
            painter.scale(-1, 1)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        return pixmap

    def _ask_scheme(self) -> None:
        """Let title bars and native dialogs follow a fixed choice too."""
        hints = QGuiApplication.styleHints()
        if self._choice is ThemeChoice.LIGHT:
            hints.setColorScheme(Qt.ColorScheme.Light)
        elif self._choice is ThemeChoice.DARK:
            hints.setColorScheme(Qt.ColorScheme.Dark)
        else:
            hints.unsetColorScheme()

    def _fitting(self) -> Theme:
        asked = self._ask()
        is_dark = asked.scheme is Qt.ColorScheme.Dark
        if self._choice is ThemeChoice.LIGHT:
            return LIGHT
        if self._choice is ThemeChoice.DARK:
            return DARK
        if self._choice is ThemeChoice.HIGH_CONTRAST:
            is_light = asked.scheme is Qt.ColorScheme.Light
            return CONTRAST_LIGHT if is_light else CONTRAST_DARK
        if asked.contrast is Qt.ContrastPreference.HighContrast:
            return CONTRAST_DARK if is_dark else CONTRAST_LIGHT
        return DARK if is_dark else LIGHT

    def _on_system_changed(self) -> None:
        if not self._is_changing:
            self._switch_from(self._worn)

    @property
    def _worn(self) -> tuple[Theme, float, str, int]:
        """All that makes a look; two that are equal look alike."""
        return self.theme, self.text_scale, self._reading_family, self.line_chars

    def _switch_from(self, before: tuple[Theme, float, str, int]) -> None:
        """Put on what is another than before, and tell once."""
        self.theme = self._fitting()
        if self._worn == before:
            return
        if self.theme is not before[0]:
            self._pixmaps.clear()
        if self._worn[:2] != before[:2]:
            self._put_on()
        self.theme_changed.emit()

    def _put_on(self) -> None:
        self._icons.clear()
        # Without a sheet first: Qt exchanges one for another widget by widget, each of which
        # hands its palette and font on to all below it, at four times the cost.
        with _nothing_collected():
            self._qt_app.setStyleSheet("")
            self._qt_app.setPalette(make_palette(self.theme))
            self._qt_app.setFont(self.font())
            self._qt_app.setStyleSheet(style_sheet(self.theme, self.text_scale))
        for target, (name, foreground, size) in list(self._with_icons.items()):
            if shiboken6.isValid(target):
                self._put_icon(cast("Iconed", target), name, foreground, size)


@contextmanager
def _nothing_collected() -> Generator[None]:
    """Keep what nobody holds any more until this is over.

    Qt goes through a list of all widgets and calls our code for each. Did Python take a
    forgotten one apart meanwhile, Qt would go on to where it was.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _has_text_beside(target: Iconed) -> bool:
    """Whether a text stands behind the icon."""
    if isinstance(target, QToolButton):
        return target.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    return isinstance(target, QPushButton) and bool(target.text())
