"""Read one configuration file: what it says, and what is wrong in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec import Struct, field

from megalint.config.kinds import close, shown
from megalint.config.mistakes import Mistake, UnknownSetting, UnusableSetting
from megalint.config.positions import Place, Spot, positions
from megalint.config.settings import ANY, Setting, names_below, setting_at
from megalint.names import SHARED_FILE, ConfigError
from megalint.source import Location, Source, Span

_SHARED_TABLE: Final = ("tool", "megalint")
HERE: Final = PurePosixPath()
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONG: Final = 60


class Layer(Struct, frozen=True):
    """What one file says: the usable values by their keys, in the order they are written.

    :attr:`folder` is where the file lies, relative to the root of the run: what it says holds
    there and below.
    """

    source: Source
    folder: PurePosixPath
    values: Mapping[tuple[str, ...], Any] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    spots: Mapping[Place, Spot] = field(default_factory=dict)

    def get(self, *keys: str) -> Any:
        """Return the value of a setting; its default where the file gives none."""
        if keys in self.values:
            return self.values[keys]
        setting = setting_at(keys)
        return None if setting is None else setting.default

    def below(self, *keys: str) -> Iterator[tuple[str, Any]]:
        """Yield name and value of the settings that people named, directly below *keys*."""
        for place, value in self.values.items():
            if place[:-1] == keys:
                yield place[-1], value

    def names(self, table: str) -> tuple[str, ...]:
        """Return the names that people chose in a table, in order."""
        return tuple(dict.fromkeys(keys[1] for keys in self.values if keys[0] == table))

    def holds(self, *place: str | int) -> bool:
        """Whether something is written at a place, of use or not."""
        return self._spot(place) is not None

    def location(self, *place: str | int, is_key: bool = False) -> Location:
        """Return where a value is written, or its key."""
        spot = self._spot(place)
        if spot is None:
            return Location(self.source, Span(0, 0))
        return Location(self.source, spot.key if is_key else spot.value)

    def _spot(self, place: Place) -> Spot | None:
        prefix = _SHARED_TABLE if self.source.path.name == SHARED_FILE else ()
        return self.spots.get((*prefix, *place))


def read(source: Source, folder: PurePosixPath = HERE, *, is_root: bool = True) -> Layer:
    """Return what the file says; raises :class:`ConfigError` for what is no TOML.

    A file that is not the root's, and does not say that it is one, may give no setting that holds
    for a whole run.
    """
    try:
        data: Any = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source.path}: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{source.path}: nested too deeply") from error
    bare = Layer(source, folder, spots=positions(source.text))
    if source.path.name == SHARED_FILE:
        data = _table(_table(data, "tool"), "megalint")
    found = list(_read(bare, data, (), is_root=is_root or data.get("root") is True))
    values = {keys: value for keys, value in found if not isinstance(value, Mistake)}
    mistakes = tuple(value for _, value in found if isinstance(value, Mistake))
    return Layer(source, folder, values, mistakes, bare.spots)


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    return value if isinstance(value, dict) else {}


def _read(
    layer: Layer, data: Mapping[str, Any], above: tuple[str, ...], *, is_root: bool
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield keys and value of each setting, or a mistake in the place of the value."""
    names = names_below(above)
    taken: set[str | None] = set(data)
    for name, value in data.items():
        keys = (*above, name)
        setting = setting_at(keys)
        if name not in names and ANY not in names:
            meant = close(name, names)
            yield keys, _unknown(layer, keys, meant, is_free=meant not in taken)
            taken.add(meant)
        elif setting is not None:
            yield keys, _value(layer, setting, keys, value, is_root=is_root)
        elif isinstance(value, dict):
            yield from _read(layer, value, keys, is_root=is_root)
        else:
            yield (
                keys,
                UnusableSetting(
                    layer.location(*keys),
                    f"{_quoted(keys, value)} says nothing: a table is wanted here",
                ),
            )


def _value(
    layer: Layer, setting: Setting, keys: tuple[str, ...], value: Any, *, is_root: bool
) -> Any:
    if setting.is_global and not is_root:
        return UnusableSetting(
            layer.location(*keys, is_key=True),
            f"`{name_of(keys)}` holds for a whole run, so only the root's configuration can"
            " give it; here it has no effect",
        )
    for place, meant in setting.kind.faults(value):
        one = value
        for number in place:
            one = one[number]
        inside = f"`{_short(one)}` in " if place else ""
        holds = "" if setting.default is None else f", and `{shown(setting.default)}` holds"
        written = f"`{name_of(keys)}`" if place else _quoted(keys, value)
        return UnusableSetting(
            layer.location(*keys, *place),
            f"{inside}{written} is of no use{holds}: {setting.kind.words} is wanted here",
            meant,
            None if meant is None else shown(meant),
        )
    return tuple(value) if isinstance(value, list) else value


def _unknown(
    layer: Layer, keys: tuple[str, ...], meant: str | None, *, is_free: bool
) -> UnknownSetting:
    where = f" in `[{name_of(keys[:-1])}]`" if len(keys) > 1 else ""
    return UnknownSetting(
        layer.location(*keys, is_key=True),
        f"`{keys[-1]}` is no setting{where}, and has no effect",
        meant,
        meant if is_free else None,
    )


def _quoted(keys: tuple[str, ...], value: object) -> str:
    return f"`{name_of(keys)} = {_short(value)}`"


def _short(value: object) -> str:
    text = shown(value)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def name_of(keys: tuple[str, ...]) -> str:
    """Return keys as they are written in TOML, joined by dots."""
    return ".".join(key if _BARE.fullmatch(key) else shown(key) for key in keys)
