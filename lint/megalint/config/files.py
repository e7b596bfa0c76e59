"""Find the configuration files of a run, and make of them what holds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from posixpath import normpath

from msgspec.structs import replace

from megalint import files
from megalint.config.globs import idle_globs
from megalint.config.kinds import seconds
from megalint.config.mistakes import IdleGlob
from megalint.config.model import OFF, Config, Image, Level, Recovery, Regions, Scope, Service
from megalint.config.reading import HERE, Layer, read
from megalint.finding import Severity
from megalint.names import OWN_FILE, SHARED_FILE, ConfigError
from megalint.source import MAX_BYTES, Source


def find(folder: Path) -> Path | None:
    """Return the configuration file in *folder*, or None.

    A pyproject.toml behind a link out of *folder* is not looked into.
    """
    own = folder / OWN_FILE
    if own.is_file():
        return own
    shared = folder / SHARED_FILE
    try:
        files.inside(shared, folder.resolve())
        text = files.content(shared, MAX_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return None
    return shared if _is_ours(text) else None


def is_root(folder: Path) -> bool:
    """Whether the configuration in *folder* says that it is the root; one with faults does not."""
    path = find(folder)
    try:
        if path is None:
            return False
        files.inside(path, folder.resolve())
        return bool(read(_source(path, folder)).get("root"))
    except (ConfigError, ValueError):
        return False


def load(path: Path, root: Path | None = None) -> Config:
    """Read the configuration of the run at *root* from *path*, which lies there if not told.

    Raises :class:`ConfigError` for what cannot be read; what can be but is wrong is among the
    mistakes of the result.
    """
    return _with(Config(), read(_source(path, root or path.parent)))


def completed(
    config: Config, paths: Iterable[PurePosixPath], text_of: Callable[[PurePosixPath], str | None]
) -> Config:
    """Return what holds when the files of a checkout are known, its nested configurations read.

    *paths* are all files, *text_of* reads one of them. Nested files are those that no outer one
    excludes. To be called once, with what :func:`load` returned.
    """
    listed = tuple(paths)
    taken = {HERE}
    for path in _candidates(listed) if config.has_nested else ():
        if path.parent in taken or config.excludes(path):
            continue
        text = text_of(path)
        if text is not None and (path.name == OWN_FILE or _is_ours(text)):
            taken.add(path.parent)
            config = _with(config, read(Source(path, text), path.parent, is_root=False))
    return relisted(config, listed)


def relisted(config: Config, paths: Iterable[PurePosixPath]) -> Config:
    """Return *config* with the mistakes that its globs are when *paths* are all files."""
    others = (one for one in config.mistakes if not isinstance(one, IdleGlob))
    return replace(config, mistakes=(*others, *idle_globs(config.layers, tuple(paths))))


def _candidates(paths: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    """Return what may be a configuration, outer ones first; of one folder ours comes first."""
    named = (path for path in paths if path.name in {OWN_FILE, SHARED_FILE})
    return sorted(named, key=lambda path: (len(path.parts), path))


def _is_ours(text: str) -> bool:
    """Whether a pyproject.toml holds a table of ours."""
    return "[tool.megalint" in text


def _source(path: Path, root: Path) -> Source:
    """Return the text of the file; raises :class:`ConfigError`."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start})") from error
    return Source(PurePosixPath(Path(os.path.relpath(path, root)).as_posix()), text)


def rewritten(
    config: Config, texts: Mapping[Source, str], paths: Iterable[PurePosixPath]
) -> Config:
    """Return what holds when *texts* are those of configuration files; *paths* are all files.

    What the command line says of *config* stays. Raises :class:`ConfigError`.
    """
    if not any(source in texts for source in config.sources):
        return config
    new = replace(config, services=(), scopes=(), layers=(), mistakes=())
    for layer in config.layers:
        source = Source(layer.source.path, texts.get(layer.source, layer.source.text))
        new = _with(new, read(source, layer.folder, is_root=layer.folder == HERE))
    return relisted(replace(new, fail_on=config.fail_on), paths)


def _with(config: Config, layer: Layer) -> Config:
    """Return *config* with what one more file says; the root's comes first."""
    config = replace(
        config,
        services=(*config.services, *_services(layer)),
        scopes=(*config.scopes, _scope(layer)),
        layers=(*config.layers, layer),
        mistakes=(*config.mistakes, *layer.mistakes),
    )
    if layer.folder != HERE:
        return config
    return replace(
        config,
        regions=Regions(layer.get("regions", "primary"), layer.get("regions", "recovery")),
        recovery=Recovery(_seconds(layer, "rto"), _seconds(layer, "boot")),
        fail_on=layer.values.get(("fail-on",)),
        image=Image(layer.get("image", "os"), layer.get("image", "root")),
        placeholders=layer.get("placeholders", "tokens"),
    )


def _seconds(layer: Layer, name: str) -> int | None:
    written = layer.get("recovery", name)
    return None if written is None else seconds(written)


def _scope(layer: Layer) -> Scope:
    return Scope(
        layer.folder,
        layer.get("exclude"),
        {name: severity(level) for name, level in layer.below("rules")},
        tuple((glob, layer.get("per-path", glob, "ignore")) for glob in layer.names("per-path")),
        layer.get("root"),
    )


def severity(level: str | bool) -> Level:
    """Return the level that a configuration calls *level*."""
    return OFF if level in {OFF, False} else Severity[str(level).upper()]


def _services(layer: Layer) -> Iterator[Service]:
    for name in layer.names("services"):
        app = layer.get("services", name, "app")
        yield Service(
            name,
            "" if app is None else normpath((layer.folder / app).as_posix()),
            layer.get("services", name, "process"),
            layer.get("services", name, "require"),
            layer.get("services", name, "channels"),
            layer.get("services", name, "standalone"),
        )
