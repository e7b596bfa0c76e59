"""The chain as a diagram in Mermaid, which GitHub and GitLab draw in Markdown."""

from __future__ import annotations

from typing import Final

from megalint.output.plain import printable
from megalint.trace.pipeline import MARKS, Chain, Link, State

_COLOURS: Final = {
    State.PROVEN: "fill:#e6f4ee,stroke:#11734b,color:#1c2430",
    State.UNKNOWN: "fill:#fff4de,stroke:#8a5a00,color:#1c2430",
    State.BROKEN: "fill:#fdecea,stroke:#b3261e,color:#1c2430",
}


def to_mermaid(chain: Chain) -> str:
    """Return a flowchart: a box for each link, an arrow to each that it leads to."""
    lines = ["flowchart TD"]
    for number, one in enumerate(chain.links):
        lines.append(f'  n{number}["{_label(one)}"]:::{one.state.value}')
    for number, one in enumerate(chain.links):
        lines += [f"  n{number} --> n{goal}" for goal in one.following]
    lines += [f"  classDef {state.value} {style}" for state, style in _COLOURS.items()]
    return "".join(f"{line}\n" for line in lines)


def _label(link: Link) -> str:
    told = (f"{MARKS[link.state]} {link.kind}", link.name, *(one.rule_id for one in link.findings))
    return "<br/>".join(_escaped(one) for one in told)


def _escaped(text: str) -> str:
    """Return *text* so that nothing of it is syntax: Mermaid takes entities by number."""
    plain = printable(text)
    return "".join(one if one.isalnum() or one in " ._-✓✗?" else f"#{ord(one)};" for one in plain)
