"""rewrite-captures-env."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from megalint import Confidence, Data, Finding, Project, Rule, Severity, listed, verb
from megalint.project.evidence import Level, strongest, weigh
from megalint.project.nextjs.facts import Rewrite
from megalint.values import names, sketch, text, texts

_SEVERITY = {
    Level.CONTRADICTED: Severity.ERROR,
    Level.SELF_HOSTED: Severity.ERROR,
    Level.NEITHER: Severity.WARNING,
}


class RewriteCapturesEnv(Rule[Rewrite]):
    """A rewrite whose target or presence depends on an environment variable.

    ## Why is this bad?

    `next build` calls `rewrites()` once and writes the result into `routes-manifest.json`.
    Neither `next start` nor the standalone server calls it again: an image that is built in one
    region proxies to that region wherever it runs, whatever its environment says. A variable
    that is missing at build time freezes the fallback.

    ## Example

    ```ts path=next.config.ts
    export default {
      async rewrites() {
        return [
          {
            source: '/api/:path*',
            destination: `${process.env.INTERNAL_API_URL}/api/:path*`, // finding
          },
        ];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "dependencies": { "next": "15.5.9", "react": "19.0.0" } }
    ```

    Use instead:

    ```ts path=app/api/[...path]/route.ts
    async function proxy(request: Request, context: { params: Promise<{ path: string[] }> }) {
      const { path } = await context.params;
      const { search } = new URL(request.url);
      return fetch(`${process.env.INTERNAL_API_URL}/api/${path.join('/')}${search}`, {
        method: request.method,
        headers: request.headers,
        body: request.body,
        cache: 'no-store',
      });
    }

    export { proxy as GET, proxy as POST, proxy as PUT, proxy as PATCH, proxy as DELETE };
    ```

    ```json path=package.json
    { "name": "web", "dependencies": { "next": "15.5.9", "react": "19.0.0" } }
    ```
    """

    id = "rewrite-captures-env"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Rewrite, project: Project) -> Iterator[Finding]:
        """Yield a finding when the rule's values are those of the build."""
        captures = [one for one in fact.captures if one.sink.phase.is_frozen]
        variables = names(one.flow for one in captures)
        default = next(texts(fact.destination), None)
        evidence = strongest(weigh(project, fact.app, name, default) for name in variables)
        if evidence.level is Level.NEVER:
            return
        yield self.finding(
            fact.location.labelled("written into routes-manifest.json here"),
            _message(fact, variables),
            severity=_SEVERITY[evidence.level],
            confidence=min(one.sink.confidence for one in captures),
            related=evidence.related,
            flow=tuple(dict.fromkeys(step for one in captures for step in one.road)),
            notes=(*evidence.notes, *_notes(fact, default)),
            data=Data(env=variables),
        )


def _is_literal(rewrite: Rewrite) -> bool:
    """Whether the rule is the same wherever there is one: only its presence is captured."""
    return text(rewrite.source) is not None and text(rewrite.destination) is not None


def _message(rewrite: Rewrite, variables: Sequence[str]) -> str:
    pattern = sketch(rewrite.source)
    if _is_literal(rewrite):
        return (
            f"the build settles whether `{pattern}` is proxied: `next build` reads "
            f"{listed(variables)} once"
        )
    return (
        f"{listed(variables)} {verb(variables, 'is', 'are')} frozen into the image: `next build` "
        f"reads {verb(variables, 'it', 'them')} once, and every region then proxies "
        f"`{pattern}` there"
    )


def _notes(rewrite: Rewrite, default: str | None) -> Iterator[str]:
    if default is not None and not _is_literal(rewrite):
        yield f"not set at build? then `{default}` is what gets frozen"
    folder = sketch(rewrite.source).split("/:")[0].strip("/") or "api"
    yield (
        f"instead: `app/{folder}/[...path]/route.ts` that reads it per request "
        "(megalint explain rewrite-captures-env)"
    )
