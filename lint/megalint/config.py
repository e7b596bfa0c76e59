"""What a repository asks of megalint: ``megalint.toml`` or ``[tool.megalint]``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, Final

from megalint import files
from megalint.finding import Severity
from megalint.source import MAX_BYTES


class ConfigError(Exception):
    """The configuration cannot be used; the message says what to write instead."""


PLACEHOLDERS: Final = ("*_PLACEHOLDER",)


@dataclass(frozen=True, slots=True)
class Regions:
    """Where the image is built, and where it must also run."""

    primary: str | None = None
    recovery: tuple[str, ...] = ()

    @property
    def is_several(self) -> bool:
        """Whether the same image must run in more than one region."""
        return len({self.primary, *self.recovery} - {None}) > 1


@dataclass(frozen=True, slots=True)
class Image:
    """The image that the launches boot: its family of Linux, and where the repository lies."""

    os: str | None = None
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A contract stated by people: what the process of an app must be given.

    :attr:`app` is the app's folder, :attr:`process` the name that its launches give it.
    :attr:`channels` are ``process`` and ``env-file``; :attr:`standalone` is one of
    :data:`STANDALONE`.
    """

    name: str
    app: str = ""
    process: str | None = None
    require: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    standalone: str = "auto"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run; the defaults hold where nothing is written.

    Rules are named by id, by family, or by a glob over both; paths by globs from the root.
    """

    regions: Regions = Regions()
    exclude: tuple[str, ...] = ()
    fail_on: str | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    per_path: tuple[tuple[str, tuple[str, ...]], ...] = ()
    services: tuple[Service, ...] = ()
    image: Image = Image()
    placeholders: tuple[str, ...] = PLACEHOLDERS

    @property
    def required(self) -> frozenset[str]:
        """The variables that any service requires."""
        return frozenset(name for service in self.services for name in service.require)

    def excludes(self, path: PurePosixPath) -> bool:
        """Whether the file at *path* is left out."""
        return any(fnmatch(path.as_posix(), glob) for glob in self.exclude)

    def ignored_at(self, path: PurePosixPath) -> Iterator[str]:
        """Yield the names of the rules that are ignored in the file at *path*."""
        for glob, names in self.per_path:
            if fnmatch(path.as_posix(), glob):
                yield from names

    def severity_of(self, rule_id: str, family: str) -> Severity | None:
        """Return the level set for a rule, or None: its id goes before globs and its family.

        Of several globs that match, the last one written holds.
        """
        found = self.severities.get(rule_id)
        if found is not None:
            return found
        for name, level in self.severities.items():
            if fnmatch(rule_id, name) or fnmatch(family, name):
                found = level
        return found

    def rule_names(self) -> Iterator[str]:
        """Yield every name of a rule that is written, each of which must name one."""
        yield from self.severities
        yield from sorted(self.off)
        for _, names in self.per_path:
            yield from names


FAIL_ON: Final = ("error", "warning", "note", "never")
STANDALONE: Final = ("auto", "off", "required")
FAMILIES: Final = ("amazon", "debian")
CHANNELS: Final = ("env-file", "process")
_KEYS: Final = (
    "exclude",
    "fail-on",
    "image",
    "per-path",
    "placeholders",
    "regions",
    "rules",
    "services",
)
_SERVICE_KEYS: Final = ("app", "channels", "process", "require", "standalone")


def find(root: Path) -> Path | None:
    """Return the configuration file of *root*, or None; raises :class:`ConfigError`.

    A link out of the checkout is followed on request only: ``--config`` is one.
    """
    for name in ("megalint.toml", "pyproject.toml"):
        path = root / name
        if path.is_file() and (name == "megalint.toml" or "[tool.megalint" in _text_of(path)):
            try:
                files.inside(path, root.resolve())
            except ValueError as error:
                raise ConfigError(f"{path}: {error}   (--config {path} reads it)") from error
            return path
    return None


def _text_of(path: Path) -> str:
    try:
        return files.content(path, MAX_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""


def load(path: Path) -> Config:
    """Read the configuration in *path*; raises :class:`ConfigError`."""
    try:
        data: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        if path.name == "pyproject.toml":
            data = _table(_table(data, "tool"), "megalint")
        return _config(data)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: nested too deeply") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ConfigError) as error:
        raise ConfigError(f"{path}: {error}") from error


def _config(data: Mapping[str, Any]) -> Config:
    known(data, _KEYS, "key")
    rules = _table(data, "rules")
    return Config(
        _regions(_table(data, "regions")),
        _texts(data, "exclude"),
        _one_of(data, "fail-on", FAIL_ON),
        {name: severity(level) for name, level in rules.items() if not _is_off(level)},
        frozenset(name for name, level in rules.items() if _is_off(level)),
        tuple(_ignored_paths(_table(data, "per-path"))),
        tuple(_services(_table(data, "services"))),
        _image(_table(data, "image")),
        _placeholders(_table(data, "placeholders")),
    )


def _regions(data: Mapping[str, Any]) -> Regions:
    known(data, ("primary", "recovery"), "key in [regions]:")
    return Regions(_text(data, "primary"), _texts(data, "recovery"))


def _image(data: Mapping[str, Any]) -> Image:
    known(data, ("os", "root"), "key in [image]:")
    return Image(_one_of(data, "os", FAMILIES), _text(data, "root"))


def _placeholders(data: Mapping[str, Any]) -> tuple[str, ...]:
    known(data, ("tokens",), "key in [placeholders]:")
    return _texts(data, "tokens") or PLACEHOLDERS


def _ignored_paths(data: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for glob in data:
        entry = _table(data, glob)
        known(entry, ("ignore",), f'key in [per-path] "{glob}":')
        yield glob, _texts(entry, "ignore")


def _services(data: Mapping[str, Any]) -> Iterator[Service]:
    for name in data:
        entry = _table(data, name)
        known(entry, _SERVICE_KEYS, f"key in [services.{name}]:")
        channels = _texts(entry, "channels")
        known(channels, CHANNELS, f"channel in [services.{name}]:")
        yield Service(
            name,
            _text(entry, "app") or "",
            _text(entry, "process"),
            _texts(entry, "require"),
            channels,
            _one_of(entry, "standalone", STANDALONE) or "auto",
        )


def _is_off(level: object) -> bool:
    return level == "off" or level is False


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise ConfigError(f"{key} = {value!r}: a table is wanted here")
    return value


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise ConfigError(f"{key} = {value!r}: a text is wanted here")
    return value


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ConfigError(f"{key} = {value!r}: a list of texts is wanted here")
    return tuple(value)


def _one_of(data: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    value = _text(data, key)
    if value is not None and value not in allowed:
        raise ConfigError(f"{key} = {value!r}: one of {', '.join(allowed)}")
    return value


def severity(level: object) -> Severity:
    """Return the severity called *level*; raises :class:`ConfigError`."""
    for one in Severity:
        if isinstance(level, str) and one.name == level.upper():
            return one
    raise ConfigError(f"{level!r} is no severity: error, warning or note")


def known(names: Iterable[str], allowed: Iterable[str], what: str) -> None:
    """Raise :class:`ConfigError` for the first of *names* not allowed, with a suggestion."""
    options = list(allowed)
    for name in names:
        if name not in options:
            close = get_close_matches(name, options, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ConfigError(f"unknown {what} {name!r}{hint}")
