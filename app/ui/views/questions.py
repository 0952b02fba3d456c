"""Short questions and notices: leaving, duplicates, cost, what could not be read, a link."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.core.job import Failure, Job
from app.ui.models import job_text
from app.ui.theme import Appearance
from app.ui.translate import counted, translated
from app.ui.views.options_panel import OptionsPanel
from app.ui.widgets.sheet import Sheet


class ChoiceSheet(Sheet):
    """A question with a few answers; Esc is the last of them.

    Signals:
        answered: Which answer was given, by its key.
    """

    answered = Signal(str)

    def __init__(
        self,
        title: str,
        text: str,
        answers: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """Ask.

        Args:
            title: The question.
            text: What to know before answering.
            answers: Pairs of key and button text, the best first, the harmless last.
            parent: The window.
        """
        super().__init__(title, parent)
        self.add_text(text)
        self._answer = answers[-1][0]
        for place, (key, label) in reversed(list(enumerate(answers))):
            button = self.add_button(label, is_primary=place == 0)
            button.clicked.connect(lambda _=False, given=key: self._give(given))
        self.finished.connect(lambda: self.answered.emit(self._answer))

    def _give(self, answer: str) -> None:
        self._answer = answer
        self.accept()


class LeaveSheet(ChoiceSheet):
    """Work is under way and somebody closes the window: ``finish``, ``later``, ``stay``."""

    def __init__(self, left: int, parent: QWidget | None = None) -> None:
        text = self.tr(
            "Wordlight can finish them first and then close by itself, or go on with them "
            "where they are the next time you open it."
        )
        title = self.tr("Some recordings are not done yet")
        if left == 1:
            title = self.tr("One recording is not done yet")
            text = self.tr(
                "Wordlight can finish it first and then close by itself, or go on with it "
                "where it is the next time you open it."
            )
        answers = (
            ("later", self.tr("Continue next time")),
            ("finish", self.tr("Finish, then close")),
            ("stay", self.tr("Stay")),
        )
        super().__init__(title, text, answers, parent)


class DuplicateSheet(ChoiceSheet):
    """The library has this recording already: ``open``, ``again``, ``leave``."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("You have a transcript of this recording"),
            self.tr("{name} was transcribed before.").replace("{name}", name),
            (
                ("open", self.tr("Open it")),
                ("again", self.tr("Do it again")),
                ("leave", self.tr("Leave it out")),
            ),
            parent,
        )


class CostSheet(ChoiceSheet):
    """Sending costs more than the amount to ask above: ``send``, ``hold``."""

    def __init__(self, amount: str, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("This will cost about {amount}").replace("{amount}", amount),
            self.tr("You asked to be told before more than the amount you set is spent."),
            (("send", self.tr("Send")), ("hold", self.tr("Hold the queue"))),
            parent,
        )


class UnreadableSheet(Sheet):
    """Lists once what could not be added, and why."""

    def __init__(
        self, refused: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        """List it.

        Args:
            refused: Pairs of name and reason.
            parent: The window.
        """
        super().__init__(self.tr("Not everything could be added"), parent, width=520)
        listed = QPlainTextEdit("\n".join(f"{name} – {reason}" for name, reason in refused))
        listed.setReadOnly(True)
        listed.setTabChangesFocus(True)
        listed.setAccessibleName(self.tr("What was left out, and why"))
        self.body.addWidget(listed)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)


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
                "Pulse fetches the recording from a public http or https link; it does not "
                "pass through this computer."
            )
        )
        self.field = QLineEdit()
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
                self.tr("That is no public link; it begins with https:// or http://.")
            )
            self._complaint.show()
            return
        self.url_given.emit(self.field.text().strip())
        self.accept()


class DetailsSheet(Sheet):
    """What is known of a job: its sentence, the request's id, the raw reply."""

    def __init__(
        self, job: Job, failure: Failure | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(job.title, parent, width=560)
        self._text = _details(job, failure)
        shown = QPlainTextEdit(self._text)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setMinimumHeight(240)
        shown.setAccessibleName(self.tr("Details"))
        self.body.addWidget(shown)
        copy = self.add_button(self.tr("Copy"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)


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
        self.panel.show_options(jobs[0].options)
        self.body.addWidget(self.panel)
        cancel = self.add_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        use = self.add_button(self.tr("Use these options"), is_primary=True)
        use.clicked.connect(self._on_use)

    def _on_use(self) -> None:
        self.options_given.emit(self.panel.options)
        self.accept()


def _details(job: Job, failure: Failure | None) -> str:
    lines = [
        job.source,
        f"{job_text.model_name(job.options.model)} · {job.options.language}",
        job_text.state_name(job.state),
    ]
    if job.note is not None:
        lines.append(translated(job.note))
    if failure is not None:
        lines += ["", translated(failure.message)]
        if failure.request_id:
            lines.append(f"request id: {failure.request_id}")
        if failure.details:
            lines += ["", failure.details]
    return "\n".join(lines)
