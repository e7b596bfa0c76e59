"""health-status-compared."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import StatusTest


class HealthStatusCompared(Rule[StatusTest]):
    """A script that compares the report of a health check with one word.

    ## Why is this bad?

    A checker of Route 53 reports a sentence: `Success: HTTP Status Code 200, OK`, or why it failed. It is never equal to
    `Success`: the script says that something is wrong whatever happens, and soon nobody looks at it.

    ## Example

    ```bash path=status.sh
    #!/bin/bash
    status=$(aws route53 get-health-check-status \
      --health-check-id 11111111-2222-3333-4444-555555555555 \
      --query 'HealthCheckObservations[0].StatusReport.Status' --output text)
    if [[ "$status" == "Success" ]]; then # finding
      echo healthy
    fi
    ```

    Use instead:

    ```bash path=status.sh
    #!/bin/bash
    status=$(aws route53 get-health-check-status \
      --health-check-id 11111111-2222-3333-4444-555555555555 \
      --query 'HealthCheckObservations[0].StatusReport.Status' --output text)
    if [[ "$status" == Success* ]]; then
      echo healthy
    fi
    ```
    """

    id = "health-status-compared"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: StatusTest, project: Project) -> Iterator[Finding]:
        """Yield a finding for each comparison that is never true."""
        yield self.finding(
            fact.location.labelled("compared as a whole"),
            f"the report of a health check is never `{fact.word}`: it goes on, as in"
            " `Success: HTTP Status Code 200, OK`",
            related=(fact.read_at.labelled("asked for here"),),
            notes=(f"instead: `== {fact.word}*`, in double brackets",),
        )
