"""config-captures-env."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity, listed, verb
from megalint.project.evidence import Level, is_deployment_specific, strongest, weigh
from megalint.project.nextjs.facts import ConfigValue
from megalint.values import names, texts

_LOOKED_AT_ELSEWHERE = frozenset({"rewrite", "build-id"})
_SEVERITY = {
    Level.CONTRADICTED: Severity.WARNING,
    Level.SELF_HOSTED: Severity.WARNING,
    Level.NEITHER: Severity.NOTE,
}


class ConfigCapturesEnv(Rule[ConfigValue]):
    """A value of next.config that `next build` takes from the environment and keeps.

    ## Why is this bad?

    Redirects, headers and the `env` key are evaluated by `next build` alone. `basePath`,
    `assetPrefix`, `images` and most other keys are read again by `next start`, but a standalone
    server never evaluates next.config: it carries the build's values inside `server.js`.

    ## Example

    ```js path=next.config.mjs
    export default {
      async redirects() {
        return [
          {
            source: '/shop',
            destination: process.env.SHOP_URL, // finding
            permanent: false,
          },
        ];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "dependencies": { "next": "15.5.9", "react": "19.0.0" } }
    ```

    Use instead:

    ```js path=app/shop/route.js
    import { redirect } from 'next/navigation';

    export const dynamic = 'force-dynamic';

    export function GET() {
      redirect(process.env.SHOP_URL);
    }
    ```

    ```json path=package.json
    { "name": "web", "dependencies": { "next": "15.5.9", "react": "19.0.0" } }
    ```
    """

    id = "config-captures-env"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: ConfigValue, project: Project) -> Iterator[Finding]:
        """Yield a finding when a value that may differ later is that of the build."""
        captures = [one for one in fact.captures if one.sink.phase.is_frozen]
        is_public = fact.sink.kind == "env-key" and fact.sink.subject.startswith("NEXT_PUBLIC_")
        if fact.sink.kind in _LOOKED_AT_ELSEWHERE or is_public or not captures:
            return
        default = next(texts(fact.value), None)
        variables = tuple(
            name
            for name in names(one.flow for one in captures)
            if _matters(project, fact, name, default)
        )
        evidence = strongest(weigh(project, fact.app, name, default) for name in variables)
        if evidence.level is Level.NEVER:
            return
        yield self.finding(
            fact.sink.location.labelled("frozen here"),
            f"{listed(variables)} {verb(variables, 'is', 'are')} frozen by `next build`: "
            f"{_words(fact)} keeps the build's value",
            severity=_SEVERITY[evidence.level],
            confidence=fact.sink.confidence,
            related=evidence.related,
            flow=tuple(dict.fromkeys(step for one in captures for step in one.road)),
            notes=(*evidence.notes, *_notes(fact, default)),
            data=Data(env=variables),
        )


def _matters(project: Project, fact: ConfigValue, name: str, default: str | None) -> bool:
    """Whether the variable is one that differs between deployments."""
    level = weigh(project, fact.app, name, default).level
    is_specific = is_deployment_specific(name, default)
    return level > Level.NEITHER or (level is Level.NEITHER and is_specific)


def _words(fact: ConfigValue) -> str:
    subject = fact.sink.subject
    return {
        "redirect": f"the redirect of `{subject}`",
        "header": f"the header `{subject}`" if subject else "a header",
        "env-key": f"`process.env.{subject}` (a key of `env`)",
    }.get(fact.sink.kind, f"`{subject}`")


def _notes(fact: ConfigValue, default: str | None) -> Iterator[str]:
    if default is not None:
        yield f"not set at build? then `{default}` is what gets frozen"
    if fact.sink.only_standalone:
        yield "`next start` reads it again; the standalone `server.js` of this app never does"
    elif fact.sink.kind == "env-key":
        yield "instead: drop the key, and read the variable on the server, per request"
    elif fact.sink.subject in {"basePath", "assetPrefix"}:
        yield "under `next start` routing moves with the variable, links and client code do not"
    else:
        yield "instead: decide in a route handler or in middleware, which read it per request"
