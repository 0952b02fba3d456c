from __future__ import annotations

import gc
import itertools
import re

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QFont, QIcon, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QLabel,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.core.preferences import ThemeChoice
from app.system.resources import resource_path
from app.ui.kit.appearance import Appearance, SystemLook
from app.ui.kit.desktop_portal import DesktopPortal
from app.ui.kit.stylesheet import style_sheet
from app.ui.kit.themes import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Theme
from tests.support.colours import THEMES, contrast
from tests.support.languages import spoken

BACKGROUNDS = ("window", "panel", "surface", "hover", "selection")
each_theme = pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)


@each_theme
@pytest.mark.parametrize("ground", BACKGROUNDS)
def test_text_can_be_read_on_every_background(theme: Theme, ground: str) -> None:
    assert contrast(theme.text, getattr(theme, ground)) >= 7
    assert contrast(theme.muted, getattr(theme, ground)) >= 4.5


@each_theme
def test_the_playing_word_and_search_hits_keep_their_contrast(theme: Theme) -> None:
    assert contrast(theme.text, theme.highlight) >= 4.5
    assert contrast(theme.text, theme.found) >= 4.5
    assert contrast(theme.text, theme.bad_highlight) >= 4.5


@each_theme
@pytest.mark.parametrize("ground", ["window", "panel", "surface"])
def test_signal_colours_can_be_read(theme: Theme, ground: str) -> None:
    for foreground in (theme.accent, theme.good, theme.bad, *theme.speakers):
        assert contrast(foreground, getattr(theme, ground)) >= 4.5, foreground
    assert contrast(theme.on_accent, theme.accent) >= 4.5


GRAPHICS = (
    ("edge", ("window", "panel", "surface", "hover")),
    ("accent", ("track", *BACKGROUNDS, "highlight")),
    ("good", ("track", *BACKGROUNDS)),
    ("bad", (*BACKGROUNDS, "bad_highlight")),
    ("found_line", ("window", "found")),
    ("muted", ("track", *BACKGROUNDS)),
)
"""What shows where something is, and on what it lies."""


@each_theme
@pytest.mark.parametrize(("mark", "grounds"), GRAPHICS, ids=lambda one: str(one)[:12])
def test_frames_handles_and_marks_are_seen(
    theme: Theme, mark: str, grounds: tuple[str, ...]
) -> None:
    for ground in grounds:
        found = contrast(getattr(theme, mark), getattr(theme, ground))
        assert found >= 3, f"{mark} on {ground}: {found:.2f}"


@each_theme
def test_speakers_are_seen_on_whatever_is_behind_their_names(theme: Theme) -> None:
    for colour in theme.speakers:
        for ground in BACKGROUNDS:
            assert contrast(colour, getattr(theme, ground)) >= 3, f"{colour} on {ground}"


SEEN_BY = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    # Machado, Oliveira, Fernandes 2009, severity 1
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def oklab(colour: str, eye: str) -> tuple[float, float, float]:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True))))
        for row in SEEN_BY[eye]
    )
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


@pytest.mark.parametrize("eye", SEEN_BY)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_speaker_colours_differ_for_every_eye(theme: Theme, eye: str) -> None:
    assert len(theme.speakers) == 8
    for one, other in itertools.combinations(theme.speakers, 2):
        apart = sum(
            (a - b) ** 2 for a, b in zip(oklab(one, eye), oklab(other, eye), strict=True)
        )
        assert apart**0.5 >= 0.08, (one, other)


TICKS = {"tick-white": "#ffffff", "tick-black": "#000000"}


@each_theme
def test_the_tick_of_a_box_is_seen_on_it(theme: Theme) -> None:
    (name,) = re.findall(r"tick-\w+", style_sheet(theme))
    source = resource_path("icons", f"{name}.svg").read_text()
    assert f'stroke="{TICKS[name]}"' in source
    assert contrast(TICKS[name], theme.accent) >= 4.5


def test_every_icon_takes_the_text_colour_and_draws(appearance: Appearance) -> None:
    names = [path.stem for path in resource_path("icons").glob("*.svg")]
    assert len(names) > 40
    for name in names:
        source = resource_path("icons", f"{name}.svg").read_text()
        if name not in {"wordlight", *TICKS}:  # a style sheet cannot colour a picture
            assert "currentColor" in source
            assert not set(re.findall(r"#[0-9a-f]{6}", source)) - {"#ffffff"}, name
        image = appearance.pixmap(name, ratio=2.0).toImage()
        assert image.width() == 40
        assert any(image.pixelColor(x, y).alpha() > 0 for x in range(40) for y in range(40)), (
            name
        )


