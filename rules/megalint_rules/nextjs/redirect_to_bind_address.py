"""redirect-to-bind-address."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.deployments import SelfHosting
from megalint.project.nextjs.requests import BindAddressRedirect


class RedirectToBindAddress(Rule[BindAddressRedirect]):
    """A redirect to an address made from the URL that the server sees.

    ## Why is this bad?

    `request.url` in a route handler shows the address that the server listens on, not the one that
    people typed: Host and X-Forwarded-Host are ignored. Behind a load balancer the redirect sends
    the browser to `http://localhost:3000/...`.

    ## Example

    ```ts path=app/logout/route.ts
    import { NextResponse } from 'next/server';

    export async function POST(request: Request) {
      return NextResponse.redirect(new URL('/login', request.url)); // finding
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=app/logout/route.ts
    import { redirect } from 'next/navigation';

    export async function POST() {
      redirect('/login');
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "redirect-to-bind-address"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: BindAddressRedirect, project: Project) -> Iterator[Finding]:
        """Yield a finding; without signs of a server of one's own it is a note."""
        is_hosted = any(one.app == fact.app for one in project.each(SelfHosting))
        yield self.finding(
            fact.location.labelled("sends people to the address that the server listens on"),
            f"this redirect is built from `{fact.base}`: behind a load balancer it leads to `localhost`",
            severity=Severity.WARNING if is_hosted else Severity.NOTE,
            notes=(
                "instead: `redirect('/path')` of next/navigation, or a Location header with a path",
            ),
        )
