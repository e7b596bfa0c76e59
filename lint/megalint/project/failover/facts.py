"""What is known of a failover: the facts that rules of the family ``pipeline`` are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from megalint.project.resources import Resource
from megalint.source import Location

_CHANGES: Final = re.compile(
    r":aws-sdk:(?:autoscaling|ec2|elasticloadbalancingv2|route53|rds|globalaccelerator):"
    r"(?!describe|get|list)"
)
"""Tasks that change where requests go, or what answers them."""


class State(Struct, frozen=True):
    """A state of a state machine.

    :attr:`resource` is what a task calls, as far as it is written, :attr:`operation` that of an SDK
    integration; :attr:`targets` are the names of the states that may follow, each with its place.
    """

    name: str
    kind: str
    location: Location
    resource: str = ""
    operation: str | None = None
    topic: str | None = None
    is_bounded: bool = False
    """Whether a task has a timeout or a heartbeat."""
    is_caught: bool = False
    """Whether errors are retried or caught."""
    is_last: bool = False
    timeout: int | None = None
    """In seconds, where it is written out."""
    targets: tuple[tuple[str, Location], ...] = ()
    function: str | None = None
    """The function that a task invokes: its key, else its name, else its ARN."""
    retries: tuple[tuple[str, Location], ...] = ()
    """The errors after which a task is tried again."""
    has_catch: bool = False
    """Whether an error leads to another state."""
    is_repeatable: bool = False
    """Whether what it creates is named by a token, so that a second call creates nothing."""

    def is_changing(self, functions: Sequence[Function]) -> bool:
        """Whether the task changes what serves requests, by itself or by one of *functions*."""
        called = (one for one in functions if one.is_changing)
        return bool(_CHANGES.search(self.resource)) or any(
            one.is_called(self.function) for one in called
        )

    @property
    def is_callback(self) -> bool:
        """Whether the task waits until somebody gives its token back."""
        return self.resource.endswith(".waitForTaskToken")


class Machine(Struct, frozen=True):
    """A state machine, or a branch of one; states by name, in order.

    :attr:`is_bounded`: the machine has a timeout of its own. :attr:`owner` is the resource that
    defines it, :attr:`is_branch`: it is a part of another.
    """

    location: Location
    start: str | None
    states: Mapping[str, State]
    is_bounded: bool = False
    owner: Resource | None = None
    is_branch: bool = False


class HealthCheck(Struct, frozen=True):
    """A health check of Route 53; what is not written out is None."""

    address: str
    key: str
    location: Location
    kind: str | None = None
    path: str | None = None
    path_at: Location | None = None
    interval: int | None = None
    interval_at: Location | None = None
    threshold: int | None = None


class Record(Struct, frozen=True):
    """A DNS record that fails over; an alias has no TTL of its own.

    :attr:`has_check`: it names a health check, which is :attr:`check`, where that is of the
    checkout. :attr:`may_evaluate`: as an alias it may ask its target whether that is healthy.
    """

    address: str
    location: Location
    role: str | None
    ttl: int | None
    ttl_at: Location | None
    is_alias: bool
    has_check: bool = True
    check: str | None = None
    may_evaluate: bool = False


class Alarm(Struct, frozen=True):
    """An alarm of CloudWatch; :attr:`region` is that of its provider, where it is written out.

    :attr:`watched` is the health check, where that is of the checkout; :attr:`actions` are the
    ARNs that it acts on, with their regions, None where not known.
    """

    address: str
    key: str
    location: Location
    name: str | None
    namespace: str | None
    namespace_at: Location | None
    region: str | None
    seconds: int | None = None
    """How long it takes to ring: period times periods."""
    watched: str | None = None
    actions: tuple[tuple[str | None, Location], ...] = ()


class EventRule(Struct, frozen=True):
    """A rule of EventBridge: the sources, detail types, alarms and states that its pattern names.

    What it does not name, and what is matched otherwise than by equality, is empty. :attr:`bus` is
    the name or the key of its bus; None is the default one.
    """

    address: str
    key: str
    location: Location
    sources: tuple[tuple[str, Location], ...]
    types: tuple[tuple[str, Location], ...]
    alarms: tuple[tuple[str, Location], ...]
    states: tuple[tuple[str, Location], ...]
    region: str | None = None
    name: str | None = None
    bus: str | None = None


class EventTarget(Struct, frozen=True):
    """A target of a rule, which :attr:`rule` names, by its name or key.

    :attr:`arn` is what is written, :attr:`goal` the key of the resource, where it is of the
    checkout; :attr:`kind` what the goal is, as an ARN says it (``event-bus``, ``stateMachine``).
    :attr:`region` is that of the rule's provider, :attr:`goal_region` that of the goal.
    """

    address: str
    location: Location
    arn: str | None
    arn_at: Location
    has_role: bool
    region: str | None
    rule: str | None = None
    goal: str | None = None
    goal_region: str | None = None
    kind: str | None = None
    role: str | None = None
    """The key of the role, where it is of the checkout."""


class EventBus(Struct, frozen=True):
    """An event bus of one's own."""

    address: str
    key: str
    location: Location
    name: str | None
    region: str | None


