"""shell-syntax-error."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.launches.facts import Boot


class ShellSyntaxError(Rule[Boot]):
    """User data that bash cannot read to its end.

    ## Why is this bad?

    bash reads a script line by line: what stands before the error is run, the rest is not, and
    cloud-init reports an error that nobody looks at. A here-document whose delimiter is indented,
    followed by a blank or by `&&` is no error for bash at all: it takes the rest of the script as
    its text, and nothing of it is run.

    ## Example

    ```bash path=user_data.sh
    #!/bin/bash
    # finding below
    cat > /etc/tickets.env <<EOF
    AWS_REGION=ap-northeast-1
      EOF
    systemctl restart web
    ```

    Use instead:

    ```bash path=user_data.sh
    #!/bin/bash
    cat > /etc/tickets.env <<EOF
    AWS_REGION=ap-northeast-1
    EOF
    systemctl restart web
    ```
    """

    id = "shell-syntax-error"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Boot, project: Project) -> Iterator[Finding]:
        """Yield a finding for each error."""
        path = fact.user_data.location.source.path
        is_unrendered = fact.user_data.owner is None and path.suffix != ".sh"
        if fact.user_data.refusal is not None or is_unrendered:
            return
        for event in fact.events:
            if event.kind == "too-long":
                yield self.finding(
                    event.location.labelled("given up here"),
                    "the script takes more steps, or more scripts inside scripts, than megalint follows",
                    severity=Severity.NOTE,
                )
            elif event.kind == "syntax":
                is_document = event.words.startswith("here-document")
                effect = (
                    "the rest of the script becomes its text"
                    if is_document
                    else "nothing from here on is run"
                )
                yield self.finding(
                    event.location.labelled(event.words),
                    f"bash: {event.words}; {effect}",
                )
