"""What is remembered between runs: the same bytes as without, and nothing that is out of date."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from megalint import cache, installation
from megalint.cli import checking, main
from megalint.output import FORMATS
from trees import MANIFEST, write_tree

PROJECT = Path(__file__).parents[1] / "fixtures" / "projects" / "megaticket" / "before"
FILES = {
    "package.json": MANIFEST % "15.5.9",
    "next.config.mjs": "export default { rewrites: async () => [{ source: '/api/:p*', destination: `${process.env.API_URL}/:p*` }] };\n",
    "app/page.tsx": "import { url } from '../lib/url';\nexport default function Page() { return <p>{url}</p>; }\n",
    "lib/url.ts": "export const url = process.env.PAGE_URL;\n",
    "lib/unused.ts": "export const one = 1;\n",
    "infra/user-data.sh": "#!/bin/bash\nexport API_URL=http://a.internal\nnpm start\n",
    "notes.md": "# Notes\n",
}
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYzQ8hG2kL4mN6"

Megalint = Callable[..., Result]


@pytest.fixture
def megalint(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Megalint:
    """Run the command with a cache of the test's own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("MEGALINT_CACHE_DIR", str(folder))
    monkeypatch.delenv("MEGALINT_NO_CACHE")

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["check", *map(str, arguments)])

    return run


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Count the runs that are really made."""
    made: list[None] = []
    outcome = checking.outcome

    def counted(*arguments: Any) -> Any:
        made.append(None)
        return outcome(*arguments)

    monkeypatch.setattr(checking, "outcome", counted)
    return made


def said(result: Result) -> tuple[int, str, str]:
    return result.exit_code, result.stdout, result.stderr


def records() -> list[Path]:
    return sorted(Path(os.environ["MEGALINT_CACHE_DIR"]).iterdir())


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_remembered_is_what_a_run_says(
    form: str, megalint: Megalint, runs: list[None]
) -> None:
    arguments = (PROJECT, "--format", form)
    expected = said(megalint(*arguments, "--no-cache"))

    assert [said(megalint(*arguments)) for _ in range(3)] == [expected] * 3
    assert len(runs) == 2


def test_reports_are_written_to_their_files_again(
    tmp_path: Path, megalint: Megalint, runs: list[None]
) -> None:
    root, report = write_tree(tmp_path / "root", dict(FILES)), tmp_path / "report.sarif"
    arguments = (root, "--format", "concise", "--format", "sarif", "--output", report)

    first = megalint(*arguments)
    text = report.read_text()
    report.unlink()
    second = megalint(*arguments)

    assert said(second) == said(first)
    assert report.read_text() == text
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lib/unused.ts", "export const one = 2; // another\n"),
        ("lib/unused.ts", ""),
        ("notes.md", "# Other notes on process.env\n"),
    ],
)
def test_edit_that_changes_no_answer_needs_no_run(
    path: str, text: str, tmp_path: Path, megalint: Megalint, runs: list[None]
) -> None:
    root = write_tree(tmp_path, dict(FILES))
    first = megalint(root)

    (root / path).write_text(text)

    assert said(megalint(root)) == said(first)
    assert len(runs) == 1
    assert said(megalint(root, "--no-cache")) == said(first)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lib/url.ts", "export const url = process.env.OTHER_URL;\n"),
        ("lib/unused.ts", "// megalint: ignore[rewrite-captures-env]\nexport const one = 1;\n"),
        ("app/page.tsx", "export default function Page() { return <p>{process.env.A_B}</p>; }\n"),
        ("next.config.mjs", "export default {};\n"),
        ("megalint.toml", '[rules]\nrewrite-captures-env = "note"\n'),
        ("lib/megalint.toml", '[rules]\nstatic-render-captures-env = "note"\n'),
        ("pyproject.toml", '[tool.megalint]\nfail-on = "never"\n'),
        ("megalint-baseline.json", "{"),
        ("app/api/x/route.ts", "export const POST = () => new Response(process.env.NEW);\n"),
        ("package.json", MANIFEST % "14.2.0"),
    ],
)
def test_edit_that_matters_is_seen(
    path: str, text: str, tmp_path: Path, megalint: Megalint, runs: list[None]
) -> None:
    root = write_tree(tmp_path, dict(FILES))
    first = megalint(root)

    write_tree(root, {path: text})
    second = megalint(root)

    assert len(runs) >= 1 + (second.exit_code != 2)
    assert said(second) == said(megalint(root, "--no-cache"))
    assert said(second) != said(first)


def test_file_that_is_gone_is_seen(tmp_path: Path, megalint: Megalint) -> None:
    root = write_tree(tmp_path, dict(FILES))
    megalint(root)

    (root / "next.config.mjs").unlink()

    assert "rewrite-captures-env" not in megalint(root).stdout


def test_text_behind_a_link_is_looked_at_each_time(tmp_path: Path, megalint: Megalint) -> None:
    root = write_tree(
        tmp_path, {**FILES, ".git/HEAD": "", "node_modules/x/url.ts": FILES["lib/url.ts"]}
    )
    (root / "lib" / "url.ts").unlink()
    (root / "lib" / "url.ts").symlink_to("../node_modules/x/url.ts")
    assert "PAGE_URL" in megalint(root).stdout

    (root / "node_modules" / "x" / "url.ts").write_text("export const url = process.env.OTHER;\n")

    assert "PAGE_URL" not in megalint(root).stdout


def test_edit_within_the_same_tick_is_seen(tmp_path: Path, megalint: Megalint) -> None:
    root = write_tree(tmp_path, dict(FILES))
    megalint(root)
    stamps = json.loads(records()[0].read_text().split("\n")[2])["stamps"]

    assert set(stamps) == {"\n"}


def test_random_edits_are_seen_as_without_a_cache(tmp_path: Path, megalint: Megalint) -> None:
    draw = random.Random(7)
    texts = [
        "export const url = process.env.PAGE_URL;\n",
        "export const url = process.env.OTHER ?? 'x';\n",
        "'use client';\nexport const url = process.env.NEXT_PUBLIC_A;\n",
        "export * from './unused';\n",
        "import 'server-only';\n",
        "// standalone getRequestHandler user_data ap-northeast-2\n",
        "",
    ]
    root = write_tree(tmp_path, dict(FILES))
    for _ in range(25):
        path = root / draw.choice(("lib/url.ts", "lib/unused.ts", "lib/new.ts", "app/page.tsx"))
        if draw.random() < 0.2:
            path.unlink(missing_ok=True)
        else:
            path.write_text(
                draw.choice(texts)
                if path.parent.name == "lib"
                else FILES["app/page.tsx"] + draw.choice(texts)
            )
        assert said(megalint(root)) == said(megalint(root, "--no-cache"))


@pytest.mark.parametrize(
    "damaged",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"rewrite", b"rewrote"),
        lambda data: b"\xff" + data,
        lambda data: with_checksum(b"[]\n[]"),
        lambda data: with_checksum(b'{"same": 1}\n{}'),
        lambda data: with_checksum(data.split(b"\n", 1)[1].replace(b'"outputs"', b'"others"')),
    ],
)
def test_damaged_record_is_not_trusted(
    damaged: Callable[[bytes], bytes], tmp_path: Path, megalint: Megalint, runs: list[None]
) -> None:
    root = write_tree(tmp_path, dict(FILES))
    first = megalint(root)
    record = records()[0]

    record.write_bytes(damaged(record.read_bytes()))

    assert said(megalint(root)) == said(first)
    assert len(runs) == 2
    assert said(megalint(root)) == said(first)
    assert len(runs) == 2


def with_checksum(body: bytes) -> bytes:
    return cache._digest(body).encode() + b"\n" + body


def test_folder_in_the_place_of_a_record_is_left_alone(tmp_path: Path, megalint: Megalint) -> None:
    root = write_tree(tmp_path, dict(FILES))
    first = megalint(root)
    record = records()[0]
    record.unlink()
    record.mkdir()

    assert said(megalint(root)) == said(first)
    assert record.is_dir()


def test_cache_that_cannot_be_written_is_no_failure(
    tmp_path: Path, megalint: Megalint, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_tree(tmp_path / "root", dict(FILES))
    (tmp_path / "file").write_text("")
    expected = said(megalint(root, "--no-cache"))

    monkeypatch.setenv("MEGALINT_CACHE_DIR", str(tmp_path / "file" / "below"))

    assert said(megalint(root)) == expected


def test_cache_is_bounded(
    tmp_path: Path, megalint: Megalint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "MAX_FILES", 3)
    root = write_tree(tmp_path, dict(FILES))

    for number in range(5):
        megalint(root, "--max-warnings", str(number))

    assert len(records()) == 3
    monkeypatch.setattr(cache, "MAX_BYTES", records()[0].stat().st_size + 1)
    megalint(root, "--max-warnings", "9")
    assert len(records()) == 1


def test_cache_holds_no_text_and_no_secret(tmp_path: Path, megalint: Megalint) -> None:
    root = write_tree(
        tmp_path,
        {
            **FILES,
            "lib/key.ts": f"export const key = process.env.AWS_SECRET_ACCESS_KEY ?? '{SECRET}';\n",
            "app/api/key/route.ts": "import { key } from '../../../lib/key';\nexport const GET = () => new Response(key);\n",
            "infra/user-data.sh": f"#!/bin/bash\nexport AWS_SECRET_ACCESS_KEY={SECRET}\nnpm start\n",
        },
    )

    result = megalint(root)
    held = b"".join(path.read_bytes() for path in records()).decode()

    assert "secret" in result.stdout
    assert SECRET not in held
    assert FILES["lib/unused.ts"].strip() not in held
    assert records()[0].parent.stat().st_mode & 0o777 == 0o700


def test_other_code_makes_another_run(
    tmp_path: Path, megalint: Megalint, runs: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_tree(tmp_path, dict(FILES))
    megalint(root)
    monkeypatch.setattr(installation, "packages", lambda: "other packages")
    megalint(root)
    assert len(runs) == 2

    monkeypatch.setattr(installation, "is_unchanged", lambda modules: not modules)
    megalint(root)
    assert len(runs) == 3


def test_modules_used_from_where_they_lie_are_watched() -> None:
    watched = installation.modules()

    assert any(path == cache.__file__ for path, _, _ in watched)
    assert not any(path == json.__file__ for path, _, _ in watched)
    assert installation.is_unchanged(watched)
    assert not installation.is_unchanged([(path, size + 1, time) for path, size, time in watched])


@pytest.mark.parametrize(
    "option", ["--no-cache", "--statistics", "--diff", "--show-config", "--fix"]
)
def test_runs_that_depend_on_more_than_files_are_not_remembered(
    option: str, tmp_path: Path, megalint: Megalint
) -> None:
    megalint(write_tree(tmp_path, dict(FILES)), option)

    assert records() == []


def test_wrong_usage_is_not_remembered(tmp_path: Path, megalint: Megalint) -> None:
    root = write_tree(tmp_path, {"megalint.toml": "x"})

    assert megalint(root).exit_code == 2
    assert records() == []


def test_runs_at_the_same_time_agree(tmp_path: Path, megalint: Megalint) -> None:
    root = write_tree(tmp_path, dict(FILES))
    expected = megalint(root, "--no-cache", "--format", "concise").stdout
    command = [sys.executable, "-m", "megalint", "check", "--format", "concise", str(root)]

    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        for _ in range(6)
    ]

    assert [one.communicate()[0] for one in started] == [expected] * 6
    assert len(records()) == 1
    assert megalint(root, "--format", "concise").stdout == expected


def test_what_is_remembered_needs_no_parser(tmp_path: Path, megalint: Megalint) -> None:
    root = write_tree(tmp_path, dict(FILES))
    command = [sys.executable, "-X", "importtime", "-m", "megalint", "check", str(root)]
    subprocess.run(command, capture_output=True, check=False)

    imported = subprocess.run(command, capture_output=True, check=False, text=True).stderr

    assert "megalint.cache" in imported
    for name in (
        "megalint.run",
        "megalint.project",
        "msgspec",
        "tree_sitter",
        "importlib.metadata",
    ):
        assert not any(line.endswith(f" {name}") for line in imported.splitlines()), name
