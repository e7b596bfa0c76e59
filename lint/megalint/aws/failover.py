"""Ask an account what a failover needs: from the health check to the last replica, read only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from msgspec import Struct, field

from megalint.aws import collect
from megalint.aws.policy import FAILOVER_ACTIONS
from megalint.aws.session import SETTINGS, Identity, reason
from megalint.formats.failover_answers import GLOBAL, Book, Reply

WORKERS: Final = 8
EXECUTIONS: Final = 10
EVENTS: Final = 200
MACHINES: Final = 20
_ABSENT: Final = frozenset(
    {"NoSuchEntity", "NoSuchEntityException", "ReplicationConfigurationNotFoundError"}
    | {"GlobalTableNotFoundException", "ResourceNotFoundException", "NoSuchHealthCheck"}
    | {"ExecutionDoesNotExist", "StateMachineDoesNotExist", "NotFound", "NoSuchBucket"}
)
_WATCHED: Final = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"})
"""Kinds of health checks that have checkers; the others follow something else."""
Progress = Callable[[], None]
Question = tuple[str, Mapping[str, Any]]
"""What a question is about, and its arguments."""


def ask(identity: Identity, primary: str, recovery: str, progress: Progress = lambda: None) -> Book:
    """Return the answers of one account; what AWS refuses is noted, and never raised.

    *progress* is called :data:`STEPS` times.
    """
    asked = _Account(identity, primary, recovery)
    for step in _STEPS:
        step(asked)
        progress()
    (inventory,) = collect.collect(identity, [recovery])
    progress()
    return Book(identity.account, primary, recovery, tuple(asked.replies), inventory)


class _Account(Struct):
    identity: Identity
    primary: str
    recovery: str
    replies: list[Reply] = field(default_factory=list[Reply])
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])

    # --- asking ----------------------------------------------------------------------------

    def _ask(self, region: str, service: str, operation: str, **given: Any) -> Reply:
        """Ask one question about everything."""
        return self._each(region, service, operation, [("", given)])[0]

    def _each(
        self, region: str, service: str, operation: str, questions: Iterable[Question]
    ) -> list[Reply]:
        """Ask one question about several things at once, and keep the replies in their order."""
        if (service, operation) not in FAILOVER_ACTIONS:
            raise LookupError(f"{service}.{operation} is in no policy")
        client = self._client(region, service)

        def one(question: Question) -> Reply:
            return _replied(client, Reply(region, service, operation, question[0]), question[1])

        with ThreadPoolExecutor(WORKERS) as pool:
            found = list(pool.map(one, questions))
        self.replies += found
        return found

    def _client(self, region: str, service: str) -> Any:
        key = (region, service)
        if key not in self._clients:
            session = self.identity.session
            self._clients[key] = session.client(service, region_name=region, config=SETTINGS)
        return self._clients[key]

    # --- from the health check to the alarm ------------------------------------------------

    def health(self) -> None:
        checks = _items(self._ask(GLOBAL, "route53", "list_health_checks"), "HealthChecks")
        watched = [one["Id"] for one in checks if one["HealthCheckConfig"].get("Type") in _WATCHED]
        self._each(
            GLOBAL,
            "route53",
            "get_health_check_status",
            [(one, {"HealthCheckId": one}) for one in watched],
        )

    def zones(self) -> None:
        zones = _items(self._ask(GLOBAL, "route53", "list_hosted_zones"), "HostedZones")
        public = [one["Id"] for one in zones if not (one.get("Config") or {}).get("PrivateZone")]
        asked = [(one, {"HostedZoneId": one}) for one in public]
        self._each(GLOBAL, "route53", "list_resource_record_sets", asked)

    def alarms(self) -> None:
        kinds = ["MetricAlarm", "CompositeAlarm"]
        self._ask(GLOBAL, "cloudwatch", "describe_alarms", AlarmTypes=kinds)
        if self.primary != GLOBAL:
            self._ask(self.primary, "cloudwatch", "describe_alarms", StateValue="ALARM")

    # --- from the alarm to the state machine -----------------------------------------------

    def rules(self) -> None:
        for region in dict.fromkeys((GLOBAL, self.recovery)):
            buses = _items(self._ask(region, "events", "list_event_buses"), "EventBuses")
            for bus in [one["Name"] for one in buses] or ["default"]:
                (reply,) = self._each(
                    region, "events", "list_rules", [(bus, {"EventBusName": bus})]
                )
                names = [one["Name"] for one in _items(reply, "Rules")]
                asked = [(f"{bus}/{one}", {"Rule": one, "EventBusName": bus}) for one in names]
                self._each(region, "events", "list_targets_by_rule", asked)

    def roles(self) -> None:
        """Read the roles of targets that are event buses, and what these roles may do."""
        targets = [one for one in self._targets() if ":event-bus/" in one.get("Arn", "")]
        names = {one["RoleArn"].rpartition("/")[2] for one in targets if one.get("RoleArn")}
        asked = [(one, {"RoleName": one}) for one in sorted(names)]
        self._each(GLOBAL, "iam", "get_role", asked)
        for reply in self._each(GLOBAL, "iam", "list_role_policies", asked):
            role = reply.about
            inline = [one for page in reply.pages for one in page.get("PolicyNames") or ()]
            given = [(f"{role}/{one}", {"RoleName": role, "PolicyName": one}) for one in inline]
            self._each(GLOBAL, "iam", "get_role_policy", given)
        for reply in self._each(GLOBAL, "iam", "list_attached_role_policies", asked):
            arns = [one["PolicyArn"] for one in _items(reply, "AttachedPolicies")]
            found = self._each(
                GLOBAL, "iam", "get_policy", [(one, {"PolicyArn": one}) for one in arns]
            )
            versions = [
                (
                    one.about,
                    {
                        "PolicyArn": one.about,
                        "VersionId": one.pages[0]["Policy"]["DefaultVersionId"],
                    },
                )
                for one in found
                if one.pages
            ]
            self._each(GLOBAL, "iam", "get_policy_version", versions)

    def _targets(self) -> list[dict[str, Any]]:
        asked = (one for one in self.replies if one.operation == "list_targets_by_rule")
        return [target for one in asked for target in _items(one, "Targets")]

    def machines(self) -> None:
        region = self.recovery
        held = _items(self._ask(region, "stepfunctions", "list_state_machines"), "stateMachines")
        started = {one.get("Arn") for one in self._targets()}
        known = [one["stateMachineArn"] for one in held]
        chosen = [one for one in known if one in started] or known[:MACHINES]
        asked = [(one, {"stateMachineArn": one}) for one in chosen]
        self._each(region, "stepfunctions", "describe_state_machine", asked)
        last = [(one, {"stateMachineArn": one, "maxResults": EXECUTIONS}) for one in chosen]
        for reply in self._each(region, "stepfunctions", "list_executions", last):
            self._executions(_items(reply, "executions"))

    def _executions(self, found: list[dict[str, Any]]) -> None:
        running = [one["executionArn"] for one in found if one["status"] == "RUNNING"]
        given = {"reverseOrder": True, "maxResults": EVENTS}
        asked = [(one, {"executionArn": one, **given}) for one in running]
        self._each(self.recovery, "stepfunctions", "get_execution_history", asked)
        ended = [
            one["executionArn"] for one in found if one["status"] not in {"RUNNING", "SUCCEEDED"}
        ]
        failed = [(one, {"executionArn": one}) for one in ended[:1]]
        self._each(self.recovery, "stepfunctions", "describe_execution", failed)

    def topics(self) -> None:
        """Read the subscriptions of the topics that machines and alarms name, else of all."""
        region = self.recovery
        known = [
            one["TopicArn"] for one in _items(self._ask(region, "sns", "list_topics"), "Topics")
        ]
        named = " ".join(self._naming())
        chosen = [one for one in known if re.search(rf"{re.escape(one)}(?![\w-])", named)]
        asked = [(one, {"TopicArn": one}) for one in chosen or known]
        self._each(region, "sns", "list_subscriptions_by_topic", asked)

    def _naming(self) -> Iterator[str]:
        """Yield the texts that may name a topic of the pipeline."""
        for one in self.replies:
            for page in one.pages:
                if one.operation == "describe_state_machine":
                    yield page.get("definition", "")
                for alarm in page.get("MetricAlarms") or ():
                    yield " ".join(alarm.get("AlarmActions") or ())
        yield from (one.get("Arn", "") for one in self._targets())

    # --- what takes over -------------------------------------------------------------------

    def balancers(self) -> None:
        for region in (self.recovery, self.primary):
            self._ask(region, "elbv2", "describe_load_balancers")
            reply = self._ask(region, "elbv2", "describe_target_groups")
            arns = [one["TargetGroupArn"] for one in _items(reply, "TargetGroups")]
            asked = [(one, {"TargetGroupArn": one}) for one in arns]
            self._each(region, "elbv2", "describe_target_health", asked)

    def groups(self) -> None:
        self._ask(self.recovery, "autoscaling", "describe_auto_scaling_groups")

    def tables(self) -> None:
        for region in (self.recovery, self.primary):
            reply = self._ask(region, "dynamodb", "list_tables")
            names = [one for page in reply.pages for one in page.get("TableNames") or ()]
            asked = [(one, {"TableName": one}) for one in names]
            found = self._each(region, "dynamodb", "describe_table", asked)
            alone = [
                one.about
                for one in found
                if one.pages and not one.pages[0]["Table"].get("Replicas")
            ]
            old = [(one, {"GlobalTableName": one}) for one in alone]
            self._each(region, "dynamodb", "describe_global_table", old)

    def buckets(self) -> None:
        reply = self._ask(self.primary, "s3", "list_buckets", BucketRegion=self.primary)
        names = [one["Name"] for one in _items(reply, "Buckets")]
        asked = [(one, {"Bucket": one}) for one in names]
        found = self._each(self.primary, "s3", "get_bucket_replication", asked)
        rules = [
            rule
            for one in found
            for page in one.pages
            for rule in page["ReplicationConfiguration"].get("Rules") or ()
        ]
        goals = sorted({one["Destination"]["Bucket"].rpartition(":")[2] for one in rules})
        places = [(one, {"Bucket": one}) for one in goals]
        self._each(self.primary, "s3", "get_bucket_location", places)


def _replied(client: Any, reply: Reply, given: Mapping[str, Any]) -> Reply:
    try:
        pages = tuple(_pages(client, reply.operation, given))
    except ClientError as error:
        is_absent = error.response.get("Error", {}).get("Code") in _ABSENT
        return _with(reply, reason="" if is_absent else reason(error, "dr"), is_absent=is_absent)
    except (BotoCoreError, ResponseParserError) as error:
        return _with(reply, reason=reason(error, "dr"))
    return _with(reply, pages=pages)


def _with(reply: Reply, **changed: Any) -> Reply:
    kept = (reply.region, reply.service, reply.operation, reply.about)
    return Reply(*kept, **changed)


def _pages(client: Any, operation: str, given: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Yield all pages; of what is asked for with a limit, the first one."""
    if client.can_paginate(operation) and "maxResults" not in given:
        found = client.get_paginator(operation).paginate(**given)
    else:
        found = _by_token(getattr(client, operation), given)
    for page in found:
        yield {key: value for key, value in page.items() if key != "ResponseMetadata"}


def _by_token(call: Callable[..., Any], given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the pages of a call for which botocore has no paginator."""
    page = call(**given)
    yield page
    while page.get("NextToken"):
        page = call(**given, NextToken=page["NextToken"])
        yield page


def _items(reply: Reply, key: str) -> list[dict[str, Any]]:
    return [one for page in reply.pages for one in page.get(key) or ()]


_STEPS: Final[tuple[Callable[[_Account], None], ...]] = (
    _Account.health,
    _Account.zones,
    _Account.alarms,
    _Account.rules,
    _Account.roles,
    _Account.machines,
    _Account.topics,
    _Account.balancers,
    _Account.groups,
    _Account.tables,
    _Account.buckets,
)
STEPS: Final = len(_STEPS) + 1
