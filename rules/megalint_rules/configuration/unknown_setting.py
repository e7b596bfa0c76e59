"""unknown-setting."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.config import mistakes


class UnknownSetting(Rule[mistakes.UnknownSetting]):
    """A key in the configuration that is no setting.

    ## Why is this bad?

    megalint reads over a key that it does not know: what it was to exclude is checked, the contract it
    was to state is not. A setting of a newer megalint looks the same to an older one.

    ## Example

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    requires = ["AWS_REGION"] # finding
    ```

    Use instead:

    ```toml path=megalint.toml
    [services.web]
    process = "web-frontend"
    require = ["AWS_REGION"]
    ```
    """

    id = "unknown-setting"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: mistakes.UnknownSetting, project: Project) -> Iterator[Finding]:
        """Yield a finding for the mistake."""
        yield self.finding(fact.location, fact.message, fix=fact.fix)
