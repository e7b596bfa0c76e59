"""``--show-config``: every value that holds, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource
from msgspec import to_builtins

from megalint.cli import given, reporting
from megalint.config import Config
from megalint.config.kinds import shown
from megalint.config.origins import Origin, Section, Value, sections
from megalint.discover import discover
from megalint.output.json_text import escaped
from megalint.output.plain import printable
from megalint.output.rendering import Style
from megalint.registry import load_rules
from megalint.run import configured, mistaken

FORMATS: Final = ("text", "json")
_SOURCES: Final = {
    ParameterSource.COMMANDLINE: "command-line",
    ParameterSource.ENVIRONMENT: "environment",
}
_SETTINGS: Final = ("fail_on", "show_config")
"""Options that are shown as settings, or are this one."""
_HIDDEN: Final = ("external_id",)
_WIDEST: Final = 60


def show(
    ctx: click.Context,
    root: Path | None,
    config: Config,
    reports: Sequence[tuple[str, Path | None]],
) -> None:
    """Write what holds at *root* (None: there is no checkout) as text or JSON."""
    for name, _ in reports:
        if name not in FORMATS:
            raise click.UsageError(f"--show-config: as {' or '.join(FORMATS)}, not {name}")
    if root is not None:
        config = configured(root, config, discover(root).paths)
    families = {rule.id: rule.family for rule in load_rules()}
    origins = _origin(ctx, "fail_on"), _origin(ctx, "severity")
    held = list(sections(config, *origins, families))
    chosen = list(_options(ctx))
    where = root or Path.cwd()
    reporting.render_to(
        lambda name, _: (to_json if name == "json" else to_text)(where, held, chosen),
        reports,
        Style(),
    )
    given.tell(mistaken(config), verbose=False)


def to_text(root: Path, held: Sequence[Section], given: Sequence[Value]) -> str:
    """Return a paragraph for each file, and one for the options."""
    parts = [f"root: {printable(str(root))}\n"]
    for one in held:
        title = printable(f"{one.folder}: {one.path or 'no configuration'}")
        parts.append(f"{title}\n{_lines(one.values)}")
    parts.append(f"options\n{_lines(given)}")
    return "\n".join(parts)


def _lines(values: Sequence[Value]) -> str:
    rows = [
        (printable(f"{one.name} = {_shown(one.value)}"), printable(str(one.origin)))
        for one in values
    ]
    width = min(max((len(left) for left, _ in rows), default=0), _WIDEST)
    return "".join(f"  {left:{width}}  {right}\n" for left, right in rows)


def _shown(value: object) -> str:
    return "(none)" if value is None else shown(value)


def to_json(root: Path, held: Sequence[Section], given: Sequence[Value]) -> str:
    """Return the same for machines."""
    files = [
        {
            "path": None if one.path is None else str(one.path),
            "folder": str(one.folder),
            "settings": [to_builtins(value, enc_hook=str) for value in one.values],
        }
        for one in held
    ]
    data = {
        "version": 1,
        "root": str(root),
        "files": files,
        "options": [to_builtins(one, enc_hook=str) for one in given],
    }
    return escaped(json.dumps(data, ensure_ascii=False, indent=2, default=str)) + "\n"


def _options(ctx: click.Context) -> Iterator[Value]:
    for parameter in ctx.command.params:
        name = parameter.name or ""
        if name not in _SETTINGS:
            value = ctx.params[name]
            is_hidden = name in _HIDDEN and value is not None
            label = max(parameter.opts, key=len)
            yield Value(label, "***" if is_hidden else _plain(value), _origin(ctx, name))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def _origin(ctx: click.Context, name: str) -> Origin:
    """Return where an option comes from."""
    source = ctx.get_parameter_source(name)
    kind = "default" if source is None else _SOURCES.get(source, "default")
    if kind != "environment":
        return Origin(kind)
    parameter = next(one for one in ctx.command.params if one.name == name)
    variable = parameter.envvar if isinstance(parameter.envvar, str) else None
    return Origin(kind, variable=variable)
