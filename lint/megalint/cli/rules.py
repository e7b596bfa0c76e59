"""``megalint rules``."""

from __future__ import annotations

import click

from megalint.cli import options
from megalint.registry import load_rules
from megalint.translation.catalogue import catalogue_of


@click.command("rules")
@options.language
def command(lang: str) -> None:
    """List the rules: id, severity, what it finds."""
    rules = load_rules()
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        summary = catalogue_of(lang).say(rule.page().partition("\n")[0])
        click.echo(f"{rule.id:{width}}  {rule.severity.name.lower():7}  {summary}")
