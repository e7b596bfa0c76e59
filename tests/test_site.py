"""The documentation: it builds, its links lead somewhere, and what it shows is real."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import click
import pytest
import yaml
from markdown_it import MarkdownIt

from megalint.cli import main
from megalint.config import read, unknown_rule_names
from megalint.registry import load_rules
from megalint.source import Source

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "README.ko.md",
    *sorted(path for path in (ROOT / "docs").glob("*.md")),
]
FENCE = re.compile(r"^ *```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"`(megalint [a-z][^`\n]*)`")
LOCAL = {"", "data"}


def page_id(path: Path) -> str:
    return path.name


# --- what is built ---------------------------------------------------------------------------


class Links(HTMLParser):
    """Where a page leads, what it loads, the anchors that it has, and its blocks of code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.code: list[str] = []
        self._in_code = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors.update(value for name, value in given.items() if name in {"id", "name"})
        if tag == "pre":
            self._in_code = True
            self.code.append("")
        if tag == "a" and "href" in given:
            self.leads.append(given["href"])
        if tag in {"script", "img", "iframe", "source"} and "src" in given:
            self.loads.append(given["src"])
        if tag == "link" and "href" in given and given.get("rel") != "canonical":
            self.loads.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        self._in_code = self._in_code and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code[-1] += data


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built site."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def site(built: Path) -> dict[str, Links]:
    """Return the built pages, by path."""
    pages = {
        path.relative_to(built).as_posix(): Links(path.read_text(encoding="utf-8"))
        for path in built.rglob("*.html")
    }
    for path in built.rglob("*"):
        pages.setdefault(path.relative_to(built).as_posix(), Links(""))
    return pages


def test_every_rule_has_a_page(site: dict[str, Links]) -> None:
    assert [one.id for one in load_rules() if f"rules/{one.id}.html" not in site] == []


def test_styles_load_nothing_from_elsewhere(built: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(built.rglob("*.css")))
    assert "overflow-x" in text
    loaded = {*re.findall(r"""url\(["']?([^"')]+)""", text), *re.findall(r"@import[^;]*", text)}
    assert [one for one in loaded if not one.startswith(("data:", "#"))] == []


def test_code_is_shown_as_it_stands(site: dict[str, Links]) -> None:
    for path in sorted((ROOT / "docs").rglob("*.md")):
        tokens = MarkdownIt().parse(path.read_text(encoding="utf-8"))
        wanted = [token.content.strip() for token in tokens if token.type == "fence"]
        built = path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        assert [code.strip() for code in site[built].code] == wanted, path


def test_links_lead_somewhere(site: dict[str, Links]) -> None:
    broken = []
    for path, page in site.items():
        for link in (*page.leads, *page.loads):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or path == "404.html":
                continue
            target = os.path.normpath(PurePosixPath(path).parent / unquote(parts.path))
            target = path if not parts.path else target
            if (target not in site and f"{target}/index.html" not in site and target != ".") or (
                parts.fragment and parts.fragment not in site[target].anchors
            ):
                broken.append((path, link))
    assert broken == []


def test_pages_load_nothing_from_elsewhere(site: dict[str, Links]) -> None:
    outside = {
        link
        for page in site.values()
        for link in page.loads
        if urlsplit(link).netloc or urlsplit(link).scheme not in LOCAL
    }
    assert outside == set()


# --- what is shown ---------------------------------------------------------------------------


def fences(path: Path, *languages: str) -> Iterator[str]:
    for match in FENCE.finditer(path.read_text(encoding="utf-8")):
        if match["language"] in languages:
            lines = match["text"].splitlines()
            indent = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
            yield "\n".join(line[indent:] for line in lines)


def commands(path: Path) -> Iterator[str]:
    """Yield the commands on a page: those in code, and those in sentences."""
    text = path.read_text(encoding="utf-8")
    yield from COMMAND.findall(text)
    for fence in fences(path, "", "bash"):
        yield from (line for line in fence.splitlines() if line.startswith("megalint "))
    for fence in fences(path, "yaml"):
        yield from (one.strip(" -") for one in fence.splitlines() if " - megalint " in one)


SHOWN = sorted({command for path in PAGES for command in commands(path)})


