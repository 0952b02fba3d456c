"""The little that Fusion with our palette does not do: round corners, quiet buttons, focus.

Properties that widgets set on themselves: ``quiet`` (a button without a frame until the
pointer is on it), ``large`` (a sign of ``ICON_SIZE``), ``primary`` (the one button to press),
``muted`` (a hint), ``panel`` (stands on the side panel), ``notice`` (a bar that says
something), ``floats`` (lies over other things).
"""

from __future__ import annotations

from string import Template

from app.system.resources import resource_path
from app.ui.kit.themes import Theme
from app.ui.kit.tokens import (
    BUTTON_ICON_SIZE,
    HIT_SIZE,
    ICON_SIZE,
    LINE_HEIGHT,
    RADIUS,
    TEXT_BASE,
    TEXT_DISPLAY,
    TEXT_SMALL,
    TEXT_TITLE,
)

_SHEET = Template(
    """
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px 6px; }
QMenu { background: $surface; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 4px 23px 4px 11px; border: 1px solid transparent; border-radius: 4px; }
QMenu::item:selected { background: $selection; border-color: $edge; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu, QPushButton, QToolButton, QListView { icon-size: ${icon}px; }

QPushButton {
  background: $surface; color: $text; border: 1px solid $edge; border-radius: ${radius}px;
  padding: 3px 12px; min-height: ${inner}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selection; }
QPushButton:disabled { color: $faint; background: transparent; }
QPushButton:focus { border: 2px solid $accent; padding: 2px 11px; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[primary="true"]:disabled { background: $hover; color: $faint; border-color: $line; }
QPushButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[quiet="true"] { background: transparent; border-color: transparent; }
QPushButton[quiet="true"]:hover { background: $hover; }
QPushButton[quiet="true"]:pressed, QPushButton[quiet="true"]:checked {
  background: $selection; border-color: $edge;
}
QPushButton[quiet="true"]:focus { border-color: $accent; }
QPushButton[link="true"] {
  background: transparent; border-color: transparent; color: $accent; padding: 3px 0;
}
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border: 1px solid $accent; }
QPushButton[row="true"] { text-align: left; padding: 3px 8px; }
QPushButton[row="true"]:focus { padding: 2px 7px; }

QToolButton {
  background: transparent; border: 2px solid transparent; border-radius: ${radius}px;
  padding: 2px; min-width: ${width}px; min-height: ${tool}px;
}
QToolButton[large="true"] { min-width: ${large}px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $selection; }
QToolButton:checked { background: $selection; border: 1px solid $edge; padding: 3px; }
QToolButton:focus { border: 2px solid $accent; padding: 2px; }
QToolButton:disabled { color: $faint; background: transparent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit[framed="true"] {
  background: $surface; color: $text; border: 1px solid $edge; border-radius: ${radius}px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit { padding: 3px 8px; min-height: ${inner}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit[framed="true"]:focus {
  border: 2px solid $accent;
}
QLineEdit:focus { padding: 2px 7px; }
QLineEdit:disabled { color: $faint; background: transparent; }

QComboBox QLineEdit, QComboBox QLineEdit:focus {
  background: transparent; border: 0; padding: 0 0 0 8px; min-height: 0;
}
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
  width: ${box}px; height: ${box}px; border: 1px solid $edge; border-radius: 3px;
  background: $surface;
}
QRadioButton::indicator { border-radius: ${half}px; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
  background: $accent; border-color: $accent; image: url($tick);
}
QRadioButton::indicator:checked {
  border: ${ring}px solid $accent; width: ${dot}px; height: ${dot}px;
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $faint; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QAbstractSpinBox {
  color: $text; selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox:disabled, QAbstractSpinBox[refused="true"] { color: $faint; }
QSlider[drawn="true"] { border: 2px solid transparent; border-radius: 6px; }
QSlider[drawn="true"]:focus { border-color: $accent; }
QSlider[drawn="true"]::groove:horizontal {
  height: 4px; background: $edge; border-radius: 2px;
}
QSlider[drawn="true"]::sub-page:horizontal { background: $muted; border-radius: 2px; }
QSlider[drawn="true"]::handle:horizontal {
  width: 12px; margin: -4px 0; background: $text; border-radius: 6px;
}
QSlider[drawn="true"]::handle:horizontal:disabled { background: $faint; }
QListView[framed="true"] {
  background: $surface; border: 1px solid $edge; border-radius: ${radius}px; padding: 6px;
}
QListView[framed="true"]:focus { border: 2px solid $accent; padding: 5px; }
QListView[choices="true"] { background: transparent; outline: 0; }
QListView[choices="true"]::item {
  min-height: ${row}px; padding: 0 7px; border: 1px solid transparent; border-radius: 4px;
  color: $text;
}
QListView[choices="true"]::item:hover { background: $hover; }
QListView[choices="true"]::item:selected {
  background: $selection; color: $text; border-color: $edge;
}
QListView[choices="true"]::item:selected:focus { border-color: $accent; }
QListView[choices="true"]::item:disabled { color: $faint; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
  background: transparent; border: 0; padding: 0; min-height: 0;
}
QComboBox QAbstractItemView {
  background: $surface; border: 1px solid $line; padding: 4px; outline: 0;
}
QComboBox QAbstractItemView::item {
  min-height: ${row}px; padding: 0 7px; border: 1px solid transparent; border-radius: 4px;
}
QComboBox QAbstractItemView::item:selected {
  background: $selection; color: $text; border-color: $edge;
}

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 3px; margin: 3px; }
QScrollBar::handle:hover { background: $text; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter::handle:horizontal { width: 8px; }

QFrame[separator="true"] { background: $line; }
QTabWidget::pane { border: 0; }
QTabBar::tab {
  padding: 6px 12px; min-height: ${tool}px; border: 0; border-bottom: 2px solid transparent;
  color: $muted;
}
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar:focus { outline: 0; }
QTabBar::tab:focus { background: $hover; }

QProgressBar { background: $hover; border: 0; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QWidget[panel="true"] {
  background: $panel; border: 0 solid $line; border-width: 0 ${panel_edge}px;
}
QFrame[notice] { background: $surface; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[inset="true"] { margin: 0 16px; }
QFrame[floats="true"] { border-color: $edge; }
QFrame[notice="bad"] { background: $bad_highlight; border-color: $bad; }
QLabel[muted="true"] { color: $muted; font-size: ${small}px; }
QLabel[bad="true"] { color: $bad; }
QLabel[good="true"] { color: $good; }
QLabel[chip="true"] {
  color: $on_accent; background: $accent; border-radius: 8px; padding: 1px 8px;
  font-size: ${small}px;
}
QLabel[title="true"] { font-size: ${title}px; font-weight: 600; }
QLabel[display="true"] { font-size: ${display}px; font-weight: 600; }
QLabel[heading="true"] { font-size: ${base}px; font-weight: 600; }
"""
)

