"""How recordings added from now on are transcribed: model, language, and what else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.options import (
    CAPABILITIES,
    Feature,
    ModelId,
    TranscriptionOptions,
    settle,
)
from app.core.recording import Track
from app.core.timecode import parse_time
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker, Switch
from app.ui.kit.flow import Flow
from app.ui.kit.in_steps import Steps, at_once
from app.ui.kit.line_field import LineField
from app.ui.kit.margins import margins
from app.ui.kit.people_picker import PeoplePicker
from app.ui.kit.refusing import Button, ToolButton
from app.ui.kit.room import Scrolled
from app.ui.kit.tokens import (
    BUTTON_ICON_SIZE,
    SPACE_4,
    SPACE_8,
    SPACE_12,
    SPACE_16,
    SPACE_24,
)
from app.ui.queue.language_picker import LanguagePicker
from app.ui.queue.names_field import NamesField
from app.ui.queue.sound_picker import SoundPicker
from app.ui.translate import QT_TRANSLATE_NOOP, translated
from app.ui.wording import clock, model_name

_FEATURES: tuple[tuple[Feature, str, str], ...] = (
    (
        Feature.REDACT_PII,
        "redact_pii",
        QT_TRANSLATE_NOOP("Options", "Hide personal data"),
    ),
    (Feature.REDACT_PCI, "redact_pci", QT_TRANSLATE_NOOP("Options", "Hide card numbers")),
    (Feature.EMOTION, "emotion", QT_TRANSLATE_NOOP("Options", "Detect emotions")),
    (Feature.GENDER, "gender", QT_TRANSLATE_NOOP("Options", "Detect the speaker's gender")),
    (Feature.WEBHOOK, "by_webhook", QT_TRANSLATE_NOOP("Options", "Use a webhook")),
)

_FIELD_LEAST = 105
"""With less room than this beside its label, a field stands under it."""


class OptionsPanel(QWidget):
    """Pickers and switches; what a model does not take is greyed and says why.

    Signals:
        options_changed: A person chose otherwise: the ``TranscriptionOptions``.
        favourite_toggled: A language's star was pressed: its code.
        more_opened: What is rarely chosen is being looked at.
    """

    options_changed = Signal(object)
    favourite_toggled = Signal(str)
    more_opened = Signal()

    def __init__(
        self,
        appearance: Appearance,
        parent: QWidget | None = None,
        *,
        is_gradual: bool = False,
    ) -> None:
        """Make it.

        Args:
            appearance: How it looks.
            parent: What it stands in.
            is_gradual: Whether it is empty at first, for ``fill`` to be taken step by step.
        """
        super().__init__(parent)
        self._appearance = appearance
        self._options = TranscriptionOptions()
        self._favourites: tuple[str, ...] = ()
        self._recent: tuple[str, ...] = ()
        if not is_gradual:
            at_once(self.fill())

    def fill(self) -> Steps[None]:
        """Make what is in it; nothing else may be asked of it before."""
        self._make_fields()
        yield
        self._make_lines()
        self.more = MoreOptions(self._appearance, self, is_gradual=True)
        yield from self.more.fill()
        yield
        self._lay_out()
        yield
        self._connect()
        self._show()

    @property
    def options(self) -> TranscriptionOptions:
        """What is chosen."""
        return self._options

    def show_options(self, options: TranscriptionOptions) -> None:
        """Show other options, without telling anybody."""
        self._options = settle(options)
        self._show()

    def show_languages(self, *, favourites: Sequence[str], recent: Sequence[str]) -> None:
        """Take the languages that stand first in the picker."""
        self._favourites, self._recent = tuple(favourites), tuple(recent)
        self._show()

    def show_packages(self, packages: Sequence[tuple[str, str]]) -> None:
        """Offer the models on this computer: pairs of name and label."""
        self.more.package.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.more.package.clear()
        self.more.package.addItem(self.tr("Automatic"), "")
        for name, label in packages:
            self.more.package.addItem(label, name)
        self.more.package.blockSignals(False)  # noqa: FBT003 - Qt's signature
        self._show()

    def offer_sound(self, tracks: Sequence[Track]) -> None:
        """Offer the tracks and channels of one recording instead of the usual."""
        self.more.sound.offer(tracks)

    def show_cost(self, text: str) -> None:
        """Say what the recordings that wait will cost; empty for nothing."""
        self._cost.setText(text)
        self._cost.setVisible(bool(text))

    def show_balance(self, text: str) -> None:
        """Say what is left on the account, or that there is no key; empty for nothing."""
        self._balance.setText(text)
        self._balance.setVisible(bool(text))

    def refuse_webhook(self, reason: str) -> None:
        """Grey out the calling back and say why; empty offers it where the model does it."""
        self.more.refuse_webhook(reason)

    def forget_package(self, name: str) -> None:
        """Choose by language again if a model that is gone was chosen."""
        if self._options.package == name:
            self._choose(replace(self._options, package=""))

    # -- inside ---------------------------------------------------------------

    def _make_fields(self) -> None:
        appearance = self._appearance
        self.model = Picker(appearance, self.tr("Model"))
        for model in ModelId:
            self.model.addItem(model_name(model), model)
        self.language = LanguagePicker(appearance, self.tr("Language"))
        self.star = ToolButton()
        self.diarize = Switch(appearance, self.tr("Identify speakers"))
        self.people = PeoplePicker(appearance)
        self._people_label = _label(self.tr("How many people?"), self.people)
        self._people_label.setIndent(SPACE_16)
        self.timestamps = Switch(appearance, self.tr("Timestamps"))

    def _make_lines(self) -> None:
        self._why = _hint("")
        self._why.setContentsMargins(margins(SPACE_16, 0, 0, SPACE_8))
        self._where_icon = QLabel()
        self._where = _hint("")
        self._cost = _hint("")
        self._cost.setContentsMargins(0, SPACE_4, 0, 0)
        self._cost.hide()
        self._balance = _hint("")
        self._balance.hide()
        self.more_button = Button(self.tr("More options"))
        self.more_button.setProperty("quiet", True)  # noqa: FBT003 - Qt's signature
        self.more_button.setAccessibleName(self.tr("More options"))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(SPACE_12)
        form.setVerticalSpacing(SPACE_8)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        language_row = QHBoxLayout()
        language_row.setSpacing(SPACE_4)
        language_row.addWidget(self.language, 1)
        language_row.addWidget(self.star)
        form.addRow(_label(self.tr("Model"), self.model), self.model)
        form.addRow(_label(self.tr("Language"), self.language), language_row)
        where = _row(self._where_icon, self._where, self.more_button)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(margins(SPACE_12, SPACE_12, SPACE_8, SPACE_8))
        column.setSpacing(SPACE_4)
        column.addLayout(form)
        column.addSpacing(SPACE_4)
        column.addWidget(self.diarize)
        column.addWidget(_row(self._people_label, self.people))
        column.addWidget(self._why)
        column.addWidget(self.timestamps)
        column.addWidget(self._cost)
        column.addWidget(self._balance)
        column.addWidget(where)

    def stand_in_sheet(self) -> None:
        """Leave the room around it to the sheet it stands in."""
        self._column.setContentsMargins(0, 0, 0, 0)

    def _connect(self) -> None:
        self.model.activated.connect(
            lambda: self._choose(
                replace(self._options, model=ModelId(self.model.currentData()))
            )
        )
        self.language.code_picked.connect(self._on_code_picked)
        self.star.clicked.connect(lambda: self.favourite_toggled.emit(self._options.language))
        self.diarize.clicked.connect(
            lambda: self._choose(replace(self._options, diarize=self.diarize.isChecked()))
        )
        self.people.activated.connect(
            lambda: self._choose(replace(self._options, speakers=self.people.number))
        )
        self.timestamps.clicked.connect(
            lambda: self._choose(replace(self._options, timestamps=self.timestamps.isChecked()))
        )
        self.more_button.clicked.connect(lambda: self.more.open_at(self.more_button))
        self.more_button.clicked.connect(self.more_opened)
        self.more.options_changed.connect(self._choose)
        self._appearance.theme_changed.connect(self._show)

    def _on_code_picked(self, code: str) -> None:
        self._choose(replace(self._options, language=code))

    def _choose(self, options: TranscriptionOptions) -> None:
        settled = settle(options)
        if settled != self._options:
            self._options = settled
            self._show()
            self.options_changed.emit(settled)

    def _show(self) -> None:
        options = self._options
        takes = CAPABILITIES[options.model]
        self.model.setCurrentIndex(self.model.findData(options.model))
        self.language.offer(
            takes.languages,
            first=(*self._favourites, *self._recent),
            takes_any_code=takes.takes_any_code,
        )
        self.language.show_code(options.language)
        has_choice = takes.takes_any_code or len(takes.languages) > 1
        only = "" if has_choice else self.tr("Pulse Pro understands English only.")
        self.language.refuse(only)
        is_favourite = options.language in self._favourites
        star = (
            self.tr("Remove from the favourite languages")
            if is_favourite
            else self.tr("Add to the favourite languages")
        )
        self.star.setAccessibleName(star)
        self.star.refuse("")
        self.star.setToolTip(star)
        self.star.refuse(only)
        self._appearance.apply_icon(
            self.star,
            "star-filled" if is_favourite else "star",
            "accent" if is_favourite else "muted",
        )
        refused = takes.reason_against(Feature.DIARIZE)
        reason = translated(refused) if refused else ""
        self.diarize.refuse(reason)
        self.diarize.setChecked(options.diarize)
        uncounted = takes.reason_against(Feature.SPEAKERS)
        if options.diarize and uncounted and not reason:
            reason = translated(uncounted)
        self.people.show_number(options.speakers)
        self.people.refuse(translated(uncounted) if uncounted else "")
        for part in (self._people_label, self.people):
            part.setVisible(options.diarize)
        self._why.setText(reason)
        self._why.setVisible(bool(reason))
        self.timestamps.setChecked(options.timestamps)
        is_local = not takes.needs_key
        self._where.setText(
            self.tr("On this computer") if is_local else self.tr("Sent to smallest.ai")
        )
        ratio = self.devicePixelRatioF()
        icon = "computer" if is_local else "cloud"
        edge = self._appearance.scaled(BUTTON_ICON_SIZE)
        self._where_icon.setPixmap(self._appearance.pixmap(icon, edge, ratio, "muted"))
        self.more.show_options(options)


class MoreOptions(QFrame):
    """What is seldom chosen, in a box that opens beside its button.

    Signals:
        options_changed: A person chose otherwise: the ``TranscriptionOptions``.
    """

    options_changed = Signal(object)

    def __init__(
        self, appearance: Appearance, parent: QWidget, *, is_gradual: bool = False
    ) -> None:
        """Make it.

        Args:
            appearance: How it looks.
            parent: What its button stands in.
            is_gradual: Whether it is empty at first, for ``fill`` to be taken step by step.
        """
        super().__init__(parent, Qt.WindowType.Popup)
        self._appearance = appearance
        self.setProperty("notice", "plain")
        self.setAccessibleName(self.tr("More options"))
        self.setWindowTitle(self.tr("More options"))
        self._options = TranscriptionOptions()
        self._switches: dict[Feature, Switch] = {}
        self._against_webhook = ""
        self._button: QWidget | None = None
        if not is_gradual:
            at_once(self.fill())

    def fill(self) -> Steps[None]:
        """Make what is in it; nothing else may be asked of it before."""
        appearance = self._appearance
        contents = QWidget()
        column = QVBoxLayout(contents)
        column.setContentsMargins(SPACE_16, SPACE_12, SPACE_16, SPACE_16)
        column.setSpacing(SPACE_4)
        for feature, field, text in _FEATURES:
            switch = Switch(appearance, QCoreApplication.translate("Options", text))
            switch.clicked.connect(self._setter(field))
            self._switches[feature] = switch
            column.addWidget(switch)
        self._why = _hint("")
        column.addWidget(self._why)
        self.channels = Switch(appearance, self.tr("One speaker per channel"))
        self.channels.setToolTip(self.tr("For recordings with one person on each channel"))
        self.channels.clicked.connect(self._setter("channels_are_speakers"))
        self.save_data = Switch(appearance, self.tr("Send a smaller copy"))
        self.save_data.setToolTip(self.tr("Uploads faster; the audio is compressed first"))
        self.save_data.clicked.connect(self._setter("save_data"))
        column.addWidget(self.channels)
        column.addWidget(self.save_data)
        yield
        self.sound = self._add_sound(appearance, column)
        yield
        column.addSpacing(SPACE_8)
        self.start = _time_field(self.tr("From"), self.tr("the start"))
        self.end = _time_field(self.tr("To"), self.tr("the end"))
        for field in (self.start, self.end):
            field.editingFinished.connect(self._on_part_edited)
        part = QHBoxLayout()
        part.setSpacing(SPACE_8)
        part.addWidget(_label(self.tr("From"), self.start))
        part.addWidget(self.start)
        part.addWidget(_label(self.tr("to"), self.end))
        part.addWidget(self.end)
        column.addLayout(part)
        self._bad_part = _hint("")
        self._bad_part.setProperty("bad", True)  # noqa: FBT003 - Qt's signature
        self._bad_part.hide()
        column.addWidget(self._bad_part)
        self.package = Picker(appearance, self.tr("Model on this computer"))
        self._add_package(column)
        self._add_names(column)
        yield
        self._frame(contents)

    def _add_package(self, column: QVBoxLayout) -> None:
        self.package.addItem(self.tr("Automatic"), "")
        self.package.activated.connect(
            lambda: self._tell(replace(self._options, package=self.package.currentData()))
        )
        self._package_label = _label(self.tr("Model on this computer"), self.package)
        column.addSpacing(SPACE_4)
        column.addWidget(self._package_label)
        column.addWidget(self.package)

    def _add_names(self, column: QVBoxLayout) -> None:
        self.names = NamesField()
        self.names.names_changed.connect(
            lambda: self._tell(replace(self._options, names=self.names.names))
        )
        self._names_label = _label(self.tr("Names and terms to expect"), self.names)
        column.addSpacing(SPACE_4)
        column.addWidget(self._names_label)
        column.addWidget(self.names)

    def _frame(self, contents: QWidget) -> None:
        frame = QVBoxLayout(self)
        frame.setContentsMargins(1, 1, 1, 1)
        frame.addWidget(Scrolled(contents))
        contents.installEventFilter(self)

    def open_at(self, button: QWidget) -> None:
        """Open above the button, within the screen; what does not fit there scrolls."""
        self._button = button
        self._fit(button)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.focusNextChild()

    @override
    def eventFilter(self, arg__1: QObject, arg__2: QEvent) -> bool:
        is_open = self._button is not None and self.isVisible()
        if is_open and self._button is not None and arg__2.type() is QEvent.Type.LayoutRequest:
            self._fit(self._button)  # sentences come and go
        return super().eventFilter(arg__1, arg__2)

    def _fit(self, button: QWidget) -> None:
        self.ensurePolished()
        self.resize(self.sizeHint().boundedTo(button.screen().availableGeometry().size()))
        corner = button.mapToGlobal(QPoint(0, 0)) - QPoint(0, self.height() + SPACE_4)
        screen = button.screen().availableGeometry()
        left = min(corner.x(), screen.right() - self.width())
        self.move(max(screen.left(), left), max(screen.top(), corner.y()))

    def refuse_webhook(self, reason: str) -> None:
        """Grey out the calling back for a reason of the settings; empty offers it."""
        self._against_webhook = reason
        self.show_options(self._options)

    def show_options(self, options: TranscriptionOptions) -> None:
        """Show options, without telling anybody."""
        self._options = options
        takes = CAPABILITIES[options.model]
        reasons: dict[str, None] = {}
        for feature, field, _ in _FEATURES:
            refused = takes.reason_against(feature)
            reason = translated(refused) if refused else ""
            if feature is Feature.WEBHOOK and not reason:
                reason = self._against_webhook
            self._switches[feature].refuse(reason)
            self._switches[feature].setChecked(bool(getattr(options, field)))
            if reason:
                reasons[reason] = None
        self._why.setText("\n".join(reasons))
        self._why.setVisible(bool(reasons))
        self.channels.setChecked(options.channels_are_speakers)
        self.sound.show_options(options)
        self.save_data.setChecked(options.save_data)
        self.save_data.refuse(
            ""
            if takes.needs_key
            else self.tr("Nothing is sent; everything happens on this computer.")
        )
        self.start.setText(clock(options.start_ms) if options.start_ms else "")
        self.end.setText(clock(options.end_ms) if options.end_ms is not None else "")
        self._bad_part.hide()
        is_local = options.model is ModelId.ON_DEVICE
        self._package_label.setVisible(is_local)
        self.package.setVisible(is_local)
        self.package.setCurrentIndex(max(0, self.package.findData(options.package)))
        self._names_label.setVisible(is_local)
        self.names.setVisible(is_local)
        self.names.show_names(options.names)

    def _add_sound(self, appearance: Appearance, column: QVBoxLayout) -> SoundPicker:
        sound = SoundPicker(appearance)
        sound.choice_made.connect(self._tell)
        column.addWidget(_label(self.tr("Audio track"), sound))
        column.addWidget(sound)
        return sound

    def _setter(self, field: str) -> Callable[[bool], None]:
        def set_field(checked: bool) -> None:  # noqa: FBT001 - a slot
            changes: dict[str, bool] = {field: checked}
            self._tell(replace(self._options, **changes))

        return set_field

    def _on_part_edited(self) -> None:
        try:
            start_ms = parse_time(self.start.text()) if self.start.text().strip() else 0
            end_ms = parse_time(self.end.text()) if self.end.text().strip() else None
        except ValueError:
            self._complain(self.tr("Enter a time like 1:30 or 1:02:03."))
            return
        if end_ms is not None and end_ms <= start_ms:
            self._complain(self.tr("The end must be after the start."))
            return
        self._bad_part.hide()
        self._tell(replace(self._options, start_ms=start_ms, end_ms=end_ms))

    def _complain(self, text: str) -> None:
        self._bad_part.setText(text)
        self._bad_part.show()

    def _tell(self, options: TranscriptionOptions) -> None:
        if options != self._options:
            self._options = options
            self.options_changed.emit(options)


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    return label


def _row(label: QLabel, field: QWidget, button: QWidget | None = None) -> Flow:
    row = Flow(label)
    row.add(field, grows_from=_FIELD_LEAST)
    if button is None:
        return row
    with_button = Flow()
    with_button.add(row, grows_from=_FIELD_LEAST + SPACE_24)
    with_button.add(button)
    return with_button


def _hint(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
    label.setWordWrap(True)
    return label


def _time_field(name: str, placeholder: str) -> QLineEdit:
    field = LineField()
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    field.setMaximumWidth(96)
    return field
