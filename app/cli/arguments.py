"""The words of the command line."""

from __future__ import annotations

import argparse
import re
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

from typing_extensions import override

from app import __version__
from app.bootstrap.exporting import FORMATS
from app.cli.language import said
from app.core.live_models import LiveModel
from app.core.names import MOST_NAMES, lines_without_name, read_names
from app.core.options import (
    AUTO,
    CAPABILITIES,
    MOST_SPEAKERS,
    Feature,
    ModelId,
    TranscriptionOptions,
)
from app.core.timecode import parse_time
from app.export.importing.encodings import ENCODINGS
from app.export.importing.hints import TimeUnit
from app.export.importing.words import decode
from app.export.options import AudioPlace
from app.jobs.intake import is_link
from app.system.resources import build_commit

_MOST_LIST_BYTES = 4_000_000
_MOST_LINES_TOLD = 5
_STANDARD_INPUT = "-"
_AMOUNT = r"(\d+(?:\.\d*)?|\.\d+)"
_LENGTH = re.compile(rf"(?:{_AMOUNT}h)?\s*(?:{_AMOUNT}m)?\s*(?:{_AMOUNT}s)?", re.ASCII)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong before anything else, and where to read the rest."""

    @override
    def error(self, message: str) -> NoReturn:
        told = said("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": message}
        self.exit(2, told + said("See “{command}”.", command=f"{self.prog} --help") + "\n")


def build_parser() -> argparse.ArgumentParser:
    """Make the parser of all commands."""
    parser = _Parser(
        prog="wordlight",
        description=said("Turn recordings into text you can trust."),
        epilog=said(
            "wordlight [FILES…] without a command opens the window with the files queued."
        ),
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_transcribe(commands.add_parser("transcribe", help=said("turn recordings into text")))
    _add_export(commands.add_parser("export", help=said("export transcripts from the library")))
    taking_in = commands.add_parser(
        "import",
        help=said("import bundles, or transcripts from other programs, into the library"),
    )
    taking_in.add_argument(
        "files",
        nargs="+",
        type=_file,
        metavar="FILES",
        help=said(
            "SRT, VTT, JSON, OTR, TextGrid, EAF, text with times, or .wordlight; a recording "
            "of the same name beside one becomes its recording"
        ),
    )
    taking_in.add_argument(
        "--encoding",
        choices=ENCODINGS,
        help=said("text encoding of the files, if it is detected wrongly"),
    )
    taking_in.add_argument(
        "--times-in",
        choices=[unit.value for unit in TimeUnit],
        help=said("unit of the times in the files, where they do not say"),
    )
    taking_in.add_argument(
        "--again", action="store_true", help=said("import again even if imported before")
    )
    taking_in.add_argument(
        "--json", action="store_true", help=said("print one event per line as JSON")
    )
    _add_record(
        commands.add_parser("record", help=said("record a microphone, or the computer"))
    )
    _add_dictate(
        commands.add_parser(
            "dictate", help=said("print what is said into a microphone; keep no audio")
        )
    )
    listing = commands.add_parser("list", help=said("list the transcripts in the library"))
    listing.add_argument(
        "--json", action="store_true", help=said("print one transcript per line as JSON")
    )
    commands.add_parser(
        "doctor",
        help=said("print versions, paths, devices and models, for a report; never a secret"),
    )
    return parser


def options_of(
    arguments: argparse.Namespace, parser: argparse.ArgumentParser
) -> TranscriptionOptions:
    """Read the options of ``transcribe``; ends with a usage error if they do not fit.

    Unlike the window, which greys out what a model does not take, the command line
    refuses it: a script should learn that its wish has no effect.
    """
    model = ModelId(arguments.model)
    takes = CAPABILITIES[model]
    language: str = arguments.language or (
        "en" if AUTO in takes.languages else takes.languages[0]
    )
    if language not in takes.languages and not takes.takes_any_code:
        parser.error(
            said("{model} does not offer the language {code}", model=model, code=language)
        )
    if takes.takes_any_code and language == AUTO:
        parser.error(said("{model} has no language “auto”; try multi-eu", model=model))
    diarize = arguments.diarize or arguments.speakers > 0
    wishes = {
        Feature.DIARIZE: diarize,
        Feature.SPEAKERS: arguments.speakers > 0,
        Feature.REDACT_PII: arguments.redact_pii,
        Feature.REDACT_PCI: arguments.redact_pci,
        Feature.EMOTION: arguments.emotion,
        Feature.GENDER: arguments.gender,
    }
    for feature, is_wished in wishes.items():
        reason = takes.reason_against(feature)
        if is_wished and reason is not None:
            parser.error(
                said(
                    "{option} with {model}: {sentence}",
                    option=f"--{feature}",
                    model=model,
                    sentence=said(reason),
                )
            )
    if arguments.names and model is not ModelId.ON_DEVICE:
        parser.error(
            said("{model} takes no names; only recognition on this computer does", model=model)
        )
    return TranscriptionOptions(
        model=model,
        language=language,
        diarize=diarize,
        speakers=arguments.speakers,
        timestamps=arguments.timestamps,
        redact_pii=arguments.redact_pii,
        redact_pci=arguments.redact_pci,
        emotion=arguments.emotion,
        gender=arguments.gender,
        save_data=arguments.save_data,
        channels_are_speakers=arguments.channels_are_speakers,
        tracks_are_speakers=arguments.tracks_are_speakers,
        track=arguments.track,
        channel=arguments.channel,
        start_ms=arguments.start or 0,
        end_ms=arguments.end,
        package=arguments.package if model is ModelId.ON_DEVICE else "",
        names=arguments.names,
    )


def formats_of(text: str) -> tuple[str, ...]:
    """Read a list of formats such as ``txt,srt``.

    Raises:
        argparse.ArgumentTypeError: One of them is unknown.
    """
    names = tuple(
        dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip())
    )
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        known = ", ".join(FORMATS)
        raise argparse.ArgumentTypeError(
            said(
                "unknown format “{name}”; known: {known}", name=", ".join(unknown), known=known
            )
        )
    return names


def _names(text: str) -> tuple[str, ...]:
    try:
        if text == _STANDARD_INPUT:
            data = sys.stdin.buffer.read(_MOST_LIST_BYTES)
        else:
            with Path(text).open("rb") as file:
                data = file.read(_MOST_LIST_BYTES)
    except AttributeError:  # there is no standard input
        data = b""
    except OSError as error:
        raise argparse.ArgumentTypeError(
            said("“{text}” cannot be read: {reason}", text=text, reason=error.strerror)
        ) from None
    lines = decode(data).splitlines() if data else []
    names, left_out = read_names(lines, MOST_NAMES + 1), lines_without_name(lines)
    if len(names) <= len(left_out):  # no list of names, but a picture, say
        names = ()
    if not names:
        raise argparse.ArgumentTypeError(
            said("“{text}” has no names in it; write one per line", text=text)
        )
    if left_out:
        told = ", ".join(map(str, left_out[:_MOST_LINES_TOLD]))
        told += "…" if len(left_out) > _MOST_LINES_TOLD else ""
        _tell(said("“{text}”: no names on these lines: {lines}", text=text, lines=told))
    if len(names) > MOST_NAMES or len(data) == _MOST_LIST_BYTES:
        names = names[:MOST_NAMES]
        count = f"{len(names):,}"
        _tell(said("“{text}”: only the first {count} names are used", text=text, count=count))
    return names


def _tell(text: str) -> None:
    print(f"wordlight: {text}", file=sys.stderr)


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(said("“{text}” is not an amount; try 2.50", text=text))
    return amount


def _source(text: str) -> Path | str:
    """Tell a web link from a path, which would lose one of its slashes."""
    return text if is_link(text) else _file(text)


def _file(text: str) -> Path:
    """Refuse what a script gives whose variable is empty: to Python it is this folder."""
    if not text:
        raise argparse.ArgumentTypeError(said("the name of a file is empty"))
    return Path(text)


def _microphone(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(
            said("name a microphone, “default” or “none”; see “wordlight record --devices”")
        )
    return text


def _whole_from_1(text: str) -> int:
    """Read a number as people count, from 1; gives it as counted here, from 0."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(said("“{text}” is not a number from 1", text=text))
    return int(text) - 1


