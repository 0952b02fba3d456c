"""What is asked before money is spent, and what is known of a job that needs attention."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.core.job import Failure, Job
from app.core.messages import message
from app.jobs.consent import Leaving, host_of
from app.store.job_steps import SavedReply
from app.ui import wording
from app.ui.kit.announcing import announce
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_8
from app.ui.translate import counted, translated
from app.ui.wording import dollars, estimate

_MOST_SHOWN = 200_000


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
            "One recording is about to be sent to smallest.ai. The estimated cost is above "
            "the limit you set in Settings.",
            "{count} recordings are about to be sent to smallest.ai. The estimated cost is "
            "above the limit you set in Settings.",
        )
        if unknown:
            text += "\n\n" + counted(
                "CostSheet",
                unknown,
                "One more will add to this: its length is not known in advance.",
                "{count} more will add to this: their lengths are not known in advance.",
            )
        super().__init__(
            self.tr("This will cost {amount}").replace("{amount}", amount),
            text,
            (("send", self.tr("Send")), ("hold", self.tr("Don't send"))),
            parent,
        )


class SendSoundSheet(ChoiceSheet):
    """Sound is to leave for an address it has not gone to yet: ``send``, ``leave``."""

    def __init__(self, leaving: Leaving, stop_at: float, parent: QWidget | None = None) -> None:
        """Ask.

        Args:
            leaving: What is about to leave, and where to.
            stop_at: At how many dollars live text stops; 0 for never.
            parent: The window.
        """
        host = host_of(leaving.address)
        if leaving.is_live:
            text = self.tr(
                "Live text by Pulse sends the audio to {host} while you record, along with "
                "your word list. An hour of each source costs {hourly}."
            )
            if stop_at > 0:
                text += " " + self.tr("It stops at {limit} unless you change that in Settings.")
        else:
            text = self.tr(
                "The model you have chosen works at {host}. Your recordings are sent there, "
                "and an hour of audio costs {hourly}."
            )
            if leaving.dollars is not None:
                text += " " + self.tr("What is about to be sent costs {amount}.")
        text += "\n\n" + self.tr(
            "Wordlight asks once for each address. You can change your mind in Settings."
        )
        values = {
            "{host}": host,
            "{hourly}": estimate(leaving.dollars_per_hour),
            "{amount}": estimate(leaving.dollars or Decimal(0)),
            "{limit}": dollars(Decimal(str(stop_at))),
        }
        for gap, value in values.items():
            text = text.replace(gap, value)
        super().__init__(
            self.tr("Send audio to {host}?").replace("{host}", host),
            text,
            (("send", self.tr("Send")), ("leave", self.tr("Don't send"))),
            parent,
        )


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
        replies: Mapping[int, SavedReply] | None = None,
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
        shown.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        shown.document().setDocumentMargin(SPACE_8)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setMinimumHeight(240)
        shown.setAccessibleName(self.tr("Details"))
        self.body.addWidget(shown)
        self._answer = self.add_text(
            self.tr("Only the beginning is shown. Copy gives you everything.")
            if is_cut
            else "",
            muted=True,
        )
        self._answer.setVisible(is_cut)
        self.forget = self.add_button(self.tr("Delete from the service…"))
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
        announce(self._answer, text)
        self.forget.refuse(text if is_done else "")

    def _ask_forget(self, ids: list[str]) -> None:
        sheet = ChoiceSheet(
            self.tr("Delete this recording's text from the service?"),
            self.tr(
                "The service deletes the text for good. Your transcript on this computer stays."
            ),
            (("forget", self.tr("Delete")), ("leave", self.tr("Cancel"))),
            self,
        )

        def on_answered(answer: str) -> None:
            if answer == "forget":
                self.forget.refuse(self.tr("Checking with the service…"))
                self.forget_requested.emit(ids)

        sheet.answered.connect(on_answered)
        sheet.open()


def _details(job: Job, failure: Failure | None, replies: Mapping[int, SavedReply]) -> str:
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
            lines.append(_request(failure.request_id))
        if failure.details:
            lines += ["", failure.details]
    if job.request_id:
        lines.append(_request(job.request_id))
    for part, reply in sorted(replies.items()):
        head = translated(
            message("Reply {number} of {count}", number=part + 1, count=len(replies))
        )
        if reply.request_id:
            head += f" · {_request(reply.request_id)}"
        lines += ["", head, reply.raw.decode("utf-8", "replace")]
    return "\n".join(lines)


def _request(request_id: str) -> str:
    return translated(message("Request id: {id}", id=request_id))
