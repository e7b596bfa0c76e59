"""Remember what a run came to, as long as what it depends on is the same.

One file of the cache holds one run: what it wrote, and of each file that it looked at when that
was written and what was in it. A file that the run only searched counts by the answers it gave
(:meth:`megalint.source.Source.mentions`), so that most edits change nothing. Nothing is kept of a
text but digests, and of the run but what it printed.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from megalint import files, installation
from megalint.classify import classify
from megalint.discover import UNKNOWN, Listing

if TYPE_CHECKING:
    from megalint.source import Question, Source

MAX_FILES: Final = 128
MAX_BYTES: Final = 64_000_000
"""How much the cache may hold; the runs that were used longest ago go first."""
_MAX_RECORD: Final = 48_000_000
_FEW: Final = 16
"""So many changed files are looked at again rather than written down."""
_FORMAT: Final = 2
_SETTLED: Final = 2_000_000_000
"""In nanoseconds: a file written less than that ago may be written again with the same times."""


class Outcome(NamedTuple):
    """All that a run does: texts and where they go (None is stdout), words, the exit code."""

    outputs: tuple[tuple[str | None, str], ...]
    messages: str
    code: int


class Memory:
    """The last run of one command on one checkout.

    *asked* tells the command from others, *others* are files that matter and need not be listed.
    """

    def __init__(
        self, folder: Path, root: Path, listing: Listing, asked: object, others: Iterable[Path]
    ) -> None:
        self._path = folder / f"{_digest(repr((root, asked)))}.json"
        self._root = root
        self._listing = listing
        self._since = time.time_ns() - _SETTLED
        contents = [_content(path, root) for path in others]
        self._same = [_FORMAT, installation.packages(), contents]
        self._names = _digest("\0".join(listing.names))

    def recall(self) -> Outcome | None:
        """Return what the run came to; None: it has to be made."""
        try:
            head, rest = _loaded(self._path)
            if head["same"] != self._same or head["names"] != self._names:
                return None
            if not installation.is_unchanged(head["modules"]):
                return None
            if head["stamps"] != _digest("\n".join(self._listing.stamps)):
                seen = json.loads(rest)
                changed = self._changed(seen)
                if not self._hold(changed, seen):
                    return None
                if len(changed) > _FEW:
                    self._write(head, seen | {"stamps": "\n".join(self._settled())})
            outputs = tuple((path, text) for path, text in head["outputs"])
            return Outcome(outputs, head["messages"], head["code"])
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, ImportError):
            return None

    def keep(self, outcome: Outcome, sources: Iterable[Source]) -> None:
        """Remember *outcome*, which depends on *sources*; where that cannot be, nothing happens."""
        found = {str(source.path): source for source in sources}
        kinds: dict[str, int] = {}
        files = [_seen(found.get(name), kinds) for name in self._listing.names]
        seen = {
            "stamps": "\n".join(self._settled()),
            "files": "\n".join(files),
            "answers": [json.loads(one) for one in kinds],
        }
        head = {
            "same": self._same,
            "names": self._names,
            "modules": installation.modules(),
            "outputs": outcome.outputs,
            "messages": outcome.messages,
            "code": outcome.code,
        }
        self._write(head, seen)

    # --- what the run depends on -----------------------------------------------------------

    def _changed(self, seen: dict[str, Any]) -> list[int]:
        """Return the places of the files that may have changed."""
        pairs = zip(seen["stamps"].split("\n"), self._listing.stamps, strict=True)
        return [place for place, (old, new) in enumerate(pairs) if not old == new != UNKNOWN]

    def _hold(self, changed: list[int], seen: dict[str, Any]) -> bool:
        """Whether all of the *changed* files say what they said."""
        files = seen["files"].split("\n")
        return all(
            self._is_same(self._listing.names[place], files[place], seen["answers"])
            for place in changed
        )

    def _is_same(self, name: str, seen: str, answers: list[Any]) -> bool:
        """Whether a file says what it said: the same text, or the same answers."""
        digest, _, number = seen.partition(" ")
        if not digest:
            return classify(PurePosixPath(name)) is None
        data = files.content(self._root / name, _MAX_RECORD)
        if _digest(data) == digest:
            return True
        return bool(number) and all(
            _digest(repr(_answer(data, question))) == answer
            for question, answer in answers[int(number)]
        )

    def _settled(self) -> list[str]:
        """Return the stamps of the files, none of those that may be written again unseen."""
        return [
            UNKNOWN if _newest(stamp) > self._since else stamp for stamp in self._listing.stamps
        ]

    # --- the file --------------------------------------------------------------------------

    def _write(self, head: dict[str, Any], seen: dict[str, Any]) -> None:
        from megalint import writing

        head = head | {"stamps": _digest(seen["stamps"])}
        body = b"\n".join((json.dumps(head).encode(), json.dumps(seen).encode()))
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            writing.replace(self._path, b"\n".join((_digest(body).encode(), body)))
            _prune(self._path.parent)


def _loaded(path: Path) -> tuple[dict[str, Any], str]:
    """Return the head of a record, and the rest as text; raises ValueError for a damaged one."""
    text = files.content(path, _MAX_RECORD).decode("utf-8")
    checksum, _, body = text.partition("\n")
    if _digest(body) != checksum:
        raise ValueError("damaged")
    head, _, rest = body.partition("\n")
    os.utime(path)
    return json.loads(head), rest


def _prune(folder: Path) -> None:
    """Remove the records that were used longest ago, until the cache is within its bounds."""
    with os.scandir(folder) as scanned:
        found = [(entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in scanned]
    left = sum(size for _, size, _ in found)
    for place, (_, size, path) in enumerate(sorted(found)):
        if len(found) - place <= MAX_FILES and left <= MAX_BYTES:
            break
        left -= size
        with suppress(OSError):
            os.unlink(path)


def _newest(stamp: str) -> int:
    """Return when a file changed last, in nanoseconds."""
    return max(map(int, stamp.split(" ")[:2])) if stamp else 0


def _content(path: Path, root: Path) -> str | None:
    """Return a digest of a file; None for none, and behind a link out of the checkout."""
    try:
        if path.is_relative_to(root):
            files.inside(path, root.resolve())
        return _digest(files.content(path, _MAX_RECORD))
    except (OSError, ValueError):
        return None


def _seen(source: Source | None, kinds: dict[str, int]) -> str:
    """Return the digest of a file, and the place in *kinds* of its answers, where they suffice."""
    if source is None:
        return ""
    asked = None if source.is_read else _asked(source)
    number = "" if asked is None else f" {kinds.setdefault(json.dumps(asked), len(kinds))}"
    return f"{_digest(source.data)}{number}"


# --- questions ------------------------------------------------------------------------------


def _asked(source: Source) -> list[tuple[list[Any], str]] | None:
    """Return what *source* was asked, and digests of its answers; None: a question has no name."""
    found = []
    for question, answer in source.answers.items():
        written = _written(question)
        if written is None:
            return None
        found.append((written, _digest(repr(answer))))
    return sorted(found)


def _written(question: Question) -> list[Any] | None:
    if isinstance(question, str):
        return ["word", question]
    if isinstance(question, re.Pattern):
        return ["pattern", question.pattern, question.flags]
    if not callable(question):
        return ["needle", list(question.patterns), question.is_folded]
    name = question.__qualname__
    return ["function", question.__module__, name] if name.isidentifier() else None


def _answer(data: bytes, question: Sequence[Any]) -> object:
    from megalint.source import Needle, found_in

    match question:
        case ["word", str(word)]:
            return found_in(data, word)
        case ["pattern", str(pattern), int(flags)]:
            return found_in(data, re.compile(pattern, flags))
        case ["needle", list(patterns), bool(is_folded)]:
            return Needle(patterns, is_folded=is_folded).search(data)
        case ["function", str(module), str(name)]:
            function: Callable[[str], object] = getattr(import_module(module), name)
            return function(data.decode("utf-8"))
        case _:
            raise ValueError("an unknown question")


def _digest(data: str | bytes) -> str:
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=16).hexdigest()
