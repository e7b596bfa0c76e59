"""hardcoded-secret-fallback."""

from __future__ import annotations

import re
from collections.abc import Iterator

from megalint import Confidence, Data, Finding, Project, Rule, Severity
from megalint.project.nextjs.facts import EnvironmentRead, Phase
from megalint.secrets import is_secret_name

_NO_SECRET = re.compile(
    r"undefined|null|none|unset|missing|false|true|\d{1,3}|not[- _].*|https?://.*", re.IGNORECASE
)


class HardcodedSecretFallback(Rule[EnvironmentRead]):
    """A literal that stands in for a secret which is not set.

    ## Why is this bad?

    `process.env.JWT_SECRET || 'dev-secret'` never fails: where the variable is missing, every
    session of the recovery region is signed with a text from the repository, and sessions of the
    other region are refused.

    ## Example

    ```ts path=app/api/login/route.ts
    export async function POST() {
      const secret = process.env.SESSION_SECRET || 'megaticket-session'; // finding
      return new Response(await sign(secret));
    }
    declare function sign(secret: string): Promise<string>;
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=app/api/login/route.ts
    export async function POST() {
      const secret = process.env.SESSION_SECRET;
      if (!secret) throw new Error('SESSION_SECRET is not set');
      return new Response(await sign(secret));
    }
    declare function sign(secret: string): Promise<string>;
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "hardcoded-secret-fallback"
    severity = Severity.ERROR
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: EnvironmentRead, project: Project) -> Iterator[Finding]:
        """Yield a finding for a default of a secret."""
        name, default = fact.read.name, fact.default
        if default is None or fact.default_location is None or not is_secret_name(name):
            return
        is_public = name.startswith("NEXT_PUBLIC_")
        if is_public or not default.strip() or _NO_SECRET.fullmatch(default.strip()):
            return
        if fact.phase is Phase.NEVER:
            return
        yield self.finding(
            fact.default_location.labelled("used where the variable is not set"),
            f"`{name}` falls back to a text in the repository: whoever reads the code knows the secret",
            related=(fact.read.location.labelled("read here"),),
            notes=("instead: throw where it is not set",),
            data=Data(env=(name,)),
        )
