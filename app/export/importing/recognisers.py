"""Replies of recognition services and programs, each told by what no other has.

All are brought into the shape of Whisper's (``shapes``); what the formats say of their
own times is taken from their documentation.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from app.export.importing.fields import Fields, items_of, number_of, text_of
from app.export.importing.hints import Hints
from app.export.importing.shapes import LENGTH_S, per_second, whisper_shape
from app.export.transcript_json import as_fields

_TICKS = 10_000_000
_LISTS = (
    "segments",
    "transcript",
    "transcripts",
    "utterances",
    "sentences",
    "phrases",
    "paragraphs",
    "captions",
    "cues",
    "subtitles",
    "chunks",
    "entries",
    "items",
    "results",
    "result",
    "data",
)
"""Where programs put their lines that no reader of ours knows by name."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One that writes JSON.

    Attributes:
        name: As people know it.
        fits: Tells whether a file is of it.
        read: Gives it in the shape of Whisper's; may find nothing in it.
    """

    name: str
    fits: Callable[[Fields], bool]
    read: Callable[[Fields, Hints], Fields]


def find_recogniser(content: Fields) -> Recogniser | None:
    """Give who wrote a file, if it is one of those known."""
    return next((one for one in RECOGNISERS if one.fits(content)), None)


# ------------------------------------------------------------------------ Amazon Transcribe


def _is_amazon(content: Fields) -> bool:
    results = as_fields(content.get("results"))
    return (
        isinstance(results.get("items"), list)
        and any("alternatives" in item for item in items_of(results, "items"))
    ) or isinstance(results.get("audio_segments"), list)


def _amazon(content: Fields, hints: Hints) -> Fields:
    results = as_fields(content.get("results"))
    labels = as_fields(results.get("speaker_labels"))
    by_start = {
        str(item.get("start_time")): text_of(item, "speaker_label")
        for paragraph in items_of(labels, "segments")
        for item in items_of(paragraph, "items")
    }
    words: list[Fields] = []
    for item in items_of(results, "items"):
        word = _first(item, "alternatives")
        text = text_of(word, "content")
        if item.get("type") == "punctuation":
            _attach(words, text)
        if item.get("type") == "punctuation" or not text:
            continue
        speaker = text_of(item, "speaker_label") or by_start.get(
            str(item.get("start_time")), ""
        )
        channel = text_of(item, "channel_label")
        words.append(
            {
                "word": f" {text}",
                "start": number_of(item.get("start_time")),
                "end": number_of(item.get("end_time")),
                "confidence": number_of(word.get("confidence")),
                "speaker": speaker or channel,
            }
        )
    lines = _one_line(words) or list(items_of(results, "audio_segments"))
    return whisper_shape({**content, **results}, hints, lines, is_sure=True)


def _attach(words: list[Fields], character: str) -> None:
    """Put a punctuation mark behind the word before."""
    if words:
        words[-1]["word"] += character


def _one_line(words: list[Fields]) -> list[Fields]:
    """Give words as they are written, each with its space, as one line."""
    return [{"words": words}] if words else []


# -------------------------------------------------------------------------------- Deepgram


def _is_deepgram(content: Fields) -> bool:
    return isinstance(as_fields(content.get("results")).get("channels"), list)


def _deepgram(content: Fields, hints: Hints) -> Fields:
    results = as_fields(content.get("results"))
    channels = list(items_of(results, "channels"))
    words: list[Fields] = []
    language = ""
    for number, channel in enumerate(channels):
        heard = _first(channel, "alternatives")
        language = language or text_of(channel, "detected_language")
        for word in items_of(heard, "words"):
            named = {"speaker": number, **word} if len(channels) > 1 else word
            words.append({**named, "word": text_of(word, "punctuated_word", "word")})
    words.sort(key=lambda word: number_of(word.get("start")) or 0.0)
    lines = [] if words else list(items_of(results, "utterances"))
    if not words and not lines:
        lines = [
            {"speaker": paragraph.get("speaker"), **sentence}
            for channel in channels
            for paragraph in items_of(
                as_fields(_first(channel, "alternatives").get("paragraphs")), "paragraphs"
            )
            for sentence in items_of(paragraph, "sentences")
        ]
    shape = whisper_shape(content, hints, lines, words, is_sure=True)
    length = as_fields(content.get("metadata")).get("duration")
    return {**shape, "language": language, LENGTH_S: length}


# ----------------------------------------------------------------------------------- Google


def _is_google(content: Fields) -> bool:
    return any(
        isinstance(result.get("alternatives"), list)
        and "timestamps" not in _first(result, "alternatives")
        and "type" not in result
        for result in items_of(_google_results(content), "results")
    )


def _google_results(content: Fields) -> Fields:
    inner = as_fields(content.get("response"))
    return inner if isinstance(inner.get("results"), list) else content


def _google(content: Fields, hints: Hints) -> Fields:
    results = list(items_of(_google_results(content), "results"))
    heard = [_first(result, "alternatives") for result in results]
    if len(heard) > 1 and any("speakerTag" in one for one in items_of(heard[-1], "words")):
        # The last says all words again, with who spoke them.
        heard, results = heard[-1:], results[-1:]
    lines: list[Fields] = []
    until = "0s"
    for result, one in zip(results, heard, strict=True):
        end = result.get("resultEndTime", result.get("resultEndOffset"))
        words = list(items_of(one, "words"))
        if words or text_of(one, "transcript"):
            line: Fields = {"text": text_of(one, "transcript"), "words": words, "start": until}
            if words:
                # A word at the very beginning has no time.
                line["words"] = [
                    {"startOffset" if "endOffset" in word else "startTime": "0s", **word}
                    for word in words
                ]
            lines.append({**line, "end": end} if end is not None else line)
        until = end if isinstance(end, str) else until
    language = text_of(results[0], "languageCode") if results else ""
    shape = whisper_shape(content, hints, lines, is_sure=True)
    return {**shape, "language": language}


# ------------------------------------------------------------------------------------ Azure


def _is_azure(content: Fields) -> bool:
    return (
        any(isinstance(content.get(name), list) for name in ("recognizedPhrases", "NBest"))
        or {"DisplayText", "Offset", "Duration"} <= content.keys()
    )


def _azure(content: Fields, hints: Hints) -> Fields:
    """Read Azure's batches and single replies: times in ticks."""
    phrases = list(items_of(content, "recognizedPhrases")) or [content]
    lines: list[Fields] = []
    for phrase in phrases:
        best = _first(phrase, "nBest") or _first(phrase, "NBest")
        words = list(items_of(best, "displayWords")) or list(items_of(best, "words"))
        words = words or [_lowered(word) for word in items_of(best, "Words")]
        ticks = _lowered(phrase)
        shown = text_of(best, "display", "Display") or text_of(phrase, "DisplayText")
        written = shown.split()
        if len(written) == len(words):  # as one reads it: with capitals and full stops
            words = [
                {**word, "displayText": one} for word, one in zip(words, written, strict=True)
            ]
        line = {
            "text": shown,
            "start": _ticks(ticks.get("offsetinticks", ticks.get("offset"))),
            "duration": _ticks(ticks.get("durationinticks", ticks.get("duration"))),
            "words": [_azure_word(word) for word in words],
        }
        speaker = phrase.get("speaker", phrase.get("channel") if len(phrases) > 1 else None)
        lines.append({**line, "speaker": speaker})
    names = [line["speaker"] for line in lines]
    if all(name == names[0] for name in names):  # one channel is nobody's name
        lines = [{**line, "speaker": None} for line in lines]
    return whisper_shape(content, hints, lines, is_sure=True)


