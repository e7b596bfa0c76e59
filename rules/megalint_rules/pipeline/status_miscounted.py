"""status-miscounted."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import Miscount


class StatusMiscounted(Rule[Miscount]):
    """A script that tests a number that counts something else, too.

    ## Why is this bad?

    A subscription that nobody has confirmed gets nothing, and is deleted after three days; it is counted all the same. A
    table has borders and a head, and `wc -l` counts them. The script is content when there is nobody to ask.

    ## Example

    ```bash path=status.sh
    #!/bin/bash
    count=$(aws sns list-subscriptions-by-topic \
      --topic-arn "$TOPIC_ARN" --region ap-northeast-1 \
      --query 'length(Subscriptions)' --output text)
    if [ "$count" -lt 1 ]; then # finding
      echo "nobody gets the request for approval"
    fi
    ```

    Use instead:

    ```bash path=status.sh
    #!/bin/bash
    count=$(aws sns list-subscriptions-by-topic \
      --topic-arn "$TOPIC_ARN" --region ap-northeast-1 \
      --query 'length(Subscriptions[?starts_with(SubscriptionArn, `arn:`)])' --output text)
    if [ "$count" -lt 1 ]; then
      echo "nobody gets the request for approval"
    fi
    ```
    """

    id = "status-miscounted"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Miscount, project: Project) -> Iterator[Finding]:
        """Yield a finding for a number that says less than it seems to."""
        yield self.finding(
            fact.location.labelled("tested here"),
            f"the number that is tested counts {fact.words}, too",
            related=(fact.counted_at.labelled("counted here"),),
        )
