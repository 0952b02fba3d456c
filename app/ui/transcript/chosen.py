"""Which words of the page a person means: those selected, else the caret's."""

from __future__ import annotations

from app.ui.transcript.text import TranscriptText


def selected_range(text: TranscriptText) -> range:
    """Give the places, in reading order, of the words that are selected; all paragraphs'."""
    cursor = text.textCursor()
    if not cursor.hasSelection():
        return range(0)
    document = text.document()
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    first, last = document.findBlock(begin), document.findBlock(end)
    start = text.places.words_between(
        first.blockNumber(), begin - first.position(), first.length()
    ).start
    if last == first:
        stop = text.places.words_between(
            first.blockNumber(), begin - first.position(), end - first.position()
        ).stop
    else:
        stop = text.places.words_between(last.blockNumber(), 0, end - last.position()).stop
    return range(start, max(start, stop))
