"""Enter the key to the service, try it, and see where it will be kept."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.ui.kit.announcing import announce
from app.ui.kit.line_field import LineField
from app.ui.kit.sheet import Sheet

KEYS_PAGE = "https://app.smallest.ai/dashboard/api-keys"
"""Where a person gets a key, or forbids an old one."""


class KeyStorage(StrEnum):
    """Where a person wants the key kept."""

    SAFELY = "safely"
    """In the keyring; for this session where there is none."""
    FILE = "file"


class KeyDialog(Sheet):
    """Paste a key, test it, keep it.

    The key leaves this dialog only as the argument of a signal.

    Signals:
        test_requested: Ask the service whether it knows this key.
        save_requested: Use this key from now on: the key and a ``KeyStorage``.
        forget_requested: Forget the key that is kept.
        page_requested: Open the page where one gets a key.
    """

    test_requested = Signal(str)
    save_requested = Signal(str, str)
    forget_requested = Signal()
    page_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Key for smallest.ai"), parent, width=480)
        self._has_keyring = True
        self._has_saved_key = False
        self._reason = self.add_text()
        self._reason.setProperty("bad", True)  # noqa: FBT003 - Qt's signature
        self._reason.hide()
        self.add_text(
            self.tr(
                "The Pulse models run at smallest.ai and need your API key. Without one, "
                "Wordlight transcribes on this computer."
            )
        )
        self.field = LineField()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(self.tr("API key"))
        self.field.setPlaceholderText(self.tr("Paste your key"))
        self.field.textChanged.connect(self._on_edited)
        self.body.addWidget(self.field)
        get = QPushButton(self.tr("Get a key at smallest.ai"))
        get.setAccessibleName(self.tr("Get a key at smallest.ai"))
        get.setAccessibleDescription(self.tr("Opens your browser"))
        get.setToolTip(KEYS_PAGE)
        get.setProperty("link", True)  # noqa: FBT003 - Qt's signature
        get.setAutoDefault(False)
        get.clicked.connect(self.page_requested)
        self.body.addWidget(get, 0, Qt.AlignmentFlag.AlignLeading)
        self._where = self.add_text(muted=True)
        self._answer = self.add_text()
        self._answer.hide()
        self._forget = self.add_button(self.tr("Remove key"))
        self._forget.hide()
        self._forget.clicked.connect(self.forget_requested)
        self._file = self.add_button(self.tr("Save in a file"))
        self._file.clicked.connect(lambda: self._save(KeyStorage.FILE))
        self.test = self.add_button(self.tr("Test"))
        self.test.clicked.connect(self._ask)
        self.keep = self.add_button(self.tr("Use this key"), is_primary=True)
        self.keep.clicked.connect(lambda: self._save(KeyStorage.SAFELY))
        self.show_keyring(works=True)
        self._on_edited()

    def show_reason(self, text: str) -> None:
        """Say why the key is asked for."""
        self._reason.setText(text)
        self._reason.setVisible(bool(text))

    def show_keyring(self, *, works: bool) -> None:
        """Say where the key will be kept."""
        self._has_keyring = works
        self._file.setVisible(not works)
        self._where.setText(
            self.tr("It is stored in your system's keyring.")
            if works
            else self.tr(
                "No keyring is available on this system. The key is used until you close "
                "Wordlight, or you can save it in a file that only your user account can read."
            )
        )

    def show_place(self, text: str, *, can_forget: bool) -> None:
        """Say where the key in use comes from."""
        self._where.setText(text)
        self._forget.setVisible(can_forget)
        self._has_saved_key = can_forget
        self._on_edited()

    def show_answer(self, text: str, *, is_good: bool) -> None:
        """Say what the test or the keeping gave."""
        self._answer.setText(text)
        self._answer.setProperty("good", is_good)
        self._answer.setProperty("bad", not is_good)
        self._answer.style().unpolish(self._answer)
        self._answer.style().polish(self._answer)
        self._answer.show()
        announce(self._answer, text)
        self._on_edited()

    def _on_edited(self) -> None:
        has_key = bool(self.field.text().strip())
        for button in (self.test, self.keep, self._file):
            # with nothing typed, the key in use is what can be tested
            can = has_key or (button is self.test and self._has_saved_key)
            button.refuse("" if can else self.tr("Paste a key first."))

    def _ask(self) -> None:
        self._answer.setText(self.tr("Checking with the service…"))
        self.test.refuse(self._answer.text())
        self._answer.show()
        self.test_requested.emit(self.field.text().strip())

    def _save(self, where: KeyStorage) -> None:
        self.save_requested.emit(self.field.text().strip(), where)
