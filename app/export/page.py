"""The interactive page: one file that plays the recording and lights up its words.

The text stands in the page as text, so that it can be read, searched and printed
without any script. Beside it lie only numbers: when each word begins and ends, and
where it stands in its paragraph.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from app.core.timecode import clock
from app.core.transcript import Paragraph, SpeakerId
from app.export.options import Encoding, ExportOptions
from app.export.plain import Content, encode, one_line, utf16_length
from app.export.source import Audio, ExportDocument, PageLabels
from app.export.webpage import UNDETERMINED, digest, package_text, side_of

_COLOURS = 8
"""How many colours of speakers ``page.css`` has."""
_SPEEDS = ("0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.5", "3")
_GAP = "\0"
"""Stands where the recording goes; no text has it, since it is made visible there."""
_PIECE_BYTES = 3 << 20
"""So much is put in at a time; whole groups of three bytes, as base64 has them."""
_CHUNK = 500
"""Paragraphs between two reports."""


@dataclass(slots=True)
class _Words:
    """The numbers of all words; ``first`` has a number more than there are paragraphs."""

    starts: list[int] = field(default_factory=list[int])
    ends: list[int] = field(default_factory=list[int])
    offsets: list[int] = field(default_factory=list[int])
    lengths: list[int] = field(default_factory=list[int])
    first: list[int] = field(default_factory=lambda: [0])


def build_page(
    document: ExportDocument, options: ExportOptions
) -> Generator[float, None, Content]:
    """Write the page; with the recording in it, beside it, or without."""
    style, script = package_text("page.css"), package_text("page.js")
    paragraphs = document.chosen(options)
    labels = document.labels() if options.names else {}
    says = document.page
    address, source = _source(document.audio)
    play_from = says.play_from if address else ""
    looks = _looks(paragraphs)
    words = _Words()
    turns: list[str] = []
    last: SpeakerId | None = None
    for number, paragraph in enumerate(paragraphs):
        if number % _CHUNK == 0:
            yield number / len(paragraphs) * 0.8
        name = labels.get(paragraph.speaker_id, "")
        shown = name if number == 0 or paragraph.speaker_id != last else ""
        last = paragraph.speaker_id
        look = looks.get(paragraph.speaker_id, 0)
        turns.append(_turn(paragraph, shown, look, play_from, words))
        if options.notes and paragraph.note:
            said = one_line(paragraph.note)
            note = f"{escape(document.note_label)}: <bdi>{escape(said)}</bdi>"
            turns.append(f'<p class="note" dir="{side_of(said)}">{note}</p>')
    yield 0.8
    heading = escape(document.heading) or escape(says.transcript)
    policy = (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; "
        f"media-src {source}; base-uri 'none'; form-action 'none'"
    )
    lists = {
        "starts": words.starts,
        "ends": words.ends,
        "offsets": words.offsets,
        "lengths": words.lengths,
        "first": words.first,
    }
    # One by one: Python stands still for as long as one call writes JSON.
    written = (
        f'"{name}":{json.dumps(numbers, separators=(",", ":"))}'
        for name, numbers in lists.items()
    )
    numbers = f"{{{','.join(written)}}}"
    about = " · ".join(
        escape(one_line(one))
        for one in (document.source_name, document.created[:10], document.model_label)
        if one and one != document.heading
    )
    own = f' lang="{escape(says.language)}"'
    text = f"""<!DOCTYPE html>
