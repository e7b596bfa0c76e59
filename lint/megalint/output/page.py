"""One HTML file that asks nobody for anything: the frame that every page has."""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from megalint.output.plain import printable

_CODE: Final = re.compile(r"`([^`]+)`")


def page(package: str, title: str, heading: str, summary: str, body: str) -> str:
    """Return a whole page; *package* holds ``page.html`` and ``page.css``, *body* is HTML."""
    own = files(package)
    inner = Template(own.joinpath("page.html").read_text(encoding="utf-8")).substitute(body=body)
    frame = files("megalint.output").joinpath("page.html").read_text(encoding="utf-8")
    return Template(frame).substitute(
        title=escaped(title),
        style=own.joinpath("page.css").read_text(encoding="utf-8"),
        heading=escaped(heading),
        summary=escaped(summary),
        body=inner,
    )


def escaped(text: str) -> str:
    """Return *text* as HTML in which nothing of it acts, on a reader or on a terminal."""
    return escape(printable(text))


def prose(text: str) -> str:
    """Return a sentence as HTML: what is in backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escaped(text))
