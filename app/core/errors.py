"""The errors a person may meet, each one sentence and, where there is one, a way out.

::

    AppError
    ├── RecordingError      the file: missing, unreadable, no sound, damaged
    ├── RecogniserError     recognition on this computer: no model, stopped, out of memory
    ├── ServiceError        the speech service; its kinds are in app/waves/errors.py
    ├── StorageError        what is kept: full or read-only disk, damaged or newer database
    └── ExportError         a transcript could not be written out or read in
"""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import Message, message


class Action(StrEnum):
    """What a person can do about an error with one click on its row."""

    NONE = "none"
    RETRY = "retry"
    ENTER_KEY = "enter-key"
    OPEN_SETTINGS = "open-settings"
    CHOOSE_FILE = "choose-file"
    """This file will never do, whatever is tried; another one may."""
    FIND_FILE = "find-file"
    """The file cannot be reached now: choose where it is, or try again once it can."""
    CHOOSE_MODEL = "choose-model"
    OTHER_REGION = "other-region"
    ASK_RESEND = "ask-resend"
    """The service may have finished and billed; only a person may send again."""
    OPEN_OR_REPEAT = "open-or-repeat"
    """The library has this recording already: open that transcript, or do it again."""
    LOOK_IN_LOG = "look-in-log"
    RESTART = "restart"
    """Another build lies where this one did: nothing goes on before Wordlight is restarted."""
    USE_READABLE_PART = "use-readable-part"


class AppError(Exception):
    """An error that is shown to a person as one sentence.

    Attributes:
        message: What happened and what to do, as one sentence.
        action: What one click can do about it.
        details: Raw text for the curious (a reply, a tool's last words); never a secret.
        request_id: The service's own id of the request, if it gave one.
        pauses_queue: Whether further jobs of the same model would fail alike, so that
            the queue waits for the person instead of failing them all.
    """

    def __init__(
        self,
        sentence: Message | str,
        *,
        action: Action = Action.NONE,
        details: str = "",
        request_id: str = "",
        pauses_queue: bool = False,
    ) -> None:
        self.message = message(sentence) if isinstance(sentence, str) else sentence
        self.action = action
        self.details = details
        self.request_id = request_id
        self.pauses_queue = pauses_queue
        super().__init__(self.message.fill())


class RecordingError(AppError):
    """The recording cannot be used as it is."""


class RecogniserError(AppError):
    """Recognition on this computer failed."""


class ServiceError(AppError):
    """The speech service, or the way to it, failed."""


class StorageError(AppError):
    """Something could not be kept or read back."""


class ExportError(AppError):
    """A transcript could not be written out, or a file not be read as one."""