_BOX = 12
"""Edge of a check box within its frame."""


def style_sheet(theme: Theme, text_scale: float = 1.0) -> str:
    """Give the style sheet of a theme."""
    colours = {name: getattr(theme, name) for name in theme.__slots__}
    # A least height is also what a button is pressed to where room is scarce.
    inner = max(HIT_SIZE - 8, round(LINE_HEIGHT * TEXT_BASE * text_scale))
    box = 2 * round(_BOX * text_scale / 2)
    ring = round(box / 3)
    tick = "tick-white" if theme.on_accent == "#ffffff" else "tick-black"
    return _SHEET.substitute(
        colours,
        icon=round(BUTTON_ICON_SIZE * text_scale),
        box=box,
        half=box // 2 + 1,
        ring=ring,
        dot=box + 2 - 2 * ring,
        tick=resource_path("icons", f"{tick}.svg").as_posix(),
        # Where only a line can tell the side panel from the page; on both sides, for either
        # may be the one beside the page.
        panel_edge=int(theme.panel == theme.window),
        radius=RADIUS,
        inner=inner,
        tool=inner,
        width=HIT_SIZE - 8,
        large=round(ICON_SIZE * text_scale),
        row=max(HIT_SIZE - 2, inner),
        small=round(TEXT_SMALL * text_scale),
        base=round(TEXT_BASE * text_scale),
        title=round(TEXT_TITLE * text_scale),
        display=round(TEXT_DISPLAY * text_scale),
    )