<html lang="{document.language or UNDETERMINED}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
<style>{style}</style>
</head>
<body>
<header{own}>
<div class="bar">
<h1 dir="auto" lang="{document.language or UNDETERMINED}">{heading}</h1>
<form id="search" role="search">
<input id="query" type="search" autocomplete="off"{_named(says.search)} \
placeholder="{escape(says.search)}">
<output id="count" for="query" aria-live="polite" data-found="{escape(says.found)}" \
data-place="{escape(says.place)}"></output>
<button type="button" id="previous"{_named(says.previous)} disabled>↑</button>
<button type="submit" id="next"{_named(says.following)} disabled>↓</button>
</form>
</div>
<p class="about" dir="auto">{about}</p>
</header>
<main id="transcript" tabindex="-1"{_named(says.transcript)}>
{chr(10).join(turns)}
</main>
<button type="button" id="follow"{own} hidden>{escape(says.follow)}</button>
<footer{own}{_named(says.player)}>
{_player(address, says)}
</footer>
<script type="application/json" id="words">{numbers}</script>
<script>{script}</script>
</body>
</html>
"""
    head, _, tail = text.partition(_GAP)
    content = bytearray(encode(head, Encoding.UTF8, options.line_end))
    if document.audio is not None:
        yield from _put_in(content, document.audio.content)
    content += encode(tail, Encoding.UTF8, options.line_end)
    return content


def _put_in(content: bytearray, sound: Content) -> Generator[float]:
    """Write the recording piece by piece: at once, hours of it would hold up the window."""
    view = memoryview(sound)
    for begin in range(0, len(view), _PIECE_BYTES):
        yield 0.8 + 0.2 * begin / len(view)
        content += base64.b64encode(view[begin : begin + _PIECE_BYTES])


def _named(name: str) -> str:
    return f' aria-label="{escape(name)}"'


def _player(address: str, says: PageLabels) -> str:
    """Write the player and what it is used with, or why there is none."""
    if not address:
        return f'<p class="about">{escape(says.no_recording)}</p>'
    speeds = "".join(
        f'<option value="{speed}"{" selected" if speed == "1" else ""}>{speed}×</option>'
        for speed in _SPEEDS
    )
    return f"""<audio id="audio" controls preload="metadata" src="{address}"></audio>
<div class="bar under">
<p class="keys">{escape(says.keys)}</p>
<label>{escape(says.speed)} <select id="speed">{speeds}</select></label>
</div>"""


def _looks(paragraphs: Sequence[Paragraph]) -> dict[SpeakerId | None, int]:
    """Give each speaker a colour by the order in which they are first heard."""
    looks: dict[SpeakerId | None, int] = {}
    for paragraph in paragraphs:
        if paragraph.speaker_id is not None:
            looks.setdefault(paragraph.speaker_id, len(looks) % _COLOURS + 1)
    return looks


def _turn(paragraph: Paragraph, name: str, look: int, play_from: str, words: _Words) -> str:
    """Write one turn and note down its words.

    Args:
        paragraph: The turn.
        name: Who speaks; empty for nobody, or the same as before.
        look: Colour of the speaker; 0 for none.
        play_from: Name of the button that plays it; empty where nothing can be played.
        words: Where the numbers go.
    """
    parts: list[str] = []
    at = 0
    for word in paragraph.words:
        if parts and not word.is_joined:
            parts.append(" ")
            at += 1
        text = one_line(word.text)
        length = utf16_length(text)
        words.starts.append(max(0, word.start_ms))
        words.ends.append(max(0, word.start_ms, word.end_ms))
        words.offsets.append(at)
        words.lengths.append(length)
        parts.append(text)
        at += length
    words.first.append(len(words.starts))
    who = ""
    if name:
        who = (
            f'<h2><span class="face look{look}" aria-hidden="true">'
            f"{escape(initials(name))}</span><bdi>{escape(name)}</bdi></h2>"
        )
    time = clock(paragraph.start_ms)
    if play_from:
        named = _named(play_from.replace("{time}", time))
        head = f'{who}<button type="button" class="time"{named}>{time}</button>'
    else:
        head = f'{who}<time class="time">{time}</time>'
    marks = " quote" if paragraph.is_highlighted else ""
    colour = f" look{look}" if look else ""
    text = "".join(parts)
    said = f'<p class="words" dir="{side_of(text)}">{escape(text)}</p>'
    return (
        f'<section class="turn{colour}{marks}"><div class="head">{head}</div>{said}</section>'
    )


def initials(name: str) -> str:
    """Give up to two letters or digits that stand for a name."""
    begins = [
        next((character for character in part if character.isalnum()), "")
        for part in name.split()
    ]
    letters = [begin for begin in begins if begin]
    if not letters:
        return "?"
    return letters[0].upper() if len(letters) == 1 else (letters[0] + letters[-1]).upper()


def _source(audio: Audio | None) -> tuple[str, str]:
    """Give the address of the recording and what the policy lets the page load."""
    if audio is None or not (audio.content or audio.link):
        return "", "'none'"
    if audio.content:
        mime = quote(audio.mime.replace(" ", ""), safe="/;=+-.")
        return f"data:{mime};base64,{_GAP}", "data:"
    # A page opened from a folder has an origin of its own that 'self' does not match
    # everywhere; the link is written by us, so its scheme is enough.
    address = quote(audio.link, safe="/:?#[]@!$&'()*+,;=%-._~")
    scheme = address.split(":", 1)[0].lower() if ":" in address.split("/", 1)[0] else ""
    return escape(address), f"{scheme}:" if scheme else "'self' file:"
