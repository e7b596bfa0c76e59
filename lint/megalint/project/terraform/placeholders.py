"""Placeholders in user data: where they enter, what replaces them, whether apply puts them back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from typing import Final

from msgspec import Struct

from megalint.classify import Kind, classify
from megalint.languages.hcl.syntax import Attribute, Block, Expression, Tuple, Variable
from megalint.project.launches.facts import UserData
from megalint.project.linked import Linker, Project
from megalint.project.terraform.linker import roots
from megalint.source import Location, Source, Span

_WORD: Final = re.compile(r"[A-Za-z0-9_@{}]+")


class Placeholder(Struct, frozen=True):
    """A token in user data that a later step replaces.

    :attr:`replaced_at` is where the checkout names it outside of the user data; None where nothing
    does. :attr:`ignores_changes`: the template's lifecycle keeps apply from putting it back, None
    where the owner is not a resource of this checkout.
    """

    token: str
    user_data: UserData
    location: Location
    replaced_at: Location | None
    ignores_changes: bool | None


def _link(project: Project) -> Iterator[Placeholder]:
    forms = [re.compile(translate(glob)) for glob in project.config.placeholders]
    ignoring = dict(_lifecycles(project))
    for data in project.each(UserData):
        for token, place in _tokens(data, forms):
            own = {piece.location.source for piece in data.text.pieces if piece.location}
            yield Placeholder(
                token,
                data,
                place,
                _replacement(project, token, own),
                ignoring.get((data.owner or "").rpartition("module.")[2]),
            )


def _tokens(data: UserData, forms: list[re.Pattern[str]]) -> Iterator[tuple[str, Location]]:
    seen: set[str] = set()
    flat = data.text.flat
    for match in _WORD.finditer(flat):
        token = match[0]
        is_form = any(form.fullmatch(token) for form in forms)
        place = data.text.locate(Span(match.start(), match.end()))
        if is_form and token not in seen and place is not None and not _is_replaced(flat, token):
            seen.add(token)
            yield token, place


def _is_replaced(flat: str, token: str) -> bool:
    """Whether the script itself replaces the token."""
    return re.search(rf"\bsed\b[^\n]*{re.escape(token)}|//?{re.escape(token)}/", flat) is not None


def _replacement(project: Project, token: str, own: set[Source]) -> Location | None:
    """Return where other code names the token; what only passes it on does not count."""
    for source in project.checkout:
        kind = classify(source.path)
        if kind is None or source in own or kind in {Kind.TERRAFORM, Kind.DOTENV}:
            continue
        at = source.text.find(token)
        if at >= 0:
            return Location(source, Span(at, at + len(token)))
    return None


def _lifecycles(project: Project) -> Iterator[tuple[str, bool]]:
    """Yield for each template whether its lifecycle ignores changes of the user data."""
    for module in roots(project):
        for resource in module.resources("aws_launch_template", "aws_instance"):
            yield (
                resource.address,
                any(_ignores(block) for block in resource.block.body.all("lifecycle")),
            )


def _ignores(block: Block) -> bool:
    argument = block.body.get("ignore_changes")
    node: Expression | None = None if argument is None else argument.expression
    if isinstance(node, Variable):
        return node.name == "all"
    items = node.items if isinstance(node, Tuple) else ()
    return any(_named(one).startswith("user_data") for one in items)


def _named(node: Expression) -> str:
    return node.name if isinstance(node, Variable | Attribute) else ""


LINKER: Final = Linker((Placeholder,), _link)
