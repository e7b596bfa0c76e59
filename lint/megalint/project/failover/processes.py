"""What apps call with the AWS SDK, by the role of the machines that start them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from megalint.languages.javascript import syntax as js
from megalint.languages.javascript.constants import Constants, Outside
from megalint.languages.javascript.parse import parse
from megalint.languages.javascript.walk import walk
from megalint.project.apps import App
from megalint.project.checkout import Checkout
from megalint.project.failover.facts import Call, Statement
from megalint.project.failover.policies import allowed
from megalint.project.launches.facts import REGION_VARIABLES, Boot, Launch
from megalint.project.linked import Project
from megalint.project.literals import RegionLiteral
from megalint.project.nextjs.graph import AppModule
from megalint.project.resources import Resource, by_key, resources
from megalint.source import Location

_CLIENT: Final = "@aws-sdk/client-"
_DOCUMENTS: Final = "@aws-sdk/lib-dynamodb"
_COMMAND: Final = "Command"
TABLES: Final = {
    **{f"{name}Command": f"{name}Item" for name in ("Get", "Put", "Update", "Delete")},
    **{f"Batch{name}Command": f"Batch{name}Item" for name in ("Get", "Write")},
    **{f"{name}Command": name for name in ("Query", "Scan")},
}
"""What the document client sends, by its commands."""
SERVICES: Final = {
    "dynamodb": ("dynamodb", frozenset(TABLES.values())),
    "eventbridge": ("events", frozenset({"PutEvents"})),
    "lambda": ("lambda", frozenset({"InvokeFunction"})),
    "secrets-manager": ("secretsmanager", frozenset({"GetSecretValue", "DescribeSecret"})),
    "sfn": ("states", frozenset({"StartExecution", "SendTaskSuccess", "SendTaskFailure"})),
    "sns": ("sns", frozenset({"Publish"})),
    "sqs": ("sqs", frozenset({"SendMessage", "ReceiveMessage", "DeleteMessage"})),
    "ssm": ("ssm", frozenset({"GetParameter", "GetParameters", "GetParametersByPath"})),
    "bedrock-runtime": (
        "bedrock",
        frozenset({"InvokeModel", "InvokeModelWithResponseStream"}),
    ),
}
"""The prefix of the actions of a client, and the commands that are called as their actions are."""
_IDENTITIES: Final = (
    *("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_OTHERS: Final = ("credentials", "endpoint")
"""Settings of clients that make them speak as somebody else, or to something else."""
_TEMPLATES: Final = ("aws_launch_template", "AWS::EC2::LaunchTemplate")
_PROFILES: Final = ("aws_iam_instance_profile", "AWS::IAM::InstanceProfile")


class _Command(Struct, frozen=True):
    """A command of the SDK that an app makes: its action, and where."""

    service: str
    action: str
    location: Location


def calls_of_processes(project: Project) -> Iterator[Call]:
    """Yield what apps call on machines whose role is known in all that it allows."""
    if not any(True for _ in resources(project.checkout, *_TEMPLATES)):
        return
    commands: dict[App, tuple[_Command, ...]] = {}
    fixed = {one.app for one in project.each(RegionLiteral) if one.use == "client"}
    for boot in project.each(Boot):
        held = _allowed(project.checkout, boot)
        for launch in boot.launches if held is not None else ():
            app = launch.app
            if app is None or held is None or _is_somebody_else(launch):
                continue
            if app not in commands:
                commands[app] = tuple(_commands(project, app))
            region = None if app in fixed else _region(launch, boot.user_data.region)
            yield from _calls(launch, commands[app], region, held)


def _is_somebody_else(launch: Launch) -> bool:
    """Whether a process may act under another identity than that of its machine."""
    return launch.is_open or any(name in launch.effective for name in _IDENTITIES)


def _calls(
    launch: Launch, commands: tuple[_Command, ...], region: str | None, held: tuple[Statement, ...]
) -> Iterator[Call]:
    for one in commands:
        caller = launch.process or str(launch.kind)
        action = f"{one.service}:{one.action}".lower()
        yield Call(caller, one.service, one.action, action, one.location, region, held)


def _region(launch: Launch, own: str | None) -> str | None:
    """Return the region that clients of a process ask in: the one it is told, else its own."""
    for name in REGION_VARIABLES:
        given = launch.effective.get(name)
        if given is not None:
            return given.value.known
    return own


# --- the role -------------------------------------------------------------------------------


def _allowed(checkout: Checkout, boot: Boot) -> tuple[Statement, ...] | None:
    template = _template(checkout, boot)
    profile = None if template is None else _profile(checkout, template)
    if profile is None:
        return None
    role = profile.properties.get("role")
    listed = profile.properties.get("Roles")
    held = listed.items[0] if listed is not None and len(listed.items) == 1 else role
    if held is None:
        return None
    return allowed(checkout, held.reference or _named(checkout, held.text, "aws_iam_role"))


def _template(checkout: Checkout, boot: Boot) -> Resource | None:
    """Return the template that hands the user data over."""
    owner, place = boot.user_data.owner, boot.user_data.location.source
    ends = (f"/{owner}", f":{owner}")
    found = [
        one
        for one in resources(checkout, *_TEMPLATES)
        if one.key.endswith(ends) and one.location.source == place
    ]
    return found[0] if len(found) == 1 else None


def _profile(checkout: Checkout, template: Resource) -> Resource | None:
    """Return the instance profile of a template, by reference or by name."""
    block = template.properties.get("iam_instance_profile")
    given = block.items[0] if block is not None and block.items else None
    given = given or template.properties.get("LaunchTemplateData", "IamInstanceProfile")
    for key in ("name", "arn", "Name", "Arn"):
        held = None if given is None else given.get(key)
        if held is not None:
            name = held.reference or _named(checkout, held.text, *_PROFILES)
            found = by_key(checkout).get(name or "")
            return found if found is not None and found.kind in _PROFILES else None
    return None


def _named(checkout: Checkout, name: str | None, *kinds: str) -> str | None:
    """Return the key of the only resource of that name."""
    found = [
        one.key
        for one in resources(checkout, *kinds)
        if name and (held := one.properties.get("name")) is not None and held.text == name
    ]
    return found[0] if len(found) == 1 else None


# --- the code -------------------------------------------------------------------------------


def _commands(project: Project, app: App) -> Iterator[_Command]:
    held = [
        one.source
        for one in project.each(AppModule)
        if one.app == app and one.is_server and one.source.mentions("@aws-sdk/")
    ]
    if any(source.mentions(word) for source in held for word in _OTHERS):
        return
    for source in held:
        yield from _made(project.checkout.parsed(source, parse))


def _made(module: js.Module) -> Iterator[_Command]:
    constants = Constants()
    for node in walk(module):
        if isinstance(node, js.New) and isinstance(node.callee, js.Name):
            target = constants.target(module, node.callee)
            if isinstance(target, Outside) and target.name.endswith(_COMMAND):
                found = _action(target)
                if found is not None:
                    yield _Command(*found, Location(module.source, node.callee.span))


def _action(target: Outside) -> tuple[str, str] | None:
    """Return the service and the action that a command needs, where it is called as that is."""
    if target.specifier == _DOCUMENTS:
        name = TABLES.get(target.name)
        return None if name is None else ("dynamodb", name)
    client = target.specifier.removeprefix(_CLIENT)
    known: Mapping[str, tuple[str, frozenset[str]]] = SERVICES
    if not target.specifier.startswith(_CLIENT) or client not in known:
        return None
    service, actions = known[client]
    name = target.name.removesuffix(_COMMAND)
    name = "InvokeFunction" if (client, name) == ("lambda", "Invoke") else name
    return (service, name) if name in actions else None
