import pytest

from app.core.errors import (
    Action,
    AppError,
    ExportError,
    RecogniserError,
    RecordingError,
    ServiceError,
    StorageError,
)
from app.core.messages import message


@pytest.mark.parametrize(
    "kind", [RecordingError, RecogniserError, ServiceError, StorageError, ExportError]
)
def test_every_kind_is_shown_as_its_sentence(kind):
    error = kind(message("“{name}” is empty; choose another file.", name="a.wav"))

    assert isinstance(error, AppError)
    assert str(error) == "“a.wav” is empty; choose another file."
    assert (error.action, error.details, error.request_id) == (Action.NONE, "", "")
    assert not error.pauses_queue


def test_plain_sentence_becomes_a_message():
    assert AppError("The disk is full.").message == message("The disk is full.")


def test_sentence_without_values_may_hold_braces():
    assert str(AppError("Odd {thing}")) == "Odd {thing}"
