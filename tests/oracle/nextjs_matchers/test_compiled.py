"""Matchers compile to the regular expressions of Next's own analysis, and match the same paths."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pytest

from megalint import Source
from megalint.languages.javascript.regexp import Regexp
from megalint.project.apps import App, Bundler
from megalint.project.nextjs.facts import AppConfig
from megalint.project.nextjs.matchers import compiled
from oracle.npm import installed

SCRIPT: Final = Path(__file__).parent / "compile.js"
SOURCES: Final = [
    "/", "/index", "/about", "/About", "/about/", "/about/team", "/api", "/favicon.ico", "/_next/:path*",
    "/:path", "/:path*", "/:path+", "/:path?", "/(.*)", "/(.*)*", "/(.+)", "/:path(.*)", "/:path(.+)?",
    "/:a/:b", "/:a/:b?", "/:a/:b*", "/:a-:b", "/:a.:b", "/:file.:ext", "/:file.:ext?", "/perf:rest", "/@:user", "/~:user",
    "/about/:path*", "/about/:path+", "/about/:path?", "/api/:path*", "/api/(.*)", "/api(.*)", "/api/:path*/edit",
    "/deep/:a/:b/:c*", "/:a*/:b*", "/(.*)/settings", "/u/:id/(edit|new)", "/(foo)", "/(foo|bar)/baz",
    "/(api|trpc)(.*)", "/:locale(en|de)/:path*", "/:lang(ko|ja)?", "/:a(x|y)+", "/:a(x|y)*/z", "/:slug([a-z]{2,3})",
    "/dashboard/:id(\\d+)", "/x/(\\d+)", "/x/(\\w+)/y", "/x/([^/]+)", "/x/(\\d{1,3})", "/:p(.*\\.png)", "/images/:path*.png",
    "/((?!api|_next/static|_next/image|favicon.ico).*)", "/((?!_next|api).*)", "/((?!.*\\..*|_next).*)",
    "/((?!.+\\.[\\w]+$|_next).*)", "/((?!about$|about/).*)", "/((?!.*\\.png$).*)", "/((?!login).*)",
    "/((?!api/|_next/static/|_next/image/|favicon.ico$).*)", "/:path((?!a).*)", "/((?!_next)(?!api).*)",
    "/((?<!x)about)", "/a{/b}?/c", "/{:a}?", "/w{-:a}?", "/{a}+", "/x{/:a}*", "/{p-:a-s}*", "/:a{.json}?",
    "/a.b", "/a-b_c~d", "/a%20b", "/a b", "/[x]", "/$x", "/a\\:b", "/a\\(b\\)", "/a\\+b", "/공연/:id", "/%EA%B3%B5",
    "/a+b", "/a*", "/a?", "/a(?:b)c", "/:", "/a(", "/a)", "/{a", "/a}", "/{a{b}}", "/(a(b))", "/()", "/(?a)", "/([b-a])", "/(\\)", "/:a:a",
    "/:한글", "/((?!))", "/(a{2,1})", "/(a**)", "/x#y", "/x/:a\\.txt", "/v:version", "/:path*/",
]  # fmt: skip
PATHS: Final = [
    "/", "/index", "/about", "/about/", "/about/team", "/api", "/api/health", "/api/a/edit", "/_next/static/chunks/main.js",
    "/_next/data/b/about.json", "/_next/image", "/favicon.ico", "/p.png", "/images/a/b.png", "/en/x", "/de", "/docs", "/docs/about",
    "/performances", "/dashboard/12", "/x/12/y", "/foo/baz", "/공연/1", "/%EA%B3%B5", "/a/b/c", "/a%20b", "/abc.rsc", "/w-1", "/@me",
]  # fmt: skip
OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "basePath": {"basePath": "/docs"},
    "i18n": {"i18n": {"locales": ["en", "de"], "defaultLocale": "en"}},
    "trailingSlash": {"trailingSlash": True},
    "all": {
        "basePath": "/docs",
        "trailingSlash": True,
        "i18n": {"locales": ["en", "de"], "defaultLocale": "en"},
    },
}


def config_of(major: int, options: dict[str, Any], bundler: Bundler = Bundler.WEBPACK) -> AppConfig:
    manifest = Source(PurePosixPath("package.json"), "{}")
    app = App(PurePosixPath(), "web", manifest, f"{major}.0.0", bundler, None, None, None)
    base_path = options.get("basePath", "")
    locales = tuple(options.get("i18n", {}).get("locales", ()))
    is_slashed = options.get("trailingSlash", False)
    return AppConfig(
        app, None, base_path, (), locales, ".next", False, is_slashed, None, None, True
    )


def run(script: Path, *arguments: object) -> Any:
    """Return what *script* prints about *arguments*."""
    done = subprocess.run(
        ["node", str(script)],
        input=json.dumps(arguments),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("major", [14, 15, 16])
@pytest.mark.parametrize("name", OPTIONS)
def test_matchers_compile_as_in_next(major: int, name: str) -> None:
    home = installed(f"next-{major}")
    options = {"basePath": "", **OPTIONS[name]}
    wanted = run(SCRIPT, str(home), SOURCES, options, PATHS)

    differing = []
    for source, one in zip(SOURCES, wanted, strict=True):
        said = compiled(source, config_of(major, options))
        hits = [] if said is None else [path for path in PATHS if Regexp(said).test(path)]
        if (said, hits) != (one["regexp"], one["hits"]):
            differing.append((source, one, said, hits))

    assert differing == []


@pytest.mark.parametrize("major", [14, 15, 16])
def test_locale_false_leaves_the_locale_out(major: int) -> None:
    home = installed(f"next-{major}")
    options = {"basePath": "", **OPTIONS["i18n"]}
    sources = ["/", "/about", "/:path*"]
    wanted = run(
        SCRIPT, str(home), [{"source": one, "locale": False} for one in sources], options, []
    )

    said = [compiled(one, config_of(major, options), has_locale=False) for one in sources]

    assert said == [one["regexp"] for one in wanted]
