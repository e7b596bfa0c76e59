"""The failover on paper: what each process of the recovery region would talk to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum, IntEnum

from msgspec import Struct

from megalint.finding import Severity
from megalint.project.launches.facts import Certainty, Launch
from megalint.report import Problem
from megalint.source import Location


class Kind(Enum):
    """What a value is the name of."""

    HOST = "host"
    REGION = "region"
    TABLE = "table"
    BUCKET = "bucket"
    TOPIC = "topic"
    QUEUE = "queue"
    ARN = "arn"
    VALUE = "value"


class Origin(Enum):
    """Where a value comes from, in words."""

    FROZEN = "frozen at build"
    REVALIDATED = "frozen until revalidated"
    USER_DATA = "user data"
    PROCESS = "process"
    ENV_FILE = "env file"
    IMAGE = "image"
    CODE = "written in code"
    DEFAULT = "default in code"
    NOWHERE = "not given"

    @property
    def is_frozen(self) -> bool:
        """Whether the image holds it as the build had it."""
        return self in {Origin.FROZEN, Origin.REVALIDATED}


class Verdict(IntEnum):
    """Where a value points to, best first.

    RECOVERY: to the region that takes over. OTHER: to a third region, or to the machine itself.
    HIDDEN: to the region that is down, without effect as long as another value goes before.
    LACKING: the process needs it and is not given it. DOWN: to the region that is down.
    """

    RECOVERY = 0
    OTHER = 1
    UNKNOWN = 2
    HIDDEN = 3
    LACKING = 4
    DOWN = 5

    @property
    def severity(self) -> Severity | None:
        """How bad it is; None: not at all."""
        return _SEVERITIES.get(self)

    @property
    def code(self) -> str:
        """What JSON calls it."""
        return self.name.lower()


_SEVERITIES = {
    Verdict.DOWN: Severity.ERROR,
    Verdict.LACKING: Severity.WARNING,
    Verdict.HIDDEN: Severity.WARNING,
    Verdict.UNKNOWN: Severity.NOTE,
}


class Entry(Struct, frozen=True):
    """One value that a process would use.

    :attr:`name` is the variable, or what stands in the code (``rewrite /api/:path*``, ``client``).
    :attr:`value` may be shown; None: not known. :attr:`region` is the one that it names, or that it
    follows. :attr:`uses` are where it takes effect, in words; :attr:`why` says why it is not known,
    lacking or hidden, or how the region is known.
    """

    name: str
    kind: Kind
    value: str | None
    origin: Origin
    location: Location
    verdict: Verdict
    region: str | None = None
    why: str = ""
    uses: tuple[str, ...] = ()

    @property
    def is_as_built(self) -> bool:
        """Whether it is whatever the build had, and nobody can read what that was."""
        is_known = self.value is not None or self.verdict is Verdict.UNKNOWN
        return self.origin.is_frozen and not is_known


class Process(Struct, frozen=True):
    """A process and its values, the worst first; :attr:`region` None: not known where it starts."""

    launch: Launch
    entries: tuple[Entry, ...]
    region: str | None

    @property
    def title(self) -> str:
        """What people call it."""
        return self.launch.process or self.launch.kind

    @property
    def verdict(self) -> Verdict:
        """The worst of its values; at best not known, where some of them cannot be seen."""
        worst = max((one.verdict for one in self.entries), default=Verdict.UNKNOWN)
        if self.launch.starts is Certainty.NEVER:
            return max(worst, Verdict.LACKING)
        is_sure = self.launch.starts is Certainty.ALWAYS and self.region is not None
        is_seen = is_sure and not self.launch.is_open
        return worst if is_seen else max(worst, Verdict.UNKNOWN)

    def count(self, verdict: Verdict) -> int:
        """Return how many of its values have a verdict."""
        return counts(self.entries)[verdict]


class Aside(Struct, frozen=True):
    """A launch that was left out, and why."""

    title: str
    location: Location
    why: str


class Rehearsal(Struct, frozen=True):
    """A rehearsal: :attr:`primary` is the region that is down, :attr:`recovery` takes over."""

    primary: str
    recovery: str
    processes: tuple[Process, ...] = ()
    asides: tuple[Aside, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_live: bool = False
    language: str = "en"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The values of all processes."""
        return tuple(entry for process in self.processes for entry in process.entries)


def counts(entries: Iterable[Entry]) -> Counter[Verdict]:
    """Return how many values have each verdict."""
    return Counter(one.verdict for one in entries)
