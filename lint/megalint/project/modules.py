"""Which file of the checkout an import names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from megalint.formats import jsonc
from megalint.formats.jsonc import Json
from megalint.languages.javascript.imports import imported
from megalint.project.checkout import Checkout
from megalint.project.workspaces import workspaces_of
from megalint.source import Source

EXTENSIONS: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json")
_WRITTEN_FOR: Final = {
    ".js": (".ts", ".tsx", ".jsx"),
    ".jsx": (".tsx",),
    ".mjs": (".mts",),
    ".cjs": (".cts",),
}
_CONDITIONS: Final = (
    "source",
    "development",
    "react-server",
    "import",
    "module",
    "require",
    "node",
    "default",
    "types",
)
_BUILT: Final = frozenset({"dist", "build", "lib", "out", "es", "esm", "cjs"})
MAX_EXTENDS: Final = 8
_BUILTIN: Final = frozenset(
    (
        *("assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants"),
        *("crypto", "dgram", "dns", "domain", "events", "fs", "http", "http2", "https"),
        *("inspector", "module", "net", "os", "path", "perf_hooks", "process", "punycode"),
        *("querystring", "readline", "repl", "stream", "string_decoder", "timers", "tls", "tty"),
        *("url", "util", "v8", "vm", "worker_threads", "zlib"),
    )
)
"""Node's own modules, which no package of that name hides."""


class Inside(Struct, frozen=True):
    """A file of the checkout."""

    source: Source


class Outside(Struct, frozen=True):
    """A package that is installed, or a file that is not in the checkout."""

    name: str


Resolved = Inside | Outside


class _Paths(Struct, frozen=True):
    """``paths`` and ``baseUrl`` of a tsconfig, targets relative to the checkout."""

    base: PurePosixPath | None
    patterns: tuple[tuple[str, tuple[PurePosixPath, ...]], ...]


_NO_PATHS: Final = _Paths(None, ())


