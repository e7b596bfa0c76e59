"""The tokens of a module: what it says, without comments and blanks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from megalint.languages.javascript.parse import MAX_LENGTH, root_of
from megalint.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

_COMMENTS: Final = frozenset({"comment", "html_comment"})


def tokens(source: Source) -> Iterator[str]:
    """Yield the text of each token, in order; braces of JSX that hold a comment alone are none.

    Of a text that is too large to be written by people, all of it is one token.
    """
    if len(source.text) > MAX_LENGTH:
        yield source.text
        return
    pending = [root_of(source)]
    while pending:
        node = pending.pop()
        if node.type in _COMMENTS or _is_remark(node):
            continue
        if node.type == "jsx_text":
            yield from _words(_text(node))
        elif node.child_count:
            pending.extend(reversed(node.children))
        else:
            yield _text(node)


def _is_remark(node: Node) -> bool:
    """Whether *node* is ``{/* ... */}`` between the children of an element."""
    return (
        node.type == "jsx_expression"
        and node.named_child_count > 0
        and all(child.type in _COMMENTS for child in node.named_children)
    )


def _words(text: str) -> Iterator[str]:
    """Yield what a browser is given of a text between tags: lines joined, blank ones left out."""
    lines = [line.strip() for line in text.split("\n")]
    if len(lines) == 1:
        yield text
    elif any(lines):
        yield " ".join(line for line in lines if line)


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
