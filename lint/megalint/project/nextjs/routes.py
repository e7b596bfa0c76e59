"""Which URL a file of ``app/`` or ``pages/`` answers, by its name."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.project.apps import App
from megalint.project.checkout import Checkout
from megalint.project.nextjs.overlap import ANY, SEGMENT, Glob, Many, One, overlap
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
_INTERCEPTING: Final = re.compile(r"/\(\.{1,3}\)")
_KEEPS_EXTENSION_SINCE: Final = 16
"""With ``pageExtensions: ['page.tsx']``, ``robots.page.tsx`` answers at /robots.page since then."""
_METADATA_ID: Final = "__metadata_id__"
_GENERATES: Final = re.compile(r"\bgenerate(?:Sitemaps|ImageMetadata)\b")
_IMAGES: Final = ("icon", "apple-icon", "opengraph-image", "twitter-image")
_ONLY_IN_ROOT: Final = frozenset({"robots", "manifest"})
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


class RouteFile(Struct, frozen=True):
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
        """The names of the dynamic segments, outermost first; ids of generated images are none."""
        names = re.findall(r"\[+(?:\.\.\.)?([^\]]+)\]+", self.route)
        return tuple(name for name in names if name != _METADATA_ID)

    @property
    def is_intercepting(self) -> bool:
        """Whether only a navigation inside the app can lead here, never a request of its own."""
        return _INTERCEPTING.search(self.route) is not None

    @property
    def samples(self) -> tuple[str, ...]:
        """Paths that the route answers: one short, and one long where it takes several segments."""
        one = _SEGMENT.sub("x", self.route)
        return (one, f"{one}/y") if "[..." in self.route else (one,)

    def matches(self, path: str) -> bool:
        """Whether the route answers *path*."""
        return not self.is_intercepting and pattern_of(self.route).fullmatch(path) is not None

    def may_match(self, path: str) -> bool:
        """Whether the route may answer *path*, in which ``*`` stands for what is not known.

        A ``*`` that fills a segment is one segment or more; one that ends a segment may also be
        nothing, a query, or anything else that the path goes on with.
        """
        if "*" not in path:
            return self.matches(path)
        return not self.is_intercepting and overlap(_of_route(self.route), _of_path(path))


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
    name = _metadata_name(source, path, stem, app.major)
    if name is not None:
        return RouteFile(app, source, "metadata", f"{route.rstrip('/')}/{name}")
    return None


def _metadata_name(source: Source, path: PurePosixPath, stem: str, major: int) -> str | None:
    """Return the last part of the URL of a metadata file, or None when it is none."""
    kind = re.sub(r"\d$", "", stem) if stem.startswith(_IMAGES) else stem
    if kind not in _METADATA or (kind in _ONLY_IN_ROOT and path.parent.parts):
        return None
    if path.stem != stem and major >= _KEEPS_EXTENSION_SINCE:
        return path.stem
    is_many = _GENERATES.search(source.text) is not None
    if kind == "sitemap":
        return f"sitemap/[{_METADATA_ID}]" if is_many else _METADATA[kind]
    if kind in _ONLY_IN_ROOT:
        return _METADATA[kind]
    name = stem + _suffix(path.parent)
    return f"{name}/[{_METADATA_ID}]" if is_many else name


def _suffix(folder: PurePosixPath) -> str:
    """Return what keeps image files of several groups or slots apart: a hash of their folder."""
    if not any(part.startswith(("(", "@")) for part in folder.parts):
        return ""
    number = 5381
    for character in f"/{folder.as_posix()}":
        number = (number * 33 + ord(character)) & 0xFFFFFFFF
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = string.printable[digit] + digits
    return f"-{digits[:6]}"


def app_route(folder: PurePosixPath) -> str:
    """Return the route of a folder of ``app/``: groups and slots leave no trace.

    What intercepts other routes keeps its marker, ``/feed/(.)photo``, as in Next's manifests.
    """
    parts = (
        part.replace("%5F", "_")
        for part in folder.parts
        if not part.startswith("@") and not (part.startswith("(") and part.endswith(")"))
    )
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
    route = "/" + "/".join(parts[:-1] if stem == "index" else parts)
    is_api = route == "/api" or route.startswith("/api/")
    return RouteFile(app, source, "api" if is_api else "pages-page", route)


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


@cache
def _of_route(route: str) -> Glob:
    """Return the paths that *route* answers, for comparison with paths known in part."""
    glob: list[One | Many] = []
    for part in route.strip("/").split("/") if route != "/" else []:
        if part.startswith("[[..."):
            glob.append(Many(ANY))
        elif part.startswith("[..."):
            glob += [One("/"), One(SEGMENT), Many(ANY)]
        else:
            glob.append(One("/"))
            for index, piece in enumerate(_SEGMENT.split(part)):
                glob += [One(SEGMENT), Many(SEGMENT)] if index else []
                glob += [One(character) for character in piece]
    return tuple(glob)


def _of_path(path: str) -> Glob:
    """Return the paths that *path* may be: a ``*`` inside a segment ends what is known."""
    glob: list[One | Many] = []
    for part in path.strip("/").split("/"):
        glob.append(One("/"))
        known, star, _ = part.partition("*")
        glob += [One(character) for character in known]
        if star and part.strip("*"):
            return (*glob, Many(ANY))
        if star:
            glob += [One(SEGMENT), Many(ANY)]
    return tuple(glob)
