"""health-check-path."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.project.failover.facts import HealthCheck
from megalint.project.nextjs.facts import AppConfig, Redirect, Rewrite
from megalint.project.nextjs.middleware import Middleware
from megalint.project.nextjs.requests import OtherServer
from megalint.project.nextjs.routes import RouteFile

_ANSWERS = frozenset({"page", "handler", "metadata", "pages-page", "api"})


class HealthCheckPath(Rule[HealthCheck]):
    """A health check of a path that no app of the repository serves.

    ## Why is this bad?

    Next answers 404, which is a failure to Route 53: the check is unhealthy from the first day, or, where nobody looks,
    the failover begins as soon as it is armed.

    ## Example

    ```hcl path=main.tf
    resource "aws_route53_health_check" "web" {
      fqdn              = "tickets.example.com"
      type              = "HTTPS"
      resource_path     = "/healthz" # finding
      request_interval  = 10
      failure_threshold = 3
    }
    ```

    ```ts path=app/api/health/route.ts
    export async function GET(request: Request) {
      return Response.json({ at: request.url });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```hcl path=main.tf
    resource "aws_route53_health_check" "web" {
      fqdn              = "tickets.example.com"
      type              = "HTTPS"
      resource_path     = "/api/health"
      request_interval  = 10
      failure_threshold = 3
    }
    ```

    ```ts path=app/api/health/route.ts
    export async function GET(request: Request) {
      return Response.json({ at: request.url });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "health-check-path"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    since = "0.1.0"

    def check(self, fact: HealthCheck, project: Project) -> Iterator[Finding]:
        """Yield a finding where every app is known, and none of them answers."""
        path = (fact.path or "").partition("?")[0]
        if not path.startswith("/") or fact.path_at is None or not _is_certain(project):
            return
        files = list(project.each(RouteFile))
        if not files or any(one.kind in _ANSWERS and one.matches(path) for one in files):
            return
        folders = {one.app.path / "public" for one in files}
        if any(project.checkout.holds(folder / path.lstrip("/")) for folder in folders):
            return
        yield self.finding(
            fact.path_at.labelled("asked for by Route 53"),
            f"`{fact.address}` asks for `{path}`, which no app here serves: it is never healthy",
        )


def _is_certain(project: Project) -> bool:
    """Whether routes alone say what is served: no rewrite, middleware, base path, other server."""
    others = (Rewrite, Redirect, Middleware, OtherServer)
    if any(True for kind in others for _ in project.each(kind)):
        return False
    return all(one.is_complete and not one.base_path for one in project.each(AppConfig))
