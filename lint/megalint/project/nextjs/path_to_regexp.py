"""Path patterns such as ``/events/:id``, compiled as the path-to-regexp 6 inside Next does."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from megalint.languages.javascript.regexp import Regexp, RegexpError

_NAME: Final = re.compile(r"[0-9A-Za-z_]+")
_SPECIAL: Final = re.compile(r"([.+*?=^!:${}()\[\]|/\\])")
_PREFIXES: Final = (".", "/")
_DELIMITERS: Final = "/#?"
_ANY: Final = "[^\\/#\\?]+?"


class PatternError(ValueError):
    """The pattern is none that Next accepts."""


class _Key(Struct, frozen=True):
    prefix: str
    pattern: str
    suffix: str
    modifier: str


def compile_path(path: str, *, is_careful: bool = True) -> str:
    """Return the source of the regular expression for *path*; raises :class:`PatternError`.

    *is_careful*: a parameter after text such as ``-`` stops at the next such text (since Next 15).
    """
    written = "".join(_written(token) for token in _tokens(path, is_careful))
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


def _tokens(path: str, is_careful: bool) -> list[str | _Key]:
    found: list[str | _Key] = []
    text, place = "", 0
    while place < len(path):
        character = path[place]
        if character == "\\" and place + 1 < len(path):
            text += path[place + 1]
            place += 2
        elif character in ":({":
            prefix = text[-1:] if character != "{" and text.endswith(_PREFIXES) else ""
            if text.removesuffix(prefix):
                found.append(text.removesuffix(prefix))
            text = ""
            key, place = _key(path, place, prefix)
            found.append(_excluding(key, found) if is_careful else key)
        elif character in "*+?}":
            raise PatternError(f"unexpected {character!r} at {place}")
        else:
            text += character
            place += 1
    return [*found, text] if text else found


def _key(path: str, place: int, prefix: str) -> tuple[_Key, int]:
    if path[place] == "{":
        return _group(path, place + 1)
    pattern, place = _parameter(path, place)
    modifier, place = _modifier(path, place)
    return _Key(prefix, pattern, "", modifier), place


def _excluding(key: _Key, before: list[str | _Key]) -> _Key:
    """Return the parameter as it stops at the text before it, in the versions that do."""
    last = before[-1] if before else ""
    text = key.prefix or (last if isinstance(last, str) else "")
    if key.pattern != _ANY:
        return key
    if not text and before:
        raise PatternError("two parameters without text between them")
    if not text or any(one in _DELIMITERS for one in text):
        return key
    return replace(key, pattern=f"(?:(?!{_escaped(text)})[^\\/#\\?])+?")


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
