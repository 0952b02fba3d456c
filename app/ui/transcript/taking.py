"""What of the page lies in the clipboard or is being dragged: not only text but words.

The clipboard holds the text for everybody, and beside it a mark by which the page knows its own
words again: so they take their sound along when they are put elsewhere in the same transcript.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextBlock, QTextCursor

from app.core.transcript import Paragraph, Transcript
from app.ui.transcript.word_places import WordPlaces

FORMAT = "application/x-wordlight-words"
_MOST = 100


class TakenWords:
    """Keep the words of the shown transcript that were taken last.

    A selection by pointer takes them as well, where the middle button pastes it: so many are
    kept. To ask the clipboard which of them it has could wait for another program's answer.
    """

    def __init__(self) -> None:
        self._taken: dict[bytes, tuple[Paragraph, ...]] = {}

    def forget(self) -> None:
        """Another transcript is shown: words of this one have no sound there."""
        self._taken.clear()

    def take(
        self, data: QMimeData, cursor: QTextCursor, places: WordPlaces, transcript: Transcript
    ) -> None:
        """Note the words that a cursor has selected, and mark their text as theirs.

        Args:
            data: The text, as it goes to the clipboard.
            cursor: What is selected.
            places: Where the words stand.
            transcript: Whose they are.
        """
        while len(self._taken) >= _MOST:
            del self._taken[next(iter(self._taken))]
        mark = uuid4().bytes
        self._taken[mark] = _selected(cursor, places, transcript)
        data.setData(FORMAT, mark)

    def known(self, data: QMimeData) -> tuple[Paragraph, ...]:
        """Give the words that a text stands for, if it was taken here."""
        return self._taken.get(bytes(data.data(FORMAT).data()), ())


def _selected(
    cursor: QTextCursor, places: WordPlaces, transcript: Transcript
) -> tuple[Paragraph, ...]:
    """Give what is selected paragraph by paragraph, without words that are cut in two."""
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    document = cursor.document()
    first, last = document.findBlock(start), document.findBlock(end)

    def part(block: QTextBlock) -> tuple[Paragraph, ...]:
        number, at = block.blockNumber(), block.position()
        if number >= len(transcript.paragraphs):
            return ()
        begin, finish = max(0, start - at), min(end - at, block.length() - 1)
        words = places.words_between(number, begin, finish)
        if words and places.span(words[0])[0] < begin:
            words = words[1:]
        if words and places.span(words[-1])[1] > finish:
            words = words[:-1]
        if not words:
            return ()
        paragraph, before = transcript.paragraphs[number], places.words_of(number).start
        if len(words) == len(paragraph.words):
            return (paragraph,)
        chosen = paragraph.words[words[0] - before : words[-1] - before + 1]
        return (replace(paragraph, words=chosen, note=""),)

    if first == last:
        return part(first)
    between = transcript.paragraphs[first.blockNumber() + 1 : last.blockNumber()]
    return (*part(first), *between, *part(last))
