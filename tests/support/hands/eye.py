"""What assistive technology is told of the program, over the accessibility bus.

The client is jeepney: pure Python, typed, and among the packages already, since keyring
needs it. pyatspi and dasbus stand on GObject introspection, which no lock file can bring.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.support.hands.screen import Box

Found = TypeVar("Found")
Name = str | re.Pattern[str]

_ROOT = "/org/a11y/atspi/accessible/root"
_REGISTRY = "org.a11y.atspi.Registry"
_INTERFACE = "org.a11y.atspi."
_ON_SCREEN = 0  # as opposed to relative to the window
_ANSWER_S = 30.0
"""A busy machine may let the program answer late."""
_GLANCE_S = 0.2
"""When to look again though nothing was announced."""
_SHARE = 20
"""Of what has been waited already, so small a share passes between two looks."""
_STILL_S = 0.06
"""How long something must stand where it stands before it is clicked."""
WORD, LINE, PARAGRAPH = 1, 3, 4
"""Pieces of a text, as the bus numbers them."""
_STATES = {
    1: "active",
    4: "checked",
    8: "enabled",
    12: "focused",
    23: "selected",
    24: "sensitive",
    25: "showing",
    30: "visible",
    41: "checkable",
}
_GONE = (DBusErrorResponse, LookupError)


class NotSeenError(AssertionError):
    """Something did not come before the eye in time."""


class Eye:
    """Looks at a program through the accessibility bus, and waits for what it is to see."""

    def __init__(self, session_bus: str) -> None:
        """Connect.

        Args:
            session_bus: Address of the session bus, which knows that of the other.
        """
        with open_dbus_connection(session_bus) as session:
            asked = new_method_call(
                DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress"
            )
            address: str = session.send_and_get_reply(asked, timeout=_ANSWER_S).body[0]
        self._bus: DBusConnection = open_dbus_connection(address)
        self._events: deque[Message] = deque()
        self._shown: dict[Thing, bool | None] = {}
        self._said: deque[str] = deque(maxlen=200)
        for kind in ("Object", "Window", "Focus"):
            rule = MatchRule(type="signal", interface=f"org.a11y.atspi.Event.{kind}")
            self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=_ANSWER_S)
        self._bus.filter(
            MatchRule(type=MessageType.signal.name), queue=self._events
        ).__enter__()
        registry = DBusAddress("/org/a11y/atspi/registry", _REGISTRY, _REGISTRY)
        for kind in ("object:", "window:", "focus:"):
            asked = new_method_call(registry, "RegisterEvent", "s", (kind,))
            self._bus.send_and_get_reply(asked, timeout=_ANSWER_S)

    def close(self) -> None:
        """Hang up."""
        self._bus.close()

    def programs(self) -> list[Thing]:
        """Give the programs that have told the bus of themselves."""
        return Thing(self, _REGISTRY, _ROOT).children

    def process_of(self, bus_name: str) -> int:
        """Give the id of the process behind a name on the bus."""
        asked = message_bus.GetConnectionUnixProcessID(bus_name)
        return self._answer(asked)[0]

    def is_there(self, bus_name: str) -> bool:
        """Tell whether there is still somebody behind a name on the bus."""
        return bool(self._answer(message_bus.NameHasOwner(bus_name))[0])

    def popups(self, bus_name: str) -> list[Thing]:
        """Give what a program has popped up: menus and boxes that no window lists.

        Qt tells of them when they show, and names them nowhere else.

        Args:
            bus_name: The program's.
        """
        self._take_in()
        found: list[Thing] = []
        for one in [one for one in self._shown if one.bus_name == bus_name]:
            try:
                if self._shown[one] is None:
                    self._shown[one] = one.role == "popup menu" or not one.is_listed
                if self._shown[one] and "showing" in one.states:
                    found.append(one)
            except _GONE:
                self._shown.pop(one, None)
        return found[::-1]

    @property
    def said(self) -> list[str]:
        """What programs have had said so far to those who hear the screen, the oldest first."""
        self._take_in()
        return list(self._said)

    def until(
        self, look: Callable[[], Found | None], what: str, timeout_s: float = 30
    ) -> Found:
        """Look until there is something to see, each time something changes.

        What goes away while it is looked at counts as not seen.

        Args:
            look: Gives what is waited for, or something false.
            what: What it is, for the sentence if it never comes.
            timeout_s: How long to wait.
        """
        began_s = time.monotonic()
        while True:
            looked_s = time.monotonic()
            found: Found | None = None
            with contextlib.suppress(*_GONE):
                found = look()
            if found:
                return found
            now_s = time.monotonic()
            if now_s > began_s + timeout_s:
                raise NotSeenError(f"never seen in {timeout_s:.0f} s: {what}")
            self.wait_for_event(_GLANCE_S)
            # Much is announced at once, and to look takes the program's time as well.
            rest_s = max(now_s - looked_s, (now_s - began_s) / _SHARE)
            self._rest(time.monotonic() + min(rest_s, _GLANCE_S))

    def at_rest(self, look: Callable[[], Found]) -> Found:
        """Look until the same is seen twice: what has just come may still be moving."""
        give_up_s = time.monotonic() + _ANSWER_S
        before = look()
        while time.monotonic() < give_up_s:
            self.wait_for_event(_STILL_S)
            now = look()
            if now == before:
                return now
            before = now
        raise NotSeenError(f"never at rest: {before}")

    def wait_for_event(self, most_s: float) -> None:
        """Wait until something is announced, but not for long."""
        self._take_in()
        with contextlib.suppress(TimeoutError):
            self._events.append(self._bus.recv_until_filtered(self._events, timeout=most_s))

    def _rest(self, until_s: float) -> None:
        """Take in what is announced up to a moment."""
        while (left_s := until_s - time.monotonic()) > 0:
            self.wait_for_event(left_s)

    def ask(self, thing: Thing, interface: str, method: str, kinds: str, *values: Any) -> Any:
        """Call a method of something on the bus."""
        return self._answer(_question(thing, interface, method, kinds, *values))[0]

    def property(self, thing: Thing, interface: str, name: str) -> Any:
        """Read a property of something on the bus."""
        return self._answer(_property_question(thing, interface, name))[0][1]

    def children(self, of: Sequence[Thing]) -> list[Thing]:
        """Give what is in each of some things, those of the first before those of the next."""
        replies = self._answers([_question(one, "Accessible", "GetChildren") for one in of])
        told = [child for reply in replies for child in _body(reply)[0]]
        return [Thing(self, bus_name, path) for bus_name, path in told]

    def shown(self, things: Sequence[Thing]) -> dict[Thing, str]:
        """Give those of some things that are to be seen, and what each is."""
        states = self._answers([_question(one, "Accessible", "GetState") for one in things])
        seen = [
            one
            for one, reply in zip(things, states, strict=True)
            if _is_answer(reply) and "showing" in _states(*reply.body[0])
        ]
        roles = self._answers([_question(one, "Accessible", "GetRoleName") for one in seen])
        return {
            one: str(reply.body[0])
            for one, reply in zip(seen, roles, strict=True)
            if _is_answer(reply)
        }

    def names(self, things: Sequence[Thing]) -> dict[Thing, str]:
        """Give the names of some things, without those that have just gone."""
        told = self._answers([_property_question(one, "Accessible", "Name") for one in things])
        return {
            one: str(reply.body[0][1])
            for one, reply in zip(things, told, strict=True)
            if _is_answer(reply)
        }

    def _take_in(self) -> None:
        """Note what has come and gone, as the events since the last look tell."""
        while self._events:
            event = self._events.popleft()
            fields = event.header.fields
            if fields.get(HeaderFields.member) == "Announcement":
                self._said.append(str(event.body[3][1]))
            if fields.get(HeaderFields.member) != "StateChanged" or event.body[0] != "showing":
                continue
            thing = Thing(self, fields[HeaderFields.sender], fields[HeaderFields.path])
            self._shown.pop(thing, None)
            if event.body[1]:
                self._shown[thing] = None

    def _answer(self, asked: Message) -> tuple[Any, ...]:
        return _body(self._bus.send_and_get_reply(asked, timeout=_ANSWER_S))

    def _answers(self, asked: Sequence[Message]) -> list[Message]:
        """Ask much at once: most of the time of a question is its way there and back."""
        places: dict[int, int] = {}
        for place, question in enumerate(asked):
            serial = next(self._bus.outgoing_serial)
            self._bus.send(question, serial=serial)
            places[serial] = place
        replies: dict[int, Message] = {}
        give_up_s = time.monotonic() + _ANSWER_S
        while len(replies) < len(asked):
            came = self._bus.receive(timeout=max(0.0, give_up_s - time.monotonic()))
            place = places.get(came.header.fields.get(HeaderFields.reply_serial, -1))
            if place is not None:
                replies[place] = came
            elif came.header.message_type is MessageType.signal:
                self._events.append(came)
        return [replies[place] for place in range(len(asked))]


@dataclass(frozen=True)
class Thing:
    """One thing of a program as it is told to assistive technology."""

    eye: Eye = field(repr=False, compare=False)
    bus_name: str
    path: str

    @property
    def name(self) -> str:
        return self.eye.property(self, "Accessible", "Name")

    @property
    def role(self) -> str:
        return self.eye.ask(self, "Accessible", "GetRoleName", "")

    @property
    def states(self) -> frozenset[str]:
        return _states(*self.eye.ask(self, "Accessible", "GetState", ""))

    @property
    def children(self) -> list[Thing]:
        return self.eye.children([self])

    @property
    def parent(self) -> Thing:
        """What it is in."""
        return Thing(self.eye, *self.eye.property(self, "Accessible", "Parent"))

    @property
    def is_listed(self) -> bool:
        """Whether it is among the children of its parent."""
        return self in self.parent.children

    @property
    def box(self) -> Box:
        """Where it is on the screen, once it stands still."""

        def look() -> Box:
            return Box(*self.eye.ask(self, "Component", "GetExtents", "u", _ON_SCREEN))

        return self.eye.at_rest(look)

    @property
    def description(self) -> str:
        """What is said of it besides its name."""
        return self.eye.property(self, "Accessible", "Description")

    @property
    def actions(self) -> list[str]:
        """What can be done with it, by the names of the actions."""
        count = self.eye.property(self, "Action", "NActions")
        return [self.eye.ask(self, "Action", "GetName", "i", one) for one in range(count)]

    @property
    def keys(self) -> str:
        """The keys that do its first action, from wherever the focus is."""
        return self.eye.ask(self, "Action", "GetKeyBinding", "i", 0)

    def act(self, name: str) -> None:
        """Do something with it, as assistive technology does: no key, no pointer."""
        self.eye.ask(self, "Action", "DoAction", "i", self.actions.index(name))

    def focus(self) -> None:
        """Give it the focus, as assistive technology does."""
        self.eye.ask(self, "Component", "GrabFocus", "")

    def choose(self, place: int) -> None:
        """Select one of its children, as assistive technology does."""
        self.eye.ask(self, "Selection", "SelectChild", "i", place)

    def set_value(self, value: float) -> None:
        """Give it another value, as assistive technology does."""
        address = DBusAddress(self.path, self.bus_name, _INTERFACE + "Value")
        self.eye._answer(Properties(address).set("CurrentValue", "d", value))

    def write(self, text: str) -> None:
        """Have it hold a text, as assistive technology does."""
        self.eye.ask(self, "EditableText", "SetTextContents", "s", text)

    def write_over(self, wanted: str, text: str) -> None:
        """Write over a piece of its text, as assistive technology does."""
        start = self.text.index(wanted)
        self.eye.ask(self, "EditableText", "InsertText", "isi", start, text, len(text))
        after = start + len(text)
        self.eye.ask(self, "EditableText", "DeleteText", "ii", after, after + len(wanted))

    def put_caret(self, place: int) -> None:
        """Put the caret somewhere in its text, as assistive technology does."""
        self.eye.ask(self, "Text", "SetCaretOffset", "i", place)

    def select(self, start: int, end: int) -> None:
        """Select a piece of its text, as assistive technology does."""
        self.eye.ask(self, "Text", "SetSelection", "iii", 0, start, end)

    def around(self, place: int, piece: int) -> str:
        """Give the word, the line or the paragraph at a place of its text."""
        return self.eye.ask(self, "Text", "GetStringAtOffset", "iu", place, piece)

    def text_attributes(self, place: int) -> dict[str, str]:
        """What is said of the text at a place."""
        address = DBusAddress(self.path, self.bus_name, _INTERFACE + "Text")
        asked = new_method_call(address, "GetAttributeRun", "ib", (place, False))
        return dict(self.eye._answer(asked)[0])

    def box_of_character(self, place: int) -> Box:
        """Where a character of its text stands on the screen."""
        address = DBusAddress(self.path, self.bus_name, _INTERFACE + "Text")
        asked = new_method_call(address, "GetCharacterExtents", "iu", (place, _ON_SCREEN))
        return Box(*self.eye._answer(asked))

    def offset_at(self, x: int, y: int) -> int:
        """Give the place of the character at a point of the screen; -1 for none."""
        return self.eye.ask(self, "Text", "GetOffsetAtPoint", "iiu", x, y, _ON_SCREEN)

    @property
    def value(self) -> float:
        """The value of a slider, a bar or a spin box."""
        return self.eye.property(self, "Value", "CurrentValue")

    @property
    def text(self) -> str:
        """The text of a field or a page."""
        return self.eye.ask(self, "Text", "GetText", "ii", 0, -1)

    @property
    def caret(self) -> int:
        return self.eye.property(self, "Text", "CaretOffset")

    @property
    def selected_text(self) -> str:
        """What is selected in it; empty for nothing."""
        if not self.eye.ask(self, "Text", "GetNSelections", ""):
            return ""
        address = DBusAddress(self.path, self.bus_name, _INTERFACE + "Text")
        start, end = self.eye._answer(new_method_call(address, "GetSelection", "i", (0,)))
        return self.text[start:end]

    def box_of(self, wanted: str, *, after: str = "") -> Box:
        """Give where a piece of its text stands on the screen.

        Args:
            wanted: The piece; its first place is meant.
            after: A piece that comes before it.
        """
        text = self.text
        start = text.index(wanted, text.index(after) + len(after))
        address = DBusAddress(self.path, self.bus_name, _INTERFACE + "Text")
        asked = new_method_call(
            address, "GetRangeExtents", "iiu", (start, start + len(wanted), _ON_SCREEN)
        )
        return self.eye.at_rest(lambda: Box(*self.eye._answer(asked)))

    # Finding

    def all(self, role: str | None = None, name: Name | None = None) -> Iterator[Thing]:
        """Give everything in it that is to be seen and is such a thing, nearest first."""
        level: list[Thing] = [self]
        if self.role == "application":
            for popup in self.eye.popups(self.bus_name):  # they lie above all else
                try:
                    is_meant = popup._is(role, name)
                except _GONE:
                    continue
                if is_meant:
                    yield popup
                level.insert(0, popup)
        while level:
            # A whole level at a time, since a window holds hundreds of things.
            shown = self.eye.shown(self.eye.children(level))
            level = list(shown)
            likely = [one for one in level if role is None or shown[one] == role]
            if name is None:
                yield from likely
                continue
            names = self.eye.names(likely)
            yield from (one for one in names if _is_name(name, names[one]))

    def has(self, role: str, name: Name | None = None) -> bool:
        """Tell whether such a thing is to be seen now."""
        return next(self.all(role, name), None) is not None

    def find(self, role: str, name: Name | None = None, timeout_s: float = 30) -> Thing:
        """Wait until such a thing is to be seen, and give it."""
        what = f"{role} {name!r}" if name is not None else role
        return self.eye.until(lambda: next(self.all(role, name), None), what, timeout_s)

    def focused(self, role: str, name: Name | None = None) -> Thing:
        """Wait until such a thing has the keys, and give it: what is seen may not yet."""
        return self.eye.until(
            lambda: next(
                (one for one in self.all(role, name) if "focused" in one.states), None
            ),
            f"the keys at {role} {name!r}",
        )

    def gone(self, role: str, name: Name | None = None, timeout_s: float = 30) -> None:
        """Wait until no such thing is to be seen any more."""
        self.eye.until(lambda: not self.has(role, name), f"no {role} {name!r}", timeout_s)

    def described(self, depth: int = 0) -> str:
        """Write down what is to be seen in it, for whoever looks at a failed test."""
        lines: list[str] = []
        try:
            states = self.states
            if depth > 1 and "showing" not in states:
                return ""
            marks = sorted(states & {"focused", "selected", "checked", "active"})
            lines.append(
                "  " * depth + f"{self.role} {self.name!r} {tuple(self.box)} {' '.join(marks)}"
            )
            if not depth:
                lines += [one.described(1) for one in self.eye.popups(self.bus_name)]
            lines += [told for one in self.children if (told := one.described(depth + 1))]
        except _GONE:
            lines.append("  " * depth + "(gone)")
        return "\n".join(lines)

    def _is(self, role: str | None, name: Name | None) -> bool:
        if role is not None and self.role != role:
            return False
        return name is None or _is_name(name, self.name)


def _question(
    thing: Thing, interface: str, method: str, kinds: str = "", *values: Any
) -> Message:
    address = DBusAddress(thing.path, thing.bus_name, _INTERFACE + interface)
    return new_method_call(address, method, kinds or None, values)


def _property_question(thing: Thing, interface: str, name: str) -> Message:
    address = DBusAddress(thing.path, thing.bus_name, _INTERFACE + interface)
    return Properties(address).get(name)


def _is_answer(reply: Message) -> bool:
    """Tell whether what was asked is still there to answer."""
    return reply.header.message_type is not MessageType.error


def _body(reply: Message) -> tuple[Any, ...]:
    if not _is_answer(reply):
        raise DBusErrorResponse(reply)
    return reply.body


def _states(low: int, high: int) -> frozenset[str]:
    bits = low | high << 32
    return frozenset(name for bit, name in _STATES.items() if bits >> bit & 1)


def _is_name(meant: Name, name: str) -> bool:
    return bool(meant.search(name)) if isinstance(meant, re.Pattern) else name == meant


def clean_surroundings(environ: Mapping[str, str], home: str) -> dict[str, str]:
    """Give the variables of a person who has just logged in, without what tests set."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "COVERAGE_PROCESS_START")
    return {**{name: environ[name] for name in kept if name in environ}, "HOME": home}
