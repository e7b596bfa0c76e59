"""Which URL a file of ``app/`` or ``pages/`` answers, by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Final

from megalint.project.apps import App
from megalint.project.checkout import Checkout
from megalint.source import Source

PAGE_EXTENSIONS: Final = ("tsx", "ts", "jsx", "js")

_METADATA: Final = {
    "sitemap": "sitemap.xml",
    "robots": "robots.txt",
    "manifest": "manifest.webmanifest",
    "icon": "icon",
    "apple-icon": "apple-icon",
    "opengraph-image": "opengraph-image",
    "twitter-image": "twitter-image",
}
_SEGMENT: Final = re.compile(r"\[\[\.\.\.[^\]]+\]\]|\[\.\.\.[^\]]+\]|\[[^\]]+\]")
_PARTS: Final = frozenset(
    {
        "layout",
        "template",
        "loading",
        "error",
        "default",
        "not-found",
        "global-error",
        "forbidden",
        "unauthorized",
    }
)


@dataclass(frozen=True, slots=True)
class RouteFile:
    """A file with a role in routing.

    :attr:`kind` is page, handler, metadata, a part of the app router (layout, template, loading,
    error, default, not-found, ...), or of the pages router: pages-page, api, _app, _document,
    _error. :attr:`route` is the URL pattern in Next's notation, ``/events/[id]``.
    """

    app: App
    source: Source
    kind: str
    route: str

    @property
    def folder(self) -> PurePosixPath:
        """The folder that the file lies in."""
        return self.source.path.parent

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the dynamic segments, outermost first."""
        return tuple(re.findall(r"\[+(?:\.\.\.)?([^\]]+)\]+", self.route))

    @property
    def samples(self) -> tuple[str, ...]:
        """Paths that the route answers: one short, and one long where it takes several segments."""
        one = _SEGMENT.sub("x", self.route)
        return (one, f"{one}/y") if "[..." in self.route else (one,)

    def matches(self, path: str) -> bool:
        """Whether the route answers *path*."""
        return pattern_of(self.route).fullmatch(path) is not None

    def may_match(self, path: str) -> bool:
        """Whether the route may answer *path*, in which ``*`` stands for what is not known."""
        if "*" not in path:
            return self.matches(path)
        wanted = re.compile(".+".join(re.escape(part) for part in path.split("*")))
        return any(self.matches(path.replace("*", one)) for one in ("x", "x/y")) or any(
            wanted.fullmatch(sample) for sample in self.samples
        )


def route_files(
    checkout: Checkout, app: App, extensions: Sequence[str] = PAGE_EXTENSIONS
) -> Iterator[RouteFile]:
    """Yield the files of *app* that Next routes by, in path order."""
    if app.app_folder is not None:
        for source in checkout.below(app.app_folder):
            found = _app_file(app, source, source.path.relative_to(app.app_folder), extensions)
            if found is not None:
                yield found
    if app.pages_folder is not None:
        for source in checkout.below(app.pages_folder):
            found = _pages_file(app, source, source.path.relative_to(app.pages_folder), extensions)
            if found is not None:
                yield found


def _stem(name: str, extensions: Sequence[str]) -> str | None:
    """Return the file name without its page extension, or None when it has none."""
    for extension in sorted(extensions, key=len, reverse=True):
        if name.endswith(f".{extension}") and not name.endswith(".d.ts"):
            return name.removesuffix(f".{extension}")
    return None


def _app_file(
    app: App, source: Source, path: PurePosixPath, extensions: Sequence[str]
) -> RouteFile | None:
    stem = _stem(path.name, extensions)
    if stem is None or any(part.startswith("_") for part in path.parts[:-1]):
        return None
    route = app_route(path.parent)
    if stem == "page":
        return RouteFile(app, source, "page", route)
    if stem == "route":
        return RouteFile(app, source, "handler", route)
    if stem in _PARTS:
        return RouteFile(app, source, stem, route)
    name = (
        re.sub(r"\d+$", "", stem)
        if stem.startswith(("icon", "apple-icon", "opengraph-image", "twitter-image"))
        else stem
    )
    if name in _METADATA and (
        name not in {"robots", "manifest"} or path.parent == PurePosixPath(".")
    ):
        return RouteFile(app, source, "metadata", f"{route.rstrip('/')}/{_METADATA[name]}")
    return None


def app_route(folder: PurePosixPath) -> str:
    """Return the route of a folder of ``app/``: groups and slots leave no trace."""
    parts = []
    for part in folder.parts:
        if part.startswith("@") or (part.startswith("(") and part.endswith(")")):
            continue
        intercepted = re.match(r"(?:\(\.{1,3}\))+", part)
        parts.append(part[intercepted.end() :] if intercepted else part.replace("%5F", "_", 1))
    return "/" + "/".join(parts)


def _pages_file(
    app: App, source: Source, path: PurePosixPath, extensions: Sequence[str]
) -> RouteFile | None:
    stem = _stem(path.name, extensions)
    if stem is None:
        return None
    parts = (*path.parent.parts, stem)
    if parts[0] in {"_app", "_document", "_error", "404", "500"} and len(parts) == 1:
        kind = parts[0] if parts[0].startswith("_") else "pages-page"
        return RouteFile(app, source, kind, f"/{parts[0]}")
    if stem.startswith("_middleware"):
        return None
    route = "/" + "/".join(parts[:-1] if stem == "index" else parts)
    return RouteFile(app, source, "api" if parts[0] == "api" else "pages-page", route)


@cache
def pattern_of(route: str) -> re.Pattern[str]:
    """Return a pattern for the paths that *route* answers."""
    written = ""
    for part in route.strip("/").split("/") if route != "/" else []:
        if part.startswith("[[..."):
            written += "(?:/.*)?"
        elif part.startswith("[..."):
            written += "/.+"
        else:
            pieces = _SEGMENT.split(part)
            written += "/" + "[^/]+".join(re.escape(piece) for piece in pieces)
    return re.compile(f"{written}/?$")
