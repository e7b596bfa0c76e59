"""Whatever a checkout holds: a clear message, no crash, and seconds at most."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from megalint.discover import discover
from megalint.registry import load_rules
from megalint.report import Report
from megalint.run import run
from trees import MANIFEST, write_tree

CONFIG = "export default { rewrites: async () => [{ source: '/a', destination: process.env.API_URL }] };\n"
BASE: dict[str, str | bytes] = {"package.json": MANIFEST % "15.5.9", "next.config.mjs": CONFIG}
SECONDS = 90
"""Far above what any takes: a bound against endless work, not a measure of speed."""


def report_of(root: Path, files: dict[str, str | bytes]) -> Report:
    started = time.monotonic()
    report = run(write_tree(root, {**BASE, **files}), load_rules())
    assert time.monotonic() - started < SECONDS
    assert not report.has_failed, [problem.detail for problem in report.problems]
    assert [finding.rule_id for finding in report.findings] == ["rewrite-captures-env"]
    return report


def messages(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def test_broken_syntax(tmp_path: Path) -> None:
    report = report_of(
        tmp_path, {"app/page.tsx": "export default function ( { return process.env.X +; }\n"}
    )

    assert messages(report)[0].startswith("app/page.tsx:1: syntax error")


def test_minified_file(tmp_path: Path) -> None:
    unit = "function f(a){return a?process.env.X:g(a,[1,2,3],{b:c})};"
    report_of(tmp_path, {"app/page.js": unit * (5_000_000 // len(unit)) + "export default f"})


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000 + "process.env.X" + ")" * 20_000,
        "[" * 20_000 + "]" * 20_000,
        " + ".join(["process.env.X"] * 20_000),
        "!" * 20_000 + "x",
        "a." * 20_000 + "b",
        "f(" * 5_000 + ")" * 5_000,
        "x ? y : " * 5_000 + "z",
    ],
    ids=["parentheses", "arrays", "sum", "not", "members", "calls", "conditions"],
)
def test_deeply_nested_expression(tmp_path: Path, text: str) -> None:
    report_of(tmp_path, {"app/page.js": f"const value = {text};\nexport default () => null;\n"})


def test_deeply_nested_elements(tmp_path: Path) -> None:
    text = "<a>" * 3_000 + "</a>" * 3_000
    report_of(tmp_path, {"app/page.jsx": f"export default () => {text};\n"})


def test_endless_code(tmp_path: Path) -> None:
    page = "export default function Page() { while (true) { f(); } }\nfunction f() { return f() + f(); }\nconst x = (function g() { return g(); })();\n"
    report_of(tmp_path, {"app/page.js": page})


def test_circular_imports(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app/page.js": "import { a } from './a';\nexport default () => a();\n",
        "app/a.js": "import { b } from './b';\nexport * from './b';\nexport const a = () => b();\n",
        "app/b.js": "import { a } from './a';\nexport * from './a';\nexport const b = () => a();\n",
        "tsconfig.json": '{ "extends": "./tsconfig.json" }',
    }
    report_of(tmp_path, files)


def test_empty_files(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        {
            "app/page.tsx": "",
            "middleware.ts": "",
            "turbo.json": "",
            "Dockerfile": "",
            "a/package.json": "",
        },
    )

    assert report.problems == ()


def test_files_that_are_no_text(tmp_path: Path) -> None:
    report = report_of(
        tmp_path, {"app/page.ts": b"\x00\x01\x02", "app/korean.ts": "한글".encode("euc-kr")}
    )

    assert messages(report) == [
        "app/korean.ts: not read: not UTF-8 text (byte 0)",
        "app/page.ts: not read: binary, not text",
    ]


@pytest.mark.parametrize(
    "text", ["[]", "3", "{", '{"dependencies": []}', '{"name": {"a": [1,}', "\ufeff{}", "[" * 5000]
)
def test_odd_manifest(tmp_path: Path, text: str) -> None:
    report_of(
        tmp_path, {"other/package.json": text, "other/tsconfig.json": text, "turbo.json": text}
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_permission_denied(tmp_path: Path) -> None:
    write_tree(tmp_path, {"app/page.ts": "export {};\n"})
    (tmp_path / "app/page.ts").chmod(0)

    assert messages(report_of(tmp_path, {})) == ["app/page.ts: not read: Permission denied"]


def test_unreadable_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {"app/page.ts": "export {};\n"})
    opened = os.open

    def denied(path: Path | str, *arguments: int) -> int:
        if Path(path).name == "page.ts":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", denied)

    assert messages(report_of(tmp_path, {})) == ["app/page.ts: not read: Permission denied"]


def test_links(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write_tree(root, dict(BASE))
    write_tree(tmp_path, {"outside.ts": "export {};\n"})
    (root / "loop").symlink_to(root)
    (root / "self.ts").symlink_to(root / "self.ts")
    (root / "away.ts").symlink_to(tmp_path / "outside.ts")

    report = report_of(root, {})

    assert messages(report) == [
        "away.ts: not read: a link that leads out of the checkout",
        "self.ts: not read: a link that leads nowhere or in a circle",
    ]


def test_unreadable_folder_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {**BASE, "secret/x.ts": "export {};\n"})
    scan = os.scandir

    def denied(path: Path) -> object:
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", denied)

    assert discover(tmp_path).problems == (("secret", "cannot be listed: Permission denied"),)


def test_git_decides_what_is_listed(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {
            **BASE,
            ".gitignore": "ignored.ts\n",
            "ignored.ts": "",
            "new.ts": "",
            "node_modules/x.ts": "",
        },
    )
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "package.json"], check=True)

    listed = {str(path) for path in discover(tmp_path).paths}

    assert listed == {".gitignore", "new.ts", "next.config.mjs", "package.json"}
    assert {str(path) for path in discover(write_tree(tmp_path / "sub", {"a.ts": ""})).paths} == {
        "a.ts"
    }


def test_default_export_in_a_block_is_passed_over(tmp_path: Path) -> None:
    text = "{\n  export default { env: { A: 'a' } };\n}\n"
    report = run(write_tree(tmp_path, {**BASE, "next.config.mjs": text}), load_rules())

    assert not report.has_failed, [problem.detail for problem in report.problems]
