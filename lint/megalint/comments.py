"""What a text says once its comments are left out: so that a comment can be told from what is not.

Two texts that say the same differ in comments and blanks alone. Megalint never writes or removes a
comment where that is not so: in a template string, a here-document or between the words of a page,
what looks like a comment is content.
"""

from __future__ import annotations

import io
import tokenize
import tomllib
from collections.abc import Callable, Iterator
from typing import Final

import yaml
from msgspec import Struct
from yaml.events import Event, ScalarEvent

from megalint.classify import Kind, classify
from megalint.formats import dockerfile, dotenv
from megalint.languages.hcl.parse import parse as parse_hcl
from megalint.languages.hcl.syntax import TextPart
from megalint.languages.javascript.tokens import tokens as javascript_tokens
from megalint.languages.shell.parse import parse as parse_shell
from megalint.languages.shell.syntax import BackQuoted, Literal, Range, Redirect
from megalint.source import Location, Source, Span
from megalint.text import Text

_PLACES: Final = (Span, Location, Source, Range)
_LAYOUT: Final = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT})


def said(source: Source) -> list[str] | None:
    """Return what *source* says, comments and places aside; None: no parser says."""
    reader = _reader(source)
    return None if reader is None else reader(source)


def _reader(source: Source) -> Callable[[Source], list[str] | None] | None:
    kind = classify(source.path)
    if source.path.suffix == ".toml":
        return _toml
    if kind is Kind.SHELL and source.text.lstrip("\ufeff").startswith("#cloud-config"):
        return _yaml
    if kind is Kind.SHELL and source.path.suffix == ".service":
        return None
    return None if kind is None else _READERS.get(kind)


def _toml(source: Source) -> list[str] | None:
    try:
        return [repr(tomllib.loads(source.text))]
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _javascript(source: Source) -> list[str]:
    return list(javascript_tokens(source))


def _python(source: Source) -> list[str] | None:
    lines = io.StringIO(source.text.removeprefix("\ufeff")).readline
    try:
        return [one.string for one in tokenize.generate_tokens(lines) if one.type not in _LAYOUT]
    except (tokenize.TokenError, SyntaxError):
        return None


def _shell(source: Source) -> list[str] | None:
    return _script(Text.of(source))


def _script(text: Text) -> list[str] | None:
    script = parse_shell(text)
    if script.problem is not None or script.unclosed:
        return None
    return list(_leaves(script.lines))


def _hcl(source: Source) -> list[str] | None:
    file = parse_hcl(source)
    return None if file.problems else list(_leaves(file.body, source))


def _dotenv(source: Source) -> list[str]:
    return list(_leaves(dotenv.parse(Text.of(source))))


def _dockerfile(source: Source) -> list[str]:
    return [
        part
        for one in dockerfile.parse(source).instructions
        for part in (one.word, *(f"{name}={value}" for name, value in one.flags), one.command)
    ]


def _yaml(source: Source) -> list[str] | None:
    try:
        events = list(yaml.parse(source.text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return [
        part for key, one in zip([None, *events], events, strict=False) for part in _event(key, one)
    ]


def _event(before: Event | None, event: Event) -> Iterator[str]:
    """Yield what an event says; the script of a workflow's step is a script."""
    yield type(event).__name__
    yield from (str(getattr(event, name, "")) for name in ("anchor", "tag"))
    if not isinstance(event, ScalarEvent):
        return
    is_step = isinstance(before, ScalarEvent) and before.value == "run" and event.style == "|"
    words = _script(Text.literal(event.value)) if is_step else None
    yield from [event.value] if words is None else words


def _leaves(node: object, source: Source | None = None) -> Iterator[str]:
    """Yield what a syntax tree is made of, without places."""
    if isinstance(node, Text):
        yield node.flat
    elif isinstance(node, tuple):
        yield f"{len(node)}"
        for one in node:
            yield from _leaves(one, source)
    elif not isinstance(node, Struct):
        yield repr(node)
    elif not isinstance(node, _PLACES):
        yield type(node).__name__
        yield from _own(node, source)
        for name in node.__struct_fields__:
            if name != "documents":
                yield from _leaves(getattr(node, name), source)


def _own(node: object, source: Source | None) -> Iterator[str]:
    """Yield the text that a node does not hold, only its place."""
    if isinstance(node, Literal | BackQuoted):
        yield node.range.text.flat
    elif isinstance(node, TextPart) and source is not None:
        yield source[node.span]
    elif isinstance(node, Redirect):
        yield from _leaves(node.document)


_READERS: Final[dict[Kind, Callable[[Source], list[str] | None]]] = {
    Kind.JAVASCRIPT: _javascript,
    Kind.PYTHON: _python,
    Kind.SHELL: _shell,
    Kind.TERRAFORM: _hcl,
    Kind.DOTENV: _dotenv,
    Kind.DOCKERFILE: _dockerfile,
    Kind.YAML: _yaml,
    Kind.WORKFLOW: _yaml,
    Kind.COMPOSE: _yaml,
}
