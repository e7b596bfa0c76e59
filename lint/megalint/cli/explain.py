"""``megalint explain``."""

from __future__ import annotations

import re
from typing import Final

import click

from megalint.cli import options
from megalint.cli.given import chosen_rules
from megalint.docs import page
from megalint.translation.catalogue import catalogue_of

_HEADING: Final = re.compile(r"(?<=^## ).+$|^Use instead:$", re.MULTILINE)


@click.command("explain")
@click.argument("rule")
@options.language
def command(rule: str, lang: str) -> None:
    """Print the page of RULE: what it finds, why that matters, what to write instead.

    In another language its first sentence and the headings are translated.
    """
    words = catalogue_of(lang)
    for found in chosen_rules((rule,)):
        summary = found.page().partition("\n")[0]
        text = page(found).replace(summary, words.say(summary), 1)
        click.echo(_HEADING.sub(lambda heading: words.fill(heading[0]), text))
