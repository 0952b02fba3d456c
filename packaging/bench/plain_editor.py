"""A plain text editor beside a separate player: what reviewing takes there, in keystrokes.

The model, in plain words. A skilled person has the text in a good editor and the sound in a
player whose play and pause is one key wherever one is (a media key). Each paragraph is a line
that begins with ``Name: `` where somebody else begins to speak; lines wrap at 80 characters.
A key pressed together with Ctrl, Shift or Alt is one keystroke; a character typed is one.

- Going to a place is done in the shortest of these ways: up and down by wrapped lines, then by
  words (Ctrl and an arrow), by single characters or from either end of the line; or by finding
  as one types: Ctrl+F, as many characters as it needs to be the next one found, Esc. The
  caret stands where the last correction ended: nobody follows the sound with it.
- A wrong word is written over whole (Ctrl+Del, then the word), or only its wrong characters
  are, whichever is shorter. A missing word is typed with a space, one too many is a Ctrl+Del.
- Another speaker: Ctrl+Del on the name, then the name. Half a paragraph: Return, then the name.
- A name that is wrong everywhere, and each kind of filler, is replaced everywhere at once in
  the dialog of Ctrl+H, without playing, and without looking at the places.
- The sound is held (one key, and one to go on) only where a correction takes more than six
  keys; quicker ones are made while it runs.
- Opening is two keys for the text and three for the recording with its first play, from lists
  of what was open last; saving is Ctrl+S. Times are lost, and nothing is asked of the editor
  that it cannot do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WRAP = 80
_HOLDS_ABOVE = 6
_OPEN, _SAVE = 5, 1
_BOUNDARY = re.compile(r"(?<!\S)\S|$")


@dataclass
class PlainEditor:
    """A text, a caret, and how many keys were pressed.

    Attributes:
        text: As it reads now.
        caret: Where it is.
        keys: Pressed so far; opening and saving included.
    """

    text: str
    caret: int = 0
    keys: int = _OPEN + _SAVE

    def replace(self, start: int, old: str, new: str) -> int:
        """Let other characters stand somewhere; gives what that took."""
        if not self.text.startswith(old, start):
            raise ValueError(f"{old!r} is not there but {self.text[start : start + 40]!r}")
        cost = min(self._whole(start, old, new), self._exact(start, old, new))
        cost += 2 if cost > _HOLDS_ABOVE else 0
        self.text = self.text[:start] + new + self.text[start + len(old) :]
        self.caret = start + len(new)
        self.keys += cost
        return cost

    def everywhere(self, *pairs: tuple[str, str]) -> int:
        """Replace texts everywhere, one dialog for all; gives what that took."""
        cost = 2  # Ctrl+H, and Esc at the end
        for place, (old, new) in enumerate(pairs):
            # What was sought before is selected, to be typed over, after one key back to it.
            cost += len(old) + (1 + len(new) if new else 0) + 1 + (1 if place else 0)
            self.text = self.text.replace(old, new)
        self.caret = 0
        self.keys += cost
        return cost

    def _whole(self, start: int, old: str, new: str) -> int:
        """Take whole words away by Ctrl+Del, and type what is to stand there."""
        return self._go(start) + len(old.split()) + len(new)

    def _exact(self, start: int, old: str, new: str) -> int:
        """Take away and type only what differs."""
        least = min(len(old), len(new))
        head = next((at for at in range(least) if old[at] != new[at]), least)
        least -= head
        tail = next((at for at in range(least) if old[-1 - at] != new[-1 - at]), least)
        gone, typed = len(old) - head - tail, len(new) - head - tail
        return min(self._go(start + head), self._go(start + head + gone)) + gone + typed

    # Going to a place

    def _go(self, place: int) -> int:
        return min(self._by_arrows(place), self._by_finding(place))

    def _by_finding(self, place: int) -> int:
        """Find as one types, with what stands there or ends there."""
        for size in range(1, 60):
            for start in (place, place - size):
                sought = self.text[max(0, start) : start + size]
                if len(sought) == size and "\n" not in sought:
                    found = self.text.find(sought, self.caret)
                    if found == start:
                        return size + 2
        return 1 << 20

    def _by_arrows(self, place: int) -> int:
        lines = self._lines()
        here, there = _line_of(lines, self.caret), _line_of(lines, place)
        start, end = lines[there]
        column = min(start + self.caret - lines[here][0], end)
        ways = [
            self._along(column, place),
            1 + self._along(start, place),
            1 + self._along(end, place),
        ]
        return abs(there - here) + min(ways)

    def _along(self, begin: int, place: int) -> int:
        """Go along a line by words and characters."""
        low, high = min(begin, place), max(begin, place)
        by_characters = high - low
        stops = [low + one.start() for one in _BOUNDARY.finditer(self.text[low:high])]
        best = by_characters
        for count, stop in enumerate(stops if place == high else stops[::-1], 1):
            best = min(best, count + abs(place - stop))
        return best

    def _lines(self) -> list[tuple[int, int]]:
        """Give where each line begins and ends as it is wrapped."""
        lines: list[tuple[int, int]] = []
        at = 0
        for paragraph in self.text.split("\n"):
            begin, end = at, at + len(paragraph)
            while end - begin > WRAP:
                space = self.text.rfind(" ", begin, begin + WRAP + 1)
                cut = space + 1 if space > begin else begin + WRAP
                lines.append((begin, cut - 1))
                begin = cut
            lines.append((begin, end))
            at = end + 1
        return lines


def _line_of(lines: list[tuple[int, int]], place: int) -> int:
    return next(at for at, (_, end) in enumerate(lines) if place <= end)
