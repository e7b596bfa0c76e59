"""What a repository asks of megalint: ``megalint.toml`` or ``[tool.megalint]``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, Final

from megalint.finding import Severity


class ConfigError(Exception):
    """The configuration cannot be used; the message says what to write instead."""


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
class Service:
    """A contract stated by people: what the process of an app must be given."""

    name: str
    app: str
    standalone: str = "auto"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run; the defaults hold where nothing is written."""

    regions: Regions = Regions()
    exclude: tuple[str, ...] = ()
    fail_on: str | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    per_path: tuple[tuple[str, tuple[str, ...]], ...] = ()
    services: tuple[Service, ...] = ()

    def excludes(self, path: PurePosixPath) -> bool:
        """Whether the file at *path* is left out."""
        return any(fnmatch(path.as_posix(), glob) for glob in self.exclude)


_KEYS: Final = (
    "exclude",
    "fail-on",
    "rules",
    "per-path",
    "regions",
    "image",
    "services",
    "placeholders",
    "recovery",
)
FAIL_ON: Final = ("error", "warning", "note", "never")


def find(root: Path) -> Path | None:
    """Return the configuration file of *root*, or None."""
    own = root / "megalint.toml"
    if own.is_file():
        return own
    shared = root / "pyproject.toml"
    if shared.is_file() and "[tool.megalint" in shared.read_text(
        encoding="utf-8", errors="replace"
    ):
        return shared
    return None


def load(path: Path) -> Config:
    """Read the configuration in *path*; raises :class:`ConfigError`."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("megalint", {})
    try:
        return _config(data)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _config(data: dict[str, Any]) -> Config:
    known(data, _KEYS, "key")
    regions = data.get("regions", {})
    rules = data.get("rules", {})
    fail_on = data.get("fail-on")
    if fail_on is not None and fail_on not in FAIL_ON:
        raise ConfigError(f"fail-on = {fail_on!r}: one of {', '.join(FAIL_ON)}")
    services = data.get("services", {})
    return Config(
        Regions(regions.get("primary"), tuple(regions.get("recovery", ()))),
        tuple(data.get("exclude", ())),
        fail_on,
        {name: severity(level) for name, level in rules.items() if _is_level(level)},
        frozenset(name for name, level in rules.items() if level in ("off", False)),
        tuple(
            (glob, tuple(one.get("ignore", ()))) for glob, one in data.get("per-path", {}).items()
        ),
        tuple(_service(name, one) for name, one in services.items()),
    )


def _service(name: str, data: dict[str, Any]) -> Service:
    return Service(name, str(data.get("app", "")), str(data.get("standalone", "auto")))


def _is_level(level: object) -> bool:
    return isinstance(level, str) and level != "off"


def severity(text: str) -> Severity:
    """Return the severity called *text*; raises :class:`ConfigError`."""
    try:
        return Severity[text.upper()]
    except KeyError:
        raise ConfigError(f"{text!r} is no severity: error, warning or note") from None


def known(names: Iterable[str], allowed: Iterable[str], what: str) -> None:
    """Raise :class:`ConfigError` for the first of *names* not allowed, with a suggestion."""
    options = list(allowed)
    for name in names:
        if name not in options:
            close = get_close_matches(name, options, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ConfigError(f"unknown {what} {name!r}{hint}")
