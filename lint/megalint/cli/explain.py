"""``megalint explain``."""

from __future__ import annotations

import click

from megalint.cli.options import chosen_rules
from megalint.docs import page


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Print the page of RULE: what it finds, why that matters, what to write instead."""
    for found in chosen_rules((rule,)):
        click.echo(page(found))
