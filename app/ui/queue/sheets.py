"""What the queue asks: before leaving, for a link, for other options."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QWidget

from app.core.job import Job, Repeat
from app.core.options import TranscriptionOptions
from app.ui.kit.appearance import Appearance
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.line_field import LineField
from app.ui.kit.sheet import Sheet
from app.ui.queue.options_panel import OptionsPanel
from app.ui.translate import counted


class LeaveSheet(ChoiceSheet):
    """Work is under way and somebody closes the window: ``finish``, ``later``, ``stay``."""

    def __init__(self, left: int, parent: QWidget | None = None) -> None:
        text = self.tr(
            "Wordlight can finish them and then close, or continue with them the next time "
            "you open it."
        )
        title = self.tr("Some recordings are not finished")
        if left == 1:
            title = self.tr("One recording is not finished")
            text = self.tr(
                "Wordlight can finish it and then close, or continue with it the next time "
                "you open it."
            )
        answers = (
            ("later", self.tr("Continue next time")),
            ("finish", self.tr("Finish, then close")),
            ("stay", self.tr("Stay open")),
        )
        super().__init__(title, text, answers, parent)


class UrlSheet(Sheet):
    """Takes a public link that the service fetches itself.

    Signals:
        url_given: The link.
    """

    url_given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Add from URL"), parent, width=520)
        self.add_text(
            self.tr(
                "Pulse downloads the recording from a public http or https link itself. The "
                "cost depends on the length, which is not known in advance."
            )
        )
        self.field = LineField()
        self.field.setAccessibleName(self.tr("Link to the recording"))
        self.field.setPlaceholderText("https://")
        self.body.addWidget(self.field)
        self._complaint = self.add_text()
        self._complaint.setProperty("bad", True)  # noqa: FBT003 - Qt's signature
        self._complaint.hide()
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        add = self.add_button(self.tr("Add"), is_primary=True)
        add.clicked.connect(self._on_add)

    def _on_add(self) -> None:
        url = QUrl(self.field.text().strip(), QUrl.ParsingMode.StrictMode)
        if url.scheme() not in {"http", "https"} or not url.host():
            self._complaint.setText(
                self.tr("That is not a public link. Links start with https:// or http://.")
            )
            self._complaint.show()
            return
        self.url_given.emit(self.field.text().strip())
        self.accept()


class JobOptionsSheet(Sheet):
    """Other options for jobs that still wait.

    Signals:
        options_given: The ``TranscriptionOptions``.
    """

    options_given = Signal(object)

    def __init__(
        self, appearance: Appearance, jobs: Sequence[Job], parent: QWidget | None = None
    ) -> None:
        count = len(jobs)
        title = (
            jobs[0].title
            if count == 1
            else counted("JobOptionsSheet", count, "One recording", "{count} recordings")
        )
        super().__init__(title, parent, width=400)
        self.panel = OptionsPanel(appearance)
        self.panel.stand_in_sheet()
        self.panel.show_options(jobs[0].options)
        self.body.addWidget(self.panel)
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        use = self.add_button(self.tr("Use these options"), is_primary=True)
        use.clicked.connect(self._on_use)

    def _on_use(self) -> None:
        self.options_given.emit(self.panel.options)
        self.accept()


class RepeatSheet(Sheet):
    """Asks how recordings that are done are to be transcribed again, and says what it costs.

    Signals:
        options_given: The ``TranscriptionOptions``.
    """

    options_given = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        wanted: Sequence[Repeat],
        cost_text: Callable[[TranscriptionOptions], str],
        parent: QWidget | None = None,
    ) -> None:
        """Ask.

        Args:
            appearance: How it looks.
            wanted: The recordings.
            cost_text: Says what sending them with such options costs; empty for nothing.
            parent: The window.
        """
        title = counted(
            "RepeatSheet",
            len(wanted),
            "Transcribe {name} again?",
            "Transcribe {count} recordings again?",
        )
        super().__init__(title.replace("{name}", wanted[0].title), parent)
        self.add_text(
            self.tr(
                "Your current transcript stays as it is, with all corrections. The new one is "
                "added to the queue and the library."
            )
        )
        self._cost_text = cost_text
        self.panel = OptionsPanel(appearance)
        self.panel.stand_in_sheet()
        self.panel.show_options(wanted[0].options)
        self.panel.options_changed.connect(self._show_cost)
        self.body.addWidget(self.panel)
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        again = self.add_button(self.tr("Transcribe again"), is_primary=True)
        again.clicked.connect(self._on_again)
        self._show_cost()

    def _show_cost(self) -> None:
        self.panel.show_cost(self._cost_text(self.panel.options))

    def _on_again(self) -> None:
        self.options_given.emit(self.panel.options)
        self.accept()
