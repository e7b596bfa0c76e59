"""The settings: the one table that reader, schema, page and ``--show-config`` are made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from megalint.config.kinds import Duration, Flag, Kind, ListOf, OneOf, Text
from megalint.names import FAIL_ON

ANY: Final = "*"
"""Stands in the name of a setting for a name that people choose."""
LEVELS: Final = ("error", "warning", "note", "off", False)
STANDALONE: Final = ("auto", "off", "required")
FAMILIES: Final = ("amazon", "debian")
CHANNELS: Final = ("env-file", "process")
PLACEHOLDERS: Final = ("*_PLACEHOLDER",)

_TEXTS: Final = ListOf(Text(), "a list of texts")
GLOBS: Final = ListOf(Text(), "a list of globs")
RULE_NAMES: Final = ListOf(Text(), "a list of names of rules", "rule")


class Setting(Struct, frozen=True):
    """One setting: its keys from the top, what it may be, and what it means.

    :attr:`example` is Python for a value of TOML; :attr:`sample` stands for the names that people
    choose. :attr:`is_global`: it holds for a whole run, so only the root's file may give it.
    """

    keys: tuple[str, ...]
    kind: Kind
    meaning: str
    example: Any
    default: Any = None
    sample: tuple[str, ...] = ()
    is_global: bool = False

    @property
    def name(self) -> str:
        """The keys, joined by dots; a name that people choose in capitals."""
        return ".".join(CHOSEN[self.keys[0]] if key == ANY else key for key in self.keys)

    @property
    def example_keys(self) -> tuple[str, ...]:
        """The keys with names that somebody might choose."""
        names = iter(self.sample)
        return tuple(next(names) if key == ANY else key for key in self.keys)


CHOSEN: Final = {"rules": "RULE", "per-path": '"GLOB"', "services": "NAME"}
"""What the name that people choose stands for, by table."""
TABLES: Final = {
    "rules": "How severe a rule is. A rule is named by its id, by its family, or by a glob over"
    " both: the id goes before globs and families, and of these the last one written holds.",
    "per-path": "What is ignored in some files. Globs are matched against the path from the folder"
    " of the configuration file; `*` also stands for `/`.",
    "regions": "Where the image is built, and where it must also run.",
    "recovery": "What a failover may take.",
    "image": "The image that the launches boot.",
    "services": "A contract stated by people: what the process of an app must be given. What the"
    " code reads is added to it.",
    "placeholders": "What stands in user data for what a later step writes there.",
}
"""What each table is about."""

SETTINGS: Final = (
    Setting(
        ("root",),
        Flag(),
        "This folder is the root of a run, even inside a git repository; nothing above it is read.",
        True,
        False,
    ),
    Setting(
        ("exclude",),
        GLOBS,
        "Files that are left out: globs over the path from the folder of the configuration file;"
        " `*` also stands for `/`.",
        ["legacy/**"],
        (),
    ),
    Setting(
        ("fail-on",),
        OneOf(FAIL_ON),
        "The least severity that makes a run fail (exit 1).",
        "warning",
        "warning",
        is_global=True,
    ),
    Setting(
        ("rules", ANY),
        OneOf(LEVELS),
        'The level of its findings; `"off"` (or `false`) turns it off.',
        "note",
        sample=("public-env-captured",),
    ),
    Setting(
        ("per-path", ANY, "ignore"),
        RULE_NAMES,
        "The rules that are off in the files that it matches: ids, families, globs over both.",
        ["environment"],
        (),
        sample=("terraform/sandbox/**",),
    ),
    Setting(
        ("regions", "primary"),
        Text(),
        "The region in which the image is built.",
        "ap-northeast-2",
        is_global=True,
    ),
    Setting(
        ("regions", "recovery"),
        _TEXTS,
        "The other regions in which the image must run.",
        ["ap-northeast-1"],
        (),
        is_global=True,
    ),
    Setting(
        ("recovery", "rto"),
        Duration(),
        "The recovery-time objective: how long the site may be down.",
        "10m",
        is_global=True,
    ),
    Setting(
        ("recovery", "boot"),
        Duration(),
        "How long a machine takes until it answers: it is added to what the code says.",
        "3m",
        is_global=True,
    ),
    Setting(
        ("image", "os"),
        OneOf(FAMILIES),
        "Its family of Linux: what `sudo` keeps, which profiles are read. Inferred where it is not"
        " given.",
        "amazon",
        is_global=True,
    ),
    Setting(
        ("image", "root"),
        Text(),
        "Where the repository lies on the image. Inferred from the scripts where it is not given.",
        "/home/ec2-user/megaticket",
        is_global=True,
    ),
    Setting(
        ("services", ANY, "app"),
        Text(),
        "The folder of the app, from the folder of the configuration file.",
        "apps/web",
        sample=("web",),
    ),
    Setting(
        ("services", ANY, "process"),
        Text(),
        "The name that its launches give the process.",
        "web-frontend",
        sample=("web",),
    ),
    Setting(
        ("services", ANY, "require"),
        _TEXTS,
        "The variables that the process must be given.",
        ["AWS_REGION", "INTERNAL_API_URL"],
        (),
        sample=("web",),
    ),
    Setting(
        ("services", ANY, "channels"),
        ListOf(OneOf(CHANNELS), f"a list of {' and '.join(CHANNELS)}"),
        "The ways by which each of them must arrive.",
        ["process", "env-file"],
        (),
        sample=("web",),
    ),
    Setting(
        ("services", ANY, "standalone"),
        OneOf(STANDALONE),
        'Whether the app must be built with `output: "standalone"`.',
        "auto",
        "auto",
        sample=("web",),
    ),
    Setting(
        ("placeholders", "tokens"),
        _TEXTS,
        "Globs over the words that are placeholders.",
        ["*_PLACEHOLDER"],
        PLACEHOLDERS,
        is_global=True,
    ),
)


def setting_at(keys: tuple[str, ...]) -> Setting | None:
    """Return the setting that is written at *keys*, or None."""
    return next((one for one in SETTINGS if _leads(keys, one.keys) == len(one.keys)), None)


def names_below(keys: tuple[str, ...]) -> list[str]:
    """Return what may follow *keys*: :data:`ANY` where people choose, nothing where no table is."""
    return list(dict.fromkeys(_next(keys)))


def _next(keys: tuple[str, ...]) -> Iterator[str]:
    for one in SETTINGS:
        if len(one.keys) > len(keys) and _leads(keys, one.keys) == len(keys):
            yield one.keys[len(keys)]


def _leads(keys: tuple[str, ...], pattern: tuple[str, ...]) -> int:
    """Return how many keys there are when they all match the first ones of *pattern*, else -1."""
    pairs = zip(keys, pattern, strict=False)
    is_prefix = len(keys) <= len(pattern) and all(want in {ANY, key} for key, want in pairs)
    return len(keys) if is_prefix else -1
