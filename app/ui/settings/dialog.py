"""The settings: each change is asked for at once; there is nothing to confirm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QWidget,
)

from app.core.options import ModelId
from app.core.preferences import (
    ClickMode,
    Leaving,
    ProxyMode,
    Region,
    ResumeMode,
    Settings,
    ThemeChoice,
)
from app.core.releases import LATEST_ADDRESS
from app.jobs.auto_export import OFFERED
from app.jobs.service import DOLLARS_PER_MINUTE
from app.jobs.updates import has_other_ways
from app.ui.actions import Actions
from app.ui.kit.appearance import Appearance
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.fields import DecimalField, NumberField, Picker, Switch
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_8, SPACE_12, SPACE_16
from app.ui.settings.keys_page import KeysPage
from app.ui.settings.voices_page import VoicesPage
from app.ui.settings.watch_page import WatchPage, short_label
from app.ui.settings.words_page import WordsPage
from app.ui.translate import interface_languages, native_name, spoken_language
from app.ui.wording import model_name

Choices = Sequence[tuple[str, object]]


class SettingsDialog(Sheet):
    """All settings, on pages.

    Signals:
        change_requested: Fields of ``Settings`` to set: a dict of name and value.
        key_requested: Open the dialog for the key.
        connection_test_requested: Try whether the service can be reached.
        folder_requested: Choose a folder to watch.
    """

    change_requested = Signal(object)
    key_requested = Signal()
    connection_test_requested = Signal()
    folder_requested = Signal()

    def __init__(
        self,
        appearance: Appearance,
        actions: Actions,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(self.tr("Settings"), parent, width=700)
        self._appearance = appearance
        self._settings = settings
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.setAccessibleName(self.tr("Pages of the settings"))
        self.keys = KeysPage(appearance, actions, dict(settings.key_bindings))
        self.keys.bindings_changed.connect(
            lambda: self._ask(key_bindings=self.keys.stored_bindings())
        )
        self.watch = WatchPage(appearance, settings.watch_folders)
        self.watch.add_requested.connect(self.folder_requested)
        self.watch.folders_changed.connect(
            lambda: self._ask(watch_folders=self.watch.folders())
        )
        self.words = WordsPage(
            appearance, settings.word_list, applies=settings.applies_word_list
        )
        self.words.words_changed.connect(lambda: self._ask(word_list=self.words.words()))
        self.words.switched.connect(self._setter("applies_word_list"))
        self.voices = VoicesPage(appearance, is_on=settings.knows_voices)
        self.voices.switched.connect(self._setter("knows_voices"))
        for name, page in (
            (self.tr("General"), self._general()),
            (self.tr("Service"), self._service()),
            (self.tr("Playback"), self._playback()),
            (self.tr("Typing"), self._typing()),
            (self.tr("Keys"), self.keys),
            (self.tr("Watched folders"), self.watch),
            (self.tr("Words"), self.words),
            (self.tr("Voices"), self.voices),
            (self.tr("Webhook"), self._webhook()),
        ):
            self.pages.addTab(_scrolled(page, name), name)
        self.pages.setMinimumHeight(400)
        self.body.addWidget(self.pages)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)

    def show_connection(self, text: str, *, is_good: bool) -> None:
        """Say what the test of the connection gave."""
        self._connection.setText(text)
        self._connection.setProperty("good", is_good)
        self._connection.setProperty("bad", not is_good)
        self._connection.style().unpolish(self._connection)
        self._connection.style().polish(self._connection)
        self.test.setEnabled(True)

    # -- pages ----------------------------------------------------------------

    def _general(self) -> QWidget:
        page, form = _page()
        looks: Choices = (
            (self.tr("Same as the system"), ThemeChoice.SYSTEM),
            (self.tr("Light"), ThemeChoice.LIGHT),
            (self.tr("Dark"), ThemeChoice.DARK),
            (self.tr("High contrast"), ThemeChoice.HIGH_CONTRAST),
        )
        self._pick(form, self.tr("Theme"), "theme", looks)
        self._number(form, self.tr("Text size"), "font_size_pt", (0, 24), " pt")
        self._interface_language(form)
        leaving: Choices = (
            (self.tr("Ask"), Leaving.ASK),
            (self.tr("Finish, then close"), Leaving.FINISH),
            (self.tr("Continue next time"), Leaving.CONTINUE_NEXT_TIME),
        )
        self._pick(form, self.tr("When closing with work left"), "leaving", leaving)
        self._number(form, self.tr("Recordings at the same time"), "jobs_at_once", (1, 8))
        self._switch(form, self.tr("Keep the computer awake while transcribing"), "keep_awake")
        self._switch(form, self.tr("Notify me when the queue is done"), "notify_done")
        formats: Choices = (
            (self.tr("No"), ""),
            *((short_label(one), one) for one in OFFERED),
        )
        self._pick(form, self.tr("Export automatically"), "auto_export_format", formats)
        self._switch(form, self.tr("Save a copy of each recording"), "keep_copies")
        self._number(
            form, self.tr("Empty the bin after"), "bin_days", (0, 3650), self.tr(" days")
        )
        self._number(form, self.tr("Library backups to keep"), "backups_kept", (0, 100))
        if LATEST_ADDRESS and not has_other_ways():
            switch = self.tr("Check for a newer Wordlight once a week")
            self._switch(form, switch, "looks_for_updates")
        return page

    def _interface_language(self, form: QFormLayout) -> None:
        """Offer the languages that the window speaks, each named in itself."""
        languages: Choices = (
            (
                self.tr("Same as the system ({language})").replace(
                    "{language}", native_name(spoken_language(""))
                ),
                "",
            ),
            *((native_name(code), code) for code in interface_languages()),
        )
        name = self.tr("Language")
        self._pick(form, name, "interface_language", languages)
        hint = QLabel(self.tr("Takes effect the next time you start Wordlight."))
        hint.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        form.addRow("", hint)

    def _service(self) -> QWidget:
        page, form = _page()
        key = QPushButton(self.tr("Change key…"))
        key.setAccessibleName(self.tr("Change key"))
        key.clicked.connect(self.key_requested)
        form.addRow(self.tr("Key"), key)
        regions: Choices = (
            (self.tr("Nearest"), Region.DEFAULT),
            (self.tr("India"), Region.INDIA),
            (self.tr("United States"), Region.US),
        )
        self._pick(form, self.tr("Region"), "region", regions)
        self._text(form, self.tr("Base address"), "base_url", "https://api.smallest.ai")
        self._text(form, self.tr("Path"), "service_path", self.tr("only for your own server"))
        proxies: Choices = (
            (self.tr("Same as the system"), ProxyMode.SYSTEM),
            (self.tr("None"), ProxyMode.NONE),
            (self.tr("Manual"), ProxyMode.MANUAL),
        )
        self._pick(form, self.tr("Proxy"), "proxy_mode", proxies)
        self._text(form, self.tr("Proxy address"), "proxy_url", "http://proxy:8080")
        self._text(form, self.tr("Extra certificates"), "certificates", "/…/company.pem")
        self._plain = Switch(
            self._appearance, self.tr("Allow unencrypted http beyond this computer")
        )
        self._plain.setChecked(self._settings.allow_plain_http)
        self._plain.toggled.connect(self._on_plain_toggled)
        form.addRow(self._plain)
        self.test = QPushButton(self.tr("Test connection"))
        self.test.setAccessibleName(self.tr("Test connection"))
        self.test.clicked.connect(self._on_test)
        self._connection = QLabel()
        self._connection.setWordWrap(True)
        form.addRow("", self.test)
        form.addRow("", self._connection)
        prices = dict(self._settings.prices)
        for model in (ModelId.PULSE, ModelId.PULSE_PRO):
            field = self._money(
                form, self.tr("{model}, per minute").replace("{model}", model_name(model))
            )
            field.setDecimals(4)
            field.setValue(prices.get(model, float(DOLLARS_PER_MINUTE[model])))
            field.valueChanged.connect(self._price_setter(model))
        above = self._money(form, self.tr("Ask before spending more than"))
        above.setMaximum(1_000_000)
        above.setValue(self._settings.ask_above)
        above.setSpecialValueText(self.tr("never"))
        above.valueChanged.connect(self._setter("ask_above"))
        self._number(form, self.tr("Requests per minute"), "starts_per_minute", (1, 600))
        return page

    def _playback(self) -> QWidget:
        page, form = _page()
        self._number(
            form, self.tr("Skip back and forward by"), "skip_ms", (500, 60_000), " ms", step=500
        )
        self._number(
            form,
            self.tr("Rewind when pausing"),
            "rewind_on_pause_ms",
            (0, 10_000),
            " ms",
            step=250,
        )
        self._number(form, self.tr("Sound delay"), "latency_ms", (-2000, 2000), " ms", step=10)
        self._switch(form, self.tr("Mark uncertain words"), "marks_uncertain")
        self._switch(form, self.tr("Dim what you have not heard yet"), "pales_unheard")
        return page

    def _typing(self) -> QWidget:
        page, form = _page()
        self._switch(form, self.tr("Pause while I type"), "pauses_while_typing")
        self._number(
            form,
            self.tr("Resume after"),
            "typing_pause_ms",
            (200, 60_000),
            " ms",
            step=100,
        )
        resume: Choices = (
            (self.tr("Where it stopped"), ResumeMode.WHERE_STOPPED),
            (self.tr("Before the edited words"), ResumeMode.BEFORE_EDIT),
            (self.tr("After the edited words"), ResumeMode.AFTER_EDIT),
            (self.tr("A little earlier"), ResumeMode.SECONDS_EARLIER),
            (self.tr("Don't resume"), ResumeMode.STAY_PAUSED),
        )
        self._pick(form, self.tr("After typing, resume"), "resume_mode", resume)
        self._number(
            form,
            self.tr("Earlier by"),
            "resume_earlier_ms",
            (0, 60_000),
            " ms",
            step=500,
        )
        self._number(
            form, self.tr("My reaction time"), "reaction_ms", (0, 5_000), " ms", step=50
        )
        self._switch(
            form,
            self.tr("While playing, typing replaces the word just heard"),
            "types_at_spoken",
        )
        clicks: Choices = (
            (self.tr("Moves playback there"), ClickMode.SEEKS),
            (self.tr("Plays from there"), ClickMode.PLAYS),
            (self.tr("Only moves the cursor there"), ClickMode.NOTHING_MORE),
        )
        self._pick(form, self.tr("Clicking a word"), "click_mode", clicks)
        self._switch(
            form, self.tr("Space and Return control playback until I type"), "space_plays"
        )
        self._switch(form, self.tr("Check the spelling"), "checks_spelling")
        return page

    def _webhook(self) -> QWidget:
        page, form = _page()
        form.addRow(
            _paragraph(
                self.tr("Pulse Pro can call a public address (a webhook) when it is done.")
            )
        )
        self._text(form, self.tr("Public address"), "webhook_url", "https://")
        methods: Choices = (("POST", "POST"), ("GET", "GET"))
        self._pick(form, self.tr("Method"), "webhook_method", methods)
        self._text(form, self.tr("Extra data"), "webhook_extra", "")
        self._switch(form, self.tr("Receive the calls in Wordlight"), "receiver_on")
        form.addRow(
            _paragraph(
                self.tr(
                    "If a tunnel or your own server forwards to this computer, Wordlight "
                    "listens here and adds the secret path to the public address. Leave port "
                    "and path empty to have them chosen for you."
                )
            )
        )
        self._text(form, self.tr("Listen on"), "receiver_host", "127.0.0.1")
        port = self._number(form, self.tr("Port"), "receiver_port", (0, 65_535))
        port.setSpecialValueText(self.tr("any"))
        self._text(
            form, self.tr("Secret path"), "receiver_secret", self.tr("16 letters or more")
        )
        return page

    def _on_plain_toggled(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Ask before the key may travel readable; switching off asks nothing."""
        if not wanted:
            self._ask(allow_plain_http=False)
            return
        sheet = ChoiceSheet(
            self.tr("Send the key unencrypted?"),
            self.tr(
                "With http, anyone between you and the server can read your key and your "
                "recordings. Allow it only for a server in a network you trust."
            ),
            (("allow", self.tr("Allow")), ("leave", self.tr("Don't allow"))),
            self,
        )
        sheet.answered.connect(self._on_plain_answered)
        sheet.open()

    def _on_plain_answered(self, answer: str) -> None:
        if answer == "allow":
            self._ask(allow_plain_http=True)
            return
        self._plain.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._plain.setChecked(False)
        self._plain.blockSignals(False)  # noqa: FBT003 - Qt's signature

    # -- rows -----------------------------------------------------------------

    def _ask(self, **changes: Any) -> None:
        self.change_requested.emit(changes)

    def _setter(self, field: str) -> Callable[[object], None]:
        def set_field(value: object) -> None:
            self.change_requested.emit({field: value})

        return set_field

    def _price_setter(self, model: ModelId) -> Callable[[float], None]:
        def set_price(price: float) -> None:
            prices = dict(self._settings.prices) | {model: price}
            self._ask(prices=tuple(prices.items()))

        return set_price

    def show_settings(self, settings: Settings) -> None:
        """Take the settings as they are after a change."""
        self._settings = settings

    def _on_test(self) -> None:
        self.test.setEnabled(False)
        self._connection.setText(self.tr("Checking with the service…"))
        self.connection_test_requested.emit()

    def _pick(self, form: QFormLayout, name: str, field: str, choices: Choices) -> None:
        picker = Picker(self._appearance, name)
        for text, value in choices:
            picker.addItem(text, value)
        picker.setCurrentIndex(picker.findData(getattr(self._settings, field)))
        # Qt hands an enumeration of strings back as a plain string, hence the place.
        picker.activated.connect(
            lambda: self._ask(**{field: choices[picker.currentIndex()][1]})
        )
        form.addRow(name, picker)

    def _switch(self, form: QFormLayout, name: str, field: str) -> None:
        switch = Switch(self._appearance, name)
        switch.setChecked(bool(getattr(self._settings, field)))
        switch.toggled.connect(self._setter(field))
        form.addRow(switch)

    def _text(self, form: QFormLayout, name: str, field: str, example: str) -> None:
        edit = QLineEdit(str(getattr(self._settings, field)))
        edit.setAccessibleName(name)
        edit.setPlaceholderText(example)
        edit.editingFinished.connect(lambda: self._ask(**{field: edit.text().strip()}))
        form.addRow(name, edit)

    def _number(
        self,
        form: QFormLayout,
        name: str,
        field: str,
        limits: tuple[int, int],
        unit: str = "",
        *,
        step: int = 1,
    ) -> NumberField:
        spin = NumberField(self._appearance, name)
        spin.setRange(*limits)
        spin.setSingleStep(step)
        spin.setSuffix(unit)
        if field == "font_size_pt":
            spin.setSpecialValueText(self.tr("same as the system"))
        spin.setValue(int(getattr(self._settings, field)))
        spin.valueChanged.connect(self._setter(field))
        form.addRow(name, spin)
        return spin

    def _money(self, form: QFormLayout, name: str) -> DecimalField:
        spin = DecimalField(self._appearance, name)
        spin.setPrefix("$ ")
        spin.setMaximum(1000)
        form.addRow(name, spin)
        return spin


def _page() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(0, SPACE_16, SPACE_12, SPACE_16)
    form.setHorizontalSpacing(SPACE_16)
    form.setVerticalSpacing(SPACE_8)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return page, form


def _paragraph(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
    return label


def _scrolled(page: QWidget, name: str) -> QWidget:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setAccessibleName(name)
    area.setWidget(page)
    return area
