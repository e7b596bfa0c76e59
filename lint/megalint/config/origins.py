"""Where each value that holds comes from: a file, the environment, the command line, nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec import Struct

from megalint.config.model import OFF, Config, level_in
from megalint.config.reading import HERE, Layer, name_of
from megalint.config.settings import ANY, SETTINGS, Setting
from megalint.finding import Severity

INHERITED: Final = ("exclude", "rules", "per-path")
"""What a file passes on to those in folders below."""


class Origin(Struct, frozen=True):
    """Where a value comes from: a line of a file, a variable, the command line, or nowhere.

    :attr:`kind` is ``default``, ``file``, ``environment`` or ``command-line``.
    """

    kind: str = "default"
    path: PurePosixPath | None = None
    line: int | None = None
    variable: str | None = None

    def __str__(self) -> str:
        if self.path is not None:
            return f"{self.path}:{self.line}"
        return self.variable or self.kind.replace("-", " ")


class Value(Struct, frozen=True):
    """A value that holds; None: there is none."""

    name: str
    value: Any
    origin: Origin


class Section(Struct, frozen=True):
    """What holds in a folder and below; :attr:`path` is its configuration file, if any."""

    folder: PurePosixPath
    path: PurePosixPath | None
    values: tuple[Value, ...]


def sections(
    config: Config, fail_on: Origin, severity: Origin, families: Mapping[str, str]
) -> Iterator[Section]:
    """Yield what holds at the root, then in each folder that has a file, outer ones first.

    *fail_on* and *severity* say where those options come from, for what *config* has of them;
    *families* are those of the rules, by id.
    """
    asked = _Asked(config.levels, severity, families)
    root = next((layer for layer in config.layers if layer.folder == HERE), None)
    values = _own(root)
    if config.fail_on is not None and fail_on.kind != "default":
        values["fail-on",] = Value("fail-on", config.fail_on, fail_on)
    path = None if root is None else root.source.path
    yield Section(HERE, path, tuple(_ordered(asked.put_into(values))))
    for layer in config.layers:
        if layer.folder != HERE:
            values = asked.put_into(_inherited(config, layer) | _own(layer))
            yield Section(layer.folder, layer.source.path, tuple(_ordered(values)))


Values = dict[tuple[str, ...], Value]


class _Asked(Struct, frozen=True):
    """The levels of the command line, which go before those of files where a rule is on."""

    levels: Mapping[str, Severity]
    origin: Origin
    families: Mapping[str, str]

    def put_into(self, values: Values) -> Values:
        """Return *values* with the levels that the command line gives instead, and its others."""
        found = dict(values)
        names = [keys[1] for keys in values if keys[0] == "rules"]
        for name in (*names, *self.levels):
            keys = ("rules", name)
            level = level_in(self.levels, name, self.families.get(name, name))
            is_off = keys in found and found[keys].value in {OFF, False}
            if isinstance(level, Severity) and not is_off:
                found[keys] = Value(name_of(keys), level.name.lower(), self.origin)
        return found


def _ordered(values: Values) -> Iterator[Value]:
    """Yield *values* in the order of the settings."""
    tables = list(dict.fromkeys(setting.keys[0] for setting in SETTINGS))
    for keys in sorted(values, key=lambda keys: tables.index(keys[0])):
        yield values[keys]


def _own(layer: Layer | None) -> Values:
    """Return what a file says itself, and the defaults of what it does not say."""
    found: Values = {}
    is_root = layer is None or layer.folder == HERE
    for setting in SETTINGS:
        if setting.is_global and not is_root:
            continue
        for keys in _places(setting, layer):
            one = _value(layer, setting, keys)
            if is_root or keys[0] not in INHERITED or one.origin.kind == "file":
                found[keys] = one
    return found


def _places(setting: Setting, layer: Layer | None) -> list[tuple[str, ...]]:
    """Return where a setting is, or could be, written in a file."""
    if ANY not in setting.keys:
        return [setting.keys]
    names = () if layer is None else layer.names(setting.keys[0])
    return [(setting.keys[0], name, *setting.keys[2:]) for name in names]


def _value(layer: Layer | None, setting: Setting, keys: tuple[str, ...]) -> Value:
    if layer is None or keys not in layer.values:
        return Value(name_of(keys), setting.default, Origin())
    place = layer.location(*keys, is_key=True)
    return Value(name_of(keys), layer.values[keys], Origin("file", place.source.path, place.line))


def _inherited(config: Config, inner: Layer) -> Values:
    """Return what the files around *inner* say that holds in its folder."""
    found: Values = {}
    around = [one for one in config.layers if one.folder in inner.folder.parents]
    for layer in () if inner.get("root") else around:
        if layer.get("root"):
            found = {}
        for keys, one in _own(layer).items():
            if keys[0] in INHERITED and one.origin.kind == "file":
                # globs are meant from the folder of their file: those of several add up
                is_glob = keys[0] != "rules"
                found[(*keys, str(layer.folder)) if is_glob else keys] = one
    return found
