"""Health checks, and the alarms on them in us-east-1."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Final

from megalint.finding import Severity
from megalint.formats.aws_answers import Answer
from megalint.formats.failover_answers import GLOBAL, Book
from megalint.readiness import Item, Stage, Told, commands
from megalint.readiness.commands import aws

HEALTHY: Final = 0.18
"""Route 53 takes an endpoint for healthy when more than this share of its checkers do."""
_TOLD: Final = Told(Stage.DETECTION)
_CHECK: Final = "health-check"
_ALARM: Final = "alarm"
_CREATE: Final = aws(
    "route53 create-health-check --caller-reference NAME --health-check-config"
    " Type=HTTPS,FullyQualifiedDomainName=DOMAIN,Port=443,ResourcePath=/api/health"
)
_FOLLOWING: Final = frozenset({"CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"})


def items(book: Book) -> Iterator[Item]:
    """Yield an item for each health check, then for each alarm on one."""
    checks = book.items(GLOBAL, "route53", "list_health_checks", "HealthChecks")
    if checks is None:
        why = book.why(GLOBAL, "route53", "list_health_checks")
        yield _TOLD.unchecked(_CHECK, "", why, aws("route53 list-health-checks"))
    elif not checks:
        words = "there is no health check: nothing sees that the primary region is down"
        yield _TOLD.bad(_CHECK, "", words, _CREATE)
    for one in checks or ():
        yield _health(book, one)
    known = None if checks is None else {one["Id"] for one in checks}
    yield from _alarms(book, known)


# --- health checks -------------------------------------------------------------------------


def _health(book: Book, check: Answer) -> Item:
    config, key = check.get("HealthCheckConfig") or {}, check["Id"]
    subject = f"{config.get('FullyQualifiedDomainName') or config.get('IPAddress') or ''} {key}"
    subject = subject.strip()
    command = aws(f"route53 get-health-check-status --health-check-id {key}")
    if config.get("Disabled"):
        words = "disabled: Route 53 takes it for healthy, whatever happens"
        enable = aws(f"route53 update-health-check --health-check-id {key} --no-disabled")
        return _TOLD.bad(_CHECK, subject, words, enable)
    if config.get("Type") in _FOLLOWING:
        words = f"it has no checkers of its own ({config['Type']})"
        return _TOLD.unchecked(_CHECK, subject, words)
    operation = "get_health_check_status"
    found = book.items(GLOBAL, "route53", operation, "HealthCheckObservations", key)
    if not found:
        words = (
            book.why(GLOBAL, "route53", operation, key) if found is None else "no checker reports"
        )
        return _TOLD.unchecked(_CHECK, subject, words, command)
    return _observed(subject, config, found, command)


def _observed(subject: str, config: Answer, found: list[Answer], command: str) -> Item:
    """Return what the checkers say: they begin with a word, and go on with details."""
    said = [str((one.get("StatusReport") or {}).get("Status", "")) for one in found]
    good = sum(_word(one) == "success" for one in said)
    bad = [one for one in said if _word(one) == "failure"]
    if good + len(bad) < len(said):
        strange = next(one for one in said if _word(one) not in {"success", "failure"})
        return _TOLD.unchecked(_CHECK, subject, f"a checker says: {strange}", command)
    is_healthy = (good / len(said) > HEALTHY) is not bool(config.get("Inverted"))
    share = f"{good} of {len(said)} checkers reach it"
    if is_healthy:
        return _TOLD.good(_CHECK, subject, f"healthy: {share}; {_delay(config)}")
    words = f"unhealthy: {share}; {bad[0]}" if bad else f"unhealthy: {share}"
    return _TOLD.bad(_CHECK, subject, words, command)


def _word(status: str) -> str:
    return status.partition(":")[0].strip().lower()


def _delay(config: Answer) -> str:
    times, interval = config.get("FailureThreshold", 3), config.get("RequestInterval", 30)
    return f"a failure is seen after {times} x {interval} s"


# --- alarms --------------------------------------------------------------------------------


def alarms_of(book: Book) -> list[Answer] | None:
    """Return the alarms of us-east-1 that watch a health check; None: not known."""
    found = book.items(GLOBAL, "cloudwatch", "describe_alarms", "MetricAlarms")
    return None if found is None else [one for one in found if watched(one)]


def watched(alarm: Answer) -> str:
    """Return the id of the health check that an alarm watches, or nothing."""
    stats = [
        (one.get("MetricStat") or {}).get("Metric") or {} for one in alarm.get("Metrics") or ()
    ]
    for metric in (alarm, *stats):
        if metric.get("Namespace") == "AWS/Route53":
            for one in metric.get("Dimensions") or ():
                if one.get("Name") == "HealthCheckId":
                    return str(one.get("Value"))
    return ""


def _alarms(book: Book, checks: set[str] | None) -> Iterator[Item]:
    alarms = alarms_of(book)
    if alarms is None:
        why = book.why(GLOBAL, "cloudwatch", "describe_alarms")
        command = aws(f"cloudwatch describe-alarms --region {GLOBAL}")
        yield _TOLD.unchecked(_ALARM, "", why, command)
    elif not alarms:
        words = f"no alarm of {GLOBAL} watches a health check: Route 53 has its metrics only there"
        only = next(iter(checks)) if checks is not None and len(checks) == 1 else None
        command = commands.put_metric_alarm(only)
        yield _TOLD.bad(_ALARM, "", words, command)
    for one in alarms or ():
        yield _alarm(one, checks)


def _alarm(alarm: Answer, checks: set[str] | None) -> Item:
    name, state = str(alarm.get("AlarmName")), alarm.get("StateValue")
    key = watched(alarm)
    look = aws(f"cloudwatch describe-alarms --alarm-names {quote(name)} --region {GLOBAL}")
    if checks is not None and key not in checks:
        return _TOLD.bad(_ALARM, name, f"it watches {key}: there is no such health check", look)
    if alarm.get("AlarmActions") and not alarm.get("ActionsEnabled", True):
        command = aws(
            f"cloudwatch enable-alarm-actions --alarm-names {quote(name)} --region {GLOBAL}"
        )
        return _TOLD.bad(_ALARM, name, "its actions are switched off", command, Severity.WARNING)
    if state == "OK":
        return _TOLD.good(_ALARM, name, "OK")
    if state == "ALARM":
        since = str(alarm.get("StateUpdatedTimestamp") or "")[:19]
        words = f"in ALARM since {since}: a failover has begun, or should have"
        return _TOLD.bad(_ALARM, name, words, look)
    return _TOLD.bad(_ALARM, name, f"{state}: it has no data to ring on", look, Severity.WARNING)
