"""capacity-conflict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity, Span
from megalint.classify import Kind
from megalint.project.terraform.groups import ScalingGroup, WantedCapacity

_COMMAND = re.compile(
    r"autoscaling\s+(?:set-desired-capacity|update-auto-scaling-group)\b(?P<rest>(?:[^\n\\]|\\\n)*)"
)
_KINDS = frozenset({Kind.SHELL, Kind.WORKFLOW})


class CapacityConflict(Rule[ScalingGroup]):
    """A desired capacity outside of the group's minimum and maximum.

    ## Why is this bad?

    Auto Scaling refuses it: "New SetDesiredCapacity value is above max value". A recovery group
    that is kept at `max_size = 0` cannot be scaled up by the step that is to do so.

    ## Example

    ```hcl path=main.tf
    resource "aws_autoscaling_group" "web" {
      name     = "tickets-dr-web"
      min_size = 0
      max_size = 1
    }
    ```

    ```bash path=failover.sh
    #!/bin/bash
    # finding below
    aws autoscaling set-desired-capacity --auto-scaling-group-name tickets-dr-web --desired-capacity 2
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_autoscaling_group" "web" {
      name     = "tickets-dr-web"
      min_size = 0
      max_size = 4
    }
    ```

    ```bash path=failover.sh
    #!/bin/bash
    aws autoscaling set-desired-capacity --auto-scaling-group-name tickets-dr-web --desired-capacity 2
    ```
    """

    id = "capacity-conflict"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: ScalingGroup, project: Project) -> Iterator[Finding]:
        """Yield a finding for each number that the group refuses."""
        own = fact.capacity("desired_capacity")
        if own is not None:
            yield from self._compared(fact, own.number, own.location)
        for wanted in project.each(WantedCapacity):
            if wanted.group in {f"{fact.key}.name", f"{fact.key}.id"} or _is_named(
                wanted, fact, project
            ):
                yield from self._compared(fact, wanted.number, wanted.location)
        if fact.name is not None and _is_only(fact, project):
            for number, place in _commands(project, fact.name):
                yield from self._compared(fact, number, place)

    def _compared(self, group: ScalingGroup, number: int, place: Location) -> Iterator[Finding]:
        least, most = group.capacity("min_size"), group.capacity("max_size")
        for limit, is_out, word in (
            (least, least is not None and 0 <= number < least.number, "minimum"),
            (most, most is not None and number > most.number, "maximum"),
        ):
            if limit is not None and is_out:
                yield self.finding(
                    place.labelled(f"wants {number}"),
                    f"`{group.address}` is to have {number} machines, and its {word} is {limit.number}:"
                    " Auto Scaling refuses it",
                    related=(limit.location.labelled(f"the {word}"),),
                )


def _is_only(group: ScalingGroup, project: Project) -> bool:
    """Whether no other group of the checkout has the same name."""
    return sum(one.name == group.name for one in project.each(ScalingGroup)) == 1


def _is_named(wanted: WantedCapacity, group: ScalingGroup, project: Project) -> bool:
    return wanted.group == group.name and _is_only(group, project)


def _commands(project: Project, name: str) -> Iterator[tuple[int, Location]]:
    """Yield the capacities that aws commands in scripts set for a group, by its name."""
    for source in project.checkout.of_kind(*_KINDS):
        if not source.mentions(name):
            continue
        for match in _COMMAND.finditer(source.text):
            rest = match["rest"]
            number = re.search(r"--desired-capacity[ =](\d+)", rest)
            named = re.search(
                rf"--auto-scaling-group-name[ =][\"']?{re.escape(name)}(?![\w-])", rest
            )
            if number is not None and named is not None and "--max-size" not in rest:
                yield int(number[1]), Location(source, Span(match.start(), match.end()))
