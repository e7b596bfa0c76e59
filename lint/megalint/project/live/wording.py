"""What findings about accounts have in common: differences, places, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import unified_diff
from typing import Final

from megalint.formats.aws_answers import Referrer
from megalint.project.live.facts import LiveVersion
from megalint.secrets import masked_line
from megalint.source import Location, Span

MAX_LINES: Final = 6
_COMMENT: Final = re.compile(r"^\s*#(?!!).*$")
_UPDATES: Final = {
    "Auto Scaling group": "aws autoscaling update-auto-scaling-group"
    " --auto-scaling-group-name {name}"
    " --launch-template LaunchTemplateId={template},Version={number}",
    "EKS node group": "aws eks update-nodegroup-version --cluster-name {cluster}"
    " --nodegroup-name {group} --launch-template id={template},version={number}",
    "EC2 fleet": "aws ec2 modify-fleet --fleet-id {name} --launch-template-configs"
    " LaunchTemplateSpecification={{LaunchTemplateId={template},Version={number}}}",
}


def difference(old: str, new: str) -> tuple[str, ...]:
    """Return the lines in which two scripts differ, comments and blanks aside; empty: in none."""
    changed = [line for line in unified_diff(_lines(old), _lines(new), n=0) if _is_change(line)]
    shown = [f"{line[0]} {masked_line(line[1:].strip())}" for line in changed[:MAX_LINES]]
    if len(changed) > MAX_LINES:
        shown.append(f"... and {len(changed) - MAX_LINES} more lines (--diff shows all)")
    return tuple(shown)


def is_filled_in(used: str, form: str, placeholders: Sequence[str]) -> bool:
    """Whether a script is what another one becomes when its placeholders are filled in."""
    parts = re.split("|".join(map(re.escape, placeholders)), "\n".join(_lines(form)))
    pattern = "[^\\s]+".join(map(re.escape, parts))
    return bool(placeholders) and re.fullmatch(pattern, "\n".join(_lines(used))) is not None


def _lines(text: str) -> list[str]:
    return [
        line.rstrip() for line in text.splitlines() if line.strip() and not _COMMENT.match(line)
    ]


def _is_change(line: str) -> bool:
    return line[:1] in {"+", "-"} and not line.startswith(("+++", "---"))


def place_of(version: LiveVersion, word: str) -> Location | None:
    """Return where a word stands in the user data of a version, comments aside."""
    script = version.script
    if script is None:
        return None
    for number in range(1, script.line_count + 1):
        line = script.line_text(number)
        if word in line and not _COMMENT.match(line):
            start = script.line_span(number).start + line.find(word)
            return Location(script, Span(start, start + len(word)))
    return None


def command(referrer: Referrer, number: int) -> str:
    """Return the command that moves a referrer to another version."""
    form = _UPDATES.get(referrer.kind)
    if form is None:
        return f"point {referrer.kind} {referrer.name} at version {number}"
    cluster, _, group = referrer.name.partition("/")
    template = referrer.template_id or referrer.template_name or ""
    return form.format(
        name=referrer.name, template=template, number=number, cluster=cluster, group=group
    )


def move(template: str, number: int) -> str:
    """Return the command that makes a version the default one."""
    return (
        f"aws ec2 modify-launch-template --launch-template-id {template} --default-version {number}"
    )
