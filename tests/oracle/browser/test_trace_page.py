"""The HTML of ``trace`` in a real browser: it renders, filters, says no error, asks nobody."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from megalint.config import load as load_config
from megalint.run import load
from megalint.trace import collect
from megalint.trace.html_form import to_html

PROJECT = Path(__file__).parents[3] / "fixtures" / "projects" / "megaticket" / "before"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not BROWSER, reason="chromium is not installed")

PROBE = """<script>
const seen = [];
const say = what => seen.push(what + '=' + document.querySelectorAll('tbody tr:not([hidden])').length);
say('all');
filter.value = 'AWS_*'; filter.dispatchEvent(new Event('input')); say('aws');
filter.value = ''; trouble.checked = true; trouble.dispatchEvent(new Event('change')); say('trouble');
filter.value = '[('; filter.dispatchEvent(new Event('input')); say('odd');
document.body.dataset.seen = seen.join(' ');
</script>"""


@pytest.fixture(scope="module")
def page() -> str:
    project, _ = load(PROJECT, load_config(PROJECT / "megalint.toml"))
    return to_html(collect(project))


def browse(text: str, folder: Path) -> tuple[str, str]:
    """Return the document and what the console says."""
    file = folder / "trace.html"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", "--v=0", "--virtual-time-budget=2000", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return done.stdout, console


def test_page_renders_and_filters_without_an_error(page: str, tmp_path: Path) -> None:
    document, console = browse(page.replace("</body>", PROBE + "</body>"), tmp_path)
    seen = re.search(r'data-seen="([^"]*)"', document)
    assert seen is not None
    counts = dict(one.split("=") for one in seen[1].split())
    total = page.count("<tr data-name=")
    assert int(counts["all"]) == total > 10
    assert 0 < int(counts["aws"]) < total
    assert 0 < int(counts["trouble"]) < total
    assert counts["odd"] == "0"
    assert console == ""


def test_page_asks_nobody_for_anything(page: str, tmp_path: Path) -> None:
    """Its own policy forbids every request; the browser would say so of one that is tried."""
    assert (
        """content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"""
        in page
    )
    assert re.findall(r"""(?:src|href|action)=["'](?!data:)""", page) == []
    asking = PROBE.replace("const seen", "fetch('https://nowhere.example/'); const seen")
    _, console = browse(page.replace("</body>", asking + "</body>"), tmp_path)
    assert "Content Security Policy" in console


def test_names_and_values_are_text_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    evil = "<img src=x onerror=alert(1)>"
    (root / "user_data.sh").write_text(
        f"#!/bin/bash\ncd /opt\nA='{evil}' DB_PASSWORD='hunter2hunter2' pm2 start npm --name '{evil}' -- start\n",
        encoding="utf-8",
    )
    project, _ = load(root)
    text = to_html(collect(project))
    assert evil not in text
    assert "hunter2hunter2" not in text
    assert json.dumps(evil)[1:-1] not in text
    _, console = browse(text, tmp_path)
    assert console == ""