def test_a_dressed_button_follows_the_theme(appearance: Appearance, qtbot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    appearance.apply_icon(button, "add")
    before = button.icon().pixmap(20, 20).toImage()
    with qtbot.waitSignal(appearance.theme_changed):
        appearance.choose(ThemeChoice.DARK)
    assert appearance.theme is DARK
    assert button.icon().pixmap(20, 20).toImage() != before


def test_dressing_forgets_buttons_that_are_gone(appearance: Appearance, qtbot) -> None:
    button = QPushButton()
    appearance.apply_icon(button, "add")
    button.deleteLater()
    qtbot.waitUntil(lambda: not _alive(button))
    appearance.choose(ThemeChoice.DARK)  # would raise on a deleted button


def _alive(thing: object) -> bool:
    import shiboken6

    return shiboken6.isValid(thing)


def test_a_chosen_look_wins_over_the_system(appearance: Appearance) -> None:
    appearance.choose(ThemeChoice.LIGHT)
    assert appearance.theme is LIGHT
    appearance.choose(ThemeChoice.HIGH_CONTRAST)
    assert appearance.theme.is_high_contrast


@pytest.mark.parametrize(
    ("scheme", "contrast_", "wanted"),
    [
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.NoPreference, DARK),
        (Qt.ColorScheme.Light, Qt.ContrastPreference.HighContrast, CONTRAST_LIGHT),
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.HighContrast, CONTRAST_DARK),
        (Qt.ColorScheme.Unknown, Qt.ContrastPreference.HighContrast, CONTRAST_LIGHT),
    ],
)
def test_what_the_system_changes_is_put_on_while_the_program_runs(
    qapp: QApplication,
    qtbot: QtBot,
    scheme: Qt.ColorScheme,
    contrast_: Qt.ContrastPreference,
    wanted: Theme,
) -> None:
    now = [SystemLook(Qt.ColorScheme.Light, Qt.ContrastPreference.NoPreference)]
    font = qapp.font()
    made = Appearance(qapp, ask=lambda: now[0])
    button = QPushButton()
    qtbot.addWidget(button)
    made.apply_icon(button, "add")
    hints = QApplication.styleHints()
    for told in (
        lambda: hints.colorSchemeChanged.emit(scheme),
        lambda: hints.accessibility().contrastPreferenceChanged.emit(contrast_),
    ):
        now[0] = SystemLook(Qt.ColorScheme.Light, Qt.ContrastPreference.NoPreference)
        told()
        assert made.theme is LIGHT
        before = button.icon().pixmap(20, 20).toImage()
        now[0] = SystemLook(scheme, contrast_)
        with qtbot.waitSignal(made.theme_changed):
            told()
        assert made.theme is wanted
        assert qapp.palette().text().color().name() == wanted.text
        assert button.icon().pixmap(20, 20).toImage() != before
        assert wanted.accent in qapp.styleSheet()
    made.deleteLater()
    qapp.setStyleSheet("")
    qapp.setFont(font)


def test_the_palette_is_put_on_the_application(
    appearance: Appearance, qapp: QApplication
) -> None:
    appearance.choose(ThemeChoice.DARK)
    assert qapp.palette().window().color().name() == DARK.window


def test_times_are_set_in_tabular_figures_and_text_grows(appearance: Appearance) -> None:
    assert appearance.font(tabular=True).isFeatureSet(QFont.Tag("tnum"))
    small = appearance.font().pixelSize()
    appearance.set_text_scale(1.5)
    assert appearance.font().pixelSize() == round(small * 1.5)


def test_high_contrast_is_black_and_white() -> None:
    assert contrast(CONTRAST_DARK.text, CONTRAST_DARK.window) == pytest.approx(21)


