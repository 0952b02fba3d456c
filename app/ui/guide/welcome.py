"""The first page somebody ever sees: three ways to begin, and a way past them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.room import Scrolled
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_24

_WIDTH = 460
_ICON = 24


class _Choice(QPushButton):
    """A button as high as the two lines that lie on it need."""

    @override
    def sizeHint(self) -> QSize:
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return super().minimumSizeHint() if layout is None else layout.minimumSize()

    @override
    def hasHeightForWidth(self) -> bool:
        return self.layout() is not None

    @override
    def heightForWidth(self, arg__1: int) -> int:
        layout = self.layout()
        return (
            super().heightForWidth(arg__1) if layout is None else layout.heightForWidth(arg__1)
        )


class WelcomeView(QWidget):
    """Three calm choices; what is dropped on the window is taken all the while.

    Attributes:
        first: Where one begins.

    Signals:
        sample_requested: *Try the sample*.
        local_requested: *Use this computer*.
        key_requested: *Use smallest.ai*.
        skipped: None of them.
    """

    sample_requested = Signal()
    local_requested = Signal()
    key_requested = Signal()
    skipped = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icons: list[tuple[QLabel, str]] = []
        contents = QWidget()
        contents.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(contents)
        column.setContentsMargins(0, SPACE_24, 0, SPACE_24)
        column.setSpacing(SPACE_8)
        title = QLabel(self.tr("Welcome to Wordlight"))
        title.setProperty("display", True)  # noqa: FBT003 - Qt's signature
        title.setWordWrap(True)
        column.addWidget(title)
        column.addWidget(
            self._text(self.tr("Drop a recording anywhere in this window, or start here:"))
        )
        column.addSpacing(SPACE_12)
        for icon, name, about, asked in (
            (
                "sample",
                self.tr("Try the sample"),
                self.tr("A minute of two people reading. It takes a moment."),
                self.sample_requested,
            ),
            (
                "computer",
                self.tr("Use this computer"),
                self.tr("Free, and nothing is sent anywhere. The models are included."),
                self.local_requested,
            ),
            (
                "key",
                self.tr("Use smallest.ai"),
                self.tr(
                    "Faster, in more languages, and paid. Recordings are sent there, and you "
                    "need a key."
                ),
                self.key_requested,
            ),
        ):
            choice = self._choice(icon, name, about)
            choice.clicked.connect(asked)
            column.addWidget(choice)
        column.addSpacing(SPACE_8)
        column.addWidget(
            self._text(
                self.tr(
                    "Recordings leave this computer only if you use smallest.ai. Wordlight "
                    "collects no usage data."
                )
            )
        )
        self.first = contents.findChildren(_Choice)[0]
        skip = QPushButton(self.tr("Skip"))
        skip.setAccessibleName(self.tr("Skip the first steps"))
        skip.setProperty("link", True)  # noqa: FBT003 - Qt's signature
        skip.clicked.connect(self.skipped)
        column.addWidget(skip, 0, Qt.AlignmentFlag.AlignLeading)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(SPACE_24, 0, SPACE_24, 0)
        row.addStretch(1)
        row.addWidget(contents, 100)
        row.addStretch(1)
        holder = QWidget()
        tall = QVBoxLayout(holder)
        tall.setContentsMargins(0, 0, 0, 0)
        tall.addStretch(2)
        tall.addWidget(middle)
        tall.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scrolled(holder))
        appearance.theme_changed.connect(self._recolour)
        self._recolour()

    def _text(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setProperty("muted", True)  # noqa: FBT003 - Qt's signature
        return label

    def _choice(self, icon: str, name: str, about: str) -> QPushButton:
        """Make a button of two lines: what it is called, and what it means."""
        button = _Choice()
        button.setAccessibleName(name)
        button.setAccessibleDescription(about)
        sign, title, said = QLabel(), QLabel(name), self._text(about)
        title.setProperty("heading", True)  # noqa: FBT003 - Qt's signature
        title.setWordWrap(True)
        self._icons.append((sign, icon))
        texts = QVBoxLayout()
        texts.setSpacing(SPACE_4)
        texts.addWidget(title)
        texts.addWidget(said)
        row = QHBoxLayout(button)
        row.setContentsMargins(SPACE_16, SPACE_12, SPACE_16, SPACE_12)
        row.setSpacing(SPACE_16)
        row.addWidget(sign)
        row.addLayout(texts, 1)
        for label in (sign, title, said):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = button.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        button.setSizePolicy(policy)
        return button

    def _recolour(self) -> None:
        ratio = self.devicePixelRatioF()
        for sign, icon in self._icons:
            edge = self._appearance.scaled(_ICON)
            sign.setPixmap(self._appearance.pixmap(icon, edge, ratio, "accent"))
