"""unguarded-placeholder-replace."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.versions.facts import Substitution


class UnguardedPlaceholderReplace(Rule[Substitution]):
    """A placeholder replaced without a look whether it was there.

    ## Why is this bad?

    `replace` of a word that is not there returns the text as it was, without an error. The first
    failover fills the placeholder in; the second one finds none, keeps the address of the last
    time, and reports success.

    ## Example

    ```python path=functions/update_template.py
    # fills in the launch template
    def completed(user_data: str, dns_name: str) -> str:
        return user_data.replace("NLB_DNS_PLACEHOLDER", dns_name)  # finding
    ```

    Use instead:

    ```python path=functions/update_template.py
    # fills in the launch template
    def completed(user_data: str, dns_name: str) -> str:
        if "NLB_DNS_PLACEHOLDER" not in user_data:
            raise LookupError("this version holds no NLB_DNS_PLACEHOLDER")
        return user_data.replace("NLB_DNS_PLACEHOLDER", dns_name)
    ```
    """

    id = "unguarded-placeholder-replace"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Substitution, project: Project) -> Iterator[Finding]:
        """Yield a finding for a replacement that nothing checks."""
        if fact.is_guarded:
            return
        yield self.finding(
            fact.location.labelled("no error where there is nothing to replace"),
            f"nothing checks that `{fact.token}` is there: once it was filled in, the next run"
            " replaces nothing and goes on",
            notes=(f'instead: `if "{fact.token}" not in text: raise ...` before it',),
        )
