"""Notes, bookmarks and highlights of the transcript on the page, and of the whole library."""

from __future__ import annotations

import asyncio
import secrets

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from typing_extensions import override

from app.core import edits, markers
from app.core.errors import AppError
from app.core.markers import Placed
from app.core.progress import Spans, unreviewed
from app.core.transcript import Marker, MarkerId, MarkerKind, Transcript, join_words
from app.store.library import Library
from app.store.marker_list import ListedMarker
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.transcript.served import Served
from app.ui.transcript.side_pane import Listing, SidePane, SideRow
from app.ui.transcript.view import TranscriptView
from app.ui.translate import translated
from app.ui.wording import clock, number

_LIST_AFTER_MS = 150
_QUOTED_WORDS = 24


class NotesController(Served):
    """Puts markers on words, and keeps the pane beside the text right.

    Signals:
        counted: How many notes, bookmarks and highlights the transcript has.
        transcript_needed: Open a transcript of the library: its id, and at which word.
    """

    counted = Signal(int)
    transcript_needed = Signal(str, int)

    def __init__(
        self,
        *,
        stage: Stage,
        pane: SidePane,
        view: TranscriptView,
        library: Library,
        tasks: Tasks,
    ) -> None:
        super().__init__(_LIST_AFTER_MS)
        self._stage = stage
        self._pane = pane
        self._view = view
        self._library = library
        self._tasks = tasks
        self._heard: Spans = ()
        view.marker_requested.connect(self._on_marker)
        pane.listing_changed.connect(self.look)
        pane.chosen.connect(self._on_chosen)
        pane.copy_requested.connect(self._on_copy)
        pane.remove_requested.connect(self._on_remove)
        pane.rewrite_requested.connect(self._on_rewrite)
        pane.closed.connect(self.close)

    @override
    def begin(self) -> None:
        self.counted.emit(0)
        self.look()

    def show_heard(self, spans: Spans) -> None:
        """Take up what was listened to."""
        self._heard = spans
        is_listed = not self._pane.isHidden() and self._pane.listing is Listing.UNREVIEWED
        if is_listed and self._opened is not None:
            self._soon.start()

    def toggle(self) -> None:
        """Show the pane, or close it."""
        if self._pane.isHidden():
            self._pane.show()
            self.look()
            self._pane.take_focus()
        else:
            self.close()

    def show_unreviewed(self) -> None:
        """List only what is left to review."""
        self._pane.show_listing(Listing.UNREVIEWED)
        self._pane.show()
        self._pane.say_listing()
        self.look()

    def close(self) -> None:
        """Close the pane."""
        self._pane.hide()
        self._view.setFocus()

    # -- what is put on words --------------------------------------------------

    def _on_marker(self, kind: MarkerKind, words: range, text: str) -> None:
        transcript = self.transcript
        if kind is MarkerKind.HIGHLIGHT:
            shown = list(transcript.words())[words.start : words.stop]
            if (there := markers.highlight_on_all(shown)) is not None:
                self.apply(markers.remove_marker(transcript, there.marker_id))
                return
        marker = Marker(MarkerId(secrets.token_hex(6)), kind, text)
        self.apply(markers.put_marker(transcript, words, marker))

    def _on_remove(self, row: SideRow) -> None:
        placed = row.key
        if not isinstance(placed, Placed):
            return
        if placed.marker_id is not None:
            self.apply(markers.remove_marker(self.transcript, placed.marker_id))
        elif placed.kind is MarkerKind.NOTE:
            self.apply(edits.mark_paragraph(self.transcript, placed.paragraph, note=""))
        else:
            self.apply(
                edits.mark_paragraph(self.transcript, placed.paragraph, is_highlighted=False)
            )

    def _on_rewrite(self, row: SideRow, text: str) -> None:
        placed = row.key
        if not isinstance(placed, Placed):
            return
        if not text.strip():
            self._on_remove(row)
        elif placed.marker_id is not None:
            change = markers.rewrite_marker(self.transcript, placed.marker_id, text.strip())
            self.apply(change)
        else:
            change = edits.mark_paragraph(self.transcript, placed.paragraph, note=text.strip())
            self.apply(change)

    # -- the list --------------------------------------------------------------

    @override
    def look(self) -> None:
        if self._opened is None:
            return
        self._tasks.start(self._list_now(), "list notes", replace=True)

    async def _list_now(self) -> None:
        """List off the thread that paints: there may be a hundred thousand words."""
        opened, transcript = self._opened, self.transcript
        placed = await asyncio.to_thread(markers.placed_markers, transcript)
        if opened is not self._opened:
            return
        self.counted.emit(len(placed))
        if self._pane.isHidden():
            return
        if self._pane.listing is Listing.NOTES:
            nothing = self.tr(
                "Select words and choose “Note…”, “Highlight” or “Bookmark”. They are listed "
                "here with their times."
            )
            self._pane.show_rows([self._row(one) for one in placed], nothing)
        elif self._pane.listing is Listing.UNREVIEWED:
            heard = self._heard
            left = await asyncio.to_thread(lambda: list(unreviewed(transcript, heard)))
            nothing = self.tr("You have listened to or approved every paragraph.")
            self._pane.show_rows([self._left_row(transcript, one) for one in left], nothing)
        else:
            await self._list_library()

    async def _list_library(self) -> None:
        try:
            found = await asyncio.to_thread(self._library.markers)
        except AppError as error:
            self._stage.say(translated(error.message), is_bad=True)
            return
        rows = [self._library_row(one) for one in found]
        self._pane.show_rows(rows, self.tr("There are no notes in any transcript."))

    def _row(self, placed: Placed) -> SideRow:
        who = self._view.speaker_label(placed.speaker_id)
        head = _head(placed.start_ms, who)
        return SideRow(head, placed.text, placed.quote, placed.kind, placed)

    def _left_row(self, transcript: Transcript, number: int) -> SideRow:
        paragraph = transcript.paragraphs[number]
        head = _head(paragraph.start_ms, self._view.speaker_label(paragraph.speaker_id))
        quote = join_words(list(paragraph.words[:_QUOTED_WORDS]))
        if len(paragraph.words) > _QUOTED_WORDS:
            quote += " …"
        return SideRow(head, "", quote, None, number)

    def _library_row(self, one: ListedMarker) -> SideRow:
        who = one.speaker
        if not who and one.speaker_number:
            who = self.tr("Speaker {number}").replace("{number}", number(one.speaker_number))
        head = f"{one.name} · {_head(one.start_ms, who)}"
        return SideRow(head, one.text, one.quote, one.kind, one)

    def _on_chosen(self, row: SideRow) -> None:
        key = row.key
        if isinstance(key, Placed):
            self._view.show_words(range(key.word, key.word + key.count))
        elif isinstance(key, ListedMarker):
            self.transcript_needed.emit(key.transcript_id, key.word)
        elif isinstance(key, int) and key < len(self.transcript.paragraphs):
            self._view.show_words(self._view.text.places.words_of(key)[:1])

    def _on_copy(self) -> None:
        if self._pane.listing is Listing.NOTES:
            placed = markers.placed_markers(self.transcript)
            text = markers.written(placed, self._view.speaker_label)
        else:
            rows = (self._pane.model.row_at(at) for at in range(self._pane.model.rowCount()))
            text = "\n\n".join(row.lines for row in rows if row is not None)
        QGuiApplication.clipboard().setText(text)
        self._stage.say(self.tr("List copied to the clipboard"))


def _head(start_ms: int, who: str) -> str:
    return f"{clock(start_ms)} · {who}" if who else clock(start_ms)
