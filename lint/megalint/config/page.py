"""The page about the configuration: prose of ``page.md``, and what the table of settings says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import groupby

from megalint.config.kinds import shown
from megalint.config.reading import name_of
from megalint.config.settings import SETTINGS, TABLES, Setting


def page() -> str:
    """Return the page as Markdown."""
    text = (files("megalint.config") / "page.md").read_text(encoding="utf-8")
    reference = "\n".join(_sections())
    return text.replace("{{ example }}", example()).replace("{{ settings }}", reference.strip())


def example(settings: Iterable[Setting] = SETTINGS) -> str:
    """Return a configuration that gives each of *settings*, as TOML."""
    parts = []
    for table, members in groupby(settings, lambda one: one.example_keys[:-1]):
        header = f"[{name_of(table)}]\n" if table else ""
        lines = (f"{name_of(one.example_keys[-1:])} = {shown(one.example)}\n" for one in members)
        parts.append(header + "".join(lines))
    return "\n".join(parts)


def _sections() -> Iterator[str]:
    for table, members in groupby(SETTINGS, lambda one: one.keys[0] if len(one.keys) > 1 else ""):
        title = f"### `[{table}]`\n\n{TABLES[table]}" if table else "### At the top"
        rows = (_row(one) for one in members)
        yield "\n".join(
            [f"{title}\n", "| setting | value | default | |", "|--|--|--|--|", *rows, ""]
        )


def _row(one: Setting) -> str:
    default = "" if one.default is None else f"`{shown(one.default)}`"
    where = " Only in the root's file." if one.is_global else ""
    return f"| `{one.name}` | {one.kind.words} | {default} | {one.meaning}{where} |"
