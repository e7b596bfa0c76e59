"""version-alias-expanded."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Edit, Finding, Fix, Project, Rule, Safety, Severity, Span
from megalint.project.versions.facts import LostAlias


class VersionAliasExpanded(Rule[LostAlias]):
    """`$Latest` or `$Default` that the shell expands to nothing before the aws CLI sees it.

    ## Why is this bad?

    To the shell, `$Latest` is a variable that nobody set. The CLI gets an empty version: it fails,
    or EC2 takes the default version, which is not the newest one.

    ## Example

    ```bash path=failover.sh
    #!/bin/bash
    aws autoscaling update-auto-scaling-group --auto-scaling-group-name web \
      --launch-template "LaunchTemplateName=web,Version=$Latest" # finding
    ```

    Use instead:

    ```bash path=failover.sh
    #!/bin/bash
    aws autoscaling update-auto-scaling-group --auto-scaling-group-name web \
      --launch-template 'LaunchTemplateName=web,Version=$Latest'
    ```
    """

    id = "version-alias-expanded"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: LostAlias, project: Project) -> Iterator[Finding]:
        """Yield a finding for each alias that does not arrive."""
        at = fact.location.span.start
        edit = Edit(fact.location.source, Span(at, at), fact.escape)
        reader = "the file that it reads" if fact.is_in_file else "its arguments"
        yield self.finding(
            fact.location.labelled("a variable that nothing sets"),
            f"the shell expands `{fact.alias}` to nothing: `{fact.call}` finds an empty version in"
            f" {reader}",
            notes=(f"instead: {fact.escape}{fact.alias}, or single quotes",),
            data=Data(version=fact.alias),
            fix=Fix("escape the dollar", Safety.SAFE, (edit,)),
        )
