"""What Wordlight is and stands on, and what of one's recordings it hands on."""

from __future__ import annotations

import re

from PySide6.QtCore import QLibraryInfo, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextOption,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from app import __version__
from app.system.resources import build_commit, bundled_path, resource_path
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_4, SPACE_8, SPACE_16

_COMMIT_SHOWN = 10
_HEADING = re.compile(r"^(#+ )", re.MULTILINE)


class AboutSheet(Sheet):
    """The version, the licence, and the licences of what it stands on.

    Signals:
        check_requested: Somebody wants to know whether there is a newer version.
    """

    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, offers_check: bool = False) -> None:
        """Show it.

        Args:
            parent: The window.
            offers_check: Whether it can be found out if there is a newer version.
        """
        super().__init__(self.tr("About Wordlight"), parent, width=640)
        version = self.tr("Version {version}").replace("{version}", __version__)
        commit = build_commit()[:_COMMIT_SHOWN]
        self.version = self.add_text(f"{version} ({commit})" if commit else version)
        self.add_text(
            self.tr(
                "Wordlight turns recordings into text you can trust. It is free software "
                "under the MIT licence."
            )
        )
        self.add_text(
            self.tr("Built with Qt {version} and the work of many others:").replace(
                "{version}", QLibraryInfo.version().toString()
            ),
            muted=True,
        )
        self.licences = QTextBrowser()
        self.licences.setAccessibleName(self.tr("Licences"))
        self.licences.setProperty("framed", True)  # noqa: FBT003 - Qt's signature
        self.licences.setOpenLinks(False)
        self.licences.setTabChangesFocus(True)
        self.licences.setMinimumHeight(260)
        self.licences.document().setDocumentMargin(SPACE_8)
        self.licences.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        _write(self.licences, resource_path("papers", "LICENCES.md").read_text("utf-8"))
        self.body.addWidget(self.licences, 1)
        self._checked = self.add_text("", muted=True)
        self._checked.hide()
        notices = bundled_path("notices/NOTICES.txt")
        if notices is not None:
            # A megabyte of text: the system shows it, and lets one search it.
            url = QUrl.fromLocalFile(str(notices))
            self.add_button(self.tr("All notices")).clicked.connect(
                lambda: QDesktopServices.openUrl(url)
            )
        if offers_check:
            self.add_button(self.tr("Check for updates")).clicked.connect(self.check_requested)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)

    def show_check(self, told: str) -> None:
        """Show what came of looking for a newer version."""
        self._checked.setText(told)
        self._checked.show()


def _write(page: QTextBrowser, markdown: str) -> None:
    """Show a paper within a sheet: its headings under the sheet's, its tables as wide as it."""
    page.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    page.setMarkdown(_HEADING.sub("##\\1", markdown))
    _space_headings(page.document())
    whole = QTextLength(QTextLength.Type.PercentageLength, 100)
    for frame in page.document().rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            shape = frame.format().toTableFormat()
            shape.setWidth(whole)
            shape.setCellPadding(SPACE_4)
            shape.setBorder(0)
            frame.setFormat(shape)


def _space_headings(paper: QTextDocument) -> None:
    """Leave room above what begins something new, so that it does not hang on what ends."""
    block = paper.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        if level:
            shape = block.blockFormat()
            shape.setTopMargin(SPACE_16 if block.blockNumber() else 0)
            shape.setBottomMargin(SPACE_4)
            QTextCursor(block).setBlockFormat(shape)
        block = block.next()


class PrivacySheet(Sheet):
    """What leaves this computer, plainly."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What leaves this computer"), parent, width=520)
        for text in (
            self.tr(
                "With a model on this computer: nothing. Recordings, transcripts and "
                "corrections stay here."
            ),
            self.tr(
                "With Pulse or Pulse Pro: the audio of the recording and the options you "
                "chose go to smallest.ai with your key. Nothing else does: no other files, no "
                "corrections, no speaker names. Before audio goes to an address for the first "
                "time, Wordlight asks."
            ),
            self.tr(
                "With live text by Pulse: the audio while you record, and your word list. "
                "Before audio goes to an address for the first time, Wordlight asks."
            ),
            self.tr(
                "When you download a model, it comes from its makers' site, which can see "
                "that someone downloads it. A link is downloaded from its site, by "
                "smallest.ai or by this computer."
            ),
            self.tr(
                "Wordlight collects no usage data. It checks for updates only if you agreed, "
                "and sends nothing with that. The log stays here, and your key is never in it."
            ),
        ):
            self.add_text(text)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)
