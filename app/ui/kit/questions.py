"""Short questions and notices: leaving, duplicates, cost, what could not be read, a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.core.job import Failure, Job
from app.store.job_steps import KeptReply
from app.ui import wording
from app.ui.kit.sheet import Sheet
from app.ui.kit.theme import Appearance
from app.ui.queue.options_panel import OptionsPanel
from app.ui.translate import counted, translated

_MOST_SHOWN = 200_000


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

    def __init__(
        self, amount: str, count: int, unknown: int = 0, parent: QWidget | None = None
    ) -> None:
        """Ask.

        Args:
            amount: The estimate, such as ``about $4.20``.
            count: How many recordings it is for.
            unknown: How many more will be sent whose length cannot be told.
            parent: The window.
        """
        text = counted(
            "CostSheet",
            count,
            "One recording is about to be sent to smallest.ai. The amount is an estimate, and "
            "more than you want to spend without being asked.",
            "{count} recordings are about to be sent to smallest.ai. The amount is an "
            "estimate, and more than you want to spend without being asked.",
        )
        if unknown:
            text += "\n\n" + counted(
                "CostSheet",
                unknown,
                "One more comes on top: how long it is cannot be told beforehand.",
                "{count} more come on top: how long they are cannot be told beforehand.",
            )
        super().__init__(
            self.tr("This will cost {amount}").replace("{amount}", amount),
            text,
            (("send", self.tr("Send")), ("hold", self.tr("Hold them back"))),
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
                "pass through this computer. What it costs depends on its length, which is "
                "not known beforehand."
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
    """What is known of a job: its sentence, the request's id, the raw reply.

    Signals:
        forget_requested: Let the service forget requests: their ids.
    """

    forget_requested = Signal(list)

    def __init__(
        self,
        job: Job,
        failure: Failure | None,
        parent: QWidget | None = None,
        *,
        replies: Mapping[int, KeptReply] | None = None,
    ) -> None:
        """Show it.

        Args:
            job: The job.
            failure: Why it needs attention.
            parent: The window.
            replies: The service's raw replies, by part.
        """
        super().__init__(job.title, parent, width=620)
        self._text = _details(job, failure, replies or {})
        ids = [reply.request_id for reply in (replies or {}).values() if reply.request_id]
        # A reply of hours is megabytes on one line, which no text widget lays out quickly.
        is_cut = len(self._text) > _MOST_SHOWN
        shown = QPlainTextEdit(self._text[:_MOST_SHOWN])
        shown.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setMinimumHeight(240)
        shown.setAccessibleName(self.tr("Details"))
        self.body.addWidget(shown)
        self._answer = self.add_text(
            self.tr("Only the beginning is shown; Copy gives everything.") if is_cut else "",
            muted=True,
        )
        self._answer.setVisible(is_cut)
        self.forget = self.add_button(self.tr("Forget on the service…"))
        self.forget.setVisible(bool(ids))
        self.forget.clicked.connect(lambda: self._ask_forget(ids))
        copy = self.add_button(self.tr("Copy"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)

    def show_forgotten(self, text: str, *, is_done: bool) -> None:
        """Say what became of the wish to be forgotten."""
        self._answer.setText(text)
        self._answer.show()
        self.forget.setEnabled(not is_done)

    def _ask_forget(self, ids: list[str]) -> None:
        sheet = ChoiceSheet(
            self.tr("Let the service forget this recording?"),
            self.tr(
                "The service removes the text from its log and cannot bring it back. Your "
                "transcript on this computer stays."
            ),
            (("forget", self.tr("Forget it")), ("leave", self.tr("Leave it"))),
            self,
        )

        def on_answered(answer: str) -> None:
            if answer == "forget":
                self.forget.setEnabled(False)
                self.forget_requested.emit(ids)

        sheet.answered.connect(on_answered)
        sheet.open()


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


def _details(job: Job, failure: Failure | None, replies: Mapping[int, KeptReply]) -> str:
    lines = [
        job.source,
        f"{wording.model_name(job.options.model)} · {job.options.language}",
        wording.state_name(job.state),
    ]
    if job.note is not None:
        lines.append(translated(job.note))
    if failure is not None:
        lines += ["", translated(failure.message)]
        if failure.request_id:
            lines.append(f"request id: {failure.request_id}")
        if failure.details:
            lines += ["", failure.details]
    if job.request_id:
        lines.append(f"request id: {job.request_id}")
    for part, reply in sorted(replies.items()):
        head = f"reply {part + 1} of {len(replies)}" if len(replies) > 1 else "reply"
        if reply.request_id:
            head += f" · request id: {reply.request_id}"
        lines += ["", head, reply.raw.decode("utf-8", "replace")]
    return "\n".join(lines)
