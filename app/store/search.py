"""Full-text search over all transcripts: passages in, hits out.

What a person types is never a query language: words are looked for as they are,
all of them, the last one also as a beginning; quotes keep words together.
Languages without spaces are indexed character by character, and a word of them is looked for
as a run of characters.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.core.errors import StorageError
from app.core.transcript import Transcript, TranscriptId
from app.store.database import Database, Row
from app.store.transcript_blob import read_times, unpack

PASSAGE_WORDS = 400
"""Longer turns are indexed in pieces of this many words."""
_NUMBER_SHIFT = 20
"""Passage ids of one transcript differ in their last 20 bits."""
_MOST_TERMS = 16
_SHORTEST_PREFIX = 2
_SNIPPET_WORDS = 8
_PREFIX = " *"

_SPACE = " "
_JOINED = "\x1e"
"""Between words that are written without a space."""
_WITHIN = "\x1f"
"""Between the characters of a word that are indexed one by one."""
_OPEN, _CLOSE = "\x02", "\x03"
_CHARACTER = (
    "[\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_BEFORE_CHARACTER = re.compile(f"(?<=.)(?={_CHARACTER})|(?<={_CHARACTER})(?=.)", re.DOTALL)
_UNSAFE = re.compile("[\x00-\x20\x7f-\x9f\ud800-\udfff]+")
_BOUNDARY = re.compile(f"[{_SPACE}{_JOINED}]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the words were found.

    Attributes:
        transcript_id: In which transcript.
        name: That transcript's name.
        paragraph_index: In which turn.
        word_index: Which word of the turn is the first found.
        snippet: Words around it.
        marks: Where in ``snippet`` the found words lie, as start and end.
    """

    transcript_id: TranscriptId
    name: str
    paragraph_index: int
    word_index: int
    snippet: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class HitPlace:
    """When a found word is spoken, and who does.

    Attributes:
        start_ms: When it begins.
        speaker: Who says it, as named; empty for nobody and for one without a name.
        speaker_number: Their number, from 1; 0 for nobody.
    """

    start_ms: int
    speaker: str = ""
    speaker_number: int = 0


@dataclass(frozen=True, slots=True)
class _Passage:
    paragraph: int
    first_word: int
    text: str


def build_query(typed: str) -> str:
    """Turn what a person typed into a query that cannot fail; empty finds nothing."""
    terms: list[tuple[str, bool]] = []  # text, whether quoted
    for place, piece in enumerate(typed[:1000].replace("“", '"').replace("”", '"').split('"')):
        if place % 2:
            terms.append((piece, True))
        else:
            terms.extend((word, False) for word in piece.split())
    phrases: list[str] = []
    for text, _ in terms[:_MOST_TERMS]:
        phrase = " ".join(_indexed(text, " ").split())
        if any(unicodedata.category(character)[0] in "LN" for character in phrase):
            phrases.append(phrase)
    if not phrases:
        return ""
    last_text, last_is_quoted = terms[:_MOST_TERMS][-1]
    is_open = not last_is_quoted and not typed[-1:].isspace()
    quoted = [f'"{phrase}"' for phrase in phrases]
    is_prefix = (
        is_open
        and phrases[-1] == " ".join(_indexed(last_text, " ").split())
        and len(phrases[-1]) >= _SHORTEST_PREFIX
    )
    return " ".join(quoted) + (_PREFIX if is_prefix else "")


