"""client-env-undefined."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.evidence import describes_build
from megalint.project.nextjs.facts import EnvironmentRead


class ClientEnvUndefined(Rule[EnvironmentRead]):
    """A variable read in the browser, where it is always undefined.

    ## Why is this bad?

    The browser has no environment. Only reads that the bundler replaces have a value there:
    `process.env.NEXT_PUBLIC_X`, written out. Other names, and destructured or computed reads of
    public names, are `undefined`, while the same line works when the server renders it.

    ## Example

    ```tsx path=app/badge.tsx
    'use client';

    export function Badge() {
      return <b>{process.env.AWS_REGION}</b>; // finding
    }
    ```

    ```tsx path=app/page.tsx
    import { Badge } from './badge';

    export default function Page() {
      return <Badge />;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```tsx path=app/badge.tsx
    'use client';

    export function Badge({ region }: { region: string }) {
      return <b>{region}</b>;
    }
    ```

    ```tsx path=app/page.tsx
    import { connection } from 'next/server';
    import { Badge } from './badge';

    export default async function Page() {
      await connection();
      return <Badge region={process.env.AWS_REGION ?? ''} />;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "client-env-undefined"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: EnvironmentRead, project: Project) -> Iterator[Finding]:
        """Yield a finding when browser code runs a read that no bundler replaces."""
        browser = [one for one in fact.captures if one.sink.kind == "browser"]
        name = fact.read.name
        if not browser or fact.is_inlined or name.endswith("*") or describes_build(name):
            return
        has_other = fact.default is None and fact.default_location is not None
        if has_other or fact.is_stand_in:
            return  # one of two variables, and the other may be there
        is_own = browser[0].sink.subject == str(fact.read.location.source.path)
        is_public = name.startswith("NEXT_PUBLIC_")
        why = (
            f"the bundler replaces only `process.env.{name}` written out"
            if is_public
            else "only `NEXT_PUBLIC_` variables reach it"
        )
        instead = (
            f"write `process.env.{name}` out"
            if is_public
            else "read it in a server component and pass it as a prop"
        )
        default = () if fact.default is None else (f"so the browser always uses `{fact.default}`",)
        yield self.finding(
            fact.read.location.labelled("undefined in the browser"),
            f"`{name}` is undefined in the browser: {why}",
            confidence=Confidence.HIGH if is_own else Confidence.MEDIUM,
            notes=(*default, f"instead: {instead}"),
            data=Data(env=(name,)),
        )
