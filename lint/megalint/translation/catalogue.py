"""What a language says: gettext's catalogue of templates, and the text that comes of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from megalint.translation.templates import Template, parsed

FOLDER: Final = Path(__file__).parent
_NAME: Final = r"(?:`[^`]*`|[^`\s,]+)"
_LIST: Final = re.compile(rf"(?P<most>{_NAME}(?:, {_NAME})*) and (?P<last>{_NAME})")
Key = tuple[str, str]
"""The context of a sentence and the sentence, as gettext knows them: msgctxt and msgid."""
FILLED: Final = "filled"
"""The context of sentences that are filled by name, and never recognised."""
_MAX_DEPTH: Final = 4
_LONGEST: Final = 10_000
"""In characters; a longer sentence holds more of somebody's file than words of ours."""


def path_of(language: str) -> Path:
    """Return the catalogue of a language."""
    return FOLDER / f"{language}.po"


class Catalogue:
    """The sentences of a language, by the English templates that they translate."""

    def __init__(self, entries: Iterable[tuple[Key, str]]) -> None:
        known = [(key, parsed(target)) for key, target in entries if target]
        self._filled = {source: one for (context, source), one in known if context}
        pairs = [(parsed(source), one) for (context, source), one in known if not context]
        self._plain = {str(one): other for one, other in pairs if one.is_plain}
        self._open = sorted(
            ((one, other) for one, other in pairs if not one.is_plain),
            key=lambda pair: -pair[0].weight,
        )
        self._said: dict[str, str] = {}

    def say(self, text: str) -> str:
        """Return *text* in the language, or as it is where nobody has translated it."""
        if text not in self._said:
            self._said[text] = self._translated(text, 0)
        return self._said[text]

    def _translated(self, text: str, depth: int) -> str:
        if len(text) > _LONGEST or depth > _MAX_DEPTH:
            return text
        plain = self._plain.get(str(Template((text,))))
        if plain is not None:
            return plain.filled({})
        for template, target in self._open:
            values = template.match(text)
            if values is None:
                continue
            inner = {n: self._inner(template, n, one, depth) for n, one in values.items()}
            if template.may_hold(one for n, one in values.items() if inner[n] == one):
                return target.filled(inner)
        listed = _LIST.fullmatch(text)
        return f"{listed['most']}, {listed['last']}" if listed else text

    def _inner(self, template: Template, hole: int, text: str, depth: int) -> str:
        """Return what a hole holds, translated where it is no name."""
        return text if hole in template.in_code else self._translated(text, depth + 1)

    def fill(self, sentence: str, *values: object) -> str:
        """Return *sentence*, a template of the catalogue, with *values* in its holes."""
        target = self._filled.get(sentence)
        return (parsed(sentence) if target is None else target).filled(
            dict(enumerate(map(str, values)))
        )


@cache
def catalogue_of(language: str) -> Catalogue:
    """Return the catalogue of a language; that of English is empty: the sources say it."""
    return Catalogue(() if language == "en" else entries(path_of(language)))


def entries(path: Path) -> Iterator[tuple[Key, str]]:
    """Yield each sentence in a catalogue, and its translation."""
    import polib  # English needs none

    for one in polib.pofile(str(path)):
        if not one.obsolete:
            yield (one.msgctxt or "", one.msgid), one.msgstr


def updated(path: Path, sources: Iterable[Key]) -> str:
    """Return the text of the catalogue at *path* that has exactly *sources*; new ones are empty."""
    import polib

    known = dict(entries(path)) if path.exists() else {}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": path.stem,
    }
    for key in sources:
        context, source = key
        new.append(polib.POEntry(msgctxt=context or None, msgid=source, msgstr=known.get(key, "")))
    return f"{new}\n"


def faults(path: Path, sources: Iterable[Key]) -> Iterator[str]:
    """Yield what is missing or wrong in the catalogue at *path*."""
    known = dict(entries(path)) if path.exists() else {}
    wanted = set(sources)
    for _, source in sorted(wanted - known.keys()):
        yield f"{path.name}: not in the catalogue: {source!r}"
    for _, source in sorted(known.keys() - wanted):
        yield f"{path.name}: nobody says this any more: {source!r}"
    for (_, source), target in known.items():
        if not target:
            yield f"{path.name}: not translated: {source!r}"
        elif parsed(source).holes != parsed(target).holes:
            yield f"{path.name}: other holes than in {source!r}"
