"""static-render-captures-env."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.evidence import Level, weigh
from megalint.project.nextjs.facts import Captured, EnvironmentRead, Phase

_KINDS = {
    "static-page": "the prerendered page",
    "static-handler": "the prerendered answer of",
    "metadata": "the prerendered metadata of",
}
_SEVERITY = {
    Level.CONTRADICTED: Severity.ERROR,
    Level.SELF_HOSTED: Severity.WARNING,
    Level.NEITHER: Severity.NOTE,
}
_SHOWN = 4


class StaticRenderCapturesEnv(Rule[EnvironmentRead]):
    """An environment variable whose value ends in output that `next build` prerenders.

    ## Why is this bad?

    A page, layout, metadata file or route handler that looks at nothing of the request is
    rendered once, by `next build`. The server sends that output unchanged: it holds the values of
    the machine that built it.

    ## Example

    ```tsx path=app/page.tsx
    export default function Page() {
      return <footer>{process.env.SUPPORT_HOST}</footer>; // finding
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
      return <footer>{process.env.SUPPORT_HOST}</footer>;
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "static-render-captures-env"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: EnvironmentRead, project: Project) -> Iterator[Finding]:
        """Yield a finding when the value is served from the build."""
        frozen = [
            one for one in fact.captures if one.sink.kind in _KINDS and one.sink.phase.is_frozen
        ]
        if not frozen or fact.is_inlined:
            return
        evidence = weigh(project, fact.app, fact.read.name, fact.default)
        if evidence.level is Level.NEVER:
            return
        first = min(frozen, key=_order)
        until = ", until it is first revalidated" if first.sink.phase is Phase.REVALIDATE else ""
        others = [
            one.sink.location.labelled(f"and in {one.sink.subject}")
            for one in frozen
            if one is not first
        ]
        others.extend(evidence.related)
        yield self.finding(
            fact.read.location.labelled("read here, while `next build` runs"),
            f"`{fact.read.name}` is frozen into {_KINDS[first.sink.kind]} `{first.sink.subject}`"
            f"{until}: every server shows the build's value",
            severity=_SEVERITY[evidence.level],
            confidence=max(one.sink.confidence for one in frozen),
            related=tuple(others[:_SHOWN]),
            flow=(*first.road, first.sink.location.labelled("prerendered here")),
            notes=(*evidence.notes, *_notes(fact, first)),
            data=Data(env=(fact.read.name,)),
        )


def _order(capture: Captured) -> tuple[int, str]:
    return capture.sink.phase, str(capture.sink.location)


def _notes(fact: EnvironmentRead, first: Captured) -> Iterator[str]:
    if fact.default is not None:
        yield f"not set at build? then `{fact.default}` is what gets frozen"
    if first.sink.kind == "static-handler" or first.sink.subject.endswith(
        (".xml", ".txt", ".webmanifest")
    ):
        yield "instead: `export const dynamic = 'force-dynamic'` in the file"
    elif fact.app.major < 15:  # noqa: PLR2004 - connection() came with 15
        yield "instead: call `unstable_noStore()` before the read, or `export const dynamic = 'force-dynamic'`"
    else:
        yield "instead: `await connection()` (next/server) before the read"