def test_what_the_desktops_portal_says_is_followed_and_its_silence_leaves_all_to_qt(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    portal = DesktopPortal()
    assert not portal.is_waiting  # nobody is there to answer
    appearance = Appearance(qapp, portal=portal)
    assert appearance.theme is LIGHT
    for scheme, wants_contrast, theme in (
        (Qt.ColorScheme.Dark, False, DARK),
        (Qt.ColorScheme.Dark, True, CONTRAST_DARK),
        (Qt.ColorScheme.Light, True, CONTRAST_LIGHT),
        (Qt.ColorScheme.Unknown, False, LIGHT),
    ):
        portal.scheme, portal.wants_contrast = scheme, wants_contrast
        portal.changed.emit()
        assert appearance.theme is theme
    appearance.choose(ThemeChoice.LIGHT)
    portal.scheme = Qt.ColorScheme.Dark
    portal.changed.emit()
    assert appearance.theme is LIGHT  # a person's choice goes before


@pytest.mark.parametrize("factor", [1.0, 1.85])
def test_an_icon_on_a_button_is_as_large_as_its_text_and_drawn_so(
    appearance: Appearance, qtbot: QtBot, factor: float
) -> None:
    tool, action = QToolButton(), QAction("Undo")
    qtbot.addWidget(tool)
    appearance.apply_icon(tool, "undo")
    appearance.apply_icon(action, "undo")
    appearance.set_text_scale(factor)
    wanted = QSize(round(16 * factor), round(16 * factor))
    assert tool.iconSize() == wanted
    for icon in (tool.icon(), action.icon()):
        assert icon.actualSize(QSize(100, 100)) == wanted
    by_action = QToolButton()
    qtbot.addWidget(by_action)
    by_action.setDefaultAction(action)
    by_action.ensurePolished()
    assert by_action.iconSize() == wanted
    appearance.set_text_scale(1.0)


@pytest.mark.parametrize(("language", "is_left"), [("en", True), ("ar", False)])
def test_air_stands_between_the_icon_of_a_button_and_its_text(
    qapp: QApplication, appearance: Appearance, qtbot: QtBot, language: str, is_left: bool
) -> None:
    with spoken(qapp, language):
        named, bare = QPushButton("Export"), QPushButton()
        for button in (named, bare):
            qtbot.addWidget(button)
            appearance.apply_icon(button, "stop")
        assert bare.iconSize() == QSize(16, 16)
        assert named.iconSize() == QSize(20, 16)
        image = named.icon().pixmap(named.iconSize()).toImage()
        seen = [x for x in range(20) if any(image.pixelColor(x, y).alpha() for y in range(16))]
        assert (seen[-1] < 16) if is_left else (seen[0] > 3)


def tip_of(image: QImage) -> int:
    """Give the column in which the middle row is drawn most."""
    return max(range(image.width()), key=lambda x: image.pixelColor(x, 16).alpha())


@pytest.mark.parametrize(
    ("name", "turns"), [("left", True), ("play", False), ("earlier", False)]
)
def test_icons_turn_round_with_reading_and_those_of_time_do_not(
    qapp: QApplication, appearance: Appearance, name: str, turns: bool
) -> None:
    usual = appearance.pixmap(name, 32).toImage()
    with spoken(qapp, "ar"):
        other = appearance.pixmap(name, 32).toImage()
    assert (other != usual) is turns
    if turns:
        assert tip_of(usual) < 16 <= tip_of(other)


def test_the_icon_of_a_selected_row_is_not_paler(appearance: Appearance) -> None:
    icon = appearance.icon("edit", "muted")
    usual = icon.pixmap(QSize(16, 16), QIcon.Mode.Normal).toImage()
    assert icon.pixmap(QSize(16, 16), QIcon.Mode.Selected).toImage() == usual


@each_theme
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_what_is_chosen_has_a_sign_and_not_only_a_colour(
    qapp: QApplication, appearance: Appearance, qtbot: QtBot, theme: Theme, kind: type
) -> None:
    appearance.choose(ThemeChoice.LIGHT)
    qapp.setStyleSheet(style_sheet(theme))
    box = kind("")
    qtbot.addWidget(box)
    box.setChecked(True)
    box.resize(box.sizeHint())
    image = box.grab().toImage()
    seen = {
        image.pixelColor(x, y).name()
        for x in range(3, image.width() - 3)
        for y in range(3, image.height() - 3)
    }  # not what is around it
    assert theme.accent in seen
    assert max(contrast(one, theme.accent) for one in seen) >= 4.5


def test_several_changes_at_once_are_one_switch_and_the_same_again_is_none(
    appearance: Appearance,
) -> None:
    told: list[str] = []
    appearance.theme_changed.connect(lambda: told.append(appearance.theme.name))
    both = {"choice": ThemeChoice.DARK, "text_scale": 1.5}
    appearance.change(**both, reading_family="Inter", line_chars=60)
    assert told == ["dark"]
    assert QApplication.font().pixelSize() == appearance.font().pixelSize()
    appearance.change(**both, reading_family="Inter", line_chars=60)
    assert told == ["dark"]
    appearance.change(choice=ThemeChoice.LIGHT, text_scale=1.0, reading_family="")
    assert told == ["dark", "light"]


def test_a_switch_takes_no_longer_for_each_widget_where_there_are_more(
    appearance: Appearance, qtbot: QtBot
) -> None:
    """Qt hands palette and font on from each to all below it, if one sheet follows another."""
    changes: list[QEvent.Type] = []

    class Heard(QLabel):
        @override
        def changeEvent(self, arg__1: QEvent) -> None:
            changes.append(arg__1.type())
            super().changeEvent(arg__1)

    top = QWidget()
    qtbot.addWidget(top)
    within: QWidget = top
    for _ in range(12):
        column = QVBoxLayout(within)
        label = Heard("text")
        label.setProperty("muted", True)
        inner = QFrame()
        inner.setProperty("notice", "plain")
        column.addWidget(label)
        column.addWidget(inner)
        within = inner
    top.show()
    qtbot.waitExposed(top)
    changes.clear()
    appearance.choose(ThemeChoice.DARK)
    assert len(changes) <= 12 * 8


def test_nothing_is_collected_while_qt_goes_through_all_widgets(
    qtbot: QtBot, qapp: QApplication
) -> None:
    """Qt holds a list of all widgets; one taken apart meanwhile would end the program."""

    class Told(QWidget):
        @override
        def changeEvent(self, event: QEvent, /) -> None:
            if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
                seen.append(gc.isenabled())
            super().changeEvent(event)

    seen: list[bool] = []
    appearance = Appearance(qapp, ThemeChoice.LIGHT)
    told = Told()
    qtbot.addWidget(told)
    told.show()
    seen.clear()
    appearance.change(choice=ThemeChoice.DARK, text_scale=1.25)
    appearance.change(choice=ThemeChoice.LIGHT, text_scale=1.0)
    assert seen
    assert not any(seen)
    assert gc.isenabled()
