"""What takes over: load balancers and their targets, groups, launch templates; and the primary."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Final

from megalint.finding import Finding, Severity
from megalint.formats.aws_answers import Answer
from megalint.formats.failover_answers import Book
from megalint.readiness import Item, Stage, Told
from megalint.readiness.commands import aws, shell
from megalint.report import Report

_TOLD: Final = Told(Stage.STANDBY)
_PRIMARY: Final = Told(Stage.PRIMARY)
_BALANCER: Final = "load-balancer"
_TARGETS: Final = "target-health"
_CAPACITY: Final = "capacity"
_TEMPLATE: Final = "launch-template"
_AWS: Final = aws("")
_WAITING: Final = frozenset({"initial", "unused"})


def primary(book: Book) -> Iterator[Item]:
    """Yield what is wrong in the primary region: an exercise begins where nothing is."""
    region = book.primary
    id_ = "primary-alarms"
    look = aws(f"cloudwatch describe-alarms --state-value ALARM --region {region}")
    found = book.items(region, "cloudwatch", "describe_alarms", "MetricAlarms")
    if found is None:
        yield _PRIMARY.unchecked(
            id_, region, book.why(region, "cloudwatch", "describe_alarms"), look
        )
    else:
        ringing = [str(one.get("AlarmName")) for one in found if one.get("StateValue") == "ALARM"]
        if ringing:
            words = f"in ALARM: {', '.join(ringing)}"
            yield _PRIMARY.bad(id_, region, words, look, Severity.WARNING)
        else:
            yield _PRIMARY.good(id_, region, "no alarm rings")
    yield from _groups_of_targets(book, region, _PRIMARY, wanted=None)


def items(book: Book, audit: Report | None) -> Iterator[Item]:
    """Yield items for load balancers, targets, groups and templates of the recovery region."""
    yield from _balancers(book)
    groups = book.items(
        book.recovery, "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"
    )
    wanted = None if groups is None else sum(one.get("DesiredCapacity") or 0 for one in groups)
    yield from _groups_of_targets(book, book.recovery, _TOLD, wanted=wanted)
    yield from _groups(book, groups)
    yield from _templates(book, audit)


# --- load balancers ------------------------------------------------------------------------


def _balancers(book: Book) -> Iterator[Item]:
    region = book.recovery
    look = aws(f"elbv2 describe-load-balancers --region {region}")
    found = book.items(region, "elbv2", "describe_load_balancers", "LoadBalancers")
    if found is None:
        why = book.why(region, "elbv2", "describe_load_balancers")
        yield _TOLD.unchecked(_BALANCER, "", why, look)
    elif not found:
        yield _TOLD.unchecked(_BALANCER, "", f"there is none in {region} today", look)
    for one in found or ():
        name, state = str(one.get("LoadBalancerName")), (one.get("State") or {}).get("Code")
        if state == "active":
            yield _TOLD.good(_BALANCER, name, f"active, {one.get('DNSName')}")
        else:
            words = f"its state is {state}: {(one.get('State') or {}).get('Reason') or '-'}"
            yield _TOLD.bad(_BALANCER, name, words, " ".join((look, "--names", quote(name))))


def _groups_of_targets(
    book: Book, region: str, told: Told, *, wanted: int | None
) -> Iterator[Item]:
    """Yield the health of each target group; *wanted* is how many machines are meant to run."""
    found = book.items(region, "elbv2", "describe_target_groups", "TargetGroups")
    if found is None:
        why = book.why(region, "elbv2", "describe_target_groups")
        command = aws(f"elbv2 describe-target-groups --region {region}")
        yield told.unchecked(_TARGETS, region, why, command)
    elif not found:
        yield told.unchecked(_TARGETS, region, f"there is no target group in {region}")
    for one in found or ():
        yield _target_group(book, region, told, one, wanted)


def _target_group(book: Book, region: str, told: Told, group: Answer, wanted: int | None) -> Item:
    arn, name = str(group["TargetGroupArn"]), str(group.get("TargetGroupName"))
    look = aws(f"elbv2 describe-target-health --target-group-arn {arn} --region {region}")
    operation = "describe_target_health"
    found = book.items(region, "elbv2", operation, "TargetHealthDescriptions", arn)
    if found is None:
        return told.unchecked(_TARGETS, name, book.why(region, "elbv2", operation, arn), look)
    if not found and wanted:
        words = f"it has no targets, though its region wants {wanted} machines"
        return told.bad(_TARGETS, name, words, look)
    if not found:
        words = "it has no targets: no machine is wanted before the failover"
        return told.unchecked(
            _TARGETS, name, "it has no targets" if wanted is None else words, look
        )
    return _health(told, name, [one.get("TargetHealth") or {} for one in found], look)


def _health(told: Told, name: str, found: list[Answer], look: str) -> Item:
    """Return what the states of the targets come to."""
    bad = [one for one in found if one.get("State") != "healthy"]
    words = f"{len(found) - len(bad)} of {len(found)} healthy"
    if not bad:
        return told.good(_TARGETS, name, words)
    states = sorted({str(one.get("State")) for one in bad})
    reasons = sorted({str(one["Reason"]) for one in bad if one.get("Reason")})
    words = f"{words}; the others: {', '.join(reasons or states)}"
    if set(states) <= _WAITING:
        return told.unchecked(_TARGETS, name, words, look)
    return told.bad(_TARGETS, name, words, look)


# --- groups --------------------------------------------------------------------------------


def _groups(book: Book, groups: list[Answer] | None) -> Iterator[Item]:
    region = book.recovery
    if groups is None:
        why = book.why(region, "autoscaling", "describe_auto_scaling_groups")
        command = aws(f"autoscaling describe-auto-scaling-groups --region {region}")
        yield _TOLD.unchecked(_CAPACITY, "", why, command)
    elif not groups:
        yield _TOLD.unchecked(_CAPACITY, "", f"there is no Auto Scaling group in {region}")
    for one in groups or ():
        yield _group(region, one)


def _group(region: str, group: Answer) -> Item:
    name, desired = str(group["AutoScalingGroupName"]), int(group.get("DesiredCapacity") or 0)
    most = group.get("MaxSize")
    where = f"--auto-scaling-group-name {quote(name)} --region {region}"
    stopped = sorted(str(one.get("ProcessName")) for one in group.get("SuspendedProcesses") or ())
    if "Launch" in stopped:
        command = aws(f"autoscaling resume-processes {where} --scaling-processes Launch")
        return _TOLD.bad(
            _CAPACITY, name, "its process Launch is suspended: it starts nothing", command
        )
    if most is None:
        return _TOLD.unchecked(_CAPACITY, name, "its maximum is not in the answer")
    if most == 0:
        command = aws(f"autoscaling update-auto-scaling-group {where} --max-size NUMBER")
        return _TOLD.bad(_CAPACITY, name, "its maximum is 0: it cannot grow", command)
    ready = sum(
        one.get("LifecycleState") == "InService" and one.get("HealthStatus") == "Healthy"
        for one in group.get("Instances") or ()
    )
    if ready < desired:
        command = aws(f"autoscaling describe-scaling-activities {where} --max-items 5")
        return _TOLD.bad(_CAPACITY, name, f"{ready} of {desired} machines are in service", command)
    return _TOLD.good(_CAPACITY, name, f"{ready} in service, {desired} wanted, {most} at most")


# --- launch templates ----------------------------------------------------------------------


def _templates(book: Book, audit: Report | None) -> Iterator[Item]:
    """Yield what the audit of the launch templates found, as ``megalint lt`` does."""
    region = book.recovery
    look = shell(f"megalint lt --region {region}")
    if audit is None or book.inventory is None or not book.inventory.templates:
        words = "not asked" if book.inventory is None else f"there is none in {region}"
        yield _TOLD.unchecked(_TEMPLATE, "", words, look)
        return
    for one in audit.findings:
        if ":sns:" not in (one.data.arn or ""):
            yield _found(one, look)
    bad = {one.data.template for one in audit.findings}
    for name in (one.name for one in book.inventory.templates):
        if name not in bad and book.inventory.not_checked:
            yield _TOLD.unchecked(_TEMPLATE, name, "not all that it needs was answered", look)
        elif name not in bad:
            yield _TOLD.good(_TEMPLATE, name, "nothing was found")


def _found(finding: Finding, look: str) -> Item:
    """Return a finding as an item that is called as its rule."""
    name, version = finding.data.template or "", finding.data.version
    subject = " version ".join((name, version)) if version else name
    command = next((one for one in map(_command, finding.notes) if one), look)
    return _TOLD.found(finding, subject, command)


def _command(note: str) -> str:
    """Return the command of the aws CLI that a note ends with."""
    at = note.find(_AWS)
    return note[at:].strip("`") if at >= 0 and "`" not in note[at:-1] else ""
