"""What follows the name in ``${name...}``: defaults, cuts, replacements, letter case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from megalint.languages.shell import patterns
from megalint.languages.shell.state import either
from megalint.languages.shell.syntax import Parameter
from megalint.text import Text
from megalint.values import Choice, Known, Unknown

if TYPE_CHECKING:
    from megalint.languages.shell.expand import Expander
    from megalint.languages.shell.interpreter import Interpreter

_DEFAULTS: Final = frozenset("-=?+")


def applied(part: Parameter, value: Text | None, words: Expander, shell: Interpreter) -> Text:
    """Return what ``${name...}`` is, of a variable whose value is *value* (None: unset)."""
    operator = part.operator
    if operator is None:
        return Text() if value is None else value
    if operator.startswith("!"):
        return _indirect(part, operator[1:], value, words, shell)
    if operator[-1] in _DEFAULTS and operator not in {"length"}:
        return _default(part, operator, value, words, shell)
    text = Text() if value is None else value
    if operator == "length":
        return _length(part, text, shell)
    if operator == "indirect":
        name = text.known
        found = None if name is None else shell.value(name)
        return found if found is not None else _unless(name is not None, part)
    if text.known is None:
        return Text.opaque(Unknown(f"a part of ${part.name}"), part.range.location)
    cut = _CUTS.get(operator)
    return cut(part, text, words) if cut is not None else _transformed(operator, text)


def _indirect(
    part: Parameter, operator: str, name: Text | None, words: Expander, shell: Interpreter
) -> Text:
    """Return ``${!name:-word}``: the operator is that of the variable whose name the value is."""
    if name is None or name.known is None:
        return Text.opaque(Unknown("of a computed name"), part.range.location)
    target = replace(part, name=name.known, operator=operator)
    return applied(target, shell.value(name.known), words, shell)


def _unless(is_empty: bool, part: Parameter) -> Text:
    return Text() if is_empty else Text.opaque(Unknown("of a computed name"), part.range.location)


def _default(
    part: Parameter, operator: str, value: Text | None, words: Expander, shell: Interpreter
) -> Text:
    argument = part.argument
    is_set = _is_set(value, is_empty_unset=operator.startswith(":"))
    sign = operator[-1]
    if sign == "+":
        if is_set is False or argument is None:
            return Text()
        other = words.text(argument)
        return other if is_set else either(other, Text())
    if is_set and value is not None:
        return value
    if sign == "?":
        if is_set is False:
            raise shell.fatal(part.range)
        return Text() if value is None else value
    other = Text() if argument is None else words.text(argument)
    result = other if is_set is False or value is None else either(_set_part(value), other)
    if sign == "=":
        shell.assign(part.name, result, part.range.location)
    return result


def _set_part(value: Text) -> Text:
    """Return what *value* is where it is set: without the empty one of its alternatives."""
    known = value.value
    if isinstance(known, Choice):
        rest = tuple(one for one in known.alternatives if one != Known(""))
        if rest != known.alternatives:
            return Text.opaque(Choice(rest) if len(rest) > 1 else rest[0], value.location)
    return value


def _is_set(value: Text | None, *, is_empty_unset: bool) -> bool | None:
    if value is None:
        return False
    if not is_empty_unset:
        return None if isinstance(value.value, Choice) else True
    return is_filled(value)


def is_filled(text: Text) -> bool | None:
    """Whether *text* is not empty; None where that depends on what is not known."""
    if any(one.unknown is None and one.text for one in text.pieces):
        return True
    return None if text.pieces else False


def _length(part: Parameter, text: Text, shell: Interpreter) -> Text:
    place = part.range.location
    if part.name in {"@", "*"} or (part.index is not None and part.index.range.text.flat in "@*"):
        return Text.literal(str(len(shell.items(part.name))), place)
    if text.known is None:
        return Text.opaque(Unknown(f"the length of ${part.name}"), place)
    return Text.literal(str(len(text.flat)), place)


# --- cuts ----------------------------------------------------------------------------------


def _prefix(part: Parameter, text: Text, words: Expander) -> Text:
    expression = words.pattern(part.argument) if part.argument is not None else ""
    if expression is None:
        return Text.opaque(Unknown(f"a part of ${part.name}"), part.range.location)
    end = patterns.prefix_end(expression, text.flat, is_longest=part.operator == "##")
    return text if end is None else text[end:]


def _suffix(part: Parameter, text: Text, words: Expander) -> Text:
    expression = words.pattern(part.argument) if part.argument is not None else ""
    if expression is None:
        return Text.opaque(Unknown(f"a part of ${part.name}"), part.range.location)
    start = patterns.suffix_start(expression, text.flat, is_longest=part.operator == "%%")
    return text if start is None else text[:start]


def _replaced(part: Parameter, text: Text, words: Expander) -> Text:
    expression = words.pattern(part.argument) if part.argument is not None else ""
    new = words.text(part.replacement) if part.replacement is not None else Text()
    found = None if expression is None else patterns.bounded(expression, text.flat)
    if found is None:
        return Text.opaque(Unknown(f"a part of ${part.name}"), part.range.location)
    if not expression:
        return text
    if part.operator == "/#":
        match = found.match(text.flat)
        return text if match is None else new + text[match.end() :]
    if part.operator == "/%":
        start = patterns.suffix_start(expression or "", text.flat, is_longest=True)
        return text if start is None else text[:start] + new
    return text.replaced(found, lambda _: new, is_first_only=part.operator != "//")


def _substring(part: Parameter, text: Text, words: Expander) -> Text:
    argument = words.text(part.argument) if part.argument is not None else Text()
    start_text, _, length_text = argument.flat.partition(":")
    start = words.integer(Text.literal(start_text))
    length = words.integer(Text.literal(length_text)) if length_text.strip() else None
    if argument.known is None or start is None or (length_text.strip() and length is None):
        return Text.opaque(Unknown(f"a part of ${part.name}"), part.range.location)
    size = len(text)
    begin = start if start >= 0 else max(size + start, 0) if size + start >= 0 else size
    end = size if length is None else begin + length if length >= 0 else size + length
    return text[begin:end] if end > begin else Text()


_CUTS: Final[dict[str, Callable[[Parameter, Text, Expander], Text]]] = {
    "#": _prefix,
    "##": _prefix,
    "%": _suffix,
    "%%": _suffix,
    "/": _replaced,
    "//": _replaced,
    "/#": _replaced,
    "/%": _replaced,
    ":": _substring,
}


def _transformed(operator: str, text: Text) -> Text:
    flat, place = text.flat, text.location
    match operator:
        case "^^" | "@U":
            return Text.literal(flat.upper(), place)
        case ",," | "@L":
            return Text.literal(flat.lower(), place)
        case "^" | "@u":
            return Text.literal(flat[:1].upper() + flat[1:], place)
        case ",":
            return Text.literal(flat[:1].lower() + flat[1:], place)
        case "@Q":
            return Text.literal("'" + flat.replace("'", "'\\''") + "'", place)
        case _:
            return Text.opaque(Unknown(f"transformed by {operator}"), place)
