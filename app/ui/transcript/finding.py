"""Looking for something in the page: as one types, however much there is.

All of it is found, counted and marked. Where that takes long it is done in short turns, from
the caret on, so that the first hit is there at once and the page stays at hand. A pattern is
looked for elsewhere, by whoever hears ``pattern_wanted``, for nobody knows how long it takes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import chain

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.document import Change
from app.core.finding import PATTERN_LIMIT_S, FoundText, PatternError, Search
from app.core.marks import NOTHING, Found, Marks, TimesChange
from app.core.transcript import Transcript
from app.system.clocks import countdown, precise_ms
from app.ui.kit.appearance import Appearance
from app.ui.transcript.find_bar import FindBar
from app.ui.transcript.scroll_marks import ScrollMarks
from app.ui.transcript.text import TranscriptText
from app.ui.translate import translated

_TURN_MS = 8.0
"""So long one turn of looking may take."""
_TURN_LEAST = 20_000
"""So many characters are looked through in a turn, however busy the machine is."""
_FOLLOW_S = 0.05
"""So long a pattern may take for what an edit touched, or is about to."""


class Finder(QObject):
    """Finds what the bar asks for, marks it, and goes from one hit to the next.

    Signals:
        hits_changed: When in the recording hits came and went; a ``TimesChange``.
        reached: A hit was brought before the reader.
        pattern_wanted: A ``Search`` is to be made in the whole transcript; the answer goes
            to ``take`` or ``fail``.
    """

    hits_changed = Signal(object)
    reached = Signal()
    pattern_wanted = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        text: TranscriptText,
        bar: FindBar,
        transcript: Callable[[], Transcript],
    ) -> None:
        super().__init__(text)
        self._text = text
        self._beside = ScrollMarks(appearance, text)
        self._bar = bar
        self._transcript = transcript
        self._search: Search | None = None
        self._hits = Marks()
        self._at: tuple[int, int] | None = None  # paragraph and offset of the hit shown
        self._left: list[int] = []  # paragraphs that are still to be looked through, reversed
        self._is_stepping = False  # to the first hit, as soon as there is one
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)
        bar.query_changed.connect(self._on_query_changed)
        bar.step_requested.connect(self.step)
        bar.closed.connect(self.look)

    @property
    def search(self) -> Search | None:
        """What is looked for, if anything is."""
        return self._search

    @property
    def hits(self) -> Marks:
        """What was found so far."""
        return self._hits

    @property
    def is_looking(self) -> bool:
        """Whether there may be more than was found so far."""
        return bool(self._left) or self._turn.isActive()

    def open(self, *, replaces: bool = False) -> None:
        """Ask what to look for, and by what to replace it if that is wanted."""
        cursor = self._text.textCursor()
        within = None
        if cursor.hasSelection():
            within = (
                self._sign_of(cursor.selectionStart()),
                self._sign_of(cursor.selectionEnd()),
            )
        selected = cursor.selectedText()
        is_short = "\u2029" not in selected and len(selected.split()) <= _MOST_WORDS
        self._bar.offer_scopes(self._transcript(), None if is_short else within)
        self._bar.open(selected if is_short else "", replaces=replaces)

    def look(self) -> None:
        """Look anew in the whole transcript."""
        self._left = []
        self._turn.stop()
        self._at, self._search = None, None
        query = self._bar.query
        texts = self._text.places.texts
        self._hits = Marks([NOTHING] * len(texts) if query else ())
        self._text.set_hits(self._hits)
        self._beside.show_marks(self._hits)
        if not query:
            self._show_all()
            return
        try:
            self._search = Search(query, countdown(PATTERN_LIMIT_S))
        except PatternError as error:
            self.fail(error)
            return
        if query.is_pattern:
            self._bar.show_working()
            self.pattern_wanted.emit(self._search)
            return
        caret = max(0, self._text.textCursor().blockNumber())
        order = chain(range(caret, len(texts)), range(min(caret, len(texts))))
        self._left = list(order)[::-1]
        self._go_on()

    def take(self, search: Search, found: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Take up what a pattern found, paragraph by paragraph."""
        if search is not self._search:
            return
        self._hits.replace(
            0, len(found), [self._found(at, one) for at, one in enumerate(found)]
        )
        self._show_all()
        self._step_first()

    def fail(self, error: PatternError) -> None:
        """Say why there is nothing to be found."""
        self._search = None
        self._is_stepping = False
        self._bar.show_problem(translated(error.message))
        self.hits_changed.emit(TimesChange(()))

    def step(self, places: int) -> None:
        """Show the next hit, or the one before, round the end."""
        if not self._hits:
            return
        if self._at is None:
            number = self._hits.first_from(*self._caret()) - (1 if places < 0 else 0)
        else:
            number = self._hits.first_from(*self._at) + places
        number %= len(self._hits)
        self._at = self._hits.at(number)
        self.reached.emit()
        self._text.show_hit(number)
        self._show_count()

    def current(self) -> tuple[int, FoundText] | None:
        """Give the hit before the reader, or the first from the caret on, to be replaced."""
        if self._search is None or not self._hits:
            return None
        if self._at is None:
            self.step(1)
        if self._at is None:
            return None
        paragraph, offset = self._at
        text = self._text.places.texts[paragraph]
        # With a limit of its own: that of the look is over by the time somebody replaces.
        search = Search(self._search.query, countdown(_FOLLOW_S))
        for one in search.replace(text, paragraph, self._bar.replacement):
            if _qt_offsets(text, (one.start,))[0] == offset:
                return paragraph, one
        return None

    def stand_behind(self, paragraph: int, found: FoundText) -> None:
        """Go on behind a hit that is about to be replaced, not in what takes its place."""
        block = self._text.document().findBlockByNumber(paragraph)
        text = self._text.places.texts[paragraph]
        cursor = self._text.textCursor()
        cursor.setPosition(block.position() + _qt_offsets(text, (found.end,))[0])
        self._text.setTextCursor(cursor)

    def follow_change(self, change: Change) -> None:
        """Mark anew what an edit touched."""
        self._bar.move_range(change)
        if self._search is None:
            return
        self._at = None
        moves = any(len(one.removed) != len(one.inserted) for one in change.splices)
        if (self._left and moves) or len(change.splices) > _MANY or self._search.query.within:
            self.look()
            return
        search = self._search
        if search.query.is_pattern:
            self._search = Search(search.query, countdown(_FOLLOW_S))  # the other's is over
        try:
            told = followed(self._hits, change, self._find)
        except PatternError as error:
            self.fail(error)
            return
        if not self._left:  # else all are told when all are found
            self._beside.show_marks(self._hits)
            self.hits_changed.emit(told)
        self._show_count()

    def _on_query_changed(self) -> None:
        self._is_stepping = self._bar.is_typed_in
        self.look()

    def _go_on(self) -> None:
        until_ms = precise_ms() + _TURN_MS
        least, texts = _TURN_LEAST, self._text.places.texts
        while self._left and (least > 0 or precise_ms() < until_ms):
            number = self._left.pop()
            least -= len(texts[number]) + 1
            found = self._find(number)
            if found.places:
                self._hits.replace(number, 1, (found,))
        self._step_first()
        if self._left or least <= 0:  # to show all of it takes a turn of its own
            self._show_count()
            self._turn.start()
        else:
            self._show_all()

    def _step_first(self) -> None:
        if self._is_stepping and self._hits:
            self._is_stepping = False
            self.step(1)
        elif not self._left:
            self._is_stepping = False

    def _show_all(self) -> None:
        self._text.viewport().update()
        self._beside.show_marks(self._hits)
        self._show_count()
        self.hits_changed.emit(TimesChange(self._hits.times_ms()))

    def _show_count(self) -> None:
        # While there is more to find, nobody knows the number of the one that is shown.
        is_known = self._at is not None and not self._left
        number = self._hits.first_from(*self._at) if self._at and is_known else None
        self._bar.show_count(len(self._hits), number)

    def _find(self, number: int) -> Found:
        search = self._search
        paragraph = self._transcript().paragraphs[number]
        if search is None or not paragraph.words or not search.wants(number, paragraph):
            return NOTHING
        found = search.find(self._text.places.texts[number], number)
        return self._found(number, found) if found else NOTHING

    def _found(self, number: int, found: Sequence[tuple[int, int]]) -> Found:
        """Give hits as the page counts characters, with the time each is spoken."""
        words = self._transcript().paragraphs[number].words
        if not found or not words:
            return NOTHING
        text = self._text.places.texts[number]
        starts = _qt_offsets(text, [start for start, _ in found])
        ends = _qt_offsets(text, [end for _, end in found])
        spoken = self._text.places.words_at(number, starts)
        return Found(starts, tuple([max(0, words[at].start_ms) for at in spoken]), ends)

    def _caret(self) -> tuple[int, int]:
        return self._place_of(self._text.textCursor().selectionStart())

    def _sign_of(self, position: int) -> tuple[int, int]:
        """Give paragraph and offset of a place, in characters rather than as Qt counts."""
        paragraph, offset = self._place_of(position)
        texts = self._text.places.texts
        text = texts[paragraph] if paragraph < len(texts) else ""
        if text.isascii():
            return paragraph, offset
        raw = text.encode("utf-16-le", "surrogatepass")[: 2 * offset]
        return paragraph, len(raw.decode("utf-16-le", "surrogatepass"))

    def _place_of(self, position: int) -> tuple[int, int]:
        block = self._text.document().findBlock(position)
        return block.blockNumber(), position - block.position()


_MANY = 100
"""After a change in more places than this, looking anew is quicker than following."""
_MOST_WORDS = 8
"""A longer selection is where to look, a shorter one what to look for."""


def followed(marks: Marks, change: Change, find: Callable[[int], Found]) -> TimesChange:
    """Mark anew what a change touched; tells when marks came and went."""
    inserted: list[int] = []
    removed: list[int] = []
    # From the last to the first, so that none moves the place of another.
    for old, new in zip(
        reversed(change.splices), reversed(change.inverted().splices), strict=True
    ):
        found = [find(number) for number in range(new.first, new.end)]
        told = marks.replace(old.first, len(old.removed), found)
        inserted += told.inserted
        removed += told.removed or ()
    return TimesChange(tuple(inserted), tuple(removed))


def _qt_offsets(text: str, places: Sequence[int]) -> tuple[int, ...]:
    """Give offsets as Qt counts them: each sign beyond the basic plane is two."""
    if text.isascii() or max(text) <= "\uffff":
        return tuple(places)
    wide = array("i", (at for at, sign in enumerate(text) if sign > "\uffff"))
    return tuple(place + bisect_left(wide, place) for place in places)
