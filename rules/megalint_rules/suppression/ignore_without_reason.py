"""ignore-without-reason."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import (
    Confidence,
    Edit,
    Finding,
    Fix,
    Project,
    Rule,
    Safety,
    Severity,
    Span,
    listed,
)
from megalint.ignores import Judged


class IgnoreWithoutReason(Rule[Judged]):
    """A comment that ignores findings and does not say why.

    ## Why is this bad?

    Whoever reads it next cannot tell whether the finding was wrong, was accepted for a time or was
    in the way, and so it stays for ever. The reason also goes into SARIF, where auditors read it.

    ## Example

    ```ts path=next.config.ts
    export default {
      async rewrites() {
        /* megalint: ignore[rewrite-captures-env] */ // finding
        return [{ source: '/api/:path*', destination: `${process.env.API_URL}/:path*` }];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=next.config.ts
    export default {
      async rewrites() {
        /* megalint: ignore[rewrite-captures-env] API_URL is the same name in every region */
        return [{ source: '/api/:path*', destination: `${process.env.API_URL}/:path*` }];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "ignore-without-reason"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Judged, project: Project) -> Iterator[Finding]:
        """Yield a finding when nothing follows the bracket."""
        ignore = fact.ignore
        if ignore.reason or not ignore.names:
            return
        names = [one.text for one in ignore.names]
        at = ignore.names[-1].span.end + 1
        edit = Edit(ignore.source, Span(at, at), " why this may stay")
        yield self.finding(
            ignore.location.labelled("a reason goes after the bracket"),
            f"the comment ignores {listed(names)} without a reason: nobody can tell whether it may go",
            fix=Fix("say why after the bracket", Safety.DISPLAY, (edit,)),
        )
