"""What is typed in one place, from the first key to the last.

A word typed letter by letter before another one is for a moment part of it. So the words are
always worked out from what stood there before the first key: the other word then is what it
was, with its own time, as soon as a space stands between them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.core.document import Change, Document, Splice
from app.core.moving import with_sound
from app.core.retyping import LABEL, Typed, retyped, text_of
from app.core.transcript import Paragraph, Transcript, join_words

_NOWHERE = 1 << 40
_SENTENCE_ENDS = re.compile(r"(?:[.!?…؟।۔][\"'”’»)\]]*\s|[。！？][」』）]*)$")
_LOOK_BACK = 6


class TypingRun:
    """Keys pressed in one place of a transcript.

    Attributes:
        first: Number of the first paragraph it is about.
        count: How many paragraphs there are now.
    """

    def __init__(self, transcript: Transcript, typed: Typed) -> None:
        nobody = Paragraph((), None, 0, transcript.duration_ms)
        self.first = typed.first
        self._before = transcript.paragraphs[typed.first : typed.last + 1] or (nobody,)
        self.count = typed.last + 1 - typed.first if transcript.paragraphs else 0
        self._old = text_of(self._before)
        self._lines = self._old.split("\n")
        self._begin = self._at(typed.first, typed.start)
        self._end = self._at(typed.last, typed.end)
        self._text = typed.text
        self._carried = typed.carried
        self._lines = self.text.split("\n")

    @property
    def text(self) -> str:
        """What is shown of the paragraphs: also spaces of which the words know nothing."""
        return self._old[: self._begin] + self._text + self._old[self._end :]

    @property
    def span(self) -> tuple[int, int]:
        """From where to where in ``text`` it was typed."""
        return self._begin, self._begin + len(self._text)

    def takes(self, typed: Typed) -> bool:
        """Tell whether something goes on what was typed before, as it is shown."""
        if self._carried or typed.carried:
            return False  # words that took their sound along are not worked out anew
        if typed.first < self.first or typed.last >= self.first + len(self._lines):
            return False
        begin, end = self._at(typed.first, typed.start), self._at(typed.last, typed.end)
        return begin <= self._begin + len(self._text) and end >= self._begin

    def type(self, typed: Typed) -> None:
        """Take up the next key."""
        begin = self._at(typed.first, typed.start) - self._begin
        end = self._at(typed.last, typed.end) - self._begin
        beyond = max(0, end - len(self._text))
        self._text = self._text[: max(0, begin)] + typed.text + self._text[max(0, end) :]
        self._end += beyond
        self._begin += min(0, begin)
        self._lines = self.text.split("\n")

    def change(self, transcript: Transcript) -> Change | None:
        """Give what makes the words read so; ``None`` if they do already.

        Args:
            transcript: As the last change left it.
        """
        flat = Typed(*_place(self._old, self._begin), *_place(self._old, self._end), self._text)
        new = retyped(self._before, flat)
        if not transcript.paragraphs and not any(one.words for one in new):
            return None
        old = transcript.paragraphs[self.first : self.first + self.count]
        self.count = len(new)
        if new == old:
            return None
        splice = Splice(self.first, old, new)
        if self._carried:
            splice = with_sound(splice, self._carried, transcript)
        return Change((splice,), transcript.speakers, transcript.speakers, LABEL)

    def in_words(self, typed: Typed, transcript: Transcript) -> Typed:
        """Give what is typed elsewhere, counted in the text of the words.

        Spaces that only the page shows become part of what is typed: so they still part the
        words beside them.

        Args:
            typed: The range, as the page shows it.
            transcript: As the last change left it.
        """
        start, end, head, tail = typed.start, typed.end, "", ""
        line, begin, count = self._spaces(typed.first, transcript)
        if start > begin:
            start, head = begin, line[begin:start]
        line, begin, count = self._spaces(typed.last, transcript)
        if count and end >= begin + count:
            end -= count
        elif count:
            end, tail = begin, line[end : begin + count]
        return replace(typed, start=start, end=end, text=head + typed.text + tail)

    def _spaces(self, paragraph: int, transcript: Transcript) -> tuple[str, int, int]:
        """Give a paragraph as shown, and where in it how many spaces are of no word.

        Where it has none they are behind its end.
        """
        place = paragraph - self.first
        if not (0 <= place < len(self._lines) and paragraph < len(transcript.paragraphs)):
            return "", _NOWHERE, 0
        line, text = self._lines[place], join_words(transcript.paragraphs[paragraph].words)
        count = len(line) - len(text)
        least = min(len(line), len(text))
        begin = next((at for at in range(least) if line[at] != text[at]), least)
        spaces = line[begin : begin + count]
        if count <= 0 or not spaces.isspace() or line[:begin] + line[begin + count :] != text:
            return line, _NOWHERE, 0
        return line, begin, count

    def _at(self, paragraph: int, offset: int) -> int:
        lines = self._lines[: paragraph - self.first]
        return sum(len(line) + 1 for line in lines) + offset


class TypingFlow:
    """Tells of what is typed whether it goes on what was typed before, as one step.

    A paragraph that begins, what is pasted, cut or dropped, and a sentence each stand alone,
    so that one step back takes away what one would call one thing.
    """

    def __init__(self) -> None:
        self._is_apart = True
        self._written = ""  # the last signs of it

    def goes_on(self, typed: Typed) -> bool:
        """Take up what is typed next; gives whether it goes on the same step."""
        is_apart = typed.is_apart or typed.first != typed.last or "\n" in typed.text
        is_new = is_apart or self._is_apart
        if typed.text:
            is_new = is_new or _SENTENCE_ENDS.search(self._written) is not None
            self._written = (self._written + typed.text)[-_LOOK_BACK:]
        else:
            self._written = ""
        if is_new:
            self._written = typed.text[-_LOOK_BACK:]
        self._is_apart = is_apart
        return not is_new


class Typewriter:
    """Types into a document, run by run."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._run: TypingRun | None = None
        self._is_typing = False
        self._has_written = False  # in this run
        document.subscribe(self._on_change)

    @property
    def run(self) -> TypingRun | None:
        """What is being typed in one place, if anything."""
        return self._run

    def type(self, typed: Typed, *, joins: bool) -> None:
        """Let a range read otherwise.

        Args:
            typed: The range, as the page shows it, spaces of no word included.
            joins: Whether it is taken back together with what was typed before, if it
                goes on there.
        """
        transcript = self._document.transcript
        if self._run is not None and self._run.takes(typed):
            self._run.type(typed)
        else:
            if self._run is not None:
                typed = self._run.in_words(typed, transcript)
            self._run, self._has_written = TypingRun(transcript, typed), False
        change = self._run.change(transcript)
        if change is not None:
            self._is_typing = True
            self._document.apply(change, joins=joins and self._has_written)
            self._is_typing = False
            self._has_written = True

    def end(self) -> None:
        """What is typed next is another matter."""
        self._run = None

    def _on_change(self, _change: Change) -> None:
        if not self._is_typing:
            self._run = None


def _place(text: str, at: int) -> tuple[int, int]:
    """Give line and offset of a place in a text of several lines."""
    return text.count("\n", 0, at), at - (text.rfind("\n", 0, at) + 1)
