"""idle-glob."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import Confidence, Finding, Project, Rule, Severity
from megalint.config import mistakes


class IdleGlob(Rule[mistakes.IdleGlob]):
    """A glob in the configuration that matches no file.

    ## Why is this bad?

    The folder was renamed, or the glob never meant it: the files it was to leave out are checked. Globs
    are matched against the whole path from the folder of the configuration file, so a folder is
    `legacy/**`. What git ignores is not listed, and needs no glob.

    ## Example

    ```toml path=megalint.toml
    exclude = ["legcy/**"] # finding
    ```

    ```ts path=legacy/old.ts
    export const port = process.env.PORT;
    ```

    Use instead:

    ```toml path=megalint.toml
    exclude = ["legacy/**"]
    ```

    ```ts path=legacy/old.ts
    export const port = process.env.PORT;
    ```
    """

    id = "idle-glob"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: mistakes.IdleGlob, project: Project) -> Iterator[Finding]:
        """Yield a finding for the mistake."""
        yield self.finding(fact.location, fact.message, fix=fact.fix)
