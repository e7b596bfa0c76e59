"""Where the checkout lies on the image, so that a folder there is an app here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct, field

from megalint.formats import package_json, turbo
from megalint.project.apps import App
from megalint.project.checkout import Checkout
from megalint.project.launches.image import Scripts, Task
from megalint.project.launches.options import Options
from megalint.text import Text

_LEAST_DEPTH: Final = 2
_ROOT: Final = PurePosixPath()
_INSTALLS: Final = re.compile(
    r"(?:apt(?:-get)?|yum|dnf|apk|amazon-linux-extras)\b[^\n]*\b(?:nodejs|npm)\b"
    r"|nodesource|/usr/(?:local/)?bin/(?:node|npm|pm2)\b|npm\s+(?:i|install)\s+(?:-g|--global)"
)


class Placement(Struct, frozen=True):
    """A checkout and the folder of the image in which it lies, None where that is not said.

    :attr:`written` are files that a workflow puts into the checkout before it becomes an image.
    """

    checkout: Checkout
    apps: tuple[App, ...]
    root: str | None = None
    written: Mapping[PurePosixPath, Text] = field(default_factory=dict[PurePosixPath, Text])

    def scripts(self, *, has_node: bool) -> Scripts:
        """Return what the machine may ask of the checkout."""
        return Scripts(self.text_at, self.package, self.tasks, has_node)

    def path_of(self, path: str) -> PurePosixPath | None:
        """Return the file or folder of the checkout that lies at *path* of the image."""
        parts = PurePosixPath(path).parts[1:]
        if self.root is not None:
            top = PurePosixPath(self.root).parts[1:]
            inside = parts[: len(top)] == top
            return PurePosixPath(*parts[len(top) :]) if inside else None
        for start in range(1, len(parts)):
            rest = PurePosixPath(*parts[start:])
            if len(rest.parts) > 1 and self._holds(rest):
                return rest
        return self._at_root(parts)

    def _at_root(self, parts: tuple[str, ...]) -> PurePosixPath | None:
        """Return a file of the checkout's own folder: where that is the only app."""
        if len(parts) <= _LEAST_DEPTH - 1 or not parts:
            return None
        rest = PurePosixPath(parts[-1])
        is_alone = len(self.apps) == 1 and self.apps[0].path == _ROOT
        return rest if is_alone and self._holds(rest) else None

    def _holds(self, path: PurePosixPath) -> bool:
        return self.checkout.holds(path) or path in self.written

    def text_at(self, path: str) -> Text | None:
        """Return the file of the checkout that lies at *path* of the image."""
        found = self.path_of(path)
        if found is None:
            return None
        source = self.checkout.get(found)
        return self.written.get(found) if source is None else Text.of(source)

    def app_at(self, cwd: str | None) -> App | None:
        """Return the app whose folder *cwd* is, or lies in."""
        if cwd is None or cwd == "/":
            return None
        for folder in (cwd, *map(str, PurePosixPath(cwd).parents[:-1])):
            found = self.path_of(f"{folder}/package.json")
            if found is not None:
                at = next((one for one in self.apps if one.path == found.parent), None)
                if at is not None or found.parent.parts:
                    return at
        return None

    def package(self, name: str, cwd: str) -> Text | None:
        """Return the folder on the image of the package called *name*."""
        plain = name.strip("{}").removesuffix("...").removeprefix("...").removeprefix("./")
        for source in self.checkout.named("package.json"):
            folder = source.path.parent
            manifest = self.checkout.parsed(source, package_json.parse)
            if manifest.name == plain or str(folder) == plain:
                return Text.literal(f"{self._top(cwd)}/{folder}")
        return None

    def _top(self, cwd: str) -> str:
        """Return the folder of the image that the whole checkout lies in, seen from *cwd*."""
        if self.root is not None:
            return self.root
        found = self.path_of(f"{cwd.rstrip('/')}/package.json")
        above = found.parent.parts if found is not None else ()
        parts = PurePosixPath(cwd).parts
        return str(PurePosixPath(*parts[: len(parts) - len(above)]))

    # --- turbo -----------------------------------------------------------------------------

    def tasks(self, task: str, cwd: str, read: Options) -> Iterator[Task]:
        """Yield where turbo runs *task*, and which variables it lets through."""
        root = self._turbo(_ROOT)
        filters = [one.flat for one in read.all("--filter", "-F")]
        modes = [one.flat for one in read.all("--env-mode")]
        for source in self.checkout.named("package.json") if root is not None else ():
            manifest = self.checkout.parsed(source, package_json.parse)
            script = manifest.script(task)
            folder = source.path.parent
            is_chosen = not filters or any(
                _matches(one, manifest.name or "", folder) for one in filters
            )
            if script is None or not folder.parts or not is_chosen or root is None:
                continue
            definition = root.task(task, manifest.name or "", self._turbo(folder))
            passes = _all if definition is None or "loose" in modes else definition.passes
            yield f"{self._top(cwd)}/{folder}", Text.at(script.location), passes

    def _turbo(self, folder: PurePosixPath) -> turbo.Turbo | None:
        names = ("turbo.json", "turbo.jsonc")
        found = next(filter(None, (self.checkout.get(folder / name) for name in names)), None)
        return None if found is None else self.checkout.parsed(found, turbo.parse)


def _all(name: str) -> bool:
    return True


def _matches(text: str, name: str, folder: PurePosixPath) -> bool:
    plain = text.removesuffix("...").removeprefix("./")
    return plain in {name, str(folder)} or plain.strip("{}") in {name, str(folder)}


def has_node(texts: Iterable[str]) -> bool:
    """Whether a script installs node for every user."""
    return any(_INSTALLS.search(text) for text in texts)
