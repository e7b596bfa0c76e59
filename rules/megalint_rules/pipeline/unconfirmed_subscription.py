"""unconfirmed-subscription."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.live.facts import LiveTopic
from megalint.wording import counted


class UnconfirmedSubscription(Rule[LiveTopic]):
    """A topic whose subscriptions nobody has confirmed.

    ## Why is this bad?

    SNS sends nothing to an address before its owner has followed the link in the first mail, and deletes the subscription
    after three days: the request for an approval reaches nobody, and the failover waits until it times out. Reported
    by `megalint dr`.

    ## Example

    ```json path=aws/subscriptions.json
    {
      "Subscriptions": [
        {"TopicArn": "arn:aws:sns:ap-northeast-1:111122223333:approval", "Protocol": "email", "Endpoint": "oncall@example.com", "SubscriptionArn": "PendingConfirmation"}
      ]
    }
    ```

    ```text path=findings.txt
    lt/ap-northeast-1/topics:1
    ```

    Use instead:

    ```json path=aws/subscriptions.json
    {
      "Subscriptions": [
        {"TopicArn": "arn:aws:sns:ap-northeast-1:111122223333:approval", "Protocol": "email", "Endpoint": "oncall@example.com", "SubscriptionArn": "arn:aws:sns:ap-northeast-1:111122223333:approval:11111111-2222-3333-4444-555555555555"}
      ]
    }
    ```
    """

    id = "unconfirmed-subscription"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LiveTopic, project: Project) -> Iterator[Finding]:
        """Yield a finding for a topic that speaks to nobody yet."""
        if not fact.waiting or len(fact.waiting) < len(fact.subscriptions):
            return
        late = counted(len(fact.waiting), "subscription")
        yield self.finding(
            fact.location.labelled("nobody has confirmed"),
            f"`{fact.name}` reaches nobody: {late} without a confirmation, deleted after 3 days",
            notes=("instead: subscribe again, and follow the link in the mail",),
            data=fact.data,
        )
