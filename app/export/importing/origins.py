"""Where a JSON that is no transcript likely comes from, and what to save there instead."""

from __future__ import annotations

from app.core.errors import ExportError
from app.core.messages import message, translatable
from app.export.importing.fields import Fields

_KNOWN: tuple[tuple[frozenset[str], str, str], ...] = tuple(
    (frozenset(names.split()), origin, instead)
    for names, origin, instead in (
        (
            "TranscriptionJob",
            "Amazon Transcribe",
            translatable("the file at its TranscriptFileUri"),
        ),
        (
            "jobName accountId status",
            "Amazon Transcribe",
            translatable("the file at its TranscriptFileUri"),
        ),
        ("request_id", "Deepgram", translatable("the reply to the request itself")),
        ("upload_url", "AssemblyAI", translatable("the reply to the finished transcript")),
        (
            "audio_url status",
            "AssemblyAI",
            translatable("the transcript once its status is completed"),
        ),
        ("job data_sources", "Speechmatics", translatable("the transcript as json-v2")),
        ("job", "Speechmatics", translatable("the transcript as json-v2")),
        ("media_url created_on", "Rev", translatable("the transcript of the job as JSON")),
        ("created_on status type", "Rev", translatable("the transcript of the job as JSON")),
        ("links kind", "Azure", translatable("the file whose kind is Transcription")),
        ("values @nextLink", "Azure", translatable("the file whose kind is Transcription")),
        ("name metadata done", "Google", translatable("the operation once it is done")),
        ("name metadata", "Google", translatable("the operation once it is done")),
        (
            "compositions",
            "Descript",
            translatable("the transcript as text with times, SRT or WebVTT"),
        ),
        (
            "project_id media",
            "Descript",
            translatable("the transcript as text with times, SRT or WebVTT"),
        ),
        ("otid", "Otter", translatable("the conversation as SRT or as text")),
        ("speech_id", "Otter", translatable("the conversation as SRT or as text")),
        ("combinedPhrases", "Azure", translatable("the reply with its phrases")),
        (
            "text usage",
            "OpenAI",
            translatable("the reply with response_format verbose_json, or SRT"),
        ),
        (
            "text",
            translatable("a recogniser"),
            translatable("a reply with times, SRT or WebVTT"),
        ),
        (
            "error",
            translatable("a service"),
            translatable("its reply to a request that succeeded"),
        ),
    )
)


def unknown(content: Fields, recogniser: str = "") -> ExportError:
    """Name where a file likely comes from, and what to save instead.

    Args:
        content: The file.
        recogniser: Who wrote it, where that is known and there are no words in it.
    """
    if recogniser:
        return ExportError(
            message(
                "This file from {origin} has no words with times. Ask for word times there, "
                "or save SRT or WebVTT.",
                origin=recogniser,
            )
        )
    for names, origin, instead in _KNOWN:
        if names <= content.keys():
            return ExportError(
                message(
                    "This JSON is not a transcript with times. It looks like a file from "
                    "{origin}: save {instead} instead.",
                    origin=origin,
                    instead=instead,
                )
            )
    return ExportError(
        "Wordlight does not know this kind of JSON transcript. Save SRT or WebVTT in the "
        "program it comes from."
    )
