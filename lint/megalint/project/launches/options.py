"""Read the options of a command, as getopt does."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from megalint.text import Text


class Options(Struct, frozen=True):
    """What stands before the operands: each option with its value, in order.

    :attr:`offset` is the index of the first operand in the words that were read.
    """

    found: tuple[tuple[str, Text], ...]
    operands: tuple[Text, ...]
    offset: int
    is_ended: bool = False
    """Whether ``--`` stood before the operands."""

    def __contains__(self, name: str) -> bool:
        return any(one == name for one, _ in self.found)

    def get(self, *names: str) -> Text | None:
        """Return the last value of the option that has one of *names*."""
        return next((value for one, value in reversed(self.found) if one in names), None)

    def all(self, *names: str) -> list[Text]:
        """Return each value of the option that has one of *names*."""
        return [value for one, value in self.found if one in names]


def read(words: Sequence[Text], valued: Collection[str], *, is_mixed: bool = False) -> Options:
    """Read *words*, the command itself first.

    *valued* are the options that take a value, ``-u`` and ``--user`` alike. With *is_mixed*,
    options may follow operands; else the first operand ends them.
    """
    found: list[tuple[str, Text]] = []
    operands: list[Text] = []
    at = 1
    first = len(words)
    is_ended = False
    while at < len(words):
        word = words[at]
        flat = word.flat
        at += 1
        if flat == "--":
            is_ended = not operands
            first = min(first, at)
            operands.extend(words[at:])
            break
        if not flat.startswith("-") or flat == "-":
            first = min(first, at - 1)
            operands.append(word)
            if not is_mixed:
                operands.extend(words[at:])
                break
        elif flat.startswith("--"):
            at = _long(word, words, at, valued, found)
        else:
            at = _short(word, words, at, valued, found)
    return Options(tuple(found), tuple(operands), first, is_ended)


def _long(
    word: Text,
    words: Sequence[Text],
    at: int,
    valued: Collection[str],
    found: list[tuple[str, Text]],
) -> int:
    name, mark, _ = word.flat.partition("=")
    if mark:
        found.append((name, word[len(name) + 1 :]))
    elif name in valued and at < len(words):
        found.append((name, words[at]))
        at += 1
    else:
        found.append((name, Text()))
    return at


def _short(
    word: Text,
    words: Sequence[Text],
    at: int,
    valued: Collection[str],
    found: list[tuple[str, Text]],
) -> int:
    for place in range(1, len(word)):
        name = "-" + word.flat[place]
        if name not in valued:
            found.append((name, Text()))
        elif place + 1 < len(word):
            found.append((name, word[place + 1 :]))
            break
        elif at < len(words):
            found.append((name, words[at]))
            at += 1
    return at
