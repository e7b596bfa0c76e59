"""``megalint explain``."""

from __future__ import annotations

import click

from megalint.cli import language
from megalint.cli.options import chosen_rules
from megalint.docs import page
from megalint.translation import catalogue_of


@click.command("explain")
@click.argument("rule")
@language.option
def command(rule: str, lang: str) -> None:
    """Print the page of RULE: what it finds, why that matters, what to write instead.

    In another language its first sentence is translated.
    """
    for found in chosen_rules((rule,)):
        summary = found.page().partition("\n")[0]
        click.echo(page(found).replace(summary, catalogue_of(lang).say(summary), 1))
