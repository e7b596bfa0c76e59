"""unknown-rule-name."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.config import mistakes


class UnknownRuleName(Rule[mistakes.UnknownRuleName]):
    """A rule named in the configuration that does not exist.

    ## Why is this bad?

    The line has no effect: what it was to turn off is reported, what it was to raise stays as it was.
    Names are ids of rules, families, and globs over both; `megalint rules` lists them.

    ## Example

    ```toml path=megalint.toml
    [rules]
    public-env-capture = "off" # finding
    ```

    Use instead:

    ```toml path=megalint.toml
    [rules]
    public-env-captured = "off"
    ```
    """

    id = "unknown-rule-name"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: mistakes.UnknownRuleName, project: Project) -> Iterator[Finding]:
        """Yield a finding for the mistake."""
        yield self.finding(fact.location, fact.message, fix=fact.fix)
