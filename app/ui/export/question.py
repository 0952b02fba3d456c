"""What has to be asked of a person before a file is taken: how it reads, what it counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_12
from app.ui.translate import QT_TRANSLATE_NOOP

_NAMES: dict[str, str] = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16-le": "Unicode (UTF-16 LE)",
    "utf-16-be": "Unicode (UTF-16 BE)",
    "cp1252": QT_TRANSLATE_NOOP("Encodings", "Western"),
    "mac_roman": QT_TRANSLATE_NOOP("Encodings", "Western, old Mac"),
    "cp850": QT_TRANSLATE_NOOP("Encodings", "Western"),
    "cp1250": QT_TRANSLATE_NOOP("Encodings", "Central European"),
    "cp852": QT_TRANSLATE_NOOP("Encodings", "Central European"),
    "iso8859_2": QT_TRANSLATE_NOOP("Encodings", "Central European"),
    "cp1251": QT_TRANSLATE_NOOP("Encodings", "Cyrillic"),
    "cp866": QT_TRANSLATE_NOOP("Encodings", "Cyrillic"),
    "koi8_r": QT_TRANSLATE_NOOP("Encodings", "Cyrillic, old Unix"),
    "cp1253": QT_TRANSLATE_NOOP("Encodings", "Greek"),
    "cp1254": QT_TRANSLATE_NOOP("Encodings", "Turkish"),
    "cp1255": QT_TRANSLATE_NOOP("Encodings", "Hebrew"),
    "cp1256": QT_TRANSLATE_NOOP("Encodings", "Arabic"),
    "cp1257": QT_TRANSLATE_NOOP("Encodings", "Baltic"),
    "cp1258": QT_TRANSLATE_NOOP("Encodings", "Vietnamese"),
    "cp874": QT_TRANSLATE_NOOP("Encodings", "Thai"),
    "cp932": QT_TRANSLATE_NOOP("Encodings", "Japanese"),
    "euc_jp": QT_TRANSLATE_NOOP("Encodings", "Japanese, old Unix"),
    "gb18030": QT_TRANSLATE_NOOP("Encodings", "Chinese, simplified"),
    "big5": QT_TRANSLATE_NOOP("Encodings", "Chinese, traditional"),
    "cp949": QT_TRANSLATE_NOOP("Encodings", "Korean"),
}
"""What languages an encoding is for, by Python's name of it."""


def encoding_label(encoding: str) -> str:
    """Name an encoding as people know it, with its name for those who know that."""
    name = _NAMES.get(encoding)
    if name is None or encoding.startswith("utf"):
        return name or encoding
    return f"{QCoreApplication.translate('Encodings', name)} ({encoding})"


class QuestionSheet(Sheet):
    """One question about a file with a choice of answers, and how it reads with each.

    Attributes:
        choice: The answers; the data of each is what is given back.
        shown: How the file reads with the one that is chosen.

    Signals:
        answered: The answer, or ``None`` if it was called off.
    """

    answered = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        title: str,
        question: str,
        answers: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        *,
        shown_with: Callable[[str], str] | None = None,
    ) -> None:
        """Ask.

        Args:
            appearance: How it looks.
            title: The name of the file.
            question: What is asked, which says what to do.
            answers: What people read and what it stands for, the likeliest first.
            parent: The window.
            shown_with: Gives what the file says with an answer; nothing is shown without.
        """
        super().__init__(title, parent)
        self.setObjectName("import-question")
        self._shown_with = shown_with
        self.choice = Picker(appearance, question)
        self.add_field(QLabel(question), self.choice)
        for text, value in answers:
            self.choice.addItem(text, value)
        self.shown = QLabel()
        self.shown.setWordWrap(True)
        if shown_with is not None:
            self.body.addWidget(_framed(self.shown))
            self.choice.currentIndexChanged.connect(self._show)
            self._show()
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        take = self.add_button(self.tr("Import"), is_primary=True)
        take.clicked.connect(self.accept)

    @override
    def done(self, arg__1: int) -> None:
        is_given = arg__1 == Sheet.DialogCode.Accepted
        # Told now: by the time somebody goes on, this is gone.
        self.answered.emit(str(self.choice.currentData()) if is_given else None)
        super().done(arg__1)

    def _show(self) -> None:
        if self._shown_with is not None:
            self.shown.setText(self._shown_with(str(self.choice.currentData())))


def _framed(label: QLabel) -> QFrame:
    frame = QFrame()
    frame.setProperty("notice", "plain")
    column = QVBoxLayout(frame)
    column.setContentsMargins(SPACE_12, SPACE_12, SPACE_12, SPACE_12)
    column.addWidget(label)
    return frame
