"""Files of the fixtures, cut, doubled and spliced: nothing raises, hangs or points outside.

``make test`` looks at the same ones each time, ``make fuzz SECONDS=600`` at others.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from hypothesis import HealthCheck, Verbosity, given, settings
from hypothesis import strategies as st

from megalint.classify import classify
from megalint.comments import said
from megalint.finding import Finding, Safety
from megalint.fixes import applicable, apply
from megalint.ignores import ignores_in
from megalint.new_ignores import Words, above
from megalint.registry import load_rules
from megalint.run import RECURSION_LIMIT, lint
from megalint.source import Source
from trees import MANIFEST

SECONDS = int(os.environ.get("FUZZ_SECONDS", "0"))
FIXTURES = Path(__file__).parents[2] / "fixtures"
RULES = load_rules()
TOKENS = (
    *(
        "'",
        '"',
        "`",
        "${",
        "}",
        "{",
        "(",
        ")",
        "[",
        "]",
        "<<EOF\n",
        "\nEOF\n",
        "\\\n",
        "\n",
        "\r\n",
    ),
    *(
        "#",
        "//",
        "/*",
        "*/",
        "%{ if x }",
        "$${",
        "$(",
        "))",
        "process.env.A",
        "sudo ",
        "export A=",
        "| ",
    ),
    *(
        "&&",
        ";;",
        "\ufeff",
        "\u202e",
        "\ud800",
        "\x00",
        "😀",
        "한글",
        "=>",
        "...",
        "?.",
        "<a>",
        "</a>",
    ),
    *(
        "# megalint: ignore[x]",
        "!Ref a",
        "<<: *a",
        "&a ",
        "- ",
        ": ",
        "f'{",
        "lambda: ",
        "\t",
        "0" * 30,
    ),
)


def corpus() -> list[tuple[PurePosixPath, str]]:
    """Return path and text of the small files that some parser reads."""
    found = []
    for path in sorted(FIXTURES.rglob("*")):
        inner = PurePosixPath(path.relative_to(FIXTURES).as_posix())
        if path.is_file() and classify(inner) is not None and path.stat().st_size < 4_000:
            short = PurePosixPath(*inner.parts[3:]) if len(inner.parts) > 3 else inner
            found.append((short, path.read_text(encoding="utf-8")))
    return found


CORPUS = corpus()


@st.composite
def mutants(draw: st.DrawFn) -> Source:
    """Draw a file of the corpus with a few changes."""
    path, text = draw(st.sampled_from(CORPUS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(start + draw(st.integers(0, 60)), len(text))
        piece = draw(
            st.one_of(
                st.just(""),
                st.sampled_from(TOKENS),
                st.sampled_from(CORPUS).map(lambda one: one[1][:200]),
                st.integers(1, 40).map(text[start:end].__mul__),
            )
        )
        text = text[:start] + piece + text[end:]
    return Source(path, text)


def places(finding: Finding) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of each place of a finding, and how long its text is."""
    for one in (finding.location, *finding.related, *finding.flow):
        yield one.span.start, one.span.end, len(one.source.text)


def look_at(source: Source) -> None:
    """Lint *source*, and change it as fixes and ignores would."""
    files = {source.path: source}
    files.setdefault(
        PurePosixPath("package.json"), Source(PurePosixPath("package.json"), MANIFEST % "15.5.9")
    )
    report = lint(files.values(), RULES)

    assert [one.detail for one in report.problems if one.is_internal] == []
    for finding in report.findings:
        assert all(0 <= start <= end <= length for start, end, length in places(finding))
    apply(applicable(report.findings, (Safety.SAFE, Safety.UNSAFE)))
    content = said(source)
    own = [one for one in report.findings if one.location.source.path == source.path]
    for text in above(own, Words("why")).values():
        assert said(Source(source.path, text)) == content
    for ignore in ignores_in(source):
        assert source.text.startswith(source[ignore.span], ignore.span.start)


@settings(
    max_examples=100 if SECONDS else 3_000,
    derandomize=not SECONDS,
    deadline=None,
    database=None,
    verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),
)
@given(mutants())
def look_at_some(source: Source) -> None:
    """Look at some mutants."""
    look_at(source)


def test_no_mutant_breaks_anything() -> None:
    sys.setrecursionlimit(max(RECURSION_LIMIT, sys.getrecursionlimit()))
    end = time.monotonic() + SECONDS
    look_at_some()
    while time.monotonic() < end:
        look_at_some()