def _azure_word(word: Fields) -> Fields:
    lowered = _lowered(word)
    return {
        "word": text_of(lowered, "displaytext", "word"),
        "start": _ticks(lowered.get("offsetinticks", lowered.get("offset"))),
        "duration": _ticks(lowered.get("durationinticks", lowered.get("duration"))),
        "confidence": lowered.get("confidence"),
    }


def _ticks(value: object) -> float | str | None:
    number = number_of(value)
    if number is None:
        return value if isinstance(value, str) else None
    return number / _TICKS


def _lowered(fields: Fields) -> Fields:
    return {name.lower(): value for name, value in fields.items()}


# ------------------------------------------------------------------------------------- Rev


def _is_rev(content: Fields) -> bool:
    return isinstance(content.get("monologues"), list)


def _rev(content: Fields, hints: Hints) -> Fields:
    lines: list[Fields] = []
    for monologue in items_of(content, "monologues"):
        words: list[Fields] = []
        is_after_space = True
        for element in items_of(monologue, "elements"):
            text = text_of(element, "value")
            if element.get("type") != "text":
                if words and text.strip():
                    _attach(words, text.rstrip())
                is_after_space = text[-1:].isspace()
                continue
            gap = " " if is_after_space or not words else ""
            words.append(
                {
                    "word": gap + text,
                    "ts": element.get("ts"),
                    "end_ts": element.get("end_ts"),
                    "confidence": element.get("confidence"),
                }
            )
            is_after_space = False
        if words:
            lines.append({"speaker": monologue.get("speaker"), "words": words})
    return whisper_shape(content, hints, lines, is_sure=True)


# -------------------------------------------------------------------- Speechmatics, Watson


