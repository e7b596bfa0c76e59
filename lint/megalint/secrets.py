"""Secrets by name or form: no output ever shows one."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "********"
_LONGEST: Final = 200
"""Characters of a name that say it, its last ones: the time to look grows with their square."""
_NAME: Final = re.compile(
    r"(?:.*_)?(?:SECRET|SECRETS|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PASS|CREDENTIALS?|API_?KEY"
    r"|PRIVATE_?KEY|ACCESS_KEY(?:_ID)?|SECRET_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|AUTH_?KEY|SALT)"
    r"(?:_(?:KEY|VALUE|BASE64|B64|OLD|NEW|\d+))*",
    re.IGNORECASE,
)
_PASSWORD_IN_URL: Final = re.compile(r"(?P<head>[a-z][a-z0-9+.-]{0,30}://[^\s:/@]*:)[^\s@/]+(?=@)")
_FORM: Final = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\bsk_(?:live|test)_[A-Za-z0-9]{16,}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\beyJ[\w-]{10,1000}\.eyJ[\w-]{10,}"
    r"|\bAIza[\w-]{35}\b|\bglpat-[\w-]{20,}\b|\bnpm_[A-Za-z0-9]{36}\b"
)


def is_secret_name(name: str) -> bool:
    """Whether a variable's name says that its value is a secret."""
    return _NAME.fullmatch(name[-_LONGEST:]) is not None


def is_secret_form(value: str) -> bool:
    """Whether a value has the form of a credential, or holds a password."""
    return _FORM.search(value) is not None or _PASSWORD_IN_URL.search(value) is not None


def masked(name: str, value: str) -> str:
    """Return *value* as it may be shown under *name*."""
    if value and is_secret_name(name):
        return MASK
    return _FORM.sub(MASK, _PASSWORD_IN_URL.sub(rf"\g<head>{MASK}", value))


_ASSIGNED: Final = re.compile(
    r"(?P<name>\b[A-Za-z_][A-Za-z0-9_]*)(?P<mark>[\"']?\s*(?:[=:]|\|\||\?\?)\s*)"
    r"[\"'`]?(?=(?P<value>[^\s\"'`;,&|<>(){}]+))"
)
_READ: Final = re.compile(r"\$|^process\b|^os\b|^var\b|^local\b|^data\b|^env\b|^import\b")


def masked_line(line: str) -> str:
    """Return a line of source as it may be shown: secrets as stars, nothing moved."""
    for match in _ASSIGNED.finditer(line):
        value = match["value"]
        if is_secret_name(match["name"]) and not _READ.search(value):
            start, end = match.span("value")
            line = line[:start] + "*" * (end - start) + line[end:]
    line = _FORM.sub(lambda match: "*" * len(match[0]), line)
    return _PASSWORD_IN_URL.sub(
        lambda match: match["head"] + "*" * (len(match[0]) - len(match["head"])), line
    )
