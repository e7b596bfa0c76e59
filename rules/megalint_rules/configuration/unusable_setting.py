"""unusable-setting."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.config import mistakes


class UnusableSetting(Rule[mistakes.UnusableSetting]):
    """A setting whose value is of no use, or that has no effect where it stands.

    ## Why is this bad?

    The default holds instead: a level that does not exist leaves the rule as it was. Settings of the
    whole run (`regions`, `image`, `placeholders`, `fail-on`) have no effect in a file below the root.

    ## Example

    ```toml path=megalint.toml
    fail-on = "warnings" # finding

    [rules]
    public-env-captured = "info" # finding
    ```

    Use instead:

    ```toml path=megalint.toml
    fail-on = "warning"

    [rules]
    public-env-captured = "note"
    ```
    """

    id = "unusable-setting"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: mistakes.UnusableSetting, project: Project) -> Iterator[Finding]:
        """Yield a finding for the mistake."""
        yield self.finding(fact.location, fact.message, fix=fact.fix)