def update_passages(
    connection: sqlite3.Connection, number: int, transcript: Transcript | None
) -> None:
    """Bring the index of one transcript up to date, within the caller's transaction.

    Only what an edit changed is written: equal passages at the start and the end stay.

    Args:
        connection: The one that writes.
        number: Which transcript.
        transcript: Its present state; ``None`` removes it from the index.
    """
    low, high = number << _NUMBER_SHIFT, (number + 1) << _NUMBER_SHIFT
    old: list[Row] = connection.execute(
        "SELECT passage_id, segment, first_word, text FROM passages "
        "WHERE passage_id >= ? AND passage_id < ?",
        (low, high),
    ).fetchall()
    # an insertion in the middle has a late id: the order of reading is told by the place
    old.sort(key=lambda row: (row[1], row[2]))
    new = [] if transcript is None else list(_passages(transcript))
    before, after = _common(old, new)
    gone = old[before : len(old) - after]
    _forget(connection, gone)
    free = max((row[0] for row in old), default=low - 1) + 1
    added = new[before : len(new) - after]
    if free + len(added) > high:  # ids used up by very many edits: number afresh
        _forget(connection, old[:before] + old[len(old) - after :])
        before, after, free, added = 0, 0, low, new
    rows = [
        (free + place, one.paragraph, one.first_word, one.text)
        for place, one in enumerate(added)
    ]
    connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", rows)
    connection.executemany(
        "INSERT INTO passage_index (rowid, text) VALUES (?, ?)",
        [(row[0], row[3]) for row in rows],
    )
    kept = [*zip(old[:before], new[:before], strict=True)]
    kept += zip(old[len(old) - after :], new[len(new) - after :], strict=True)
    connection.executemany(
        "UPDATE passages SET segment = ?, first_word = ? WHERE passage_id = ?",
        [
            (one.paragraph, one.first_word, row[0])
            for row, one in kept
            if (row[1], row[2]) != (one.paragraph, one.first_word)
        ],
    )


def rebuild(database: Database) -> None:
    """Make the index anew from the transcripts (after a rescue)."""
    numbers = [row[0] for row in database.read("SELECT number FROM transcripts")]
    with database.writing() as connection:
        connection.execute("INSERT INTO passage_index (passage_index) VALUES ('delete-all')")
        connection.execute("DELETE FROM passages")
    for number in numbers:
        with database.writing() as connection:
            row = connection.execute(
                "SELECT body FROM transcript_bodies WHERE number = ?", (number,)
            ).fetchone()
            if row is None:
                continue
            try:
                transcript = unpack(row[0])
            except StorageError:
                continue
            update_passages(connection, number, transcript)


def find(
    read: Callable[..., list[Row]], typed: str, *, limit: int, within: int | None = None
) -> list[Hit]:
    """Find passages in the newest transcripts; the newest first, each in reading order.

    Args:
        read: Runs a query (``Database.read``).
        typed: What a person typed.
        limit: Most hits wanted.
        within: Number of the only transcript to search.
    """
    query = build_query(typed)
    if not query:
        return []
    whole = query.removesuffix(_PREFIX)
    rows = _rows(read, whole, limit, within)
    if whole != query and len(rows) < limit:
        # A beginning may stand for thousands of words, so it is looked for only when the
        # words as typed leave room.
        seen = {row[0] for row in rows}
        rows += [row for row in _rows(read, query, limit, within) if row[0] not in seen]
        del rows[limit:]
    rows.sort(key=lambda row: (-row[1], row[4], row[5]))
    return [
        _hit(TranscriptId(transcript_id), name, paragraph, first_word, marked)
        for _, _, transcript_id, name, paragraph, first_word, marked in rows
    ]


def places_in(body: bytes) -> Callable[[int, int], HitPlace | None]:
    """Read of a stored transcript when its words are spoken and by whom.

    Args:
        body: The transcript as ``transcript_blob`` packs it.

    Returns:
        A function from a paragraph and a word in it to their place; it gives ``None`` for
        a word that is not there.

    Raises:
        StorageError: The blob is damaged.
    """
    paragraphs, starts, people = read_times(body)
    numbers = {speaker_id: at for at, (speaker_id, _) in enumerate(people, start=1)}
    names = dict(people)
    firsts = [0, *accumulate(count for count, _ in paragraphs)]

    def place_of(paragraph: int, word: int) -> HitPlace | None:
        if paragraph >= len(paragraphs) or word >= paragraphs[paragraph][0]:
            return None
        who = paragraphs[paragraph][1]
        at_ms = starts[firsts[paragraph] + word]
        if who is None:
            return HitPlace(at_ms)
        return HitPlace(at_ms, names.get(who, ""), numbers.get(who, 0))

    return place_of