def _is_speechmatics(content: Fields) -> bool:
    return any(
        text_of(item, "type") in {"word", "punctuation"} and "alternatives" in item
        for item in items_of(content, "results")
    )


def _speechmatics(content: Fields, hints: Hints) -> Fields:
    words: list[Fields] = []
    joins_next = False
    for item in items_of(content, "results"):
        heard = _first(item, "alternatives")
        text = text_of(heard, "content")
        side = item.get("attaches_to")
        if item.get("type") == "punctuation" and words and side != "next":
            _attach(words, text)
            joins_next = side == "both"
            continue
        speaker = text_of(heard, "speaker")
        words.append(
            {
                "word": text if joins_next else f" {text}",
                "start": item.get("start_time"),
                "end": item.get("end_time"),
                "confidence": heard.get("confidence"),
                "speaker": "" if speaker == "UU" else speaker or text_of(item, "channel"),
            }
        )
        joins_next = side in {"next", "both"}
    about = as_fields(as_fields(content.get("metadata")).get("transcription_config"))
    shape = whisper_shape(content, hints, _one_line(words), is_sure=True)
    return {**shape, "language": text_of(about, "language")}


def _is_watson(content: Fields) -> bool:
    return any(
        isinstance(_first(result, "alternatives").get("timestamps"), list)
        for result in items_of(content, "results")
    )


def _watson(content: Fields, hints: Hints) -> Fields:
    who = {
        number_of(label.get("from")): label.get("speaker")
        for label in items_of(content, "speaker_labels")
    }
    words: list[Fields] = []
    for result in items_of(content, "results"):
        heard = _first(result, "alternatives")
        for one in cast("list[object]", heard.get("timestamps") or []):
            if isinstance(one, list) and len(three := cast("list[object]", one)) == 3:
                text, start, end = three
                words.append(
                    {
                        "word": text,
                        "start": start,
                        "end": end,
                        "speaker": who.get(number_of(start)),
                    }
                )
    return whisper_shape(content, hints, words=words, is_sure=True)


# ------------------------------------------------------- Hugging Face, AssemblyAI and others


def _is_hugging_face(content: Fields) -> bool:
    return any("timestamp" in chunk for chunk in items_of(content, "chunks"))


def _hugging_face(content: Fields, hints: Hints) -> Fields:
    chunks = list(items_of(content, "chunks"))
    shape = whisper_shape({}, hints, chunks, is_sure=True)
    turns = whisper_shape({}, hints, items_of(content, "speakers"), is_sure=True)
    _name_by_time(shape["segments"], turns["segments"])
    texts = [text_of(chunk, "text") for chunk in chunks]
    if len(texts) > 1 and all(len(text.split()) <= 1 for text in texts):
        # Its return_timestamps="word": each chunk is a word, with its space before it.
        words = [{**one, "word": one["text"]} for one in shape["segments"]]
        return {"segments": [{"words": words}], "language": content.get("language")}
    return {**shape, "language": content.get("language")}


def _name_by_time(lines: list[Fields], turns: list[Fields]) -> None:
    """Give lines that name nobody to whom the turn at their middle belongs."""
    timed = [
        (start, end, turn)
        for turn in turns
        if (start := number_of(turn.get("start"))) is not None
        and (end := number_of(turn.get("end"))) is not None
    ]
    timed.sort(key=lambda one: one[:2])
    starts = [start for start, _, _ in timed]
    for line in lines:
        start, end = number_of(line.get("start")), number_of(line.get("end"))
        if start is None:
            continue
        middle = start if end is None else (start + end) / 2
        place = bisect_right(starts, middle)
        if not line.get("speaker") and place and middle <= timed[place - 1][1]:
            line["speaker"] = timed[place - 1][2].get("speaker", "")


_OF_ASSEMBLYAI = ("language_code", "acoustic_model", "speech_model", "audio_url", "status")


def _is_assemblyai(content: Fields) -> bool:
    return "audio_duration" in content and (
        any(name in content for name in _OF_ASSEMBLYAI)
        or any(isinstance(content.get(name), list) for name in ("sentences", "paragraphs"))
    )


def _assemblyai(content: Fields, hints: Hints) -> Fields:
    """Read AssemblyAI: times in milliseconds, though the length is in seconds."""
    words = per_second(items_of(content, "words"), 1_000)
    lines: list[Fields] = []
    for name in ("utterances", "sentences", "paragraphs"):
        lines = lines or per_second(items_of(content, name), 1_000)
    # The words say who speaks them; lines only where there are no words.
    shape = whisper_shape(content, hints, [] if words else lines, words)
    return {**shape, LENGTH_S: content.get("audio_duration")}


def _is_youtube(content: Fields) -> bool:
    return any("tStartMs" in event for event in items_of(content, "events"))


