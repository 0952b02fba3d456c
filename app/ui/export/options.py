"""The options of an export as visible controls; what has no effect is greyed with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QSpinBox, QWidget

from app.core.messages import Message
from app.export.formats import Format
from app.export.options import (
    LIMITS,
    AudioPlace,
    Encoding,
    ExportOptions,
    FrameRate,
    LineEnd,
    ParagraphRule,
    Rows,
    TimeFormat,
    TimeMarks,
)
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import NumberField, Picker, Switch
from app.ui.kit.in_steps import Between, Steps
from app.ui.kit.margins import margins
from app.ui.kit.refusing import Refused
from app.ui.kit.tokens import SPACE_8, SPACE_12
from app.ui.translate import QT_TRANSLATE_NOOP, translated

_N = QT_TRANSLATE_NOOP
_CONTEXT = "ExportOptions"


@dataclass(frozen=True, slots=True)
class _Spec:
    """A control: what option it sets and how it is called.

    Attributes:
        name: Of the option.
        text: For people, in English.
        choices: Value and text of each choice, for pickers.
        unit: What a number is counted in.
        step: How far a number goes at a time.
        zero: What zero is called, if it is special.
    """

    name: str
    text: str
    choices: tuple[tuple[object, str], ...] = ()
    unit: str = ""
    step: int = 1
    zero: str = ""


_SPECS = (
    _Spec("names", _N(_CONTEXT, "Speaker names")),
    _Spec("notes", _N(_CONTEXT, "Notes")),
    _Spec("struck", _N(_CONTEXT, "Struck-through words")),
    _Spec(
        "times",
        _N(_CONTEXT, "Times"),
        (
            (TimeMarks.NONE, _N(_CONTEXT, "None")),
            (TimeMarks.PARAGRAPH, _N(_CONTEXT, "At each paragraph")),
            (TimeMarks.INTERVAL, _N(_CONTEXT, "At intervals")),
            (TimeMarks.WORD, _N(_CONTEXT, "At each word")),
        ),
    ),
    _Spec("every_s", _N(_CONTEXT, "Time every"), unit=" s", step=5),
    _Spec(
        "time_format",
        _N(_CONTEXT, "Time format"),
        (
            (TimeFormat.CLOCK, "1:03"),
            (TimeFormat.HOURS, "00:01:03"),
            (TimeFormat.FULL, "00:01:03.250"),
        ),
    ),
    _Spec(
        "paragraphs",
        _N(_CONTEXT, "Paragraphs"),
        (
            (ParagraphRule.TURN, _N(_CONTEXT, "As on screen")),
            (ParagraphRule.SPEAKER, _N(_CONTEXT, "One per turn")),
            (ParagraphRule.SENTENCE, _N(_CONTEXT, "One per sentence")),
            (ParagraphRule.PAUSE, _N(_CONTEXT, "Split at long pauses")),
            (ParagraphRule.LENGTH, _N(_CONTEXT, "Split long paragraphs")),
        ),
    ),
    _Spec("pause_ms", _N(_CONTEXT, "Long pause"), unit=" ms", step=250),
    _Spec("paragraph_words", _N(_CONTEXT, "Longer than"), unit=_N(_CONTEXT, " words"), step=10),
    _Spec(
        "line_length",
        _N(_CONTEXT, "Line length"),
        step=5,
        zero=_N(_CONTEXT, "no limit"),
    ),
    _Spec("word_times", _N(_CONTEXT, "Highlight each word as it is spoken")),
    _Spec("cue_lines", _N(_CONTEXT, "Lines per subtitle")),
    _Spec("cue_line_length", _N(_CONTEXT, "Line length")),
    _Spec("reading_speed", _N(_CONTEXT, "Reading speed"), unit=_N(_CONTEXT, " characters/s")),
    _Spec("min_gap_ms", _N(_CONTEXT, "Shortest gap"), unit=" ms", step=20),
    _Spec("min_cue_ms", _N(_CONTEXT, "Shortest time shown"), unit=" ms", step=100),
    _Spec("max_cue_ms", _N(_CONTEXT, "Longest time shown"), unit=" ms", step=500),
    _Spec(
        "rows",
        _N(_CONTEXT, "One row per"),
        ((Rows.WORDS, _N(_CONTEXT, "Word")), (Rows.TURNS, _N(_CONTEXT, "Turn"))),
    ),
    _Spec(
        "audio",
        _N(_CONTEXT, "Recording"),
        (
            (AudioPlace.EMBEDDED, _N(_CONTEXT, "In the file")),
            (AudioPlace.LINKED, _N(_CONTEXT, "Linked")),
            (AudioPlace.NONE, _N(_CONTEXT, "Not included")),
        ),
    ),
    _Spec(
        "frame_rate",
        _N(_CONTEXT, "Frames per second"),
        tuple((rate, rate.value) for rate in FrameRate),
    ),
    _Spec("only_approved", _N(_CONTEXT, "Only approved paragraphs")),
    _Spec("only_highlighted", _N(_CONTEXT, "Only highlighted paragraphs")),
    _Spec(
        "encoding",
        _N(_CONTEXT, "Encoding"),
        (
            (Encoding.UTF8, "UTF-8"),
            (Encoding.UTF8_WITH_MARK, _N(_CONTEXT, "UTF-8 with BOM (for Excel)")),
            (Encoding.UTF16, "UTF-16"),
            (Encoding.WINDOWS, "Windows-1252"),
        ),
    ),
    _Spec(
        "line_end",
        _N(_CONTEXT, "Line endings"),
        (
            (LineEnd.LF, _N(_CONTEXT, "Unix, macOS (LF)")),
            (LineEnd.CRLF, _N(_CONTEXT, "Windows (CRLF)")),
        ),
    ),
)
_ONLY_WITH: dict[str, tuple[str, object]] = {
    "every_s": ("times", TimeMarks.INTERVAL),
    "pause_ms": ("paragraphs", ParagraphRule.PAUSE),
    "paragraph_words": ("paragraphs", ParagraphRule.LENGTH),
}
"""Options that mean something only while another has this value."""
_NOTHING_LEFT_IF_ON = ("only_approved", "only_highlighted")


class ExportOptionsPanel(QWidget):
    """A control for each option.

    Signals:
        changed: A person chose something else; ``options`` gives everything.
    """

    changed = Signal()

    def __init__(
        self,
        appearance: Appearance,
        parent: QWidget | None = None,
        *,
        is_gradual: bool = False,
    ) -> None:
        """Make it.

        Args:
            appearance: The theme.
            parent: What it is put into.
            is_gradual: Whether the controls are made between events; they are seen once all
                of them are there.
        """
        super().__init__(parent)
        self._appearance = appearance
        self._options = ExportOptions()
        self._takes: frozenset[str] = frozenset()
        self._controls: dict[str, QWidget] = {}
        self._reasons: dict[str, QLabel] = {}
        self._refused: frozenset[str] = frozenset()
        self._unsupported: Mapping[str, Message] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(margins(0, 0, SPACE_12, 0))
        self._form.setHorizontalSpacing(SPACE_12)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setVerticalSpacing(SPACE_8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._purpose = QLabel()
        self._purpose.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._purpose.setWordWrap(True)
        self._form.addRow(self._purpose)
        self._nothing = QLabel(self.tr("This format has no options."))
        self._nothing.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        self._nothing.setWordWrap(True)
        self._coming = Between(self, self._fill())
        if not is_gradual:
            self._coming.finish()

    @property
    def options(self) -> ExportOptions:
        """What is chosen; a greyed choice that would leave nothing counts as not made."""
        off = {name: False for name in _NOTHING_LEFT_IF_ON if name in self._refused}
        return replace(self._options, **off)

    def show_options(
        self, kind: Format, options: ExportOptions, unsupported: Mapping[str, Message]
    ) -> None:
        """Show the options a format takes.

        Args:
            kind: The format.
            options: What is chosen.
            unsupported: Why an option has no effect on the transcript.
        """
        self._options = options
        self._takes = kind.takes
        self._purpose.setText(QCoreApplication.translate("Format", kind.purpose))
        self._refused = frozenset(name for name in unsupported if name in kind.takes)
        self._unsupported = unsupported
        if self._coming.is_done:
            self._show()

    def _show(self) -> None:
        """Show on the controls what is chosen and possible."""
        unsupported = self._unsupported
        self._show_time_formats(is_table="rows" in self._takes)
        for spec in _SPECS:
            control = self._controls[spec.name]
            with QSignalBlocker(control):
                self._show_value(spec, getattr(self._options, spec.name))
            reason = translated(unsupported[spec.name]) if spec.name in self._refused else ""
            if isinstance(control, Refused):
                control.refuse(reason)
            self._reasons[spec.name].setText(reason)
        self._show_fitting()

    def control(self, name: str) -> QWidget:
        """Give the control of an option."""
        self._coming.finish()
        return self._controls[name]

    # -- inside ---------------------------------------------------------------

    def _fill(self) -> Steps[None]:
        """Make the controls, a step each."""
        for spec in _SPECS:
            yield
            self._add(spec)
        self._form.addRow(self._nothing)
        yield
        self._show()

    def _add(self, spec: _Spec) -> None:
        text = QCoreApplication.translate(_CONTEXT, spec.text)
        default: object = getattr(ExportOptions(), spec.name)
        if spec.choices:
            control: QWidget = self._picker(spec, text)
        elif isinstance(default, bool):
            control = self._switch(spec, text)
        else:
            control = self._number(spec, text)
        self._controls[spec.name] = control
        if isinstance(control, Switch):
            self._form.addRow(control)
        else:
            self._form.addRow(text, control)
        reason = QLabel()
        reason.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        reason.setWordWrap(True)
        self._reasons[spec.name] = reason
        self._form.addRow(reason)
        for one in (control, reason):
            self._form.setRowVisible(one, False)  # noqa: FBT003 - Qt's signature

    def _picker(self, spec: _Spec, text: str) -> Picker:
        picker = Picker(self._appearance, text)
        for _value, label in spec.choices:
            picker.addItem(QCoreApplication.translate(_CONTEXT, label))
        # By place: Qt hands an enumeration of strings back as a plain string.
        picker.currentIndexChanged.connect(self._by_place(spec))
        return picker

    def _switch(self, spec: _Spec, text: str) -> Switch:
        switch = Switch(self._appearance, text)
        switch.toggled.connect(self._by_value(spec))
        return switch

    def _number(self, spec: _Spec, text: str) -> QSpinBox:
        number = NumberField(self._appearance, text)
        number.setRange(*LIMITS[spec.name])
        number.setSingleStep(spec.step)
        number.setSuffix(QCoreApplication.translate(_CONTEXT, spec.unit) if spec.unit else "")
        if spec.zero:
            number.setSpecialValueText(QCoreApplication.translate(_CONTEXT, spec.zero))
        number.setKeyboardTracking(False)
        number.valueChanged.connect(self._by_value(spec))
        return number

    def _by_place(self, spec: _Spec) -> Callable[[int], None]:
        return lambda place: self._choose(spec.name, spec.choices[place][0])

    def _by_value(self, spec: _Spec) -> Callable[[Any], None]:
        return lambda value: self._choose(spec.name, value)

    def _show_value(self, spec: _Spec, value: object) -> None:
        control = self._controls[spec.name]
        if isinstance(control, Picker):
            values = [one for one, _ in spec.choices]
            control.setCurrentIndex(values.index(value))
        elif isinstance(control, Switch):
            control.setChecked(bool(value))
        elif isinstance(control, QSpinBox) and isinstance(value, int):
            control.setValue(value)

    def _show_time_formats(self, *, is_table: bool) -> None:
        """Write the short form as the format does: tables have seconds, to be added up."""
        picker = self._controls["time_format"]
        if isinstance(picker, Picker):
            seconds = QCoreApplication.translate(_CONTEXT, "63.250 (seconds)")
            picker.setItemText(0, seconds if is_table else "1:03")

    def _choose(self, name: str, value: Any) -> None:
        self._options = replace(self._options, **{name: value})
        self._show_fitting()
        self.changed.emit()

    def _show_fitting(self) -> None:
        """Show the controls that mean something now."""
        for name, control in self._controls.items():
            needed, wanted = _ONLY_WITH.get(name, ("", None))
            is_fitting = not needed or getattr(self._options, needed) == wanted
            if name == "time_format" and "times" in self._takes:
                is_fitting = self._options.times is not TimeMarks.NONE
            if name == "notes" and "rows" in self._takes:
                is_fitting = self._options.rows is Rows.TURNS  # rows of words have none
            is_shown = name in self._takes and is_fitting
            self._form.setRowVisible(control, is_shown)
            self._form.setRowVisible(
                self._reasons[name], is_shown and bool(self._reasons[name].text())
            )
        self._form.setRowVisible(self._nothing, not self._takes)