def _people(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_SPEAKERS:
        raise argparse.ArgumentTypeError(
            said(
                "“{text}” is not a number of speakers from 1 to {most}",
                text=text,
                most=MOST_SPEAKERS,
            )
        )
    return int(text)


def _time(text: str) -> int:
    try:
        return parse_time(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            said("“{text}” is not a time; try 90, 1:30 or 1:02:03", text=text)
        ) from None


def _add_transcribe(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "files",
        nargs="+",
        type=_source,
        metavar="FILES",
        help=said("recordings, folders or web links (links with --model pulse)"),
    )
    add(
        "--model",
        default=ModelId.ON_DEVICE.value,
        choices=[model.value for model in ModelId],
        help=said("on-device needs no key and sends nothing (default)"),
    )
    add("--language", help=said("code such as en, de, fr; auto detects it on this computer"))
    add("--diarize", action="store_true", help=said("identify speakers"))
    add(
        "--speakers",
        type=_people,
        default=0,
        metavar="N",
        help=said("number of speakers to identify; detected if left out"),
    )
    add("--timestamps", action="store_true", help=said("include times in the text"))
    add("--redact-pii", action="store_true", help=said("replace names, addresses and the like"))
    add("--redact-pci", action="store_true", help=said("replace card and account numbers"))
    add("--emotion", action="store_true", help=said("detect emotions"))
    add("--gender", action="store_true", help=said("detect the speakers' gender"))
    add("--save-data", action="store_true", help=said("send a smaller, compressed copy"))
    add("--channels-are-speakers", action="store_true", help=said("one speaker per channel"))
    add("--tracks-are-speakers", action="store_true", help=said("one speaker per audio track"))
    add(
        "--track",
        type=_whole_from_1,
        metavar="N",
        help=said("use this audio track; all with speech if left out"),
    )
    add("--channel", type=_whole_from_1, metavar="N", help=said("use this channel only"))
    add("--start", type=_time, help=said("start at this time (1:30)"))
    add("--end", type=_time, help=said("end at this time"))
    add("--package", default="", help=said("on-device model package, such as base"))
    add(
        "--names",
        type=_names,
        default=(),
        metavar="FILE",
        help=said(
            "file of names and terms to expect, one per line, - for standard input; on-device "
            "only"
        ),
    )
    add(
        "--max-cost",
        type=_dollars,
        metavar="DOLLARS",
        help=said("send nothing if the estimated cost is above this"),
    )
    _add_send_sound(parser)
    add(
        "--again",
        action="store_true",
        help=said("transcribe again even if done before; an interrupted run continues"),
    )
    _add_output(parser)


def _add_send_sound(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--send-sound",
        action="store_true",
        help=said("allow audio to be sent to the service from now on, without a question"),
    )


def _add_record(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    _add_sources(parser)
    add(
        "--live",
        choices=["here", *(model.value for model in LiveModel)],
        help=said(
            "print the words as they are spoken; here: recognised on this computer; pulse: by "
            "the service, for money; pulse-2: likewise, experimental, English only"
        ),
    )
    _add_send_sound(parser)
    _add_spoken(parser)
    add(
        "--output",
        type=Path,
        metavar="DIR",
        help=said("folder for the recording; here if left out"),
    )
    add(
        "--devices",
        action="store_true",
        help=said("list what can be recorded, and do nothing else"),
    )
    add("--json", action="store_true", help=said("print one event per line as JSON"))


def _add_dictate(parser: argparse.ArgumentParser) -> None:
    _add_sources(parser)
    _add_spoken(parser)
    parser.add_argument(
        "--spoken-punctuation",
        action="store_true",
        help=said("write spoken punctuation, such as “comma” or “new line”"),
    )
    parser.add_argument(
        "--json", action="store_true", help=said("print one event per line as JSON")
    )


def _add_sources(parser: argparse.ArgumentParser) -> None:
    """Add what is heard, and for how long."""
    add = parser.add_argument
    add(
        "--mic",
        type=_microphone,
        default="default",
        metavar="NAME",
        help=said("microphone: default, none, or a name of --devices, or a part of one"),
    )
    add(
        "--computer",
        action="store_true",
        help=said("record what this computer plays; with a microphone, on a separate channel"),
    )
    add(
        "--for",
        dest="length",
        type=_length,
        metavar="TIME",
        help=said("stop after 90s, 30m, 1h"),
    )


def _add_spoken(parser: argparse.ArgumentParser) -> None:
    """Add how words are made of it while it is spoken."""
    add = parser.add_argument
    add("--language", default="", help=said("language that is spoken; en if left out"))
    add("--package", default="", help=said("on-device model package, such as base"))


def _length(text: str) -> int:
    """Read how long to record: numbers with their units, as in 1h30m, or a time."""
    parts = _LENGTH.fullmatch(text.strip().lower())
    try:
        if parts is not None and any(parts.groups()):
            hours, minutes, seconds = (float(one or 0) for one in parts.groups())
            found = int(((hours * 60 + minutes) * 60 + seconds) * 1_000)
        else:
            found = parse_time(text)
    except (ValueError, OverflowError):
        found = 0
    if found <= 0:
        raise argparse.ArgumentTypeError(
            said("“{text}” is not a length; try 90s, 30m or 1h", text=text)
        )
    return found


def _add_export(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "transcripts",
        nargs="+",
        metavar="TRANSCRIPT",
        help=said("id (or its first characters) or name"),
    )
    add(
        "--timestamps",
        action=argparse.BooleanOptionalAction,
        help=said("include times in the text or not; as transcribed if left out"),
    )
    add(
        "--struck",
        action="store_true",
        help=said("write also the words that are struck through"),
    )
    _add_output(parser)


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--format",
        type=formats_of,
        default=(),
        help=said("one or more, such as txt,docx,srt; txt if left out"),
    )
    add(
        "--preset",
        action="append",
        default=[],
        metavar="NAME",
        help=said("use the format and options of a preset from the window; may be repeated"),
    )
    add(
        "--output",
        help=said(
            "folder for the files; next to the recording if left out; - for standard output"
        ),
    )
    add(
        "--audio",
        type=AudioPlace,
        choices=list(AudioPlace),
        default=AudioPlace.EMBEDDED,
        help=said("recording in html and wordlight files: embedded (default), linked, or none"),
    )
    add(
        "--json",
        action="store_true",
        help=said("print one event per line as JSON; on standard error with --output -"),
    )


def _version() -> str:
    commit = build_commit()
    return f"Wordlight {__version__} ({commit})" if commit else f"Wordlight {__version__}"
