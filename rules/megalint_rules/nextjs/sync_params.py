"""sync-params."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.nextjs.parameters import SynchronousParameters

_GONE_SINCE = 16


class SyncParams(Rule[SynchronousParameters]):
    """Route parameters used without awaiting them.

    ## Why is this bad?

    Since Next 15 `params` and `searchParams` are promises. Next 15 still lets them be read directly in
    production, silently; Next 16 gives `undefined`: pages render empty, handlers look for nothing.

    ## Example

    ```tsx path=app/events/[id]/page.tsx
    export default function Page({ params }) {
      return <h1>{params.id}</h1>; // finding
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "16.4.6" } }
    ```

    Use instead:

    ```tsx path=app/events/[id]/page.tsx
    export default async function Page({ params }) {
      const { id } = await params;
      return <h1>{id}</h1>;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "16.4.6" } }
    ```
    """

    id = "sync-params"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: SynchronousParameters, project: Project) -> Iterator[Finding]:
        """Yield a finding for the use."""
        is_gone = fact.app.major >= _GONE_SINCE
        effect = "it is undefined" if is_gone else "Next 16 will give undefined"
        yield self.finding(
            fact.location.labelled("not awaited"),
            f"`{fact.name}` is a promise in Next {fact.app.major}: read like this {effect}",
            severity=Severity.ERROR if is_gone else Severity.WARNING,
            notes=(f"instead: `await {fact.name}`, or `use({fact.name})` in a client component",),
        )
