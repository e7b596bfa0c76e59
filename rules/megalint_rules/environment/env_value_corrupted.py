"""env-value-corrupted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Certainty, Channel, Injection, Launch
from megalint.text import OPAQUE

_QUOTED = re.compile(r"""(["']).*\1""", re.DOTALL)
_COMMENT = re.compile(r"\S\s+#\s")


class EnvValueCorrupted(Rule[Launch]):
    """A value that arrives damaged: a carriage return, quotes or a comment kept, `$` expanded.

    ## Why is this bad?

    Every reader of env files has rules of its own. `docker --env-file` keeps quotes and comments,
    systemd keeps comments, a script with CR LF line ends puts the CR into every value, and Next.js
    replaces `$word` in a value, in single quotes too: `pa$word` becomes `pa`.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    # finding below
    echo 'INTERNAL_API_URL="http://nlb.example:3001"' > /opt/api.env
    docker run -d --name api --env-file /opt/api.env tickets/api:latest
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    echo 'INTERNAL_API_URL=http://nlb.example:3001' > /opt/api.env
    docker run -d --name api --env-file /opt/api.env tickets/api:latest
    ```
    """

    id = "env-value-corrupted"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Launch, project: Project) -> Iterator[Finding]:
        """Yield a finding for each damaged value."""
        if fact.starts is Certainty.NEVER:
            return
        for one in fact.effective.values():
            damage = _damage(one, fact)
            if damage is not None:
                yield self.finding(
                    one.location.labelled("written here"),
                    f"`{one.name}` arrives damaged in {fact.title}: {damage}",
                    related=(fact.location.labelled(f"starts {fact.title}"),),
                    data=Data(env=(one.name,)),
                )


def _damage(one: Injection, launch: Launch) -> str | None:
    known = one.value.known
    if known is None:
        return None
    if known.endswith("\r"):
        return "it ends in a carriage return"
    is_raw = one.channel is Channel.PROCESS and one.how.startswith(("from ", "docker"))
    if is_raw and len(known) > 1 and _QUOTED.fullmatch(known) and _is_of_file(one):
        return "the quotes are part of the value"
    if is_raw and _COMMENT.search(known) and _is_of_file(one):
        return "the comment is part of the value"
    return _expanded(one, known, launch)


def _is_of_file(one: Injection) -> bool:
    return one.how.startswith("from /") or ".env" in one.how or one.how.endswith(".env")


def _expanded(one: Injection, known: str, launch: Launch) -> str | None:
    """Return what the loader of Next.js made of a dollar."""
    for file in launch.env_files:
        raw = file.entries.get(one.name)
        written = None if raw is None else raw.value.known
        is_same = raw is not None and raw.location == one.location
        if not is_same or written is None or written == known or OPAQUE in written:
            continue
        lost = re.search(r"(?<!\\)\$(\w+)", written)
        if lost is not None and lost[1] not in launch.effective:
            return f"Next.js expands `${lost[1]}`, which is not set (write `\\${lost[1]}`)"
    return None
