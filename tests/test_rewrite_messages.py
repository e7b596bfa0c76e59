"""What is said of a rewrite depends on what the build freezes of it: its target, or whether it is."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from megalint.registry import load_rules
from megalint.run import lint
from megalint.source import Source

RULES = [rule for rule in load_rules() if rule.id == "rewrite-captures-env"]
PACKAGE = '{ "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }'


@pytest.mark.parametrize(
    ("body", "start", "has_default"),
    [
        (
            "[{ source: '/a', destination: process.env.X || 'http://b/a' }]",
            "`X` is frozen into the image",
            True,
        ),
        (
            "process.env.X ? [{ source: '/a', destination: 'http://b/a' }] : []",
            "the build settles whether `/a` is proxied: `next build` reads `X` once",
            False,
        ),
    ],
)
def test_message_says_what_is_frozen(body: str, start: str, has_default: bool) -> None:
    config = f"module.exports = {{ async rewrites() {{ return {body}; }} }};\n"
    files = [
        Source(PurePosixPath("next.config.js"), config),
        Source(PurePosixPath("package.json"), PACKAGE),
    ]

    (found,) = lint(files, RULES).findings

    assert found.message.startswith(start)
    assert any("not set at build?" in note for note in found.notes) is has_default