def _youtube(content: Fields, hints: Hints) -> Fields:
    """Read YouTube's json3: events in milliseconds, with what rolls left out."""
    events = [
        (event, list(items_of(event, "segs")))
        for event in items_of(content, "events")
        if not event.get("aAppend")
    ]
    lines: list[Fields] = []
    for event, pieces in events:
        start, lasts = number_of(event.get("tStartMs")), number_of(event.get("dDurationMs"))
        if start is None:
            continue
        words = [
            {
                "word": text,
                "startMs": start + (number_of(piece.get("tOffsetMs")) or 0),
            }
            for piece in pieces
            if (text := text_of(piece, "utf8")).strip()
        ]
        is_timed = any("tOffsetMs" in piece for piece in pieces)
        line: Fields = {"startMs": start, "text": "".join(str(one["word"]) for one in words)}
        if lasts is not None:
            line["endMs"] = start + lasts
        if words:
            lines.append({**line, "words": words} if is_timed else line)
    for line, later in pairwise(lines):
        if "endMs" in line:
            line["endMs"] = min(line["endMs"], max(line["startMs"], later["startMs"]))
    return whisper_shape(content, hints, lines)


# --------------------------------------------------------- words within parts of a whole


def _parts_of_words(content: Fields) -> list[list[Fields]]:
    """Give the words of each part of a file: Vosk's utterances, channels of ElevenLabs."""
    for name, inner in (("items", "result"), ("results", "result"), ("transcripts", "words")):
        parts = list(items_of(content, name))
        found = [list(items_of(part, inner)) for part in parts]
        if any(_is_said(word) for words in found for word in words[:3]):
            if inner == "words" and len(parts) > 1:  # each channel is somebody
                return [
                    [{**word, "speaker": number} for word in words]
                    for number, words in enumerate(found)
                ]
            return found
    return []


def _is_in_parts(content: Fields) -> bool:
    return bool(_parts_of_words(content))


def _parts(content: Fields, hints: Hints) -> Fields:
    words = [word for words in _parts_of_words(content) for word in words]
    words = [word for word in words if text_of(word, "type") not in {"spacing", "audio_event"}]
    words.sort(key=lambda word: number_of(word.get("start")) or 0.0)
    return whisper_shape({}, hints, words=words, is_sure=True)


def _is_listed(content: Fields) -> bool:
    return _listed(content) is not None


def _listed(content: Fields) -> Fields | None:
    """Find the object whose list of lines or words is the transcript, however deep it lies."""
    for one in _inner(content):
        for name in _LISTS:
            if any(_is_said(item) for item in items_of(one, name)):
                return {**one, "segments": list(items_of(one, name))}
        if any(_is_said(item) for item in items_of(one, "words")):
            return one
    return None


def _inner(content: Fields, depth: int = 3) -> Iterable[Fields]:
    yield content
    if depth:
        for value in content.values():
            if isinstance(value, dict):
                yield from _inner(as_fields(cast("object", value)), depth - 1)


def _is_said(item: Fields) -> bool:
    shape = whisper_shape({}, Hints(), [item], is_sure=True)["segments"]
    if not shape:
        shape = whisper_shape({}, Hints(), words=[item], is_sure=True)["words"]
    return any(
        number_of(one.get("start")) is not None and (one.get("text") or one.get("word"))
        for one in shape
    )


def _list(content: Fields, hints: Hints) -> Fields:
    found = _listed(content) or {}
    lines = list(items_of(found, "segments"))
    words = list(items_of(found, "words"))
    if lines and all(text_of(one, "word") and not text_of(one, "text") for one in lines):
        lines, words = [], lines
    return whisper_shape(found, hints, lines, [] if lines else words)


def _first(content: Fields, name: str) -> Fields:
    return next(items_of(content, name), Fields())


RECOGNISERS = (
    Recogniser("Amazon Transcribe", _is_amazon, _amazon),
    Recogniser("Deepgram", _is_deepgram, _deepgram),
    Recogniser("Rev", _is_rev, _rev),
    Recogniser("Speechmatics", _is_speechmatics, _speechmatics),
    Recogniser("IBM Watson", _is_watson, _watson),
    Recogniser("Azure", _is_azure, _azure),
    Recogniser("Google", _is_google, _google),
    Recogniser("Hugging Face", _is_hugging_face, _hugging_face),
    Recogniser("AssemblyAI", _is_assemblyai, _assemblyai),
    Recogniser("YouTube", _is_youtube, _youtube),
    Recogniser("Vosk or ElevenLabs", _is_in_parts, _parts),
)
"""Those that are known by what only they write, in the order in which they are tried."""

ANY_LIST = Recogniser("", _is_listed, _list)
"""Whatever holds a list of what was said and when."""
