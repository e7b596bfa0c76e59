"""What a command line runs, as far as its text and the scripts of package.json tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from megalint.formats.package_json import Manifest

_MAX_DEPTH: Final = 5
_SCRIPT: Final = re.compile(
    r"""\b(?:npm|pnpm|yarn|bun)\s+(?:(?:-\S+|--filter\s+\S+|workspace\s+\S+|-w\s+\S+|-F\s+\S+|--cwd\s+\S+)\s+)*
    (?:run\s+(?:-\S+\s+)*)?(?P<name>[A-Za-z][\w:.-]*)""",
    re.VERBOSE,
)
_TURBO: Final = re.compile(r"\bturbo\s+(?P<words>[^&|;\n]*)")
_NEXT: Final = re.compile(r"\bnext(?:/dist/bin/next)?[\"',\s]+(?P<verb>build|start|dev)\b")
_OPTION_WITH_VALUE: Final = frozenset({"-F", "--filter", "--concurrency", "--cwd", "--env-mode"})
_SHELL_BREAK: Final = re.compile(r"[\"',\[\]]+")


def plain(command: str) -> str:
    """Return a command with the quotes and commas of an exec form taken out."""
    return _SHELL_BREAK.sub(" ", command)


def expanded(command: str, manifests: Sequence[Manifest]) -> Iterator[str]:
    """Yield *command* and what the scripts that it calls run, each once, outermost first."""
    seen: set[str] = set()
    pending = [(plain(command), 0)]
    while pending:
        text, depth = pending.pop(0)
        if text in seen:
            continue
        seen.add(text)
        yield text
        if depth < _MAX_DEPTH:
            names = [match["name"] for match in _SCRIPT.finditer(text)] + list(turbo_tasks(text))
            pending.extend(
                (found, depth + 1) for name in names for found in _called(name, manifests)
            )


def _called(name: str, manifests: Sequence[Manifest]) -> Iterator[str]:
    for manifest in manifests:
        script = manifest.script(name)
        if script is not None:
            yield script.command


def turbo_tasks(text: str) -> Iterator[str]:
    """Yield the tasks that a text asks turbo to run."""
    for match in _TURBO.finditer(text):
        is_value = False
        for word in match["words"].split():
            if word == "--":
                break
            if not is_value and not word.startswith("-") and word not in {"run", "prune"}:
                yield word
            is_value = word in _OPTION_WITH_VALUE
            if word == "prune":
                break


def next_verbs(texts: Iterable[str]) -> set[str]:
    """Return which of build, start and dev the texts ask ``next`` for."""
    return {match["verb"] for text in texts for match in _NEXT.finditer(text)}


_ELSEWHERE: Final = re.compile(
    r"\bcd\s|--prefix|--cwd|\s-C\s|\bworkspaces?\s|\s-w\s"
    r"|\s(?:-F|--filter)[ =]\S+\s+(?:run\s+)?[A-Za-z]"
)


def turbo_lines(command: str, root: Manifest) -> Iterator[str]:
    """Yield the texts with which *command*, run in the root, starts turbo."""
    text = plain(command)
    if any(turbo_tasks(text)):
        yield text
    elif not _ELSEWHERE.search(text):
        for called in expanded(command, (root,)):
            if any(turbo_tasks(called)):
                yield called
