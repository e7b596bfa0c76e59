"""What a rule reports: a finding, where it is, and how it could be fixed."""

from __future__ import annotations

from enum import Enum, IntEnum

from msgspec import Struct

from megalint.source import Location, Source, Span


class Severity(IntEnum):
    """How bad it is when the finding is right."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


class Confidence(IntEnum):
    """How likely the finding is to be right."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class Safety(Enum):
    """Whether a fix may be applied without a person looking at it; display is never applied."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Edit(Struct, frozen=True):
    """Replace a span of one source with other text."""

    source: Source
    span: Span
    text: str


class Fix(Struct, frozen=True):
    """Edits that together make the finding go away."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


class Data(Struct, frozen=True):
    """What a finding is about, for machines: the ``data`` object of the JSON report.

    :attr:`arn` names the launch template in the account that it was found in, :attr:`subject` what
    else it is about, where several findings have one place.
    """

    env: tuple[str, ...] = ()
    region: str | None = None
    template: str | None = None
    version: str | None = None
    arn: str | None = None
    subject: str | None = None


class Finding(Struct, frozen=True):
    """One problem at one primary location.

    :attr:`message` is one sentence, the whole problem. :attr:`related` are the other labelled
    places of the frame; :attr:`flow` is the road of the value, in order, from where it is read to
    where it takes effect; :attr:`notes` are the ``=`` lines below the frame: what happens then,
    what to write instead.
    """

    rule_id: str
    family: str
    severity: Severity
    confidence: Confidence
    message: str
    location: Location
    related: tuple[Location, ...] = ()
    flow: tuple[Location, ...] = ()
    notes: tuple[str, ...] = ()
    data: Data = Data()
    fix: Fix | None = None
