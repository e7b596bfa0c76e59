"""user-data-not-executable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Edit, Finding, Fix, Project, Rule, Safety, Severity, Span
from megalint.project.launches.facts import Boot, Event

_KINDS = frozenset(
    {
        "byte-order-mark",
        "blank-before-shebang",
        "no-shebang",
        "mixed-line-ends",
        "broken-yaml",
        "broken-runcmd",
    }
)


class UserDataNotExecutable(Rule[Boot]):
    """User data that cloud-init does not run, or not as it is written.

    ## Why is this bad?

    cloud-init decides by the first bytes. A blank line, blanks or a byte order mark before `#!`,
    no `#!` at all, a YAML error in `#cloud-config`: nothing is run, the instance comes up, and the
    load balancer waits. CR LF line ends after a first line that ends in LF put a CR into every
    value.

    ## Example

    ```bash path=user_data.sh

    #!/bin/bash
    systemctl restart web
    ```

    ```text path=findings.txt
    user_data.sh:1
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    systemctl restart web
    ```
    """

    id = "user-data-not-executable"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each part that does not run."""
        for event in fact.events:
            if event.kind in _KINDS and not _is_fragment(event, fact):
                is_guess = event.kind == "no-shebang" and fact.user_data.owner is None
                yield self.finding(
                    event.location.labelled("cloud-init looks here"),
                    f"{event.words[:1].lower()}{event.words[1:]}" if is_guess else event.words,
                    severity=Severity.WARNING if is_guess else Severity.ERROR,
                    confidence=Confidence.MEDIUM if is_guess else Confidence.HIGH,
                    fix=_fix(event),
                )


def _is_fragment(event: Event, boot: Boot) -> bool:
    """Whether a text without `#!` may be a part that something else puts together."""
    owner, path = boot.user_data.owner, boot.user_data.location.source.path
    if event.kind == "blank-before-shebang" and event.location.source.path.suffix == ".tf":
        return True  # heredoc-indents-script says more about it
    if event.kind != "no-shebang":
        return False
    return owner.rpartition(".")[0].startswith("module") if owner else path.suffix != ".sh"


def _fix(event: Event) -> Fix | None:
    source = event.location.source
    head = re.match(r"[\s\ufeff]*(?=#!)", source.text)
    if event.kind not in {"byte-order-mark", "blank-before-shebang"} or head is None:
        return None
    if event.location.span.start > head.end():
        return None
    edit = Edit(source, Span(0, head.end()), "")
    return Fix("begin the file with #!", Safety.SAFE, (edit,))
