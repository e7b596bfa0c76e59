"""Write the generated pages, or check that they are up to date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from megalint.config.page import page as configuration_page
from megalint.config.schema import in_pyproject, schema
from megalint.registry import load_rules
from megalint.rule import Rule

_FILE: Final = re.compile(r"^(```\w+) path=(\S+)$", re.MULTILINE)


def page(rule: Rule[Any]) -> str:
    """Return a rule's Markdown page; the file of an example becomes the title of its fence."""
    facts = f"{rule.severity.name.lower()} · {rule.family} · since {rule.since}"
    text = _FILE.sub(r'\1 title="\2"', rule.page())
    return f"# {rule.id}\n\n_{facts}_\n\n{text}\n"


def index(rules: Iterable[Rule[Any]]) -> str:
    """Return the Markdown index of all rules, a table for each family."""
    families: dict[str, list[Rule[Any]]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule)
    parts = ["# Rules\n"]
    for family, members in sorted(families.items()):
        rows = [
            f"| [{rule.id}]({rule.id}.md) | {rule.severity.name.lower()} | {_summary(rule)} |"
            for rule in members
        ]
        table = "\n".join(["| rule | severity | finds |", "|--|--|--|", *rows])
        parts.append(f"## {family}\n\n{table}\n")
    return "\n".join(parts)


def _summary(rule: Rule[Any]) -> str:
    return rule.page().partition("\n")[0]


def wanted(rules: Sequence[Rule[Any]], folder: Path) -> dict[Path, str]:
    """Return the text of every page in *folder*."""
    pages = {folder / f"{rule.id}.md": page(rule) for rule in rules}
    return {**pages, folder / "index.md": index(rules)}


def reference(rules: Iterable[Rule[Any]], folder: Path) -> dict[Path, str]:
    """Return the text of what *folder* says of the configuration: a page and two schemas."""
    names: dict[str, str] = {}
    for rule in rules:
        names[rule.id] = _summary(rule)
        names[rule.family] = f"Every rule of the family {rule.family}."
    own = schema(dict(sorted(names.items())))
    return {
        folder / "configuration.md": configuration_page(),
        folder / "megalint.schema.json": _json(own),
        folder / "pyproject.schema.json": _json(in_pyproject(own)),
    }


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def stale(rules: Sequence[Rule[Any]], folder: Path) -> list[Path]:
    """Return the pages in *folder* that differ from what would be written, or belong to no rule."""
    pages = wanted(rules, folder)
    gone = [path for path in sorted(folder.glob("*.md")) if path not in pages]
    return differing(pages) + gone


def differing(pages: Mapping[Path, str]) -> list[Path]:
    """Return the files that hold another text than *pages* says."""
    return [
        path
        for path, text in pages.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def write(folder: Path) -> None:
    """Write all pages into *folder* and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = wanted(load_rules(), folder)
    for path in folder.glob("*.md"):
        if path not in pages:
            path.unlink()
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
