"""Write the figures as a page: tables, and a picture of bars."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from measure import Figures

BEGIN: Final = "<!-- figures: made by bench/run.py -->"
END: Final = "<!-- end of figures -->"
_BAR: Final = 22
_NAMES: Final = 230
_WIDTH: Final = 760


def table(found: Mapping[str, Figures], reference: str, missing: Mapping[str, str]) -> str:
    """Return a table in Markdown: CPU, memory and the ratio to *reference*, least ratio first."""
    base = found[reference].cpu if reference in found else None
    lines = ["| program | CPU, s | ratio | peak, MiB |", "|--|--:|--:|--:|"]
    for name, one in sorted(found.items(), key=lambda pair: pair[1].cpu):
        ratio = "" if not base else f"{one.cpu / base:.2f}"
        shown = f"**{name}**" if name.startswith("megalint") else name
        lines.append(f"| {shown} | {one.cpu:.3f} | {ratio} | {one.memory:.0f} |")
    lines += [f"| {name} | absent: {why} | | |" for name, why in missing.items()]
    return "\n".join(lines) + "\n"


def bars(found: Mapping[str, Figures], title: str) -> str:
    """Return an SVG picture of the CPU times, on a scale of powers of ten."""
    ordered = sorted(found.items(), key=lambda pair: pair[1].cpu)
    height = _BAR * len(ordered) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' role="img" aria-label="{escape(title)}" font-family="sans-serif" font-size="13">',
        "<style>text{fill:#24292f}.own{fill:#0b7285}.other{fill:#adb5bd}"
        "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.own{fill:#3bc9db}.other{fill:#6c757d}}"
        "</style>",
        f'<text x="0" y="16" font-weight="bold">{escape(title)}</text>',
    ]
    for place, (name, one) in enumerate(ordered):
        top = 30 + place * _BAR
        kind = "own" if name.startswith("megalint") else "other"
        length = _length(one.cpu)
        lines += [
            f'<text x="{_NAMES - 8}" y="{top + 13}" text-anchor="end">{escape(name)}</text>',
            f'<rect class="{kind}" x="{_NAMES}" y="{top}" width="{length}" height="{_BAR - 6}"/>',
            f'<text x="{_NAMES + length + 6}" y="{top + 13}">{one.cpu:.2f} s</text>',
        ]
    return "\n".join((*lines, "</svg>")) + "\n"


def _length(seconds: float) -> int:
    """Return how long a bar is: each factor of ten from a hundredth of a second takes the same."""
    import math

    return max(2, round((_WIDTH - _NAMES - 70) * math.log10(max(seconds, 0.011) / 0.01) / 4))


def machine() -> str:
    """Return a line on what the figures were taken on."""
    model = next(_models(), platform.machine())
    return (
        f"{os.cpu_count()} CPUs ({model}), Python {platform.python_version()}, {platform.system()}"
    )


def _models() -> Iterator[str]:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return iter([line.partition(":")[2].strip() for line in lines if line.startswith("model name")])


def with_figures(page: str, figures: str) -> str:
    """Return *page* with other figures between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{figures}\n{END}{after}"


def growth(rows: Sequence[tuple[str, Figures]], exponent: float, unit: str) -> str:
    """Return a table of costs by size, and the exponent with which they grow."""
    lines = [f"| {unit} | CPU, s | peak, MiB |", "|--:|--:|--:|"]
    lines += [f"| {size} | {one.cpu:.2f} | {one.memory:.0f} |" for size, one in rows]
    return "\n".join((*lines, "", f"Grows with exponent {exponent:.2f} (1 is linear).")) + "\n"
