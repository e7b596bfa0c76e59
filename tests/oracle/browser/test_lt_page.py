"""The HTML of ``lt`` in a real browser: it renders, filters, says no error, asks nobody."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import seeds
from megalint.audit import audit
from megalint.audit.html_form import to_html
from megalint.formats.aws_answers import saved
from megalint.registry import load_rules
from oracle.browser.test_trace_page import BROWSER, browse

pytestmark = pytest.mark.skipif(not BROWSER, reason="chromium is not installed")
PROBE = """<script>
const seen = [];
const say = what => seen.push(what + '=' + document.querySelectorAll('section[data-name]:not([hidden])').length);
say('all');
filter.value = '*-Web-*'; filter.dispatchEvent(new Event('input')); say('web');
filter.value = '('; filter.dispatchEvent(new Event('input')); say('odd');
filter.value = ''; trouble.checked = true; trouble.dispatchEvent(new Event('change')); say('trouble');
const dots = [...document.querySelectorAll('li.booted')].map(one => one.querySelector('b').textContent);
document.body.dataset.seen = seen.join(' ');
document.body.dataset.booted = dots.join(' ');
document.body.dataset.wide = document.documentElement.scrollWidth > innerWidth;
</script>"""


@pytest.fixture(scope="module")
def page() -> str:
    inventories = saved([("a.json", json.dumps(seeds.answers()))], seeds.REGION)
    return to_html(audit(None, inventories, load_rules()))


def test_page_renders_and_filters_without_an_error(page: str, tmp_path: Path) -> None:
    document, console = browse(page.replace("</body>", PROBE + "</body>"), tmp_path)
    seen = re.search(r'data-seen="([^"]*)"', document)
    booted = re.search(r'data-booted="([^"]*)"', document)

    assert seen is not None
    assert booted is not None
    assert seen[1] == "all=3 web=1 odd=0 trouble=3"
    assert booted[1].split() == ["1", "1", "2"]
    assert 'data-wide="false"' in document
    assert console == ""


def test_page_asks_nobody_for_anything(page: str, tmp_path: Path) -> None:
    assert re.findall(r"""(?:src|href|action)=["'](?!data:)""", page) == []
    asking = PROBE.replace("const seen", "fetch('https://nowhere.example/'); const seen")

    _, console = browse(page.replace("</body>", asking + "</body>"), tmp_path)

    assert "Content Security Policy" in console
