"""The pages of a failover in a real browser: they render, filter, say no error, ask nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import failover
from checklists import book, check, observed, reply
from megalint.cli import main
from megalint.formats.failover_answers import written
from oracle.browser.test_trace_page import BROWSER, PROJECT, browse

pytestmark = pytest.mark.skipif(not BROWSER, reason="chromium is not installed")
PROBE = """<script>
const seen = [];
const say = what => seen.push(what + '=' + document.querySelectorAll('%s:not([hidden])').length);
say('all');
filter.value = '%s'; filter.dispatchEvent(new Event('input')); say('some');
filter.value = '[('; filter.dispatchEvent(new Event('input')); say('odd');
filter.value = ''; trouble.checked = true; trouble.dispatchEvent(new Event('change')); say('trouble');
document.body.dataset.seen = seen.join(' ');
document.body.dataset.wide = document.documentElement.scrollWidth > innerWidth;
</script>"""
ASKING = "<script>fetch('https://nowhere.example/')</script>"


def rehearsal(folder: Path) -> str:
    return written_by("rehearse", "--repo", str(PROJECT))


def checklist(folder: Path) -> str:
    statuses = "Success: HTTP Status Code 200, OK", "Failure: Connection timed out."
    held = book(
        check(), observed(*statuses), reply(f"{failover.RECOVERY} sns list_topics", reason="denied")
    )
    answers = folder / "answers.json"
    answers.write_text(written(held), encoding="utf-8")
    regions = ("--region", failover.RECOVERY, "--primary-region", failover.PRIMARY)
    return written_by("dr", *regions, "--isolated", "--from", str(answers))


def chain(folder: Path) -> str:
    return written_by("trace", "--pipeline", "--root", str(PROJECT))


def written_by(*arguments: str) -> str:
    return CliRunner().invoke(main, [*arguments, "--format", "html"]).stdout


@pytest.mark.parametrize(
    ("make", "rows", "some"),
    [(rehearsal, "tr.value", "src/app/status"), (checklist, "li.item", "health-check")],
)
def test_page_renders_and_filters_without_an_error(
    make: Callable[[Path], str], rows: str, some: str, tmp_path: Path
) -> None:
    page = make(tmp_path)
    probe = PROBE % (rows, some)

    document, console = browse(page.replace("</body>", f"{probe}</body>"), tmp_path)

    seen = re.search(r'data-seen="([^"]*)"', document)
    assert seen is not None
    counts = {name: int(count) for name, count in (one.split("=") for one in seen[1].split())}
    assert 0 < counts["some"] < counts["all"]
    assert 0 < counts["trouble"] < counts["all"]
    assert counts["odd"] == 0
    assert 'data-wide="false"' in document
    assert console == ""


def test_chain_is_drawn(tmp_path: Path) -> None:
    page = chain(tmp_path)
    probe = (
        "<script>const box = document.querySelector('svg').getBoundingClientRect();"
        "const all = [...document.querySelectorAll('svg g')].map(one => one.getBoundingClientRect());"
        "document.body.dataset.inside = all.every(one => one.left >= box.left - 1 &&"
        " one.right <= box.right + 1 && one.bottom <= box.bottom + 1);"
        "document.body.dataset.boxes = all.length;</script>"
    )

    document, console = browse(page.replace("</body>", f"{probe}</body>"), tmp_path)

    assert 'data-inside="true"' in document
    assert f'data-boxes="{page.count("<rect ")}"' in document
    assert console == ""


@pytest.mark.parametrize("make", [rehearsal, checklist, chain])
def test_page_asks_nobody_for_anything(make: Callable[[Path], str], tmp_path: Path) -> None:
    page = make(tmp_path)
    assert re.findall(r"""(?:src|href|action)=["'](?!data:|#)""", page) == []

    _, console = browse(page.replace("</body>", f"{ASKING}</body>"), tmp_path)

    assert "Content Security Policy" in console
