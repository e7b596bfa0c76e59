"""The HTML of ``check`` in a real browser: it renders, filters, says no error, asks nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from megalint.config import load
from megalint.output.rendering import render
from megalint.registry import load_rules
from megalint.run import run
from oracle.browser.test_trace_page import BROWSER, PROJECT, browse

pytestmark = pytest.mark.skipif(not BROWSER, reason="chromium is not installed")
PROBE = """<script>
const seen = [];
const say = what => seen.push(what + '=' + document.querySelectorAll('article:not([hidden])').length);
say('all');
filter.value = 'REWRITE-captures'; filter.dispatchEvent(new Event('input')); say('one');
const files = document.querySelectorAll('section:not([hidden])').length;
filter.value = '[('; filter.dispatchEvent(new Event('input')); say('odd');
filter.value = ''; levels[0].checked = false; levels[0].dispatchEvent(new Event('change')); say('mild');
document.body.dataset.seen = seen.join(' ');
document.body.dataset.files = files;
document.body.dataset.wide = document.documentElement.scrollWidth > innerWidth;
</script>"""


@pytest.fixture(scope="module")
def page() -> str:
    return render("html", run(PROJECT, load_rules(), load(PROJECT / "megalint.toml")))


def test_page_renders_and_filters_without_an_error(page: str, tmp_path: Path) -> None:
    document, console = browse(page.replace("</body>", PROBE + "</body>"), tmp_path)
    seen = re.search(r'data-seen="([^"]*)"', document)

    assert seen is not None
    counts = dict(one.split("=") for one in seen[1].split())
    total, errors = page.count("<article "), page.count('<article class="error"')
    assert total > errors > 10
    assert counts == {"all": f"{total}", "one": "1", "odd": "0", "mild": f"{total - errors}"}
    assert 'data-files="1"' in document
    assert 'data-wide="false"' in document
    assert console == ""


def test_page_asks_nobody_for_anything(page: str) -> None:
    assert re.findall(r"""(?:src|href|action)=["'](?!data:)""", page) == []
