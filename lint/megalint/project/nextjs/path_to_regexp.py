"""Path patterns such as ``/events/:id``, compiled as the path-to-regexp 6 inside Next does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from megalint.languages.javascript.regexp import Regexp, RegexpError

_NAME: Final = re.compile(r"[0-9A-Za-z_]+")
_SPECIAL: Final = re.compile(r"([.+*?=^!:${}()\[\]|/\\])")
_PREFIXES: Final = "./"
_ANY: Final = "[^\\/#\\?]+?"


class PatternError(ValueError):
    """The pattern is none that Next accepts."""


@dataclass(frozen=True, slots=True)
class _Key:
    prefix: str
    pattern: str
    suffix: str
    modifier: str


def compile_path(path: str) -> str:
    """Return the source of the regular expression for *path*; raises :class:`PatternError`."""
    written = "".join(_written(token) for token in _tokens(path))
    return f"^{_slashes_escaped(written)}[\\/#\\?]?$"


def pattern_of(path: str) -> Regexp | None:
    """Return what *path* matches, or None where Next refuses it or it cannot be told."""
    try:
        return Regexp(compile_path(path))
    except (PatternError, RegexpError):
        return None


def _written(token: str | _Key) -> str:
    if isinstance(token, str):
        return _escaped(token)
    prefix, suffix = _escaped(token.prefix), _escaped(token.suffix)
    if not token.pattern:
        return f"(?:{prefix}{suffix}){token.modifier}"
    if not prefix and not suffix:
        return f"({token.pattern}){token.modifier}"
    if token.modifier in {"+", "*"}:
        repeated = f"((?:{token.pattern})(?:{suffix}{prefix}(?:{token.pattern}))*)"
        return f"(?:{prefix}{repeated}{suffix}){'?' if token.modifier == '*' else ''}"
    return f"(?:{prefix}({token.pattern}){suffix}){token.modifier}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _slashes_escaped(text: str) -> str:
    """Escape slashes as ``RegExp.source`` does: all but those in a class or escaped already."""
    result, in_class, is_escaped = [], False, False
    for character in text:
        if character == "/" and not in_class and not is_escaped:
            result.append("\\")
        if not is_escaped:
            in_class = (in_class or character == "[") and character != "]"
        is_escaped = character == "\\" and not is_escaped
        result.append(character)
    return "".join(result)


def _tokens(path: str) -> Iterator[str | _Key]:
    text, place = "", 0
    while place < len(path):
        character = path[place]
        if character == "\\" and place + 1 < len(path):
            text += path[place + 1]
            place += 2
        elif character in ":(":
            prefix = text[-1:] if text[-1:] and text[-1] in _PREFIXES else ""
            if text[: len(text) - len(prefix)]:
                yield text[: len(text) - len(prefix)]
            text = ""
            pattern, place = _parameter(path, place)
            modifier, place = _modifier(path, place)
            yield _Key(prefix, pattern, "", modifier)
        elif character == "{":
            if text:
                yield text
            text = ""
            key, place = _group(path, place + 1)
            yield key
        elif character in "*+?}":
            raise PatternError(f"unexpected {character!r} at {place}")
        else:
            text += character
            place += 1
    if text:
        yield text


def _parameter(path: str, place: int) -> tuple[str, int]:
    """Read ``:name``, ``:name(pattern)`` or ``(pattern)``."""
    if path[place] == ":":
        name = _NAME.match(path, place + 1)
        if name is None:
            raise PatternError(f"missing parameter name at {place}")
        place = name.end()
        if path[place : place + 1] != "(":
            return _ANY, place
    return _custom(path, place)


def _custom(path: str, start: int) -> tuple[str, int]:
    depth, place = 1, start + 1
    if path[place : place + 1] == "?":
        raise PatternError(f"a pattern cannot start with ? at {place}")
    while place < len(path):
        character = path[place]
        if character == "\\":
            place += 2
            continue
        depth += (character == "(") - (character == ")")
        if not depth:
            break
        if character == "(" and path[place + 1 : place + 2] != "?":
            raise PatternError(f"capturing groups are not allowed at {place}")
        place += 1
    pattern = path[start + 1 : place]
    if depth or not pattern:
        raise PatternError(f"unbalanced or missing pattern at {start}")
    return pattern, place + 1


def _modifier(path: str, place: int) -> tuple[str, int]:
    found = path[place : place + 1]
    return (found, place + 1) if found and found in "*+?" else ("", place)


def _group(path: str, place: int) -> tuple[_Key, int]:
    prefix, place = _plain(path, place)
    pattern = ""
    if path[place : place + 1] in {":", "("}:
        pattern, place = _parameter(path, place)
    suffix, place = _plain(path, place)
    if path[place : place + 1] != "}":
        raise PatternError(f"unbalanced braces at {place}")
    modifier, place = _modifier(path, place + 1)
    return _Key(prefix, pattern, suffix, modifier), place


def _plain(path: str, place: int) -> tuple[str, int]:
    text = ""
    while place < len(path) and path[place] not in ":({}*+?":
        place += path[place] == "\\"
        text += path[place : place + 1]
        place += 1
    return text, place
