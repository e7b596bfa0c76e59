"""hardcoded-region."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Location, Project, Rule, Severity
from megalint.project.deployments import SelfHosting
from megalint.project.literals import RegionLiteral, SeveralRegions


class HardcodedRegion(Rule[RegionLiteral]):
    """A region written into an SDK client, an ARN or an endpoint.

    ## Why is this bad?

    The same image runs in the recovery region and still talks to the first one: across regions while
    it lives, to nothing when it is down, which is when it matters.

    ## Example

    ```ts path=app/api/seats/route.ts
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

    const client = new DynamoDBClient({
      region: 'ap-northeast-2', // finding
    });

    export async function GET(request: Request) {
      return Response.json({ client: String(client), at: request.url });
    }
    ```

    ```toml path=megalint.toml
    [regions]
    primary = "ap-northeast-2"
    recovery = ["ap-northeast-1"]
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=app/api/seats/route.ts
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

    const client = new DynamoDBClient({ region: process.env.AWS_REGION });

    export async function GET(request: Request) {
      return Response.json({ client: String(client), at: request.url });
    }
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "hardcoded-region"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: RegionLiteral, project: Project) -> Iterator[Finding]:
        """Yield a finding: a warning where the app must run in more than one region."""
        several = next(project.each(SeveralRegions), None)
        is_several = project.config.regions.is_several or several is not None
        is_hosted = any(one.app == fact.app for one in project.each(SelfHosting))
        severity = Severity.WARNING if is_several or is_hosted else Severity.NOTE
        confidence = Confidence.MEDIUM if is_hosted else Confidence.LOW
        words = {
            "client": "this client talks to",
            "arn": "this ARN names",
            "endpoint": "this endpoint is in",
        }
        yield self.finding(
            fact.location.labelled("the same in every region"),
            f"{words[fact.use]} `{fact.region}`, wherever the app runs",
            severity=severity,
            confidence=Confidence.HIGH if is_several else confidence,
            related=() if several is None else tuple(map(_deployed, several.locations[:2])),
            notes=("instead: take the region from `AWS_REGION`",),
            data=Data(region=fact.region),
        )


def _deployed(place: Location) -> Location:
    return place.labelled("a region of this deployment")
