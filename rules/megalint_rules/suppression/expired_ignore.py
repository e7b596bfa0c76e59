"""expired-ignore."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Fix, Project, Rule, Safety, Severity, listed
from megalint.ignores import Judged


class ExpiredIgnore(Rule[Judged]):
    """A comment that ignores findings until a day that is past.

    ## Why is this bad?

    It ignores nothing any more: what it hid is reported again, and either that is mended now or
    somebody decides on a new day. The day itself (`until=2027-03-31`) is the last one on which the
    comment holds.

    ## Example

    ```ts path=next.config.ts
    export default {
      async rewrites() {
        // megalint: ignore[rewrite-captures-env] until=2020-01-31 one region until then // finding
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
        // megalint: ignore[rewrite-captures-env] until=2999-12-31 one region until then
        return [{ source: '/api/:path*', destination: `${process.env.API_URL}/:path*` }];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "expired-ignore"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Judged, project: Project) -> Iterator[Finding]:
        """Yield a finding when the day is past."""
        if not fact.has_expired:
            return
        ignore = fact.ignore
        names = [one.text for one in ignore.names]
        edit = ignore.removal
        yield self.finding(
            ignore.location.labelled("holds no longer"),
            f"the comment ignored {listed(names)} until {ignore.until}: what it hid is reported again",
            fix=None if edit is None else Fix("take it out", Safety.SAFE, (edit,)),
        )
