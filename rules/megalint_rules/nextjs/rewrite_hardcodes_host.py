"""rewrite-hardcodes-host."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.literals import REGION
from megalint.project.nextjs.facts import Rewrite
from megalint.values import sketch, texts

_HOST = re.compile(
    r"//(?:[\w.-]+\.elb\.[\w.-]*amazonaws\.com|[\w.-]+\.elb\.amazonaws\.com"
    r"|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+"
    r"|[\w.-]+\.[a-z]{2}-[a-z]+-\d\.[\w.-]*amazonaws\.com)"
)


class RewriteHardcodesHost(Rule[Rewrite]):
    """A rewrite to a load balancer, a private address or a host of one region.

    ## Why is this bad?

    The name exists in one region only, or only as long as that load balancer does. An image that
    runs elsewhere proxies across regions, or to nothing.

    ## Example

    ```js path=next.config.mjs
    export default {
      async rewrites() {
        return [
          {
            source: '/api/:path*',
            destination: 'http://tickets-1234567890.ap-northeast-2.elb.amazonaws.com/:path*', // finding
          },
        ];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=app/api/[...path]/route.ts
    export async function GET(request: Request) {
      const { pathname, search } = new URL(request.url);
      return fetch(`${process.env.INTERNAL_API_URL}${pathname}${search}`, { cache: 'no-store' });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "rewrite-hardcodes-host"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Rewrite, project: Project) -> Iterator[Finding]:
        """Yield a finding when a literal part of the target is bound to one place."""
        for text in (*texts(fact.destination), sketch(fact.destination)):
            found = _HOST.search(text)
            if found is not None:
                region = REGION.search(text)
                yield self.finding(
                    fact.location.labelled("the same in every region"),
                    f"the rewrite of `{sketch(fact.source)}` leads to `{found.group().strip('/')}`, wherever "
                    "the image runs",
                    notes=("instead: a route handler that reads the address per request",),
                    data=Data(region=region.group() if region else None),
                )
                return
