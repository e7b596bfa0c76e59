"""hardcoded-load-balancer."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity
from megalint.project.literals import REGION, InfrastructureLiteral
from megalint.project.nextjs.facts import Rewrite


class HardcodedLoadBalancer(Rule[InfrastructureLiteral]):
    """The name of a load balancer, or the id of a network or machine, in code.

    ## Why is this bad?

    Such names and ids exist in one region, and change when the resource is made anew. Code that
    holds one works in one place, until then.

    ## Example

    ```ts path=app/api/health/route.ts
    const UPSTREAM = 'http://tickets-nlb-0123456789abcdef.elb.ap-northeast-2.amazonaws.com'; // finding

    export async function GET(request: Request) {
      return fetch(`${UPSTREAM}${new URL(request.url).search}`);
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=app/api/health/route.ts
    export async function GET(request: Request) {
      return fetch(`${process.env.UPSTREAM_URL}${new URL(request.url).search}`);
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "hardcoded-load-balancer"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: InfrastructureLiteral, project: Project) -> Iterator[Finding]:
        """Yield a finding for the literal."""
        if any(_lies_in(fact.location, one.location) for one in project.each(Rewrite)):
            return  # rewrite-hardcodes-host says more about it
        region = REGION.search(fact.text)
        yield self.finding(
            fact.location.labelled("exists in one region only"),
            f"`{fact.text}` is the {fact.kind} of one region: every copy of this build uses it",
            notes=("instead: read the address from the environment, per request",),
            data=Data(region=region.group() if region else None),
        )


def _lies_in(inner: Location, outer: Location) -> bool:
    return inner.source == outer.source and (
        outer.span.start <= inner.span.start and inner.span.end <= outer.span.end
    )
