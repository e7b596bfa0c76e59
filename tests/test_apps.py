"""Apps, versions and imports are found as Next, npm and TypeScript find them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from megalint import Source
from megalint.languages.javascript.imports import imported
from megalint.project.apps import App, Bundler
from megalint.project.checkout import Checkout
from megalint.project.modules import Inside, Modules
from trees import MANIFEST, project_of

APP = {"app/page.tsx": "export default () => null;\n"}


def app_of(files: dict[str, str]) -> App:
    (app,) = project_of({**APP, **files}).each(App)
    return app


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        (
            "package-lock.json",
            '{"lockfileVersion": 3, "packages": {"node_modules/next": {"version": "15.1.2"}}}',
            "15.1.2",
        ),
        (
            "package-lock.json",
            '{"lockfileVersion": 1, "dependencies": {"next": {"version": "14.0.1"}}}',
            "14.0.1",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      next:\n        specifier: ^15\n        version: 15.3.0(react@19.0.0)\n\npackages:\n",
            "15.3.0",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: 5.4\n\ndependencies:\n  next: 13.5.6_react@18\n\ndevDependencies:\n",
            "13.5.6",
        ),
        (
            "yarn.lock",
            '# yarn lockfile v1\n\nnext@^15.0.0:\n  version "15.2.4"\n  resolved "x"\n',
            "15.2.4",
        ),
        (
            "yarn.lock",
            '"next@npm:^15.0.0":\n  version: 15.2.5\n  resolution: "next@npm:15.2.5"\n',
            "15.2.5",
        ),
        ("bun.lock", '{ "packages": { "next": ["next@16.0.1", "", {}, "x"], } }', "16.0.1"),
    ],
)
def test_version_comes_from_the_lock_file(name: str, text: str, version: str) -> None:
    manifest = MANIFEST % "^15.0.0"

    assert app_of({name: text, "package.json": manifest}).version == version


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("^15.1.0", "15.1.0"),
        ("~14.2", "14.2.0"),
        (">=16", "16.0.0"),
        ("latest", None),
        ("canary", None),
    ],
)
def test_version_is_the_least_of_the_range_without_lock_file(
    wanted: str, version: str | None
) -> None:
    assert app_of({"package.json": MANIFEST % wanted}).version == version


@pytest.mark.parametrize(
    ("version", "script", "bundler"),
    [
        ("14.2.0", "next build", Bundler.WEBPACK),
        ("15.5.0", "next build", Bundler.WEBPACK),
        ("15.5.0", "next build --turbopack", Bundler.TURBOPACK),
        ("16.0.0", "next build", Bundler.TURBOPACK),
        ("16.0.0", "next build --webpack", Bundler.WEBPACK),
    ],
)
def test_bundler_follows_version_and_script(version: str, script: str, bundler: Bundler) -> None:
    manifest = (MANIFEST % version).replace("next build", script)

    assert app_of({"package.json": manifest}).bundler is bundler


def test_a_library_is_no_app() -> None:
    manifest = '{ "name": "ui", "peerDependencies": { "next": "15" }, "devDependencies": { "next": "15.5.9" } }'

    assert list(project_of({"package.json": manifest, "src/button.tsx": ""}).each(App)) == []


def test_app_folder_in_the_root_hides_the_one_in_src() -> None:
    assert app_of({"src/app/page.tsx": ""}).app_folder == PurePosixPath("app")


FILES = {
    "package.json": '{ "name": "root", "workspaces": ["packages/*"], "imports": { "#x": "./src/x.ts" } }',
    "tsconfig.json": '{ // base\n "extends": "./tsconfig.base.json", }',
    "tsconfig.base.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"], "exact": ["./src/x.ts"] } } }',
    "src/a.ts": "",
    "src/x.ts": "",
    "src/written.ts": "",
    "src/folder/index.tsx": "",
    "src/data.json": "{}",
    "packages/ui/package.json": '{ "name": "@s/ui", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" }, "./*": "./src/*.ts" } }',
    "packages/ui/src/index.ts": "",
    "packages/ui/src/button.ts": "",
    "packages/main/package.json": '{ "name": "main-only", "main": "lib/main.js" }',
    "packages/main/lib/main.js": "",
}


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("./x", "src/x.ts"),
        ("./written.js", "src/written.ts"),
        ("./folder", "src/folder/index.tsx"),
        ("./data.json", "src/data.json"),
        ("../src/x", "src/x.ts"),
        ("@/x", "src/x.ts"),
        ("exact", "src/x.ts"),
        ("src/x", "src/x.ts"),
        ("#x", "src/x.ts"),
        ("@s/ui", "packages/ui/src/index.ts"),
        ("@s/ui/button", "packages/ui/src/button.ts"),
        ("main-only", "packages/main/lib/main.js"),
        ("react", None),
        ("./missing", None),
        ("../../outside", None),
    ],
)
def test_imports_resolve(specifier: str, expected: str | None) -> None:
    modules = Modules(Checkout(Source(PurePosixPath(path), text) for path, text in FILES.items()))

    found = modules.resolve(specifier, PurePosixPath("src/a.ts"))

    assert (str(found.source.path) if isinstance(found, Inside) else None) == expected


def test_imports_are_found_without_a_parser() -> None:
    text = "import a from 'a';\nimport type { T } from 't';\nexport * from \"b\";\n// import 'c'\nconst d = require('d'), e = await import(`e`);\nimport {\n  f,\n} from 'f';\nimport 'g';\n"

    assert imported(text) == ("a", "b", "d", "e", "f", "g")
