"""event-pattern-mismatch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Finding, Location, Project, Rule, Severity
from megalint.project.failover.facts import Alarm, EventRule

_STATES = frozenset({"OK", "ALARM", "INSUFFICIENT_DATA"})
_TYPES = frozenset({"CloudWatch Alarm State Change", "CloudWatch Alarm Configuration Change"})


class EventPatternMismatch(Rule[EventRule]):
    """A rule of EventBridge whose pattern no event of the alarm can match.

    ## Why is this bad?

    Patterns are compared letter by letter. An alarm is in the state `OK`, `ALARM` or `INSUFFICIENT_DATA`, its event is
    called `CloudWatch Alarm State Change`; with any other word the rule is enabled, looks right, and never fires.

    ## Example

    ```hcl path=main.tf
    resource "aws_cloudwatch_metric_alarm" "primary" {
      alarm_name = "MegaTicket-Primary-HealthCheck-Alarm"
      namespace  = "AWS/Route53"
    }

    resource "aws_cloudwatch_event_rule" "alarm" {
      event_pattern = jsonencode({
        source        = ["aws.cloudwatch"]
        "detail-type" = ["CloudWatch Alarm State Change"]
        detail = {
          alarmName = ["MegaTicket-Primary-HealthCheck-Alarm"]
          state     = { value = ["ALARMED"] } # finding
        }
      })
    }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_cloudwatch_metric_alarm" "primary" {
      alarm_name = "MegaTicket-Primary-HealthCheck-Alarm"
      namespace  = "AWS/Route53"
    }

    resource "aws_cloudwatch_event_rule" "alarm" {
      event_pattern = jsonencode({
        source        = ["aws.cloudwatch"]
        "detail-type" = ["CloudWatch Alarm State Change"]
        detail = {
          alarmName = ["MegaTicket-Primary-HealthCheck-Alarm"]
          state     = { value = ["ALARM"] }
        }
      })
    }
    ```
    """

    id = "event-pattern-mismatch"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: EventRule, project: Project) -> Iterator[Finding]:
        """Yield a finding for a word that no event holds."""
        if {name for name, _ in fact.sources} - {"aws.cloudwatch"}:
            return
        for place, message in (*_mismatches(fact), *_misspelled(fact, project)):
            yield self.finding(place.labelled("compared letter by letter"), message)


def _mismatches(fact: EventRule) -> Iterator[tuple[Location, str]]:
    """Yield states that no alarm is in, and types that only look like that of an alarm."""
    is_of_alarms = bool(fact.alarms) or any(name in _TYPES for name, _ in fact.types)
    if is_of_alarms and fact.states and not any(name in _STATES for name, _ in fact.states):
        name, place = fact.states[0]
        yield place, f"`{fact.address}` waits for the state `{name}`, which no alarm is ever in"
    near = [one for one in fact.types if _folded(one[0]) in map(_folded, _TYPES)]
    if near and not any(name in _TYPES for name, _ in fact.types):
        name, place = near[0]
        yield place, f"`{fact.address}` waits for events called `{name}`, and none is called so"


def _misspelled(fact: EventRule, project: Project) -> Iterator[tuple[Location, str]]:
    """Yield a name that an alarm of the checkout has, but for its spelling."""
    known = {one.name for one in project.each(Alarm) if one.name is not None}
    alike = {_folded(name): name for name in known}
    if not any(name in known for name, _ in fact.alarms):
        for name, place in fact.alarms:
            meant = alike.get(_folded(name))
            if meant is not None:
                yield (
                    place,
                    f"`{fact.address}` waits for the alarm `{name}`, which is called `{meant}`",
                )


def _folded(name: str) -> str:
    """Return *name* without what people get wrong: case, spaces and hyphens."""
    return re.sub(r"[\s_-]+", "", name).lower()
