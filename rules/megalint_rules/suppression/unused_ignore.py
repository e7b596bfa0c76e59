"""unused-ignore."""

from __future__ import annotations

from collections.abc import Iterator

from megalint import (
    Confidence,
    Edit,
    Finding,
    Fix,
    Location,
    Project,
    Rule,
    Safety,
    Severity,
    listed,
    verb,
)
from megalint.ignores import Judged, Name


class UnusedIgnore(Rule[Judged]):
    """A comment that ignores a rule where that rule finds nothing.

    ## Why is this bad?

    It hides the next finding of that rule in this place, for a reason that no longer holds. One
    with a misspelled id never hid anything.

    A rule that is off, that only `megalint lt` can check or that failed is not judged.

    ## Example

    ```ts path=next.config.ts
    export default {
      async rewrites() {
        // megalint: ignore[rewrite-captures-env] the region is fixed for now // finding
        return [{ source: '/api/:path*', destination: 'https://api.example.com/:path*' }];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```

    Use instead:

    ```ts path=next.config.ts
    export default {
      async rewrites() {
        return [{ source: '/api/:path*', destination: 'https://api.example.com/:path*' }];
      },
    };
    ```

    ```json path=package.json
    { "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.5.9" } }
    ```
    """

    id = "unused-ignore"
    severity = Severity.WARNING
    confidence = Confidence.HIGH
    since = "0.1.0"

    def check(self, fact: Judged, project: Project) -> Iterator[Finding]:
        """Yield a finding for the names that ignore nothing, and one for each that no rule has."""
        if fact.idle:
            yield self._idle(fact)
        for name, meant in fact.unknown:
            yield self._unknown(fact, name, meant)

    def _idle(self, fact: Judged) -> Finding:
        names = [one.text for one in fact.idle]
        edit = fact.ignore.without(fact.idle)
        return self.finding(
            self._place(fact, *fact.idle).labelled("ignores nothing"),
            f"the comment ignores {listed(names)}, which {verb(names, 'finds', 'find')} nothing"
            " there: it would hide the next one",
            fix=None if edit is None else Fix("take it out", Safety.SAFE, (edit,)),
        )

    def _unknown(self, fact: Judged, name: Name, meant: str | None) -> Finding:
        if meant is None:
            edit = fact.ignore.without([name])
            fix = None if edit is None else Fix("take it out", Safety.SAFE, (edit,))
        else:
            written = Edit(fact.ignore.source, name.span, meant)
            fix = Fix(f"write `{meant}`", Safety.UNSAFE, (written,))
        return self.finding(
            self._place(fact, name).labelled("no rule has this name"),
            f"the comment ignores `{name.text}`, which is no rule: it ignores nothing",
            notes=() if meant is None else (f"did you mean `{meant}`?",),
            fix=fix,
        )

    def _place(self, fact: Judged, *names: Name) -> Location:
        ignore = fact.ignore
        is_whole = len(names) == len(ignore.names)
        return ignore.location if is_whole else Location(ignore.source, names[0].span)
