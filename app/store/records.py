"""Frozen values as JSON and back, forgiving about what is found there.

A key that is not known is passed over, one that is missing or holds nonsense gives
the field's default. So a database that an older, newer or damaged Wordlight wrote
still yields every value that makes sense.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import types
import typing
from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, cast

_Value = TypeVar("_Value")
_Reader = Callable[[Any], Any]


class _UnfitError(ValueError):
    """What was found is no value of the field's type."""


def dump(value: object) -> str:
    """Write a value as JSON text; any text survives, undecodable file names too."""
    return json.dumps(to_plain(value), separators=(",", ":"))


def to_plain(value: Any) -> Any:
    """Turn dataclasses, enums, paths and tuples into what JSON has."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_plain(getattr(value, field.name)) for field in _fields(type(value))
        }
    if isinstance(value, dict):
        return {
            str(key): to_plain(one) for key, one in cast("dict[object, object]", value).items()
        }
    if isinstance(value, (tuple, list)):
        return [to_plain(one) for one in cast("Iterable[object]", value)]
    if isinstance(value, Path):
        return str(value)
    return value


def parse(
    kind: type[_Value], text: str, problems: list[str] | None = None, **given: Any
) -> _Value:
    """Read a dataclass from JSON text; see ``from_plain``."""
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        plain = None
    return from_plain(kind, plain, problems, **given)


def from_plain(
    kind: type[_Value], plain: Any, problems: list[str] | None = None, **given: Any
) -> _Value:
    """Read a dataclass from a JSON object.

    Args:
        kind: The dataclass; its fields without default must be in ``given``.
        plain: What JSON gave; anything that is no object counts as empty.
        problems: Gets the names of fields whose value made no sense.
        given: Values of fields that are kept elsewhere; they win.
    """
    if not isinstance(plain, dict):
        if problems is not None:
            problems.append("")
        plain = {}
    found = cast("dict[str, Any]", plain)
    values: dict[str, Any] = {}
    for name, reader in _readers(kind):
        if name in given or name not in found:
            continue
        try:
            values[name] = reader(found[name])
        except (_UnfitError, RecursionError):
            if problems is not None:
                problems.append(name)
    return kind(**values, **given)


def plain_text(text: str) -> str:
    """Read a JSON text; anything else is empty."""
    if len(text) > 1 and text[0] == text[-1] == '"' and "\\" not in text:
        inside = text[1:-1]  # nearly all of thousands of rows: no parser for these
        if '"' not in inside and inside.isprintable():
            return inside
    found = _plain(text)
    return found if isinstance(found, str) else ""


@functools.lru_cache(maxsize=1024)
def plain_texts(text: str) -> tuple[str, ...]:
    """Read a JSON array of texts; anything else is none."""
    if text == "[]":
        return ()
    found = _plain(text)
    if not isinstance(found, list):
        return ()
    return tuple(one for one in cast("list[object]", found) if isinstance(one, str))


def plain_object(text: str) -> dict[str, Any]:
    """Read a JSON object; anything else is empty."""
    found = _plain(text)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _plain(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


@functools.cache
def _fields(kind: type) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(kind)


@functools.cache
def _readers(kind: type) -> tuple[tuple[str, _Reader], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((field.name, _reader_of(hints[field.name])) for field in _fields(kind))


@functools.cache
def _reader_of(hint: Any) -> _Reader:
    if isinstance(hint, typing.NewType):
        return _reader_of(hint.__supertype__)
    origin = typing.get_origin(hint)
    if origin is types.UnionType or origin is typing.Union:
        return _union_reader(typing.get_args(hint))
    if origin is tuple:
        return _tuple_reader(typing.get_args(hint))
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return functools.partial(_read_enum, hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return functools.partial(_read_record, cast("type", hint))
    raise TypeError(f"no way to read {hint!r}")


def _read_bool(plain: Any) -> bool:
    if not isinstance(plain, bool):
        raise _UnfitError
    return plain


def _read_int(plain: Any) -> int:
    if isinstance(plain, bool) or not isinstance(plain, int):
        raise _UnfitError
    return plain


def _read_float(plain: Any) -> float:
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        raise _UnfitError
    try:
        number = float(plain)
    except OverflowError:
        raise _UnfitError from None
    if not math.isfinite(number):
        raise _UnfitError
    return number


def _read_text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise _UnfitError
    return plain


def _read_none(plain: Any) -> None:
    if plain is not None:
        raise _UnfitError


def _read_path(plain: Any) -> Path:
    return Path(_read_text(plain))


_SIMPLE: dict[Any, _Reader] = {
    bool: _read_bool,
    int: _read_int,
    float: _read_float,
    str: _read_text,
    type(None): _read_none,
    Path: _read_path,
}


def _read_enum(kind: type[Enum], plain: Any) -> Enum:
    try:
        return kind(plain)
    except ValueError:
        raise _UnfitError from None


def _read_record(kind: type[Any], plain: Any) -> Any:
    if not isinstance(plain, dict):
        raise _UnfitError
    try:
        return cast("object", from_plain(kind, plain))
    except TypeError:  # a field without default is missing
        raise _UnfitError from None


def _union_reader(hints: tuple[Any, ...]) -> _Reader:
    # None first: it is the cheapest to tell
    readers = sorted(
        (_reader_of(hint) for hint in hints), key=lambda one: one is not _read_none
    )

    def read(plain: Any) -> Any:
        for reader in readers:
            try:
                return reader(plain)
            except _UnfitError:
                continue
        raise _UnfitError

    return read


def _tuple_reader(hints: tuple[Any, ...]) -> _Reader:
    if len(hints) == 2 and hints[1] is Ellipsis:  # tuple[X, ...]
        each = _reader_of(hints[0])

        def read_many(plain: Any) -> tuple[Any, ...]:
            if not isinstance(plain, list):
                raise _UnfitError
            return tuple(each(one) for one in cast("list[Any]", plain))

        return read_many
    readers = tuple(_reader_of(hint) for hint in hints)

    def read_fixed(plain: Any) -> tuple[Any, ...]:
        if not isinstance(plain, list):
            raise _UnfitError
        values = cast("list[Any]", plain)
        if len(values) != len(readers):
            raise _UnfitError
        return tuple(reader(one) for reader, one in zip(readers, values, strict=True))

    return read_fixed
