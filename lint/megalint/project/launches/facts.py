"""The facts about launches: what a machine is told at boot, and what it starts with what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from msgspec import Struct, field

from megalint.languages.shell.state import File as File
from megalint.languages.shell.state import Machine as Machine
from megalint.languages.shell.state import Missed as Missed
from megalint.project.apps import App
from megalint.source import Location
from megalint.text import Text

REGION_VARIABLES: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""What tells clients of AWS where to ask; the first goes before the other."""


class Certainty(Enum):
    """Whether something happens on every run of a script, on some, or on none."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


class Channel(Enum):
    """The road on which a value reaches a process."""

    PROCESS = "process"
    ENV_FILE = "env-file"
    IMAGE = "image"


class UserData(Struct, frozen=True):
    """What a launch template, an instance or a stack hands to cloud-init, as it arrives there.

    :attr:`text` is decoded and rendered; parts that are known only later are held open.
    :attr:`owner` names who hands it over (``aws_launch_template.web``, ``WebTemplate``), None for
    a script that nothing refers to. :attr:`location` is where the owner says so. :attr:`region` is
    that of the owner, None where it is not known. :attr:`refusal` says why it never arrives,
    :attr:`is_packed` that it travels in gzip.
    """

    text: Text
    location: Location
    owner: str | None = None
    region: str | None = None
    refusal: str | None = None
    is_packed: bool = False


class Injection(Struct, frozen=True):
    """One variable that a process is given.

    :attr:`location` is where the variable is set, :attr:`how` the words for it ("inline",
    "exported", "written to .env.production").
    """

    name: str
    value: Text
    channel: Channel
    certainty: Certainty
    location: Location
    how: str = ""


class EnvFile(Struct, frozen=True):
    """An env file as it is when a process starts, and what it holds.

    :attr:`path` is absolute on the machine. :attr:`is_whole` is False where earlier content, as
    the image has it, may still be there.
    """

    path: str
    entries: Mapping[str, Injection]
    location: Location
    is_whole: bool = True


class Launch(Struct, frozen=True):
    """One place that starts a process.

    :attr:`kind` is next-start, standalone, npm-script, node, docker, compose, systemd, ...;
    :attr:`process` the name that the launch gives it (PM2 name, unit, container, service).
    :attr:`environment` holds the process environment, without what the machine itself sets;
    :attr:`env_files` those that the process reads; :attr:`effective` what the app sees after its
    own loading of them. :attr:`owner` is that of :class:`UserData`. :attr:`note` says why it does
    not start, or not always.

    :attr:`port` is the one that it listens on, where that is known.

    :attr:`lacks` are the names of its needs that it does not deliver. :attr:`is_open` tells that
    variables may arrive that nobody can see: a file of the image was sourced, or somebody else
    starts it. :attr:`missed` are values that were set and did not reach it, :attr:`files` those of
    the machine at that moment.
    """

    location: Location
    kind: str
    process: str | None
    user: str | None
    cwd: str | None
    starts: Certainty
    environment: Mapping[str, Injection]
    env_files: tuple[EnvFile, ...] = ()
    effective: Mapping[str, Injection] = field(default_factory=dict[str, Injection])
    app: App | None = None
    owner: str | None = None
    note: str | None = None
    lacks: tuple[str, ...] = ()
    port: str | None = None
    is_open: bool = False
    missed: Mapping[str, Missed] = field(default_factory=dict[str, Missed])
    files: Mapping[str, File] = field(default_factory=dict[str, File])

    @property
    def title(self) -> str:
        """What the process is called in a message."""
        return f"`{self.process}`" if self.process else f"the process ({self.kind})"


class Need(Struct, frozen=True):
    """A variable that an app needs: what its reads or its configuration say.

    :attr:`phase` is the earliest in which it is read at run time, in lower case. :attr:`source` is
    inferred or declared. :attr:`is_needed` is False where nothing breaks without it: a harmless
    default, a test for its presence, the framework's own. :attr:`is_risky` tells a default that
    points to this machine or to one region.
    """

    app: App
    name: str
    phase: str
    default: str | None
    source: str
    is_needed: bool
    location: Location
    is_risky: bool = False


class Event(Struct, frozen=True):
    """Something in a script that a rule may have to say something about.

    :attr:`kind` names it; :attr:`subject` is the variable, process or file it is about, and
    :attr:`related` the place that belongs to it.
    """

    kind: str
    location: Location
    subject: str = ""
    related: Location | None = None
    words: str = ""


class Boot(Struct, frozen=True):
    """User data that was run on the model of a machine: what it started, and what was seen."""

    user_data: UserData
    launches: tuple[Launch, ...]
    events: tuple[Event, ...]
    machine: Machine