class Modules:
    """Resolves the imports of one checkout; every answer is kept."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._resolved: dict[tuple[str, PurePosixPath], Resolved] = {}
        self._imports: dict[Source, tuple[Source, ...]] = {}
        self._paths: dict[PurePosixPath, _Paths] = {}
        self._workspaces = workspaces_of(checkout)

    def resolve(self, specifier: str, importer: PurePosixPath) -> Resolved:
        """Return what *specifier* names in the file *importer*."""
        key = (specifier, importer.parent)
        if key not in self._resolved:
            found = self._find(specifier.partition("?")[0], importer)
            self._resolved[key] = Outside(specifier) if found is None else Inside(found)
        return self._resolved[key]

    def imports(self, source: Source) -> tuple[Source, ...]:
        """Return the files of the checkout that *source* imports."""
        if source not in self._imports:
            names = () if source.path.suffix == ".json" else source.ask(imported)
            found = (self.resolve(name, source.path) for name in names)
            self._imports[source] = tuple(one.source for one in found if isinstance(one, Inside))
        return self._imports[source]

    def _find(self, specifier: str, importer: PurePosixPath) -> Source | None:
        if specifier.startswith("."):
            return self._file(_joined(importer.parent, specifier))
        return (
            self._by_paths(specifier, importer.parent)
            or self._by_imports_map(specifier, importer.parent)
            or self._in_package(specifier, importer.parent)
        )

    # --- files -----------------------------------------------------------------------------

    def _file(self, path: PurePosixPath | None) -> Source | None:
        """Return the file that *path* stands for, as bundlers look for it."""
        if path is None:
            return None
        for candidate in _candidates(path):
            source = self._checkout.at(candidate)
            if source is not None:
                return source
        manifest = self._checkout.get(path / "package.json")
        if manifest is not None:
            main = self._checkout.parsed(manifest, jsonc.parse).text("main")
            return self._target(path, f"./{main}") if main else None
        return None

    # --- tsconfig --------------------------------------------------------------------------

    def _by_paths(self, specifier: str, folder: PurePosixPath) -> Source | None:
        paths = self._paths_of(folder)
        for pattern, targets in paths.patterns:
            middle = _matched(pattern, specifier)
            for target in targets if middle is not None else ():
                path = PurePosixPath(str(target).replace("*", middle or "", 1))
                found = self._file(_joined(PurePosixPath(), str(path)))
                if found is not None:
                    return found
        return None if paths.base is None else self._file(_joined(paths.base, specifier))

    def _paths_of(self, folder: PurePosixPath) -> _Paths:
        if folder not in self._paths:
            self._paths[folder] = self._nearest_paths(folder)
        return self._paths[folder]

    def _nearest_paths(self, folder: PurePosixPath) -> _Paths:
        for name in ("tsconfig.json", "jsconfig.json"):
            source = self._checkout.get(folder / name)
            if source is not None:
                return self._read_paths(source, 0)
        return _NO_PATHS if folder == folder.parent else self._paths_of(folder.parent)

    def _read_paths(self, source: Source, depth: int) -> _Paths:
        config = self._checkout.parsed(source, jsonc.parse)
        folder = source.path.parent
        written = config.text("compilerOptions", "baseUrl")
        base = None if written is None else _joined(folder, written)
        mapping = config.items("compilerOptions", "paths")
        inherited = self._extended(config, folder, depth)
        if not mapping:
            return _Paths(base or inherited.base, inherited.patterns)
        root = base or (inherited.base if written is None else None) or folder
        found = []
        for pattern, targets in mapping.items():
            texts = (one.value for one in targets.value) if isinstance(targets.value, tuple) else ()
            paths = [
                _joined(root, text.replace("${configDir}", "."))
                for text in texts
                if isinstance(text, str)
            ]
            found.append((pattern, tuple(path for path in paths if path is not None)))
        found.sort(key=lambda one: ("*" in one[0], -len(one[0].partition("*")[0])))
        return _Paths(base or inherited.base, tuple(found))

    def _extended(self, config: Json, folder: PurePosixPath, depth: int) -> _Paths:
        single = config.text("extends")
        names = (single,) if single else config.texts("extends")
        for name in reversed(names):
            source = self._tsconfig(name, folder)
            if source is not None and depth < MAX_EXTENDS:
                found = self._read_paths(source, depth + 1)
                if found != _NO_PATHS:
                    return found
        return _NO_PATHS

    def _tsconfig(self, name: str, folder: PurePosixPath) -> Source | None:
        if name.startswith("."):
            path = _joined(folder, name)
        else:
            package, rest = _split(name)
            found = self._workspaces.find(package, folder)
            path = None if found is None else _joined(found.path, rest or "tsconfig.json")
        if path is None:
            return None
        return self._checkout.get(path) or self._checkout.get(path.with_name(f"{path.name}.json"))

    # --- packages --------------------------------------------------------------------------

    def _by_imports_map(self, specifier: str, folder: PurePosixPath) -> Source | None:
        if not specifier.startswith("#"):
            return None
        for parent in (folder, *folder.parents):
            source = self._checkout.get(parent / "package.json")
            if source is not None:
                imports = self._checkout.parsed(source, jsonc.parse).get("imports")
                return None if imports is None else self._by_map(parent, imports, specifier)
        return None

    def _in_package(self, specifier: str, folder: PurePosixPath) -> Source | None:
        name, rest = _split(specifier)
        package = None if name in _BUILTIN else self._workspaces.find(name, folder)
        if package is None:
            return None
        manifest = package.manifest.json
        exports = manifest.get("exports")
        if exports is not None:
            found = self._by_map(package.path, exports, f"./{rest}" if rest else ".")
            if found is not None:
                return found
        if rest:
            return self._target(package.path, f"./{rest}")
        for field in ("source", "module", "main", "types"):
            main = manifest.text(field)
            found = self._target(package.path, main) if main else None
            if found is not None and found.path.suffix != ".json":
                return found
        return self._file(package.path / "src" / "index") or self._file(package.path / "index")

    def _by_map(self, folder: PurePosixPath, mapping: Json, key: str) -> Source | None:
        """Look *key* up in ``exports`` or ``imports``."""
        if not isinstance(mapping.value, dict) or not any(one[:1] in ".#" for one in mapping.value):
            return self._by_conditions(folder, mapping, "") if key == "." else None
        for pattern, target in sorted(mapping.value.items(), key=lambda one: -len(one[0])):
            middle = _matched(pattern, key)
            if middle is not None:
                found = self._by_conditions(folder, target, middle)
                if found is not None:
                    return found
        return None

    def _by_conditions(self, folder: PurePosixPath, target: Json, middle: str) -> Source | None:
        if isinstance(target.value, str):
            return self._target(folder, target.value.replace("*", middle))
        if isinstance(target.value, tuple):
            options: list[Json] = list(target.value)
        elif isinstance(target.value, dict):
            options = [target.value[name] for name in _CONDITIONS if name in target.value]
        else:
            return None
        for option in options:
            found = self._by_conditions(folder, option, middle)
            if found is not None:
                return found
        return None

    def _target(self, folder: PurePosixPath, target: str) -> Source | None:
        """Return the file, or for built output the source that it is probably built from."""
        path = _joined(folder, target)
        if path is None:
            return None
        found = self._file(path)
        if found is not None and not found.path.name.endswith(".d.ts"):
            return found
        inner = path.relative_to(folder).parts if path.is_relative_to(folder) else ()
        while inner and inner[0] in _BUILT:
            inner = inner[1:]
        if not inner:
            return None
        bare = PurePosixPath(*inner)
        name = bare.name
        for ending in (".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs"):
            name = name.removesuffix(ending)
        bare = bare.with_name(name) if name else bare
        return self._file(folder / "src" / bare) or self._file(folder / bare)


def modules_of(checkout: Checkout) -> Modules:
    """Return the resolver of *checkout*; there is one, and it keeps its answers."""
    return checkout.view(Modules)


def _candidates(path: PurePosixPath) -> Iterator[str]:
    whole, suffix = str(path), path.suffix
    yield whole
    for extension in _WRITTEN_FOR.get(suffix, ()):
        yield whole.removesuffix(suffix) + extension
    if path.name:
        for extension in EXTENSIONS:
            yield whole + extension
    for extension in EXTENSIONS[:-1]:
        yield f"{whole}/index{extension}" if path.name else f"index{extension}"


def _joined(folder: PurePosixPath, relative: str) -> PurePosixPath | None:
    """Return *relative* seen from *folder*, or None when it leaves the checkout."""
    parts = list(folder.parts)
    for part in PurePosixPath(relative).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {".", "/"}:
            parts.append(part)
    return PurePosixPath(*parts)


def _matched(pattern: str, specifier: str) -> str | None:
    """Return what the star of *pattern* stands for in *specifier*, or None."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == specifier else None
    fits = specifier.startswith(before) and specifier.endswith(after)
    if not fits or len(specifier) < len(before) + len(after):
        return None
    return specifier[len(before) : len(specifier) - len(after)]


def _split(specifier: str) -> tuple[str, str]:
    """Return the package of a specifier and the path inside it."""
    count = 2 if specifier.startswith("@") else 1
    parts = specifier.split("/")
    return "/".join(parts[:count]), "/".join(parts[count:])
