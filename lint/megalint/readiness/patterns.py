"""What an event pattern of EventBridge matches, and what a policy of IAM allows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

Document = Mapping[str, Any]
_EVENTS: Final = "events.amazonaws.com"
_ANY: Final = "*"


def alarm_event(name: str, arn: str) -> Document:
    """Return the event that a CloudWatch alarm sends when it begins to ring."""
    parts = arn.split(":")
    has_parts = len(parts) > 4  # noqa: PLR2004 - arn:aws:cloudwatch:REGION:ACCOUNT
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "resources": [arn],
        "region": parts[3] if has_parts else "",
        "account": parts[4] if has_parts else "",
        "detail": {"alarmName": name, "state": {"value": "ALARM"}},
    }


def matches(pattern: str, event: Document) -> bool | None:
    """Whether a pattern matches an event; None where it asks for more than is known here."""
    try:
        read = json.loads(pattern)
    except json.JSONDecodeError:
        return None
    return _all(read, event) if isinstance(read, dict) else None


def _all(pattern: Document, event: Document) -> bool | None:
    outcomes = [_field(key, wanted, event) for key, wanted in pattern.items()]
    if False in outcomes:
        return False
    return None if None in outcomes else True


def _field(key: str, wanted: Any, event: Document) -> bool | None:
    if key == "$or" and isinstance(wanted, list):
        found = [_all(one, event) for one in wanted]
        return True if True in found else None if None in found else False
    value = event.get(key)
    if isinstance(wanted, dict):
        return _all(wanted, value) if isinstance(value, Mapping) else None
    if not isinstance(wanted, list):
        return None
    if value is None:
        return None  # the event has more fields than alarm_event knows
    held = value if isinstance(value, list) else [value]
    found = [_value(one, text) for one in wanted for text in held]
    return True if True in found else None if None in found else False


def _value(wanted: Any, text: Any) -> bool | None:
    """Whether one value of a list in a pattern matches; None for what is not known here."""
    if not isinstance(wanted, dict):
        return bool(wanted == text)
    ((kind, given),) = wanted.items() if len(wanted) == 1 else ((("", None),))
    if kind == "exists":
        return bool(given)
    if kind == "anything-but" and isinstance(given, list | str):
        return text not in given if isinstance(given, list) else text != given
    if not isinstance(given, str):
        return None
    if kind in {"prefix", "suffix"}:
        return bool(text.startswith(given) if kind == "prefix" else text.endswith(given))
    if kind == "equals-ignore-case":
        return bool(text.lower() == given.lower())
    if kind == "wildcard":
        return re.fullmatch(".*".join(map(re.escape, given.split("*"))), text) is not None
    return None


# --- policies ------------------------------------------------------------------------------


def document(value: Any) -> Document:
    """Return a policy as boto3 (a mapping) or the CLI (text, sometimes) gives it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return {}
    return value if isinstance(value, Mapping) else {}


def statements(policy: Document) -> Iterator[Document]:
    """Yield the statements of a policy: one may stand alone."""
    found = policy.get("Statement") or ()
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, Mapping):
            yield one


def trusts_events(policy: Document) -> bool:
    """Whether EventBridge may take a role."""
    return any(
        one.get("Effect") == "Allow" and _EVENTS in _listed(_principal(one, "Service"))
        for one in statements(policy)
    )


def allows(policy: Document, action: str, resource: str) -> bool:
    """Whether a role's policy lets an action on a resource through; conditions are not weighed."""
    return _has(policy, "Allow", action, resource) and not denies(policy, action, resource)


def denies(policy: Document, action: str, resource: str) -> bool:
    """Whether a policy forbids it, whoever asks."""
    return _has(policy, "Deny", action, resource)


def admits(policy: Document, account: str, action: str) -> bool:
    """Whether the policy of a resource lets another account through."""
    for one in statements(policy):
        who = _listed(_principal(one, "AWS"))
        is_meant = any(name == _ANY or account in name.split(":") for name in who)
        if one.get("Effect") == "Allow" and is_meant and _fits(one.get("Action"), action):
            return True
    return False


def _has(policy: Document, effect: str, action: str, resource: str) -> bool:
    return any(
        one.get("Effect") == effect
        and _fits(one.get("Action"), action)
        and _fits(one.get("Resource", _ANY), resource)
        for one in statements(policy)
    )


def _principal(statement: Document, kind: str) -> Any:
    found = statement.get("Principal")
    return found.get(kind) if isinstance(found, Mapping) else found


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value or "")]


def _fits(given: Any, wanted: str) -> bool:
    return any(fnmatchcase(wanted.lower(), one.lower()) for one in _listed(given))
