"""Write ``docs/rules/*.md`` from the rules, or check that it is up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from megalint.registry import load_rules
from megalint.rule import Rule


def page(rule: Rule[Any]) -> str:
    """Return a rule's Markdown page."""
    facts = f"{rule.severity.name.lower()} · {rule.family} · since {rule.since}"
    return f"# {rule.id}\n\n_{facts}_\n\n{rule.page()}\n"


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


def stale(rules: Sequence[Rule[Any]], folder: Path) -> list[Path]:
    """Return the pages in *folder* that differ from what would be written, or belong to no rule."""
    pages = wanted(rules, folder)
    differ = [
        path
        for path, text in pages.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    return differ + [path for path in sorted(folder.glob("*.md")) if path not in pages]


def write(folder: Path) -> None:
    """Write all pages into *folder* and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = wanted(load_rules(), folder)
    for path in folder.glob("*.md"):
        if path not in pages:
            path.unlink()
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
