"""``megalint rules``."""

from __future__ import annotations

import click

from megalint.registry import load_rules


@click.command("rules")
def command() -> None:
    """List the rules: id, severity, what it finds."""
    rules = load_rules()
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        summary = rule.page().partition("\n")[0]
        click.echo(f"{rule.id:{width}}  {rule.severity.name.lower():7}  {summary}")
