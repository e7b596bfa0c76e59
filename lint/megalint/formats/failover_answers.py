"""Answers of AWS about a failover: what was asked, of whom, and what came back.

They come from an account, from the file that ``megalint dr --save`` writes, or from saved answers
of the aws CLI, one a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

import msgspec
from msgspec import Struct

from megalint.formats.aws_answers import (
    Answer,
    ForeignAnswer,
    Inventory,
    NotChecked,
    region_of,
    saved,
)

GLOBAL: Final = "us-east-1"
"""Where Route 53 keeps its metrics, and so where alarms on health checks are."""
_MARK: Final = "megalint dr"
_ANYWHERE: Final = frozenset({"route53", "iam", "s3"})


class Reply(Struct, frozen=True):
    """What came of one question.

    :attr:`region` is empty where it is not known. :attr:`about` is what it was about, where it was
    not about everything: a name, an id or an ARN. :attr:`reason` says why AWS did not answer.
    :attr:`is_absent`: it answered that there is none.
    """

    region: str
    service: str
    operation: str
    about: str = ""
    pages: tuple[dict[str, Any], ...] = ()
    reason: str = ""
    is_absent: bool = False


class Book(Struct, frozen=True):
    """All replies of one account, and the launch templates of the recovery region."""

    account: str
    primary: str
    recovery: str
    replies: tuple[Reply, ...] = ()
    inventory: Inventory | None = None

    def reply(self, region: str, service: str, operation: str, about: str = "") -> Reply | None:
        """Return the reply to a question; None: it was not asked."""
        for one in self.replies:
            is_place = one.region in {region, ""} or service in _ANYWHERE
            is_meant = (one.service, one.operation) == (service, operation)
            if is_place and is_meant and _is_about(one.about, about):
                return one
        return None

    def items(
        self, region: str, service: str, operation: str, key: str, about: str = ""
    ) -> list[Answer] | None:
        """Return the entries under *key* of all pages; None: not asked, or not answered."""
        found = self.reply(region, service, operation, about)
        if found is None or found.reason:
            return None
        return [one for page in found.pages for one in page.get(key) or ()]

    def one(self, region: str, service: str, operation: str, about: str = "") -> Answer | None:
        """Return the only page; None: not asked, not answered, or there is none."""
        found = self.reply(region, service, operation, about)
        return None if found is None or found.reason or not found.pages else found.pages[0]

    def why(self, region: str, service: str, operation: str, about: str = "") -> str:
        """Return why a question has no answer."""
        found = self.reply(region, service, operation, about)
        return "not asked" if found is None else found.reason or "no answer"

    @property
    def unanswered(self) -> tuple[tuple[str, NotChecked], ...]:
        """The questions that AWS did not answer, each once, with its region."""
        found = [
            (one.region, NotChecked(one.service, one.operation, one.reason))
            for one in self.replies
            if one.reason
        ]
        if self.inventory is not None:
            found += [(self.inventory.region, one) for one in self.inventory.not_checked]
        return tuple(dict.fromkeys(found))


def _is_about(own: str, wanted: str) -> bool:
    """Whether two names mean the same: files cannot be called as ARNs are."""
    if own == wanted:
        return True
    tail = wanted.rpartition("/")[2].rpartition(":")[2]
    return bool(own) and bool(tail) and own == tail


# --- saved by megalint -----------------------------------------------------------------------


def written(book: Book) -> str:
    """Return a book as the text of a file."""
    data = {"tool": _MARK, "version": 1, **msgspec.to_builtins(book, enc_hook=str)}
    return json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n"


# --- saved by the aws CLI --------------------------------------------------------------------

_KNOWN: Final[Mapping[str, tuple[str, str]]] = {
    "HealthChecks": ("route53", "list_health_checks"),
    "HealthCheckObservations": ("route53", "get_health_check_status"),
    "HostedZones": ("route53", "list_hosted_zones"),
    "ResourceRecordSets": ("route53", "list_resource_record_sets"),
    "MetricAlarms": ("cloudwatch", "describe_alarms"),
    "Rules": ("events", "list_rules"),
    "Targets": ("events", "list_targets_by_rule"),
    "EventBuses": ("events", "list_event_buses"),
    "stateMachines": ("stepfunctions", "list_state_machines"),
    "executions": ("stepfunctions", "list_executions"),
    "events": ("stepfunctions", "get_execution_history"),
    "definition": ("stepfunctions", "describe_state_machine"),
    "Topics": ("sns", "list_topics"),
    "Subscriptions": ("sns", "list_subscriptions_by_topic"),
    "TargetGroups": ("elbv2", "describe_target_groups"),
    "TargetHealthDescriptions": ("elbv2", "describe_target_health"),
    "LoadBalancers": ("elbv2", "describe_load_balancers"),
    "AutoScalingGroups": ("autoscaling", "describe_auto_scaling_groups"),
    "TableNames": ("dynamodb", "list_tables"),
    "Table": ("dynamodb", "describe_table"),
    "Buckets": ("s3", "list_buckets"),
    "ReplicationConfiguration": ("s3", "get_bucket_replication"),
    "LocationConstraint": ("s3", "get_bucket_location"),
    "Role": ("iam", "get_role"),
}
_ABOUT: Final = frozenset(
    {"get_health_check_status", "list_resource_record_sets", "list_targets_by_rule"}
    | {"list_executions", "get_execution_history", "describe_state_machine", "describe_table"}
    | {"list_subscriptions_by_topic", "describe_target_health", "get_bucket_replication"}
    | {"get_bucket_location", "get_role", "list_rules"}
)
"""Questions about one thing: what an answer is about is in it, or in the name of its file."""
_SELF: Final[Mapping[str, tuple[str, ...]]] = {
    "list_executions": ("executions", "stateMachineArn"),
    "list_subscriptions_by_topic": ("Subscriptions", "TopicArn"),
    "list_rules": ("Rules", "EventBusName"),
    "describe_table": ("Table", "TableName"),
    "get_role": ("Role", "RoleName"),
    "describe_state_machine": ("", "stateMachineArn"),
}
"""Where an answer says what it is about."""


def loaded(files: Sequence[tuple[str, str]], primary: str, recovery: str) -> Book:
    """Return what saved files say, each the name and text of one.

    Raises :class:`ForeignAnswer` for a file that is neither.
    """
    parsed = [(name, one) for name, text in files for one in _parsed(name, text)]
    books = [one for _, one in parsed if isinstance(one, dict) and one.get("tool") == _MARK]
    if books:
        try:
            return msgspec.convert(books[0], Book)
        except msgspec.ValidationError as error:
            raise ForeignAnswer(f"{files[0][0]}: {error}") from error
    replies = [_reply(name, one, recovery) for name, one in parsed if _is_known(one)]
    others = [(name, json.dumps(one)) for name, one in parsed if _is_of_templates(one)]
    foreign = [name for name, one in parsed if not _is_known(one) and not _is_of_templates(one)]
    if foreign:
        raise ForeignAnswer(f"{foreign[0]}: no answer of the aws CLI about a failover")
    inventories = (one for one in saved(others, recovery) if one.region == recovery)
    return Book("", primary, recovery, tuple(_joined(replies)), next(inventories, None))


def _parsed(name: str, text: str) -> Iterator[Any]:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ForeignAnswer(f"{name}: no JSON ({error})") from error
    yield from found if isinstance(found, list) else (found,)


def _is_known(answer: Any) -> bool:
    return isinstance(answer, dict) and (bool(answer.keys() & _KNOWN.keys()) or _is_rule(answer))


def _is_rule(answer: Mapping[str, Any]) -> bool:
    """Whether it is the answer of describe-rule."""
    return {"Name", "Arn", "State"} <= answer.keys() and ":rule/" in str(answer["Arn"])


def _is_of_templates(answer: Any) -> bool:
    of_templates = {"LaunchTemplateVersions", "LaunchTemplates", "AutoScalingGroups", "Images"}
    others = {"LoadBalancers", "Reservations", "Fleets", "InstanceRefreshes"}
    return isinstance(answer, dict) and bool(answer.keys() & (of_templates | others))


def _reply(name: str, answer: dict[str, Any], recovery: str) -> Reply:
    if _is_rule(answer):
        answer = {"Rules": [answer]}
    key = next(one for one in _KNOWN if one in answer)
    service, operation = _KNOWN[key]
    region = region_of(answer) or (GLOBAL if service in {"route53", "cloudwatch"} else recovery)
    if operation == "list_targets_by_rule":
        region = ""  # the targets say where they are, and not where their rule is
    about = _about(answer, operation, name) if operation in _ABOUT else ""
    return Reply(region, service, operation, about, (answer,))


def _about(answer: Mapping[str, Any], operation: str, name: str) -> str:
    """Return what an answer is about; of a file that is called ``targets.NAME.json``: NAME."""
    key, field = _SELF.get(operation, ("", ""))
    held = answer.get(key) if key else answer
    first = held[0] if isinstance(held, list) and held else held
    found = first.get(field) if isinstance(first, dict) and field else None
    return str(found) if found else PurePath(name).name.partition(".")[2].rpartition(".")[0]


def _joined(replies: Iterable[Reply]) -> Iterator[Reply]:
    """Yield one reply for each question: several files may hold pages of its answer."""
    found: dict[tuple[str, ...], list[Reply]] = {}
    for one in replies:
        key = (one.region, one.service, one.operation, one.about)
        found.setdefault(key, []).append(one)
    for held in found.values():
        pages = tuple(page for one in held for page in one.pages)
        yield msgspec.structs.replace(held[0], pages=pages)