def _rows(
    read: Callable[..., list[Row]], query: str, limit: int, within: int | None
) -> list[Row]:
    low = 0 if within is None else within << _NUMBER_SHIFT
    high = 1 << 62 if within is None else (within + 1) << _NUMBER_SHIFT
    # Newest first is the order of the index itself, so that only ``limit`` rows are looked
    # at however common the word; ranking would need them all.
    return read(
        "SELECT p.passage_id, t.number, t.transcript_id, t.name, p.segment, p.first_word, "
        "highlight(passage_index, 0, char(2), char(3)) "
        "FROM passage_index JOIN passages p ON p.passage_id = passage_index.rowid "
        "JOIN transcripts t ON t.number = passage_index.rowid >> 20 "
        "WHERE passage_index MATCH ? AND passage_index.rowid >= ? AND passage_index.rowid < ? "
        "AND t.deleted_ms IS NULL ORDER BY passage_index.rowid DESC LIMIT ?",
        (query, low, high, limit),
    )


def _indexed(text: str, within: str = _WITHIN) -> str:
    safe = _UNSAFE.sub("\u00a0", unicodedata.normalize("NFC", text))
    return _BEFORE_CHARACTER.sub(within, safe)


def _passages(transcript: Transcript) -> Iterator[_Passage]:
    for paragraph_index, paragraph in enumerate(transcript.paragraphs):
        for first in range(0, len(paragraph.words), PASSAGE_WORDS):
            pieces: list[str] = []
            for word in paragraph.words[first : first + PASSAGE_WORDS]:
                if pieces:
                    pieces.append(_JOINED if word.is_joined else _SPACE)
                pieces.append(_indexed(word.text))
            yield _Passage(paragraph_index, first, "".join(pieces))


def _common(old: Sequence[Row], new: Sequence[_Passage]) -> tuple[int, int]:
    shortest = min(len(old), len(new))
    before = 0
    while before < shortest and old[before][3] == new[before].text:
        before += 1
    after = 0
    while after < shortest - before and old[-1 - after][3] == new[-1 - after].text:
        after += 1
    return before, after


def _forget(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    connection.executemany(
        "INSERT INTO passage_index (passage_index, rowid, text) VALUES ('delete', ?, ?)",
        [(row[0], row[3]) for row in rows],
    )
    connection.executemany(
        "DELETE FROM passages WHERE passage_id = ?", [(row[0],) for row in rows]
    )


def _hit(
    transcript_id: TranscriptId, name: str, paragraph: int, first_word: int, marked: str
) -> Hit:
    head = marked.partition(_OPEN)[0]
    before = len(_BOUNDARY.findall(head))
    pieces = re.split(f"([{_SPACE}{_JOINED}])", marked)  # words at even places
    start = max(0, 2 * (before - _SNIPPET_WORDS // 2))
    end = 2 * (before + _SNIPPET_WORDS) + 1
    shown = "".join(pieces[start:end]).replace(_WITHIN, "").replace(_JOINED, "")
    snippet: list[str] = ["… "] if start else []
    marks: list[tuple[int, int]] = []
    length = len(snippet[0]) if snippet else 0
    opened = -1
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", shown):
        if piece == _OPEN:
            opened = length
        elif piece == _CLOSE:
            marks.append((opened, length))
            opened = -1
        else:
            snippet.append(piece)
            length += len(piece)
    if opened >= 0:
        marks.append((opened, length))
    if end < len(pieces):
        snippet.append(" …")
    text = "".join(snippet).replace("\u00a0", " ")
    return Hit(transcript_id, name, paragraph, first_word + before, text, tuple(marks))