class Topic(Struct, frozen=True):
    """A topic, the protocols of its subscriptions, and where it is asked for approval."""

    address: str
    key: str
    location: Location
    protocols: tuple[str | None, ...]
    asked_at: tuple[Location, ...]


class Function(Struct, frozen=True):
    """A Lambda function whose code is in the checkout.

    :attr:`timeout` is in seconds, the default included; :attr:`waits` are the places in its code
    that wait, each with the seconds that it surely takes, or may take.
    """

    address: str
    key: str
    location: Location
    timeout: int
    timeout_at: Location | None
    waits: tuple[tuple[Location, int, str], ...]
    is_changing: bool = False
    """Whether the code speaks to services that say what serves requests."""
    name: str | None = None
    creates: tuple[tuple[Location, str], ...] = ()
    """The calls that make something new each time they are made."""

    def is_called(self, function: str | None) -> bool:
        """Whether a task that invokes *function*, a key, a name or an ARN, invokes this one."""
        name = (function or "").rpartition(":function:")[2].partition(":")[0]
        return function is not None and (function == self.key or name == self.name)


class RecoveryTime(Struct, frozen=True):
    """What the steps of a failover take at most, in seconds, against the objective.

    A step is its seconds, a few words, and where it is written; None: in the configuration.
    """

    objective: int
    steps: tuple[tuple[int, str, Location | None], ...]


class Statement(Struct, frozen=True):
    """A statement that allows something: patterns of actions, in lower case, and ARNs."""

    actions: tuple[str, ...]
    resources: tuple[str | None, ...]
    location: Location


class Call(Struct, frozen=True):
    """A call of AWS by a function, a machine or a rule, and the action it needs, in lower case."""

    caller: str
    service: str
    method: str
    action: str
    location: Location
    region: str | None
    """Where it is called, where that is written out."""
    allowed: tuple[Statement, ...]
    """What the role of the caller allows: all of it is known."""


class StatusTest(Struct, frozen=True):
    """A comparison in a script of what a checker of Route 53 reported with a word.

    :attr:`read_at` is where the script asks for the report.
    """

    location: Location
    word: str
    read_at: Location


class Miscount(Struct, frozen=True):
    """A test of a number that also counts something else, which :attr:`words` name.

    :attr:`counted_at` is where the script counts.
    """

    location: Location
    counted_at: Location
    words: str


class BlockedCheck(Struct, frozen=True):
    """A health check of a load balancer that no checker can reach, and why.

    :attr:`blocked_at` is what is in the way, where that is one place; :attr:`instead` what helps.
    """

    address: str
    location: Location
    balancer: str
    port: int
    words: str
    instead: str
    blocked_at: Location | None


class LonelyTable(Struct, frozen=True):
    """A table of one region whose name a process of another is given, where it is not.

    :attr:`location` is that of the table, :attr:`given_at` where :attr:`variable` is set.
    """

    address: str
    location: Location
    region: str
    needed_in: str
    variable: str
    given_at: Location


class AliasTtl(Struct, frozen=True):
    """An alias record that is given a TTL, in seconds."""

    location: Location
    seconds: int
