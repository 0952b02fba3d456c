"""A page of settings: rows made from their names, each with its way back to the default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.core.preferences import Settings
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import DecimalField, NumberField, Picker, Switch
from app.ui.kit.in_steps import Steps
from app.ui.kit.line_field import LineField
from app.ui.kit.margins import margins
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_16
from app.ui.settings.field_row import FieldRow
from app.ui.settings.finding import Wanted
from app.ui.wording import decimal, number

Choices = Sequence[tuple[str, object]]
DEFAULTS = Settings()
_MS = 1000


@dataclass(frozen=True, slots=True)
class _Bound:
    """A row and the setting behind it.

    Attributes:
        row: The row.
        read: Gives what is set.
        put: Shows a value in the control, which tells nobody.
        changes: Gives the fields of ``Settings`` that set a value.
        say: Writes a value for people.
    """

    row: FieldRow
    read: Callable[[Settings], Any]
    put: Callable[[Any], None]
    changes: Callable[[Any], dict[str, Any]]
    say: Callable[[Any], str]


class FieldsPage(QWidget):
    """Rows under each other; each change is asked for at once.

    It is made empty; ``fill`` makes the rows, a step each.

    Signals:
        change_requested: Fields of ``Settings`` to set: a dict of name and value.
    """

    change_requested = Signal(object)

    def __init__(self, appearance: Appearance, settings: Settings) -> None:
        super().__init__()
        self._appearance = appearance
        self._settings = settings
        self._bound: list[_Bound] = []
        self._rows: list[FieldRow] = []
        self._others: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(margins(0, SPACE_4, SPACE_8, SPACE_16))
        self._column.setSpacing(SPACE_4)

    # -- what the dialog asks -------------------------------------------------

    def fill(self) -> Steps[None]:
        """Make all that is on it."""
        raise NotImplementedError

    def show_settings(self, settings: Settings) -> None:
        """Show what is set now, whoever changed it."""
        before, self._settings = self._settings, settings
        for one in self._bound:
            if one.read(before) != one.read(settings):
                one.put(one.read(settings))
            self._show_default(one)

    def search(self, wanted: Wanted, title: str) -> int:
        """Show the rows that have what is wanted; gives how many do.

        Args:
            wanted: What is looked for.
            title: The page's; where it has what is wanted, all of the page is shown.
        """
        is_whole = wanted.fits(title)
        found = [row.search(wanted, is_whole_page=is_whole) for row in self._rows]
        for other in self._others:
            other.setVisible(is_whole)
        return len(found) if is_whole else sum(found)

    # -- rows ----------------------------------------------------------------

    def heading(self, text: str) -> QLabel:
        """Add a heading over the rows that follow."""
        label = QLabel(text)
        label.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        label.setWordWrap(True)
        label.setContentsMargins(0, SPACE_16 if self._column.count() else 0, 0, SPACE_4)
        self.insert(label)
        return label

    def paragraph(self, text: str) -> QLabel:
        """Add a paragraph that explains."""
        label = QLabel(text)
        label.setWordWrap(True)
        label.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        label.setContentsMargins(0, 0, 0, SPACE_8)
        self.insert(label)
        return label

    def insert(self, widget: QWidget) -> None:
        """Add something that is no setting; it gives way to what is looked for."""
        self._others.append(widget)
        self._column.addWidget(widget)

    def row(
        self, label: str, control: QWidget, *, help_text: str = "", also: str = ""
    ) -> FieldRow:
        """Add a row whose control sees to itself."""
        row = FieldRow(self._appearance, label, control, help_text=help_text, also=also)
        self._rows.append(row)
        self._column.addWidget(row)
        return row

    def end(self) -> None:
        """Leave the room below the last row empty."""
        self._column.addStretch(1)

    def pick(
        self, field: str, label: str, choices: Choices, *, help_text: str = "", also: str = ""
    ) -> Picker:
        """Add a choice among few."""
        picker = Picker(self._appearance, label)
        values = [value for _, value in choices]
        for text, _ in choices:
            picker.addItem(text)

        def put(value: object) -> None:
            # By place: Qt hands an enumeration of strings back as a plain string.
            picker.setCurrentIndex(values.index(value) if value in values else -1)

        def say(value: object) -> str:
            return choices[values.index(value)][0] if value in values else str(value)

        def ask(place: int) -> None:
            self.ask(**{field: values[place]})

        picker.activated.connect(ask)
        row = self.row(label, picker, help_text=help_text, also=also)
        self._bind(row, field, put, say)
        return picker

    def switch(self, field: str, label: str, *, help_text: str = "", also: str = "") -> Switch:
        """Add what is on or off."""
        switch = Switch(self._appearance, label)
        switch.setText("")  # the row says it

        def put(value: object) -> None:
            with QSignalBlocker(switch):
                switch.setChecked(bool(value))

        def ask(is_on: bool) -> None:  # noqa: FBT001 - a slot
            self.ask(**{field: is_on})

        switch.toggled.connect(ask)
        row = self.row(label, switch, help_text=help_text, also=also)
        self._bind(row, field, put, self.on_or_off)
        return switch

    def text(
        self,
        field: str,
        label: str,
        example: str,
        *,
        help_text: str = "",
        also: str = "",
    ) -> QLineEdit:
        """Add a text to type."""
        edit = LineField()
        edit.setAccessibleName(label)
        edit.setPlaceholderText(example)

        def ask() -> None:
            typed = edit.text().strip()
            if typed != getattr(self._settings, field):
                self.ask(**{field: typed})

        edit.editingFinished.connect(ask)
        row = self.row(label, edit, help_text=help_text, also=also)
        self._bind(row, field, lambda value: edit.setText(str(value)), self.or_empty)
        return edit

    def whole(
        self,
        field: str,
        label: str,
        limits: tuple[int, int],
        *,
        unit: str = "",
        nothing: tuple[int, str] | None = None,
        help_text: str = "",
        also: str = "",
    ) -> NumberField:
        """Add a whole number.

        Args:
            field: Of ``Settings``.
            label: What it is called.
            limits: Least and greatest.
            unit: What is counted, written behind it.
            nothing: What the setting has where the least number is shown, and what is
                written then, if that is special.
            help_text: What it means.
            also: Other words it is looked for by.
        """
        spin = NumberField(self._appearance, label)
        spin.setRange(*limits)
        spin.setSuffix(unit)
        special, said = nothing or (limits[0], "")
        spin.setSpecialValueText(said)

        def put(value: float) -> None:
            with QSignalBlocker(spin):
                spin.setValue(limits[0] if nothing and value == special else round(value))

        def say(value: float) -> str:
            return said if said and value == special else number(round(value)) + unit

        def ask(shown: int) -> None:
            self.ask(**{field: special if shown == limits[0] else shown})

        spin.valueChanged.connect(ask)
        row = self.row(label, spin, help_text=help_text, also=also)
        self._bind(row, field, put, say)
        return spin

    def seconds(
        self,
        field: str,
        label: str,
        limits_ms: tuple[int, int],
        *,
        step_ms: int = 500,
        unit_ms: int = _MS,
        unit: str = "",
        help_text: str = "",
        also: str = "",
    ) -> DecimalField:
        """Add a span of time, kept in milliseconds and shown as people say it.

        Args:
            field: Of ``Settings``.
            label: What it is called.
            limits_ms: Shortest and longest.
            step_ms: How far the arrow keys go.
            unit_ms: What it is counted in: a second, or a minute.
            unit: That unit, written behind it; seconds if left out.
            help_text: What it means.
            also: Other words it is looked for by.
        """
        spin = DecimalField(self._appearance, label)
        places = 0 if step_ms % unit_ms == 0 else 1 if step_ms % (unit_ms // 10) == 0 else 2
        spin.setDecimals(places)
        spin.setRange(limits_ms[0] / unit_ms, limits_ms[1] / unit_ms)
        spin.setSingleStep(step_ms / unit_ms)
        behind = unit or self.tr(" s")
        spin.setSuffix(behind)

        def put(value: int) -> None:
            with QSignalBlocker(spin):
                spin.setValue(value / unit_ms)

        def say(value: int) -> str:
            return decimal(value / unit_ms, places) + behind

        def ask(shown: float) -> None:
            self.ask(**{field: round(shown * unit_ms)})

        spin.valueChanged.connect(ask)
        row = self.row(label, spin, help_text=help_text, also=also)
        self._bind(row, field, put, say)
        return spin

    def money(
        self,
        label: str,
        read: Callable[[Settings], float],
        changes: Callable[[float], dict[str, Any]],
        *,
        most: int,
        places: int = 2,
        nothing: str = "",
        help_text: str = "",
        also: str = "",
    ) -> DecimalField:
        """Add an amount of money.

        Args:
            label: What it is called.
            read: Gives the amount that is set.
            changes: Gives the fields of ``Settings`` that set an amount.
            most: The greatest.
            places: Behind the point.
            nothing: What is written for none.
            help_text: What it means.
            also: Other words it is looked for by.
        """
        spin = DecimalField(self._appearance, label)
        spin.setPrefix("$ ")
        spin.setDecimals(places)
        spin.setMaximum(most)
        spin.setSpecialValueText(nothing)

        def put(value: float) -> None:
            with QSignalBlocker(spin):
                spin.setValue(value)

        def say(value: float) -> str:
            return nothing if nothing and not value else f"$ {decimal(value, places)}"

        def ask(amount: float) -> None:
            self.ask(**changes(amount))

        spin.valueChanged.connect(ask)
        row = self.row(label, spin, help_text=help_text, also=also)
        self.bind(row, read, put, changes, say)
        return spin

    # -- inside ---------------------------------------------------------------

    def ask(self, **changes: Any) -> None:
        """Ask for a change, and show at once whether that is the default."""
        self._settings = replace(self._settings, **changes)
        for one in self._bound:
            self._show_default(one)
        self.change_requested.emit(changes)

    def bind(
        self,
        row: FieldRow,
        read: Callable[[Settings], Any],
        put: Callable[[Any], None],
        changes: Callable[[Any], dict[str, Any]],
        say: Callable[[Any], str],
    ) -> None:
        """Let a row show what is set, and give it its way back to the default.

        Args:
            row: The row.
            read: Gives what is set.
            put: Shows a value in the control, which tells nobody.
            changes: Gives the fields of ``Settings`` that set a value.
            say: Writes a value for people.
        """
        bound = _Bound(row, read, put, changes, say)
        self._bound.append(bound)
        put(read(self._settings))
        row.on_reset(lambda: self._reset(bound))
        self._show_default(bound)

    def on_or_off(self, value: object) -> str:
        """Say what a switch does."""
        return self.tr("on") if value else self.tr("off")

    def or_empty(self, value: object) -> str:
        """Say a text that may be empty."""
        return str(value) or self.tr("empty")

    def _bind(
        self,
        row: FieldRow,
        field: str,
        put: Callable[[Any], None],
        say: Callable[[Any], str],
    ) -> None:
        def read(settings: Settings) -> Any:
            return getattr(settings, field)

        self.bind(row, read, put, lambda value: {field: value}, say)

    def _reset(self, bound: _Bound) -> None:
        value = bound.read(DEFAULTS)
        bound.put(value)
        self.ask(**bound.changes(value))

    def _show_default(self, bound: _Bound) -> None:
        value = bound.read(DEFAULTS)
        is_default = bound.read(self._settings) == value
        bound.row.show_default(None if is_default else bound.say(value))
