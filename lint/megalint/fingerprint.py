"""A finding's identity, kept when lines move or are reformatted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from megalint.finding import Finding


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return one fingerprint for each of *findings*: 32 hexadecimal digits.

    It depends on the rule, the path, the text at the place (blanks aside) and the variables;
    findings that are equal in all of these are numbered in order.
    """
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        key = _key(finding)
        seen[key] += 1
        found.append(_digest(f"{key}\0{seen[key]}"))
    return found


def _digest(text: str) -> str:
    # a file name that is not UTF-8 holds surrogates
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _key(finding: Finding) -> str:
    text = " ".join(finding.location.text.split())
    path = str(finding.location.source.path)
    return "\0".join((finding.rule_id, path, text, *sorted(finding.data.env)))
