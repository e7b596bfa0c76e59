"""The fix of the incident that started it all: one line of the Lambda, and nothing else."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from megalint.finding import Fix
from megalint.registry import load_rules
from megalint.run import lint
from megalint.source import Source

RULES = [rule for rule in load_rules() if rule.id == "hardcoded-template-version"]
BEFORE = Path(__file__).parent.parent / "fixtures/projects/megaticket/before/functions/step2.py"


def fixed(text: str) -> str:
    """Apply every fix of the rule, from the end to the start."""
    source = Source(PurePosixPath("step2.py"), text)
    fixes = [one.fix for one in lint([source], RULES).findings]
    edits = sorted(
        (edit for fix in fixes if isinstance(fix, Fix) for edit in fix.edits),
        key=lambda edit: edit.span,
    )
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def test_fix_follows_the_newest_version_and_keeps_the_rest() -> None:
    before = BEFORE.read_text(encoding="utf-8")

    after = fixed(before)

    assert after == before.replace("Versions=['2']", "Versions=['$Latest']")
    assert fixed(after) == after


def test_fix_keeps_quotes_prefixes_comments_and_line_ends() -> None:
    before = (
        'import boto3\r\n\r\nec2 = boto3.client("ec2")\r\n'
        "ec2.describe_launch_template_versions(  # 도쿄 😀\r\n"
        '    LaunchTemplateId="lt-1", Versions=[ "2" , ]  # 버전 2\r\n)\r\n'
    )

    assert fixed(before) == before.replace('[ "2" , ]', '[ "$Latest" , ]')