@pytest.mark.parametrize("shown", SHOWN)
def test_command_is_understood(shown: str) -> None:
    name, *words = shlex.split(shown.partition("  #")[0])[1:]
    command = main.get_command(click.Context(main), name)
    assert command is not None
    words = [word.strip("[]") for word in words if word not in {"...", "[...]"}]
    try:
        _parse(command, words)
    except click.BadOptionUsage:
        _parse(command, [*words, "value"])  # a sentence may name an option without its value


def _choices(parameter: click.Parameter) -> tuple[str, ...]:
    kind = parameter.type
    return tuple(map(str, kind.choices)) if isinstance(kind, click.Choice) else ()


_CONTEXT = click.Context(main)
PARAMETERS = [
    parameter
    for name in main.list_commands(_CONTEXT)
    for command in [main.get_command(_CONTEXT, name)]
    if command
    for parameter in command.get_params(_CONTEXT)
]
OPTIONS = {option for one in PARAMETERS for option in one.opts}
CHOICES = {
    option: {choice for one in PARAMETERS for choice in _choices(one) if option in one.opts}
    for one in PARAMETERS
    if _choices(one)
    for option in one.opts
}


@pytest.mark.parametrize("shown", SHOWN)
def test_choices_that_are_shown_are_there(shown: str) -> None:
    assert {"json", "markdown"} < CHOICES["--format"]
    words = shlex.split(shown.partition("  #")[0])
    given = [(one, value) for one, value in itertools.pairwise(words) if one in CHOICES]
    assert [one for one in given if one[1] not in {*CHOICES[one[0]], "NAME"}] == []


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_options_named_in_sentences_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"`(--[a-z][a-z-]*)", text)) <= OPTIONS


def _parse(command: click.Command, words: list[str]) -> None:
    command.make_parser(click.Context(command)).parse_args(list(words))


def test_command_that_does_not_exist_is_not_understood() -> None:
    for words in (["--nonsense"], ["--format", "text", "--fail"]):
        command = main.get_command(click.Context(main), "check")
        assert command is not None
        with pytest.raises(click.NoSuchOption):
            _parse(command, words)


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_snippets_are_what_they_say(path: Path) -> None:
    known = {name for rule in load_rules() for name in (rule.id, rule.family)}
    for text in fences(path, "toml"):
        tomllib.loads(text)
        if text.startswith("[[rule]]"):
            continue  # a file of Taplo's
        name = "pyproject.toml" if text.startswith("[tool.") else "megalint.toml"
        layer = read(Source(PurePosixPath(name), text))
        assert [one.message for one in layer.mistakes] == []
        assert list(unknown_rule_names([layer], known)) == []
    for text in fences(path, "yaml"):
        assert yaml.safe_load(text)


def test_workflows_use_inputs_that_the_action_has() -> None:
    inputs = set(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"])
    used = [
        set(step.get("with", {}))
        for path in PAGES
        for text in fences(path, "yaml")
        for step in _steps(yaml.safe_load(text))
        if "megalint lives" in step.get("uses", "")
    ]
    assert len(used) > 1
    assert set().union(*used) <= inputs


def _steps(data: object) -> Iterator[dict[str, dict[str, str]]]:
    """Yield every mapping below *data* that uses an action."""
    if isinstance(data, dict):
        if "uses" in data:
            yield data
        for value in data.values():
            yield from _steps(value)
    elif isinstance(data, list):
        for value in data:
            yield from _steps(value)


def test_hooks_on_the_pages_are_there() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    ids = {hook["id"] for hook in yaml.safe_load(text)}
    shown = {
        hook["id"]
        for path in PAGES
        for fence in fences(path, "yaml")
        for repository in _repositories(yaml.safe_load(fence))
        for hook in repository["hooks"]
    }
    assert {"megalint"} <= shown <= ids


def _repositories(data: object) -> list[dict[str, list[dict[str, str]]]]:
    if isinstance(data, dict):
        data = data.get("repos", [])
    return [one for one in data if "hooks" in one] if isinstance(data, list) else []


def test_paths_on_the_page_about_proof_are_there() -> None:
    text = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")
    paths = re.findall(r"`(tests/[\w/.]+)`", text)

    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []
    folders = {path.parent for path in (ROOT / "tests" / "oracle").glob("*/*.py")}
    assert {one.name for one in folders} - {Path(path).name for path in paths} <= {"__pycache__"}
