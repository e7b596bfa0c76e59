"""Matchers compile to the regular expressions that Next's own analysis makes of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import PurePosixPath
from typing import Any

import pytest

from megalint import Source
from megalint.project.apps import App, Bundler
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.matchers import compiled
from megalint.project.nextjs.path_to_regexp import python_pattern
from oracle.npm import installed

SOURCES = [
    "/", "/:path*", "/:path+", "/:path?", "/:path", "/:a/:b", "/about", "/about/:path*", "/api/(.*)", "/(.*)",
    "/((?!api|_next/static|_next/image|favicon.ico).*)", "/((?!_next|api).*)", "/((?!.*\\..*|_next).*)",
    "/(api|trpc)(.*)", "/((?!.+\\.[\\w]+$|_next).*)", "/dashboard/:id(\\d+)", "/perf:rest", "/:locale(en|de)/:path*",
    "/api/:path*/edit", "/((?!about$|about/).*)", "/a.b", "/a-b_c~d", "/x/:y.json", "/:file.:ext", "/a{/b}?/c",
    "/공연/:id", "/a%20b", "/a+b", "/[x]", "/:a(x|y)+", "/:a(x|y)*/z", "/deep/:a/:b/:c*", "/:slug([a-z]{2,3})",
    "/(foo)", "/(foo|bar)/baz", "/a(?:b)c", "/:p(.*\\.png)", "/images/:path*.png", "/v:version", "/:a-:b", "/@:user",
    "/((?!login).*)", "/(.*)/settings", "/blog/:slug*", "/_next/:path*", "/favicon.ico", "/About", "/docs/", "/:a.:b?",
    "/((?!api/|_next/static/|_next/image/|favicon.ico$).*)", "/((?!.*\\.png$).*)", "/x/(\\d+)", "/x/(\\w+)/y",
    "/:path(.*)", "/:path((?!a).*)", "/u/:id/(edit|new)", "/:lang(ko|ja)?", "/s/:q*", "/t/:q+", "/{:a}?", "/w{-:a}?",
]  # fmt: skip
PATHS = [
    "/",
    "/about",
    "/api",
    "/api/health",
    "/_next/static/x.js",
    "/favicon.ico",
    "/about/team",
    "/en/x",
    "/a.b",
    "/x/12",
    "/p.png",
    "/공연/1",
    "/docs/a",
    "/login",
    "/blog/a/b",
]

SCRIPT = """
const { getMiddlewareMatchers } = require(process.argv[1] + '/node_modules/next/dist/build/analysis/get-page-static-info');
process.exit = () => { throw new Error('refused'); };
const [sources, options, paths] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(sources.map((source) => {
  try {
    const [one] = getMiddlewareMatchers([source], options);
    return { regexp: one.regexp, hits: paths.filter((path) => new RegExp(one.regexp).test(path)) };
  } catch (error) {
    return { regexp: null, hits: [] };
  }
})));
"""


def config(major: int, base_path: str, locales: tuple[str, ...]) -> AppConfig:
    manifest = Source(PurePosixPath("package.json"), "{}")
    app = App(PurePosixPath(), "web", manifest, f"{major}.0.0", Bundler.WEBPACK, None, None, None)
    return AppConfig(app, None, base_path, (), locales, ".next", False, False, None, None, True)


@pytest.mark.parametrize("major", [14, 15, 16])
@pytest.mark.parametrize(("base_path", "locales"), [("", ()), ("/docs", ()), ("", ("en", "de"))])
def test_matchers_compile_as_next_does(
    major: int, base_path: str, locales: tuple[str, ...]
) -> None:
    home = installed(f"next-{major}")
    options: dict[str, Any] = {"basePath": base_path}
    if locales:
        options["i18n"] = {"locales": list(locales), "defaultLocale": locales[0]}
    arguments = json.dumps([SOURCES, options, PATHS])
    done = subprocess.run(
        ["node", "-e", SCRIPT, str(home), arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

    differing = []
    for source, wanted in zip(SOURCES, json.loads(done.stdout), strict=True):
        said = compiled(source, config(major, base_path, locales))
        pattern = None if said is None else python_pattern(said)
        hits = [] if pattern is None else [path for path in PATHS if pattern.search(path)]
        if (said, hits) != (wanted["regexp"], wanted["hits"]):
            differing.append((source, wanted, said, hits))

    assert differing == []
