"""public-env-captured."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.evidence import Level, is_deployment_specific, weigh
from megalint.project.nextjs.facts import Variable

_SHOWN = 8
_SEVERITY = {
    Level.CONTRADICTED: Severity.WARNING,
    Level.SELF_HOSTED: Severity.WARNING,
    Level.NEITHER: Severity.NOTE,
}


class PublicEnvCaptured(Rule[Variable]):
    """A `NEXT_PUBLIC_` variable that differs between deployments, inlined into the code.

    ## Why is this bad?

    The bundler replaces `process.env.NEXT_PUBLIC_X` by the value of the build, in the browser's
    code and in the server's. One image that runs in two regions shows the first region's value
    in both; setting the variable at run time changes nothing.

    ## Example

    ```tsx path=app/page.tsx
    export default function Page() {
      return <p>{process.env.NEXT_PUBLIC_REGION}</p>; // finding
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```tsx path=app/page.tsx
    import { connection } from 'next/server';

    export default async function Page() {
      await connection();
      return <p>{process.env.AWS_REGION}</p>;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "public-env-captured"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Variable, project: Project) -> Iterator[Finding]:
        """Yield one finding for the variable, at its first inlined read."""
        inlined = [one for one in fact.reads if one.is_inlined]
        if not fact.name.startswith("NEXT_PUBLIC_") or not inlined:
            return
        default = next((one.default for one in inlined if one.default is not None), None)
        bare = fact.name.removeprefix("NEXT_PUBLIC_")
        evidence = weigh(project, fact.app, fact.name, default)
        if not is_deployment_specific(bare, default) or evidence.level is Level.NEVER:
            return
        places = [one.read.location for one in inlined]
        others = places[1:_SHOWN]
        others.extend(evidence.related)
        yield self.finding(
            places[0].labelled("replaced by the build's value"),
            f"`{fact.name}` is inlined by `next build`: every deployment of this build has the "
            "build's value, in the browser and on the server",
            severity=_SEVERITY[evidence.level],
            related=tuple(others),
            notes=(*evidence.notes, *_notes(default, len(places))),
            data=Data(env=(fact.name,)),
        )


def _notes(default: str | None, count: int) -> Iterator[str]:
    if default is not None:
        yield f"not set at build? then `{default}` is what gets inlined"
    if count > _SHOWN:
        yield f"read in {count} places, the first {_SHOWN} are shown"
    yield "instead: read a variable without the prefix on the server, and hand it to the browser as a prop"
